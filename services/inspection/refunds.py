"""Who asked for each refund of a Naver Pay payment, and why; refunds of other programs are there with their reason."""

from sqlalchemy import Connection

from services.checkout.policy import CHECKOUT
from services.errors import JangbuError
from services.inspection.findings import Check, Tally
from services.inspection.reasons import Sameness, is_filler, judge_reason
from services.inspection.rows import Span, rows_of
from services.operations.journal.restoration import GATEWAY

_REFUNDS = (
    "SELECT c.cancelled_at, c.imp_uid, c.amount, c.reason, p.amount AS paid, p.merchant_uid, p.sandbox, "
    "o.id, o.requester, o.asked_from "
    "FROM cancellation c JOIN payment p ON p.imp_uid = c.imp_uid "
    "LEFT JOIN operation o ON o.imp_uid = c.imp_uid AND o.cancellation_id = c.cancellation_id "
    "WHERE c.cancelled_at >= ? AND c.cancelled_at < ? AND p.pg_provider = 'naverpay' "
    "ORDER BY c.cancelled_at DESC, c.imp_uid DESC, c.seq DESC"
)
_CHECK = Check.REFUNDS


def inspect_refunds(conn: Connection, span: Span, tally: Tally) -> None:
    """Judges every refund that was made in the span."""
    same, ours, parts, elsewhere = Sameness(), 0, 0, 0
    for row in rows_of(conn, _REFUNDS, span.from_at, span.to_at):
        tally.looked(_CHECK)
        known = row.id is not None and row.asked_from != GATEWAY
        ours, elsewhere = ours + known, elsewhere + (not known)
        parts += known and row.amount < row.paid
        if row.asked_from != CHECKOUT:
            same.take(row.reason or "")
        about = {"at": row.cancelled_at, "imp_uid": row.imp_uid, "merchant_uid": row.merchant_uid}
        judge_reason(row, tally, _CHECK, about | {"operation": row.id or 0}, known=known)
    if same.is_default() and not is_filler(same.reason):
        default = JangbuError(
            "All {n} refunds have one and the same reason: it is a default, not the true one.", n=same.of
        )
        tally.violation(_CHECK, default, words=same.reason)
    if elsewhere:
        unknown = JangbuError(
            "{n} refunds were made outside of Jangbu: PortOne tells nobody who asked for them. Show where the "
            "other program sets the requester.",
            n=elsewhere,
        )
        tally.missing(_CHECK, unknown)
    if not ours:
        tally.missing(_CHECK, JangbuError("No refund is recorded yet: make one in the test channel."))
    if not parts:
        tally.missing(_CHECK, JangbuError("No refund of a part is recorded yet: make one in the test channel."))
