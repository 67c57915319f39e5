"""The form of the window's parameters, drawn from their table: a widget by each one's type, its mistake beside it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from services.checkout.parameters.case import Case, Merchant
from services.checkout.parameters.parameter import Parameter, Type
from services.checkout.parameters.products import CATEGORIES
from services.checkout.parameters.request import read_request
from services.checkout.parameters.table import REQUEST
from services.errors import InvalidRequest
from services.mistakes import Mistakes

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.screens.window_code.code_choice import Choice
from dashboard.words import formats
from dashboard.words.window_parameters import parameter

Reads = Callable[[], Any]
"""What stands in a field as the window is told it. Raises InvalidRequest."""
_ABOVE = frozenset({"channelKey", "pg", "pay_method", "naverPopupMode"})
"""Chosen above the form."""
_FIRST = {"merchant_uid": "ORDER-1"}
_FLAGS = {"true": True, "false": False}
_SUGGESTED = {
    "categoryType": list(dict.fromkeys(kind for kind, _within in CATEGORIES)),
    "categoryId": list(dict.fromkeys(within for _kind, within in CATEGORIES)),
}


def draw_form(choice: Choice, merchant: Merchant, fields: Fields, now: float) -> dict[str, Any] | None:
    """The checked request once the form was sent and nothing of it is wrong; else None."""
    case = Case(choice.kind, choice.channel.pg_provider, merchant, now, choice.given)
    with st.form(fields.key("form"), border=False):
        reads = {one.name: _drawn(one, case, choice, fields, one.name) for one in _parameters(case, choice)}
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            if fields.marks:
                st.caption(formats.escape(_("* has to be filled in")), width="stretch")
            done = st.form_submit_button(_("Write the code"), type="primary", icon=":material/code:", key="write_code")
    if not done:
        return None
    mistakes = Mistakes()
    values = {name: mistakes.read(read, None) for name, read in reads.items()}
    case = Case(case.kind, case.pg, merchant, now, {**choice.given, **values})
    request = read_request(case, mistakes)
    if not (told := mistakes.told()):
        return request
    for one in told:
        fields.say(one)
    return None


def _parameters(case: Case, choice: Choice) -> Iterable[Parameter]:
    for one in REQUEST:
        withdrawn = one.name == "naverChainId" and not choice.old_sdk
        if one.name in _ABOVE or withdrawn or not one.where(case):
            continue
        if choice.all_shown or one.needed(case):
            yield one


def _drawn(one: Parameter, case: Case, choice: Choice, fields: Fields, field: str) -> Reads:
    label, needed = f"{one.name} · {parameter(one.name)}", one.needed(case)
    if one.parts:
        return _products(one, case, choice, fields)
    if one.name in _SUGGESTED:
        return _suggested(fields, field, fields.marked(label), _SUGGESTED[one.name])
    match one.type:
        case Type.FLAG:
            return _flag(fields, field, fields.marked(label) if needed else label)
        case Type.NUMBER:
            number = fields.number(field, fields.marked(label) if needed else label, 1, most=999_999)
            return lambda: number
        case Type.AMOUNT:
            return fields.amount(field, label, case.currency, required=needed).read
        case Type.OBJECT:
            return _json(fields, field, fields.marked(label) if needed else label)
    first = {"value": _FIRST[field]} if field in _FIRST else {}
    text = fields.text(field, label, required=needed, **first)
    if one.also == Type.LIST and "," in text:
        return lambda: [part.strip() for part in text.split(",") if part.strip()]
    return lambda: text


def _products(one: Parameter, case: Case, choice: Choice, fields: Fields) -> Reads:
    """A box for each product."""
    reads: list[dict[str, Reads]] = []
    with fields.place(one.name):
        for number in range(choice.products):
            with st.container(border=True):
                st.markdown(f"**{formats.escape(f'{one.name}[{number}]')}**")
                reads.append(_product(one, case, choice, fields, f"{one.name}.{number}"))
    return lambda: _each(reads)


def _product(one: Parameter, case: Case, choice: Choice, fields: Fields, field: str) -> dict[str, Reads]:
    shown = [part for part in one.parts if part.where(case) and (choice.all_shown or part.needed(case))]
    return {part.name: _drawn(part, case, choice, fields, f"{field}.{part.name}") for part in shown}


def _each(reads: list[dict[str, Reads]]) -> list[dict[str, Any]]:
    return [{name: read() for name, read in product.items()} for product in reads]


def _suggested(fields: Fields, field: str, label: str, options: list[str]) -> Reads:
    """Known values to choose from; any other may be typed."""
    with fields.place(field):
        chosen = st.selectbox(
            label, options, accept_new_options=True, key=fields.key(field), persist_state="session"
        )  # fmt: skip
    return lambda: chosen


def _flag(fields: Fields, field: str, label: str) -> Reads:
    with fields.place(field):
        chosen = st.segmented_control(label, list(_FLAGS), key=fields.key(field), persist_state="session")
    return lambda: _FLAGS.get(chosen or "")


def _json(fields: Fields, field: str, label: str) -> Reads:
    with fields.place(field):
        text = st.text_area(label, key=fields.key(field), persist_state="session", height=80) or ""

    def read() -> Any:
        if not text.strip():
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise InvalidRequest("This is no JSON: look for a missing quote or bracket.", field=field) from None

    return read
