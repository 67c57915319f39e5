"""What the gateway said of an id that was not here: asked while the page stands, told with the time of the question."""

from functools import partial

import streamlit as st

from dashboard.kit.gateway_notice import gateway_warning, said_no
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.process.answers import lookups
from dashboard.words import formats

_TIME = slice(11, None)


def ask_gateway(text: str, *, here: bool, was_asking: bool, may: bool) -> None:
    """Asks for an exact id that is not `here`, draws the page anew with the answer, and says what it was.

    What is here by now is told of as found, or not at all.

    `was_asking`: whether the question was open when the page read the store, which may lack the answer. `may`:
    whether this person may have the gateway read.
    """
    answer = lookups.ask(text) if may and not here else lookups.told(text)
    if answer is None:
        return
    if was_asking or lookups.is_asking(text):
        words = _("Asking the gateway for {id} …").format(id=formats.escape(text))
        watch_reading(partial(lookups.is_asking, text), words)
        return
    if here and not answer.found:
        return
    values = {"id": formats.escape(text), "time": formats.escape(formats.time(int(answer.at))[_TIME])}
    if answer.found:
        st.caption(_("Asked the gateway for {id} at {time}: found.").format(**values))
    elif answer.found is False:
        st.caption(_("Asked the gateway for {id} at {time}: it knows no such payment.").format(**values))
    elif answer.error:
        refused = _("Asked the gateway for {id} at {time}: it refused")
        lost = _("Asked the gateway for {id} at {time}: no answer")
        gateway_warning(answer.error, (refused if said_no(answer.error) else lost).format(**values))
