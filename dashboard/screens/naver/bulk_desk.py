"""Many Naver Pay orders at once: what is due, what was chosen or brought as a file, and submitting it."""

from collections.abc import Sequence
from datetime import date

from services.clock import date_to_day
from services.errors import InvalidRequest
from services.operations.actions.naver.due import DueOrders, due_orders
from services.operations.files import naver_orders
from services.operations.files.naver_orders import Asking
from services.operations.files.run import PaymentRow, Run
from services.operations.journal.once import ONCE
from services.tables.journal import OperationKind
from sqlalchemy import Connection

from dashboard.access import User
from dashboard.kit.session import Slot
from dashboard.locale import ngettext
from dashboard.process.resources import open_session
from dashboard.screens.asking.many import ManyDraft
from dashboard.screens.naver.bulk_orders import OrdersTyping
from dashboard.screens.naver.naver_desk import since
from dashboard.settings import Settings
from dashboard.words import kinds

DRAFT: Slot[ManyDraft[Run[PaymentRow]]] = Slot("naver.draft", ManyDraft)


def kinds_here(settings: Settings, user: User) -> list[OperationKind]:
    """The kinds that the contract has done here, and that this person may ask for."""
    return [kind for kind in sorted(ONCE) if since(settings, kind) and user.may(kinds.of(kind).permission)]


def begin(orders: Sequence[str] = (), kind: str | None = None) -> None:
    """Another list."""
    DRAFT.put(ManyDraft(tuple(orders), kind))


def due_now(kind: OperationKind, first: date) -> DueOrders:
    """Orders on which a kind is still to be done."""
    with open_session() as session:
        return due_orders(session, kind, date_to_day(first))


def look(draft: ManyDraft[Run[PaymentRow]], typing: OrdersTyping, asking: Asking) -> None:
    """What each row would do, by the rows or the file of this moment; sends nothing."""

    def make(conn: Connection, token: str) -> Run[PaymentRow]:
        file = typing.file
        orders = naver_orders.read_file(file[1]) if file else naver_orders.selected(typing.chosen)
        if asking.kind == OperationKind.NAVER_CONFIRM and asking.requester is None:
            raise InvalidRequest("Choose who asked for it: the customer or the shop.", field="requester")
        if not orders:
            raise InvalidRequest("Choose orders by their boxes, or bring a file.", field="file")
        name = file[0] if file else chosen_words(len(orders))
        return naver_orders.dry_run(conn, token, name, asking, orders)

    draft.look(make)


def chosen_words(n: int) -> str:
    """What a list of chosen orders is called."""
    return ngettext("{n} order chosen from the list", "{n} orders chosen from the list", n).format(n=f"{n:,}")
