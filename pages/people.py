"""People: who signs in with which role; administrators give roles and take them away."""

from functools import partial

import streamlit as st
from dashboard.kit.lists.tables import open_drawer
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.people import appointment, made_roles, people_desk, people_list, role_limits
from dashboard.words import formats

screen = open_screen(_("People"))
found = people_desk.read_people()
if not found.signs_in:
    people_list.no_sign_in()
    st.stop()

appoint = partial(people_desk.appoint, user=screen.user)
choices = appointment.Choices(screen.settings.tiers, found.made, [one.address for one in found.people])
st.caption(_("A click on a person changes their role. What is set here holds, whatever JANGBU_ROLES says."))
with st.expander(_("Add a person"), icon=":material/person_add:"):
    appointment.appointment_form(appointment.NOBODY, appoint, choices)
picked = people_list.people_table(found.people, choices.tiers, found.made)
people_list.removed_list(found.removed)
st.header(_("Approval limits"))
role_limits.role_limits(found.limits, found.limit, found.made, partial(people_desk.set_limit, user=screen.user))
st.header(_("Roles of your own"))
made_roles.made_roles(found.made, partial(people_desk.make_role, user=screen.user))
title = formats.escape(picked.address) if picked else ""
if picked and picked.address == screen.user.email:
    open_drawer(title, people_list.TABLE, partial(appointment.own_role, picked))
elif picked:
    open_drawer(title, people_list.TABLE, partial(appointment.appointment_form, picked, appoint, choices))
