"""A pasted snippet: each of its parameters right, wrong, missing or withdrawn, and what is wrong around them."""

import time

import pandas as pd
import streamlit as st
from services.checkout.parameters.case import Merchant
from services.checkout.pasted import FIELD, LONGEST, Judged, Pasted, Verdict, check_pasted
from services.errors import InvalidRequest, JangbuError
from services.tables.checkouts import CheckoutKind

from dashboard.kit.fields import Fields
from dashboard.locale import _, sentence
from dashboard.words import formats, labels
from dashboard.words.labels import Words, once_a_language


def pasted_form(merchant: Merchant, fields: Fields) -> None:
    """The field, and what is to be said of what was pasted into it."""
    with st.form(fields.key("form"), border=False):
        with fields.place(FIELD):
            text = st.text_area(
                fields.marked(_("JavaScript with IMP.request_pay, alone or in its page")),
                height=320,
                max_chars=LONGEST,
                key=fields.key(FIELD),
                persist_state="session",
                placeholder="IMP.request_pay({ … }, function (rsp) { … })",
            )
        done = st.form_submit_button(_("Check it"), type="primary", icon=":material/rule:", key="check_code")
    if done:
        _keep(text or "", merchant, fields)
    if (found := st.session_state.get(fields.key("found"))) is not None:
        _tell(found)


def _keep(text: str, merchant: Merchant, fields: Fields) -> None:
    found = None
    try:
        found = check_pasted(text, pg=None, merchant=merchant, now=time.time())
    except InvalidRequest as problem:
        fields.say(problem)
    st.session_state[fields.key("found")] = found


def _tell(found: Pasted) -> None:
    kinds = {CheckoutKind.PAYMENT: _("A payment"), CheckoutKind.REGISTRATION: _("Registers a billing key")}
    st.header(formats.escape(formats.line(kinds[found.kind], labels.provider(found.pg))))
    _count(found)
    _table(
        (_("Parameter"), _("Line"), _("Result")),
        [_cells(one) for one in found.parameters],
        _("Parameters, each with what is to be said of it"),
    )
    st.header(_("Around the parameters"))
    if not found.findings:
        st.caption(_("Nothing is wrong around them."))
        return
    rows = [[_line(one.values.get("line")), sentence(one)] for one in sorted(found.findings, key=_place)]
    _table((_("Line"), _("What")), rows, _("What is wrong around the parameters"))


def _count(found: Pasted) -> None:
    wrong = [one for one in found.parameters if one.verdict not in (Verdict.RIGHT, Verdict.UNREAD)]
    if not wrong and not found.findings:
        st.success(_("Nothing is wrong with it, as far as it can be read."), icon=":material/check_circle:")
        return
    words = _("{wrong} parameters and {around} places around them are to be mended.")
    st.error(words.format(wrong=len(wrong), around=len(found.findings)), icon=":material/error:")


def _cells(one: Judged) -> list[str]:
    because = f": {sentence(one.because)}" if one.because else ""
    return [one.name, _line(one.line), verdict(one.verdict) + because]


@once_a_language
def verdict() -> Words:
    """A verdict with its sign."""
    return {
        Verdict.RIGHT: _("✓ right"),
        Verdict.WRONG: _("✕ wrong"),
        Verdict.MISSING: _("✕ missing"),
        Verdict.WITHDRAWN: _("⊘ withdrawn"),
        Verdict.UNKNOWN: _("✕ unknown"),
        Verdict.UNREAD: _("… not readable here"),
    }


def _place(one: JangbuError) -> tuple[bool, int]:
    """From top to bottom; what is nowhere comes last."""
    at = one.values.get("line")
    return (False, at) if isinstance(at, int) else (True, 0)


def _line(number: object) -> str:
    return str(number) if number else formats.NOTHING


def _table(headings: tuple[str, ...], rows: list[list[str]], alt: str) -> None:
    data = pd.DataFrame([[formats.escape(cell) for cell in row] for row in rows], columns=list(headings))
    st.table(data, border="horizontal", hide_index=True, alt=alt)
