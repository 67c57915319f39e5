"""A payment's values in V1's spelling: as the mirror keeps them, and as the gateway answers now."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from services.plain_text import in_json
from services.tables.v1 import Cancellation, Payment

from dashboard.kit.gateway_notice import gateway_warning, said_no
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.process.answers import as_it_came
from dashboard.screens.payments.payment_facts import stored_values
from dashboard.words import formats


def raw_values(payment: Payment, refunds: Sequence[Cancellation], *, was_asking: bool, may_ask: bool) -> None:
    """What is stored, in a part that opens, and for who `may_ask` the gateway a way to its own answer.

    `was_asking`: whether the question was open when the script run began.
    """
    stored = st.expander(_("Stored values"), icon=":material/data_object:", on_change="rerun")
    if stored.open:
        with stored:
            stored_values(payment, refunds)
    if may_ask:
        _answer(payment.imp_uid, was_asking)


def _answer(imp_uid: str, was_asking: bool) -> None:
    if was_asking or as_it_came.is_asking(imp_uid):
        words = _("Asking the gateway for {id} …").format(id=formats.escape(imp_uid))
        watch_reading(partial(as_it_came.is_asking, imp_uid), words)
        return
    words = _("What the gateway answers now")
    st.button(words, icon=":material/cloud_download:", key="answer", on_click=as_it_came.begin, args=(imp_uid,))
    answer = as_it_came.told(imp_uid)
    if answer is None or not (answer.found or answer.error):
        return
    at = formats.escape(formats.time(int(answer.at)))
    if answer.error:
        refused, lost = _("Asked at {time} KST: the gateway refused"), _("Asked at {time} KST: no answer")
        gateway_warning(answer.error, (refused if said_no(answer.error) else lost).format(time=at))
        return
    words = _("Asked at {time} KST. As it came, in the gateway's own order and spelling; card and resident "
              "registration numbers are hidden.")  # fmt: skip
    st.caption(words.format(time=at))
    st.code(in_json(answer.found or ""), language="json", height=400, wrap_lines=True)
