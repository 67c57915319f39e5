"""Subscriptions: what is inferred of each billing key that is charged by a rhythm."""

from dataclasses import replace

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.exports import export_choice
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _, current_language
from dashboard.process.resources import current_freshness, current_settings, open_session, open_store
from dashboard.process.tickets import issue_ticket
from dashboard.screens.recovery import desk_filters
from dashboard.screens.revenue import subscription_list
from dashboard.screens.revenue.revenue_words import inferred_line
from dashboard.screens.revenue.subscription_scope import chosen_scope, scope_filter, scope_line
from services.exports.export import count_export
from services.store.lists import subscriptions

DESK = "subscriptions"
user: User = st.session_state["user"]
buyers = user.may(Permission.SEE_BUYERS)
address = st.query_params.to_dict()

st.title(_("Subscriptions"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
inferred_line(listed=True)
if (fresh := current_freshness()).as_of is None:
    nothing_mirrored(fresh)
    st.stop()

entered = st.session_state["entered"]
form = subscription_list.subscription_form()
form.recall(address, entered=entered)
view, scope = form.view(), chosen_scope(address, entered=entered)
kind = view.chosen.kind
chosen = replace(scope_filter(scope, subscription_list.states_of(kind)), order=view.chosen.order)
with open_session() as session:
    totals = subscriptions.state_totals(session, chosen)
    found = subscriptions.list_subscriptions(session, chosen, before=view.after, limit=desk_filters.ROWS)

if address != (params := form.to_params(view, with_text=True) | scope):
    st.query_params.from_dict(params)
scope_line(chosen, sum(one.subscriptions for one in totals))
desk_filters.kind_tiles(DESK, subscription_list.state_tiles(totals), kind)
if not found.rows:
    subscription_list.no_subscriptions(view)
    st.stop()
with st.container(horizontal=True):
    form.draw("order")
    if user.may(Permission.EXPORT):
        export_choice(
            lambda: count_export(open_store(), "subscriptions", chosen),
            lambda fmt: issue_ticket(chosen, fmt, user, current_language(), kind="subscriptions"),
            with_buyers=buyers,
        )
picked = subscription_list.subscription_table(found, buyers=buyers, key=f"subscriptions_{kind}_{view.after}")
words = _("A click on the box of a row shows how it is known and what it moved.")
desk_filters.desk_pager(DESK, found, (_("Newer"), _("Older")), words)
if picked:
    with open_session() as session:
        moved = subscriptions.movements_of(session, picked.customer_uid)
    subscription_list.subscription_details(picked, moved, buyers=buyers)
