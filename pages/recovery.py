"""Recovery: booked payments that failed, by what can be done, and trying them again when a person says so."""

import time

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _
from dashboard.process.after_sync import recovery_policy
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.overview.desks_today import PROPOSED
from dashboard.screens.recovery import desk_filters, recovered, recovery_list, rounds_desk
from dashboard.screens.recovery.failure_rates import jump_banners
from dashboard.screens.recovery.recovery_round import carry_out_button
from services.months import month_of, months_until
from services.recovery.desk import failed_by_action, list_failed, proposals
from services.recovery.jumps import failure_rates
from services.recovery.reports import recovered_by_month
from services.store.lists.schedules import schedule_values
from services.subscriptions.reasons import Action

DESK = "recovery"
user: User = st.session_state["user"]
buyers, may_book = user.may(Permission.SEE_BUYERS), user.may(Permission.SCHEDULE)
now, policy = time.time(), recovery_policy()
months = months_until(month_of(now), recovered.MONTHS)
address = st.query_params.to_dict()

st.title(_("Recovery"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
if (fresh := current_freshness()).as_of is None:
    nothing_mirrored(fresh)
    st.stop()
recovery_list.policy_line(policy)
with open_session() as session:
    form = recovery_list.failed_form(schedule_values(session).pg_providers)
form.recall(address, entered=st.session_state["entered"])
view = form.view()
chosen = view.chosen
action = Action(chosen.kind) if chosen.kind in list(Action) else None
with open_session() as session:
    totals, rates = failed_by_action(session, now), failure_rates(session, now)
    every = proposals(session, now, policy)
    among = [one.merchant_uid for one in every] if chosen.kind == PROPOSED else None
    found = list_failed(
        session,
        now,
        action=action,
        pg_provider=chosen.pg_provider,
        among=among,
        order=chosen.order,
        after=view.after,
        limit=desk_filters.ROWS,
    )
    orders = [row.merchant_uid for row in found.rows]
    proposed = {one.merchant_uid: one for one in proposals(session, now, policy, among=orders)}
    report = recovered_by_month(session, months[0], months[-1])

jump_banners(rates)
if rounds_desk.under_way(user):
    st.stop()

if address != (params := form.to_params(view, with_text=True)):
    st.query_params.from_dict(params)
desk_filters.kind_tiles(DESK, recovery_list.action_tiles(totals, every), chosen.kind)
with st.container(horizontal=True, vertical_alignment="bottom"):
    form.draw("pg", "order")
if found.rows:
    key = f"recovery_{chosen.kind}_{chosen.pg_provider}_{view.after}"
    picked = recovery_list.failed_table(found, proposed, policy, buyers=buyers, key=key)
    words = _("Choose rows by their boxes: one is told in full below, several are carried out together.")
    desk_filters.desk_pager(DESK, found, (_("Newer"), _("Older")), words)
    wanted = [proposed[row.merchant_uid] for row in picked if row.merchant_uid in proposed]
    if may_book and carry_out_button(wanted):
        rounds_desk.begin(wanted)
        st.rerun()
    if len(picked) == 1:
        recovery_list.failed_details(picked[0], buyers=buyers)
else:
    recovery_list.nothing_failed(view)
recovered.recovered_report(report, months)
