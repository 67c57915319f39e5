"""`jangbu naver`: an order is confirmed, or points are credited, once and for good; the amount of a cash receipt."""

from typing import Annotated

import msgspec
import typer
from services.errors import Refused
from services.operations.actions.naver import confirmations, points
from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Status, Wait, answer, ready
from dashboard.commands.money import Requester

naver = typer.Typer(no_args_is_help=True, help="Naver Pay's payment type: orders, points, cash receipts.")
Payment = Annotated[str, typer.Argument(metavar="IMP_UID", help="The payment.")]


@naver.command()
def confirm(
    imp_uid: Payment,
    requester: Annotated[Requester, typer.Option(help="Who asked for it.")],
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Confirm an escrow order, so that Naver Pay settles it. It cannot be undone."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.naver import ask_naver

    with ready(as_json, Permission.NAVER_CONFIRM):
        who = requester.value
        asked = ask_naver(
            OperationKind.NAVER_CONFIRM,
            imp_uid,
            who,
            lambda token, payment: confirmations.wanted_confirmation(token, payment, who),
        )
        carry_out(asked, wait, as_json)


@naver.command("points")
def credit(imp_uid: Payment, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Have Naver Pay credit the buyer's points for an order, once."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.naver import ask_naver

    with ready(as_json, Permission.NAVER_POINTS):
        carry_out(ask_naver(OperationKind.NAVER_POINTS, imp_uid, "", points.wanted_points), wait, as_json)


@naver.command("cash-amount")
def cash_amount(imp_uid: Payment, as_json: AsJson = False) -> None:
    """For how much a cash receipt may be issued by the shop; 0: nothing to issue."""
    from dashboard.process.resources import store_of_payment

    with ready(as_json, Permission.READ_AGAIN):
        try:
            found = store_of_payment(imp_uid).naver_cash_amount(imp_uid)
        except Refused as error:
            answer({"imp_uid": imp_uid, "message": error.refusal.message}, as_json)
            raise typer.Exit(Status.REFUSED) from None
        answer({"imp_uid": imp_uid, **msgspec.structs.asdict(found)}, as_json)
