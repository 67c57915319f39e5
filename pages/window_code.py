"""Code for the shop's own site: write it, check what is there, and the pack for Naver Pay's inspection."""

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.asking.step_line import form_column
from dashboard.screens.window_code import code_choice, code_desk, code_form, code_shown, pack_form, pasted_form

screen = open_screen(_("Code for your own site"))
parts = {"write": _("Write code"), "check": _("Check code"), "inspection": _("Naver Pay inspection")}
if not screen.may_export:
    del parts["inspection"]
part = st.segmented_control(
    _("What to do"), list(parts), default="write", required=True, format_func=lambda code: parts[code],
    label_visibility="collapsed", key="code_part", persist_state="session",
)  # fmt: skip
desk = code_desk.open_code()
match part:
    case "check":
        pasted_form.pasted_form(desk.merchant, Fields("pasted"))
    case "inspection":
        pack_form.pack_form(screen.today, Fields("pack"), screen.user)
    case _ if not desk.channels:
        told = _("No channel that opens a payment window is known yet: the next sync reads them.")
        st.info(told, icon=":material/info:")
    case _:
        fields = Fields("code")
        with form_column():
            choice = code_choice.choose(desk.channels, fields)
            server = code_shown.server_field(fields)
            request = code_form.draw_form(choice, desk.merchant, fields, screen.now)
        if request is not None:
            code_shown.write(request, choice, desk.user_code, server, fields)
        code_shown.show(choice, desk.user_code, fields)
