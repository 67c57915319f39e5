"""The export of a list: one button for each format, each with the number of rows its file holds."""

from collections.abc import Callable

import streamlit as st

from dashboard.locale import _, ngettext


def export_choice(rows: Callable[[], int], link: Callable[[str], str], *, with_buyers: bool) -> None:
    """Counts and makes links only while it is open: `rows` is the exact number, `link` a format's address."""
    choice = st.popover(_("Export"), icon=":material/download:", on_change="rerun", key="export")
    if not choice.open:
        return
    with choice:
        n = rows()
        for fmt, icon in (("csv", ":material/csv:"), ("xlsx", ":material/table_view:")):
            words = ngettext("{format}: {n} row", "{format}: {n} rows", n).format(format=fmt.upper(), n=f"{n:,}")
            st.link_button(words, link(fmt), icon=icon, width="stretch")
        st.caption(_("Times are in Korea; amounts carry their currency."))
        if not with_buyers:
            st.caption(_("Your role exports without buyers' data."))
