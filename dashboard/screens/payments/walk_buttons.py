"""From a payment back to its list, and to the payments beside it there."""

from typing import Literal

import streamlit as st

from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screens.payments.walk_desk import Walk


def walk_buttons(walk: Walk | None, imp_uid: str) -> int:
    """The way back, and buttons where it was opened from a list; returns 1 for the next one, -1 for the one before."""
    refunds = walk is not None and walk.place == Place.REFUNDS
    link_to(_("All refunds") if refunds else _("All payments"), walk.place if walk else Place.PAYMENTS, icon=BACK)
    if walk is None:
        return 0
    pressed = 0
    sides: tuple[tuple[int, str, Literal["left", "right"], str], ...] = (
        (-1, "Left", "left", _("Previous")),
        (1, "Right", "right", _("Next")),
    )
    for step, key, side, label in sides:
        if st.button(
            label,
            icon=f":material/chevron_{side}:",
            icon_position=side,
            type="tertiary",
            disabled=not walk.goes_on(imp_uid, step),
            shortcut=key,
            key=f"walk{step}",
        ):
            pressed = step
    return pressed
