"""One link: its address, how it stands, what it asks, and what became of each opening."""

from functools import partial

import streamlit as st
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.links import link_address, link_desk, link_facts
from dashboard.screens.links.withdrawal import withdraw_button

screen = open_screen(_("Payment link"))
number = screen.address.get("link", "")
found = link_desk.read_link(number)
screen = screen.in_store(found.link.tier if found else None)
with st.container(horizontal=True, vertical_alignment="center"):
    link_to(_("All payment links"), Place.LINKS, icon=BACK)
    if found and screen.may_charge and found.may_open:
        withdraw_button(found.link.id, partial(link_desk.withdraw, found.link.id, screen.user))
if found is None:
    link_facts.no_such_link()
    st.stop()

link = found.link
link_facts.link_header(link)
if screen.may_charge and found.may_open:
    link_address.address_box(link, found.address, screen.settings.shop_name, buyers=screen.buyers)
elif found.may_open:
    st.caption(_("Its address is for those who make links."))
link_facts.link_facts(link, buyers=screen.buyers, tiers=screen.settings.tiers)
link_facts.attempts_list(found.attempts, link, found.refunded)
watch_list(partial(link_desk.read_link, number), found)
