"""Many Naver Pay orders at once: what is due with boxes, the file, who asks, and what each row would do."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from services.exports.csv_text import csv_text
from services.operations.actions.naver.due import LOOKED_AT, DueOrders
from services.operations.actions.refunds import REQUESTERS
from services.operations.files.naver_orders import COLUMNS
from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow
from services.tables.journal import OperationKind

from dashboard.kit.fields import Fields, Typing
from dashboard.kit.lists.columns import Column, MoneyColumn
from dashboard.kit.lists.pick import key_of_rows, pick_rows
from dashboard.locale import _, ngettext
from dashboard.words import formats, kinds, labels, operation_labels

_EXAMPLE = ("imp_000000000000",)


@dataclass(frozen=True, slots=True)
class OrdersTyping(Typing):
    """What is chosen and typed at this moment; `file` is its name and its bytes."""

    chosen: Sequence[str]
    file: tuple[str, bytes] | None
    requester: str | None


def kind_choice(fields: Fields, here: Sequence[OperationKind], first: str | None) -> OperationKind:
    """Which of the kinds; `first` where an address or a list says."""
    default = next((kind for kind in here if kind == first), here[0])
    if len(here) == 1:
        return default
    chosen = st.segmented_control(
        _("What is to be done with them"),
        list(here),
        default=default,
        required=True,
        format_func=lambda kind: kinds.of(kind).choice,
        key=fields.key("kind"),
        persist_state="session",
    )
    return OperationKind(chosen or default)


def order_buttons(imp_uids: Sequence[str], here: Sequence[OperationKind]) -> OperationKind | None:
    """What may be done with the payments that were chosen in a list; returns the kind that was pressed."""
    if not imp_uids:
        return None
    n = len(imp_uids)
    words = ngettext("{n} chosen", "{n} chosen", n).format(n=f"{n:,}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(words, width="content")
        pressed = [one for one in here if st.button(kinds.of(one).choice, icon=kinds.of(one).icon, key=f"bulk_{one}")]
    return pressed[0] if pressed else None


def due_table(due: DueOrders, kind: OperationKind, *, key: str, buyers: bool) -> list[str]:
    """What is due, the order paid first on top, with boxes; returns the ids of those that were chosen."""
    if not due.rows:
        st.success(_("No order waits for it."), icon=":material/check_circle:")
        return []
    field = labels.field
    columns: list[Column[PaymentRow]] = [
        Column("paid_at", field("paid_at"), lambda row: formats.short_time(row.paid_at)),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount - row.cancel_amount, row.currency)),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("name", field("name"), lambda row: row.name),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("imp_uid", field("imp_uid"), lambda row: row.imp_uid),
    ]
    alt = _("Orders that wait, the one paid first on top")
    whole = st.checkbox(_("All of them"), key=f"{key}_all")
    boxes = key_of_rows(key, [row.imp_uid for row in due.rows])
    picked = pick_rows(Page(tuple(due.rows)), columns, alt=alt, key=boxes, many=True)
    picked = list(due.rows) if whole else picked
    words = ngettext("{n} order waits, {chosen} chosen.", "{n} orders wait, {chosen} chosen.", len(due.rows))
    said = [words.format(n=f"{len(due.rows):,}", chosen=f"{len(picked):,}")]
    if due.more:
        more = _("Of the latest {n} orders; older ones are chosen in the list of payments.")
        said.append(more.format(n=f"{LOOKED_AT:,}"))
    confirmed = _("What was confirmed elsewhere is not known here, and stays in this list.")
    credited = _("What was credited elsewhere is not known here: leave it out, for a second time may credit it twice.")
    said.append(confirmed if kind == OperationKind.NAVER_CONFIRM else credited)
    st.caption(formats.escape(" ".join(said)))
    return [row.imp_uid for row in picked]


def file_field(fields: Fields) -> tuple[str, bytes] | None:
    """A CSV file instead, with its template; its name and bytes."""
    with st.expander(_("Bring a file instead"), icon=":material/upload_file:"):
        lines, name = csv_text([COLUMNS, _EXAMPLE]), "jangbu-naver-orders.csv"
        st.download_button(_("Template (CSV)"), lines, name, "text/csv", icon=":material/download:", on_click="ignore")
        st.caption(_("One row an order: imp_uid."))
        brought = st.file_uploader(_("A CSV file of orders"), type="csv", key=fields.key("upload"))
    return (brought.name, brought.getvalue()) if brought else None


def order_fields(
    fields: Fields, kind: OperationKind, chosen: Sequence[str], file: tuple[str, bytes] | None
) -> OrdersTyping:
    """Who asks for a confirmation, and the button that looks at each row."""
    with st.form(fields.key("form"), border=False):
        requester = None
        if kind == OperationKind.NAVER_CONFIRM:
            requester = fields.choice("requester", _("Who asks for it"), REQUESTERS, operation_labels.requester)
        with fields.place("file"):
            label, icon = _("Look at each row"), ":material/visibility:"
            done = st.form_submit_button(label, type="primary", icon=icon, key="look_at_rows")
    return OrdersTyping(fields, done, chosen, file, requester)


def send_words(kind: OperationKind, n: int) -> str:
    """What the button says."""
    confirm = ngettext("Confirm {n} order", "Confirm {n} orders", n)
    credit = ngettext("Have the points of {n} order credited", "Have the points of {n} orders credited", n)
    return (confirm if kind == OperationKind.NAVER_CONFIRM else credit).format(n=f"{n:,}")
