"""Recovery: booked payments that failed, by what can be done, and trying them again when a person says so."""

from functools import partial

import streamlit as st
from dashboard.kit.frame import about
from dashboard.locale import _
from dashboard.process.after_sync import recovery_policy
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.links import link_files_desk
from dashboard.screens.links.renewal_file import renewal_file
from dashboard.screens.recovery import chain_desk, desk_filters, recovered, recovery_list, rounds_desk
from dashboard.screens.recovery.failure_rates import jump_banners, ordinary_line, rates_fold
from dashboard.screens.recovery.recovery_round import carry_out_button
from services.subscriptions.reasons import Action

DESK = "recovery"
screen = open_screen(_("Recovery"))
screen.needs_rows()
policy = recovery_policy()
explained = about()
form = recovery_list.failed_form(chain_desk.providers_of_schedules(), buyers=screen.buyers)
look = screen.look(form, recovery_list.failed_columns(policy, {}, {}, {}, buyers=screen.buyers))
form.recall(screen.address, entered=screen.entered)
view = form.view()
chosen = view.chosen
with readable_filter():
    failed = chain_desk.read_failed(view, policy, screen.now)
found, proposed = failed.found, failed.proposed

with explained:
    recovery_list.policy_line(policy)
    ordinary_line(failed.rates)
    rates_fold(failed.rates)
jump_banners(failed.rates)
if rounds_desk.under_way(screen.user):
    st.stop()

screen.set_address(form.address(view, chosen.text, found) | look.address())
screen.note_search(chosen.text, found)
with form.bar("text", "pg"):
    screen.view_button(look)
tiles = recovery_list.action_tiles(failed.totals, failed.every)
desk_filters.kind_tiles(DESK, tiles, chosen.kind, counted=not chosen.text)
if found.rows:
    key = f"recovery_{chosen.kind}_{chosen.pg_provider}_{view.after}"
    columns = look.pick(recovery_list.failed_columns(policy, proposed, failed.told, failed.ends, buyers=screen.buyers))
    if chosen.kind == Action.MEND and screen.may_charge and screen.may_export:
        renewal_file(partial(link_files_desk.renewals_of_failed, chosen), screen.user, way=True)
    picked = recovery_list.failed_table(found, columns, key=key)
    words = _("Choose rows by their boxes: one is told in full below, several are carried out together.")
    desk_filters.desk_pager(DESK, found, (_("Newer"), _("Older")), words)
    wanted = [proposed[row.merchant_uid] for row in picked if row.merchant_uid in proposed]
    if screen.may_book and carry_out_button(wanted):
        rounds_desk.begin(wanted)
        st.rerun()
    if len(picked) == 1:
        screen.note_look(picked[0].customer_uid)
        latest, ended = chain_desk.latest_payment(picked[0]), failed.ends.get(picked[0].customer_uid)
        recovery_list.failed_details(picked[0], latest, ended, buyers=screen.buyers, may_charge=screen.may_charge)
else:
    recovery_list.nothing_failed(view)
recovery_list.scope_line()
recovered.recovered_report(failed.report, failed.months, "KRW", today=screen.today)
