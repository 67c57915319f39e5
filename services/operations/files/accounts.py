"""Many accounts and store numbers revoked at once: each is looked at first, then they go in turn."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection

from services.errors import InvalidRequest
from services.operations.actions.refunds import subject_of
from services.operations.actions.vbanks.revocations import wanted_revocation
from services.operations.files.batches import MOST_ROWS
from services.operations.files.run import PaymentRow, Run
from services.operations.journal.journal import open_subjects
from services.store.lists.one import Refundable, parts_of_payments
from services.tables.journal import OperationKind


def dry_run(conn: Connection, token: str, name: str, imp_uids: Sequence[str], *, has_key: bool) -> Run[PaymentRow]:
    """Looks at each against the mirror and the journal; sends nothing. `token` is made when the form is drawn.

    `has_key`: whether the key is set that some PGs want. Raises InvalidRequest for none, and where there are too many.
    """
    if not imp_uids:
        raise InvalidRequest("Choose rows by their boxes.", field="file")
    if len(imp_uids) > MOST_ROWS:
        raise InvalidRequest("At most {n} rows in one file.", field="file", n=MOST_ROWS)
    known = parts_of_payments(conn, Refundable, imp_uids)
    busy = open_subjects(conn, [subject_of(uid) for uid in imp_uids])
    digest = sha256(f"revoke:{token}".encode()).hexdigest()
    rows = []
    for number, uid in enumerate(dict.fromkeys(imp_uids), start=1):
        payment, wanted, problem = known.get(uid), None, None
        try:
            if payment is None:
                raise InvalidRequest("No such payment in the mirror.", field="imp_uid")
            if subject_of(uid) in busy:
                raise InvalidRequest("Another operation on this payment is not finished.", field="imp_uid")
            wanted = wanted_revocation(f"accounts:{digest}:{number}", payment, has_key=has_key)
        except InvalidRequest as found:
            problem = found
        rows.append(PaymentRow(number, uid, payment, wanted, problem))
    return Run(digest, name, OperationKind.REVOKE_VBANK, tuple(rows))
