"""Which subscriptions a figure counts: those in MRR at a month's end, or what moved it in a month; by the address."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st
from services.months import month_name
from services.store.lists.subscriptions import SubscriptionFilter
from services.tables.revenue import Churn, Movement

from dashboard.locale import _
from dashboard.screens.revenue.subscription_list import subscription_form
from dashboard.words import formats
from dashboard.words.subscription_labels import movement

_NAMES = ("month", "moved", "churn", "plan", "currency")
_KEY = "subscriptions.scope"


def chosen_scope(params: Mapping[str, str], *, entered: bool) -> dict[str, str]:
    """The parameters of a figure that the session remembers; an address that names a month counts when entered."""
    if entered and "month" in params:
        subscription_form().forget()
        given = {name: params.get(name, "") for name in _NAMES}
        st.session_state[_KEY] = {name: value for name, value in given.items() if value and value.isprintable()}
    scope: dict[str, str] = st.session_state.get(_KEY, {})
    return scope if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", scope.get("month", "")) else {}


def scope_filter(scope: Mapping[str, str]) -> SubscriptionFilter:
    """The filter of a scope; what is no code of ours restricts nothing."""
    if not scope:
        return SubscriptionFilter()
    moved, churn = scope.get("moved"), scope.get("churn")
    return SubscriptionFilter(
        month=int(scope["month"].replace("-", "")),
        moved=Movement(moved) if moved in list(Movement) else None,
        churn=Churn(churn) if churn in list(Churn) else None,
        plan=scope.get("plan"),
        currency=scope.get("currency"),
    )


def scope_line(chosen: SubscriptionFilter, n: int, moved: Sequence[tuple[str, int]]) -> None:
    """What of all subscriptions is shown, how many those are, what they `moved`, and the way back to all."""
    if chosen.month is None:
        return
    what = movement(chosen.churn or chosen.moved) if chosen.moved else _("Σ In MRR")
    sums = [] if chosen.text else [formats.signed_money(amount, currency) for currency, amount in moved]
    by_end = _("Ended last first") if chosen.by_end and chosen.order is None else ""
    parts = (month_name(chosen.month), what, chosen.plan, chosen.currency, f"{n:,}", *sums, by_end)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(formats.escape(" · ".join(part for part in parts if part)), width="content")
        st.button(_("All subscriptions"), type="tertiary", key="scope_all", on_click=forget_scope)


def forget_scope() -> None:
    """All subscriptions again."""
    st.session_state[_KEY] = {}
    subscription_form().forget()
