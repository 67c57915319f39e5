"""Subscriptions: what is inferred of each billing key that is charged by a rhythm."""

from dataclasses import replace
from functools import partial

import streamlit as st
from dashboard.kit.lists.list_order import table_key
from dashboard.kit.lists.tables import open_drawer
from dashboard.locale import _
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.recovery import desk_filters
from dashboard.screens.revenue import subscription_desk, subscription_list
from dashboard.screens.revenue.revenue_words import inferred_line
from dashboard.screens.revenue.subscription_scope import chosen_scope, scope_filter, scope_line

DESK = "subscriptions"
screen = open_screen(_("Subscriptions"))
inferred_line()
screen.needs_rows()

scope = chosen_scope(screen.address, entered=screen.entered)
of_scope = scope_filter(scope)
form = subscription_list.subscription_form(buyers=screen.buyers, by_end=of_scope.by_end)
look = screen.look(form, columns := subscription_list.subscription_columns(buyers=screen.buyers))
form.recall(screen.address, entered=screen.entered)
view = form.view()
kind = view.chosen.kind
chosen = replace(
    of_scope,
    states=subscription_list.states_of(kind),
    order=view.chosen.order,
    text=view.chosen.text,
    search_buyers=screen.buyers,
)
line = form.bar("text")
with readable_filter():
    subscriptions = subscription_desk.read_list(chosen, view.after)
found, totals = subscriptions.found, subscriptions.totals

screen.set_address(form.address(view, chosen.text, found) | look.address() | scope)
screen.note_search(chosen.text, found)
with line:
    screen.view_button(look)
scope_line(chosen, sum(one.subscriptions for one in totals), subscriptions.moved_sums)
desk_filters.kind_tiles(DESK, subscription_list.state_tiles(totals), kind)
if not found.rows:
    subscription_list.no_subscriptions(view)
    st.stop()
with line:
    screen.export("subscriptions", chosen, look.chosen)
key = f"subscriptions_{kind}_{view.after}"
columns = subscription_list.subscription_columns(subscriptions.moved, buyers=screen.buyers)
picked = subscription_list.subscription_table(found, look.pick(columns), key=key)
desk_filters.desk_pager(DESK, found, (_("Newer"), _("Older")))
if picked:
    screen.note_look(picked.customer_uid)
    moved = subscription_desk.movements_of(picked.customer_uid)
    last_payment = subscription_desk.last_payment_of(picked.customer_uid)
    details = partial(subscription_list.subscription_details, picked, moved, last_payment, buyers=screen.buyers)
    open_drawer(_("Subscription"), table_key(key, found, form.order), details)
