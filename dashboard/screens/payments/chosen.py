"""Payments that were chosen in the list: read again from the gateway all at once."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from services.mirror.single.selection import Selection

from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.watch import watch_reading
from dashboard.locale import _, ngettext
from dashboard.process.answers import selections
from dashboard.words import formats


def reread_chosen(imp_uids: Sequence[str]) -> None:
    """A button for them, and what came of it within the last minute."""
    if not imp_uids:
        return
    together = " ".join(sorted(imp_uids))
    if selections.is_asking(together):
        watch_reading(partial(selections.is_asking, together), _("Reading from the gateway …"))
        return
    n = len(imp_uids)
    words = ngettext("Refresh {n} payment", "Refresh {n} payments", n).format(n=f"{n:,}")
    st.button(words, icon=":material/sync:", key="reread_chosen", on_click=selections.begin, args=(together,))
    answer = selections.told(together)
    if answer and answer.error:
        gateway_warning(answer.error)
    elif answer and answer.found:
        st.caption(formats.escape(_said(answer.found, answer.at)))


def _said(found: Selection, at: float) -> str:
    words = _("{read} read at {time} KST, {changed} had changed.")
    said = words.format(read=f"{found.read:,}", changed=f"{found.changed:,}", time=formats.time(int(at)))
    if not found.missing:
        return said
    gone = _("The gateway does not tell of: {ids}").format(ids=", ".join(found.missing))
    return f"{said} {gone}"
