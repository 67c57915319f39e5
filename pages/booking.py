"""Book a payment."""

import streamlit as st
from dashboard.locale import _

st.title(_("Book a payment"))
