"""Where a form that moves money stands: filled in, looked at, asked for."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.locale import _
from dashboard.screens.asking.steps import Asked, Looking, Step

WIDEST = 720
"""Pixels: a form is no wider than a person reads in one line."""


def form_column() -> DeltaGenerator:
    """The column in which a form stands, from its facts to its outcome."""
    return st.container(width=WIDEST)


def step_line(step: Step, *, asked: bool) -> None:
    """The three steps with the one that is on; `asked`: an outcome is shown, whoever asked."""
    match step:
        case Asked():
            at = 2
        case Looking():
            at = 1
        case _:
            at = 0
    at = 2 if asked else at
    names = (_("1 Fill in"), _("2 Check"), _("3 Outcome"))
    shown = (f"**{name}**" if place == at else f":gray[{name}]" for place, name in enumerate(names))
    st.markdown(" › ".join(shown))
