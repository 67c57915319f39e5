"""The button of a list that says how it looks: saved views, its order, its columns."""

import streamlit as st

from dashboard.kit.views.column_choice import column_choice
from dashboard.kit.views.look import Look
from dashboard.kit.views.saved_views import saved_views
from dashboard.locale import _
from dashboard.words import formats

_SHORT = 14
"""Signs of a view's name in the head."""


def view_button(look: Look) -> None:
    """Named after the view that was chosen, and whether the list shows something else by now; behind it the rest."""
    if not look.is_open:
        # A popover with another label closes while somebody is at it.
        look.kept["label"] = _label(look)
    choice = st.popover(look.kept["label"], icon=":material/view_column:", on_change="rerun", key=look.key("look"))
    if choice.open:
        with choice:
            saved_views(look)
            look.form.order.choose()
            column_choice(look)


def _label(look: Look) -> str:
    if look.view is None:
        return _("View")
    name = formats.cut(look.view.name, _SHORT)
    return formats.escape(_("{view}, changed").format(view=name) if look.is_changed() else name)
