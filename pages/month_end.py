"""Closing: a month's figures written down, what changed in it since, and both time bases beside each other."""

import streamlit as st
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import open_screen
from dashboard.screens.overview.overview import choose_currency
from dashboard.screens.payments.payment_desk import known_currencies
from dashboard.screens.revenue import closing_desk as desk
from dashboard.screens.revenue import closing_figures as figures
from dashboard.screens.revenue import closing_rows as rows_of
from dashboard.words import formats
from services.errors import InvalidRequest
from services.months import month_name
from services.revenue.closed_months import months_to_close
from services.revenue.known import Known

screen = open_screen(_("Closing"), test_rows=False)
screen.needs_rows()
month = desk.choose_month(months_to_close(screen.now), screen.address, entered=screen.entered)
currency = choose_currency(known_currencies())
screen.set_address({"month": month_name(month)})

shown, nothing = desk.read_month(month), Known(0, 0, 0, 0)
figures.closed_line(shown.closed, month)
mine = shown.now.get(currency, nothing)
closed = shown.closed.figures.get(currency, nothing) if shown.closed else None
figures.month_table(mine, closed, _("As closed"), currency, key="closing_month")
figures.rows_behind(mine, month, currency)
st.caption(_("By day in Korea: gross by the day of payment, refunds by the day of each. Test rows are left out."))
desk.closing_form(shown, screen.user)

opened = None
if shown.closed:
    st.header(_("Changed since the closing"))
    changes = desk.read_changes(shown.closed, month, currency)
    if changes.page.rows:
        opened = rows_of.change_table(changes)
    else:
        st.caption(_("Nothing of this month changed since it was closed."))

st.header(_("As known on a day"))
label, key = _("At the end of this day in Korea"), "closing.known_on"
known_on = st.date_input(label, desk.last_day(month, screen.today), key=key, format="YYYY-MM-DD", width=200)
known = desk.read_known(month, known_on, currency)
if isinstance(known, InvalidRequest):
    st.warning(formats.told(known), icon=":material/history_toggle_off:")
else:
    figures.month_table(mine, known, _("As known then"), currency, key="closing_known")

st.header(_("Both time bases"))
st.caption(
    _(
        "V1's own list of payments goes by the time of the state: a payment that was refunded whole counts on the day "
        "of its refund there, not on the day it was paid. Payments here goes by the day of payment. This leads from "
        "one to the other, row by row."
    )
)
figures.bridge_table(desk.read_bridge(month, currency), currency)
item, side = figures.choose_item()
behind = desk.read_bridge_rows(month, item, side, currency)
if behind.page.rows:
    opened = rows_of.bridge_rows_table(behind, currency) or opened
else:
    st.caption(_("No row: both bases agree here."))
if opened:
    open_page(Place.PAYMENT, imp_uid=opened)
