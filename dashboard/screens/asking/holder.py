"""Of a refund to an account: whether it is the buyer's."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from services.store.fold import folded

from dashboard.locale import _
from dashboard.words import formats


def holder_warning(request: Mapping[str, Any], buyer: str | None, *, buyers: bool) -> None:
    """Asks whoever sends it, or says yes, where the account's holder is not the buyer; `buyers` may be named."""
    holder = request.get("refund_holder")
    if holder and buyer and folded(str(holder)) != folded(buyer):
        words = _("The account's holder is not the buyer {name}: is it the account that the buyer told you?")
        shown = formats.escape(formats.buyer(buyer, buyers) or "")
        st.warning(words.format(name=shown), icon=":material/person_alert:")
