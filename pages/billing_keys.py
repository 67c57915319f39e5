"""Billing keys: which there are, how they stand, what is booked on them; find one and open it."""

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.exports import export_choice
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _, current_language
from dashboard.navigation import open_billing_key
from dashboard.process.resources import current_freshness, current_settings, open_session, open_store
from dashboard.process.tickets import issue_ticket
from dashboard.screens.keys.key_files import key_file_box
from dashboard.screens.keys.key_filters import key_filters, key_form
from dashboard.screens.keys.key_list import (
    key_pager,
    key_sums_line,
    key_table,
    key_tiles_line,
    no_keys,
)
from dashboard.screens.refunds import files_desk
from dashboard.words import formats
from services.errors import InvalidFilter
from services.exports.export import count_export
from services.store.lists.filters import Live
from services.store.lists.keys import (
    count_billing_keys,
    count_duplicates,
    key_sums,
    key_tiles,
    key_values,
    search_billing_keys,
)

user: User = st.session_state["user"]
buyers = user.may(Permission.SEE_BUYERS)
address = st.query_params.to_dict()

st.title(_("Billing keys"))
above = st.container()
with open_session() as session:
    values = key_values(session)
form = key_form(values, buyers=buyers)
view = key_filters(form, address, entered=st.session_state["entered"])
chosen = view.chosen
with above:
    strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=chosen.live != Live.LIVE)
    if user.may(Permission.READ_AGAIN):
        key_file_box(files_desk.read_keys, files_desk.note_keys)

try:
    with open_session() as session:
        found = search_billing_keys(session, chosen, before=view.before, after=view.after)
        counts, count = key_tiles(session, chosen), count_billing_keys(session, chosen)
        sums, duplicates = key_sums(session, chosen), count_duplicates(session, chosen)
except InvalidFilter as error:
    st.warning(formats.told(error), icon=":material/filter_alt_off:")
    st.stop()

view = form.at_the_top(view, found)
params = form.address(view, chosen.text, found)
if address != params:
    st.query_params.from_dict(params)

key_tiles_line(counts, chosen)
if found.exact:
    st.caption(_("An exact id: shown whatever the filters say."))
if not found.rows:
    if not values.states and (fresh := current_freshness()).as_of is None:
        nothing_mirrored(fresh)
    else:
        no_keys(chosen, any_known=bool(values.states))
    st.stop()

if not found.exact:
    key_sums_line(sums, duplicates)
if user.may(Permission.EXPORT):
    export_choice(
        lambda: count_export(open_store(), "billing-keys", chosen),
        lambda fmt: issue_ticket(chosen, fmt, user, current_language(), kind="billing-keys"),
        with_buyers=buyers,
    )
name = f"keys_{view.before}_{view.after}"
opened = key_table(found, buyers=buyers, key=name, searching=bool(chosen.text), order=form.order)
key_pager(found, count, chosen)
if opened:
    open_billing_key(opened)
