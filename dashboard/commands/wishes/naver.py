"""What `jangbu naver` asks for: checked against the settings and what the gateway says of the payment now."""

from collections.abc import Callable

from services.errors import InvalidRequest
from services.operations.actions.naver.orders import applies
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind
from services.tables.v1 import Payment

from dashboard.commands.wishes.money import Asked, fresh_payment, once
from dashboard.process.resources import current_settings


def ask_naver(kind: OperationKind, imp_uid: str, asked_by: str, make: Callable[[str, Payment], Wanted]) -> Asked:
    """Reads the payment afresh and writes the intent down, once. Raises JangbuErrors; nothing is sent here."""
    settings = current_settings()
    confirms = kind == OperationKind.NAVER_CONFIRM
    name = "naverpay_escrow_from" if confirms else "naverpay_points_from"
    since = settings.naverpay_escrow_from if confirms else settings.naverpay_points_from
    if since is None:
        raise InvalidRequest("{name} is not set: the contract with Naver Pay does not have this done here.",
                             field="imp_uid", name=f"JANGBU_{name.upper()}")  # fmt: skip

    def wanted(token: str) -> Wanted:
        payment = fresh_payment(imp_uid)
        found = make(token, payment)
        if not applies(payment, since):
            raise InvalidRequest("It was paid before {day}, from which on this is done here.", field="imp_uid",
                                 day=since.isoformat())  # fmt: skip
        return found

    return once(subject_of(imp_uid), (kind.value, asked_by), again=False, wanted=wanted)
