"""Webhooks: what the gateway said had happened, and what came of each; the address that its console needs."""

from functools import partial

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.lists.tables import open_drawer
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.webhooks import hook_address, webhook_list, webhooks_desk
from dashboard.words import formats


def _refresh(number: int) -> None:
    if problem := webhooks_desk.refresh(number):
        st.error(formats.told(problem), icon=":material/error:")


screen = open_screen(_("Webhooks"))
form = webhook_list.webhook_form()
form.recall(screen.address, entered=screen.entered)
view = form.view()
with readable_filter():
    read = webhooks_desk.read_log(view.chosen, screen.now, before=view.before, after=view.after)
found = read.found
hook_address.arrival_line(read.arrival, screen.now, screen.settings)
silent = read.arrival.last_at is None or read.arrival.missed > 0
hook_address.hook_address(screen.settings, unfold=silent, may_see=screen.user.may(Permission.SET_UP))
form.bar("outcome")
view = form.at_the_top(view, found)
screen.set_address(form.address(view, "", found))
shown_now = partial(webhooks_desk.shown_now, view.chosen, view.before, view.after)
watch_list(shown_now, webhooks_desk.as_shown(found))
if not found.rows:
    webhook_list.no_webhooks(view)
    st.stop()
key = f"webhooks_{view.chosen.outcome}_{view.before}_{view.after}"
picked = webhook_list.webhook_table(found, key=key)
webhook_list.webhook_pager(found)
if picked:
    details = partial(webhook_list.webhook_details, picked, _refresh, may_read=screen.may_read)
    open_drawer(_("Webhook"), key, details)
