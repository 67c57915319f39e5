"""A desk that issues receipts: a payment by bank transfer, and the steps of a person at it."""

from typing import Any

from services.operations import held
from services.operations.actions.receipts.cancellations import wanted_cancellation
from services.operations.actions.receipts.forms import (
    ReceiptForm,
    Sale,
    personal_of,
    wanted_receipt,
    wanted_sale_receipt,
)
from services.operations.journal.journal import Wanted
from services.receipts.kept import receipts_of_payment, receipts_of_sale
from services.store.engine import reading
from services.tables.receipts import CashReceipt
from services.tables.v1 import Payment
from tests.worlds.operations.desk import Desk

PHONE = "010-7341-5678"
PLAIN = "01073415678"
PAID = "imp_paid"


def form(**more: Any) -> ReceiptForm:
    """An income deduction to a phone."""
    return ReceiptForm(**({"type": "person", "kind": "phone", "number": PHONE} | more))


def transfer(desk: Desk, pg: str = "html5_inicis", imp_uid: str = PAID, **more: Any) -> Payment:
    """A payment of 11,000 won by bank transfer."""
    own = {"pg_provider": pg, "pay_method": "trans", "paid_at": int(desk.times.at) - 3_600} | more
    desk.sandbox.add_payment(11_000, imp_uid=imp_uid, **own)
    return desk.payment(imp_uid)


def ask(desk: Desk, wanted: Wanted, filled: ReceiptForm) -> int:
    """Somebody asks for it in this process."""
    held.hold(wanted.token, personal_of(filled, residents=True))
    return desk.ask(wanted)


def issue(desk: Desk, token: str = "t", imp_uid: str = PAID, filled: ReceiptForm | None = None) -> int:
    """A receipt of a payment is asked for; the operation's id."""
    filled = filled or form()
    wanted = wanted_receipt(token, desk.payment(imp_uid), filled, residents=True)
    return ask(desk, wanted, filled)


def issue_sale(
    desk: Desk,
    token: str = "t",
    order: str = "CASH1",
    pg: str = "html5_inicis",
    *,
    sandbox: bool = False,
    **more: Any,
) -> int:
    """A receipt of a sale made elsewhere is asked for."""
    channel = next(one for one in desk.sandbox.world.channels if one["pg_provider"] == pg)
    sale = Sale(order, "현장 판매", 22_000, pg, channel["channel_key"], sandbox)
    return ask(desk, wanted_sale_receipt(token, sale, form(**more), residents=True), form(**more))


def cancel(desk: Desk, token: str = "c", imp_uid: str = PAID) -> int:
    """The latest receipt of a payment is to be cancelled."""
    return desk.ask(wanted_cancellation(token, kept(desk, imp_uid)[0]))


def kept(desk: Desk, imp_uid: str = PAID) -> list[CashReceipt]:
    """The receipts of a payment as they are kept."""
    with reading(desk.engine) as conn:
        return receipts_of_payment(conn, imp_uid)


def kept_of_sale(desk: Desk, order: str = "CASH1") -> list[CashReceipt]:
    """The receipts of a sale made elsewhere as they are kept."""
    with reading(desk.engine) as conn:
        return receipts_of_sale(conn, order)
