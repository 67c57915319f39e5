"""What may go with a charge or a booking besides, behind one fold: who buys, taxes, points, the shop's own number."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from services.operations.actions.parameters.extras import (
    BUYER,
    CHOICES,
    EXTRAS,
    FLAGS,
    YES,
    channels_of,
    offered,
    wanted_by,
)
from services.operations.actions.parameters.order_numbers import OWN_ORDER
from services.tables.journal import Operation
from services.tables.v1 import BillingKey

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.words import formats, more_labels

_WIDE = ("custom_data", "notice_url", "buyer_addr")


@dataclass(frozen=True, slots=True)
class More:
    """What was typed there, by V1's names."""

    order: str
    given: Mapping[str, str]


def more_fields(fields: Fields, key: BillingKey, *, books: bool, series: bool = False) -> More:
    """The fields that the key's PG takes; a series gets its order numbers by itself."""
    names = offered(key, books=books)
    wanted = wanted_by(key.pg_provider)
    with st.expander(_("More fields"), icon=":material/tune:", expanded=bool(wanted)):
        st.caption(_("What is empty is not sent. Where nothing says who buys, PortOne takes what the key says."))
        order = ""
        if not series:
            order = fields.text("merchant_uid", _("Order number of your own, if any"), max_chars=40, width=320)
        given = {name: _one(fields, name, key, wanted=name in wanted) for name in names}
    return More(order, given)


def as_typed(operation: Operation, request: Mapping[str, object]) -> dict[str, object]:
    """The fields that a charge was asked for with; who buys is not kept."""
    extras = request.get(EXTRAS)
    given = dict(extras) if isinstance(extras, Mapping) else {}
    fields: dict[str, object] = {name: value for name, value in given.items() if name not in BUYER}
    if given.get("vat_amount") is not None:
        fields["vat_amount"] = formats.typed_money(given["vat_amount"], operation.currency)
    return fields | ({"merchant_uid": operation.merchant_uid} if request.get(OWN_ORDER) else {})


def _one(fields: Fields, name: str, key: BillingKey, *, wanted: bool) -> str:
    label = more_labels.name(name)
    if name in FLAGS:
        with fields.place(name):
            return YES if st.checkbox(label, key=fields.key(name), persist_state="session") else ""
    if name in CHOICES or name == "channel_key":
        codes = CHOICES.get(name) or channels_of(key)
        words = {"": formats.NOTHING} | {code: more_labels.choice(code) for code in codes}
        return fields.pick(name, fields.marked(label) if wanted else label, words, width=320) or ""
    width = "stretch" if name in _WIDE else 320
    return fields.text(name, label, help=more_labels.hint(name) or None, width=width)
