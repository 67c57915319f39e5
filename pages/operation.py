"""One operation: what was asked for, by whom, who approved it, and what the gateway answered."""

import streamlit as st
from dashboard import navigation as to
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.activity import activity_desk, operation_story
from dashboard.screens.asking.outcome import outcome
from services.operations.journal.states import OPEN

screen = open_screen(_("Single operation"))
number = screen.address.get("number", "")
to.link_to(_("All activity"), to.Place.ACTIVITY, icon=to.BACK)
found = activity_desk.read_operation(number)
if found is None:
    words = _("Look for it in the list of all activity.")
    st.info(words, title=_("No such operation here"), icon=":material/search_off:")
    st.stop()

if found.operation.state in OPEN:
    watch_list(lambda: activity_desk.count_steps(int(number)), len(found.told))
outcome(found.operation)
operation_story.asked_for(found.operation, buyers=screen.buyers, tiers=screen.settings.tiers)
st.header(_("What happened"))
operation_story.steps(found, buyers=screen.buyers)
operation_story.links(found.operation, may_follow=found.operation.kind in to.followed_by(screen.user))
