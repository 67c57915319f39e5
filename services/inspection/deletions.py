"""Who asked for each deletion of a Naver Pay key, and why."""

from sqlalchemy import Connection

from services.errors import JangbuError
from services.inspection.findings import Check, Tally
from services.inspection.reasons import Sameness, is_filler, judge_reason
from services.inspection.rows import Span, count_of, rows_of
from services.operations.journal.restoration import GATEWAY

_DELETIONS = (
    "SELECT o.id, o.state_at, o.customer_uid, o.reason, o.requester, k.sandbox "
    "FROM operation o JOIN billing_key k ON k.customer_uid = o.customer_uid "
    "WHERE o.kind = 'delete_key' AND o.state = 'succeeded' AND o.asked_at >= ? AND o.asked_at < ? "
    f"AND o.asked_from <> '{GATEWAY}' AND k.pg_provider = 'naverpay' ORDER BY o.asked_at DESC, o.id DESC"
)
_ELSEWHERE = (
    "SELECT count(*) FROM billing_key k WHERE k.deleted_at >= ? AND k.deleted_at < ? AND k.pg_provider = 'naverpay' "
    "AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.customer_uid = k.customer_uid AND o.kind = 'delete_key' "
    f"AND o.state = 'succeeded' AND o.asked_from <> '{GATEWAY}')"
)
_CHECK = Check.DELETIONS


def inspect_deletions(conn: Connection, span: Span, tally: Tally) -> None:
    """Judges every key that was deleted in the span."""
    same = Sameness()
    for row in rows_of(conn, _DELETIONS, span.from_at, span.to_at):
        tally.looked(_CHECK)
        same.take(row.reason or "")
        about = {"at": row.state_at, "customer_uid": row.customer_uid, "operation": row.id}
        judge_reason(row, tally, _CHECK, about)
    if same.is_default() and not is_filler(same.reason):
        default = JangbuError(
            "All {n} deletions have one and the same reason: it is a default, not the true one.", n=same.of
        )
        tally.violation(_CHECK, default, words=same.reason)
    if elsewhere := count_of(conn, _ELSEWHERE, span.from_at, span.to_at):
        unknown = JangbuError(
            "{n} billing keys were deleted outside of Jangbu: PortOne tells nobody who asked for it. Show where the "
            "other program sets the requester.",
            n=elsewhere,
        )
        tally.missing(_CHECK, unknown)
    if not same.of:
        none = JangbuError(
            "No deletion of a billing key is recorded yet: where recurring payments are inspected too, make one in the "
            "test channel."
        )
        tally.missing(_CHECK, none)
