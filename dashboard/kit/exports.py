"""The export of a list: which columns, and one button for each format with the number of rows its file holds."""

from collections.abc import Callable, Sequence

import streamlit as st
from services.exports.query import columns_of

from dashboard.locale import _, ngettext
from dashboard.words.export_labels import labels_of


def export_choice(
    kind: str, rows: Callable[[], int], link: Callable[[str, Sequence[str]], str], *, with_buyers: bool
) -> None:
    """Counts and makes links only while it is open: `rows` is the exact number, `link` the address of a format."""
    choice = st.popover(_("Export"), icon=":material/download:", on_change="rerun", key="export")
    if not choice.open:
        return
    with choice:
        n, words = rows(), labels_of(kind)
        columns = st.multiselect(
            _("Columns"),
            [column.name for column in columns_of(kind, with_buyers=with_buyers)],
            format_func=words.__getitem__,
            placeholder=_("All columns"),
            select_all=False,
            key=f"export_columns_{kind}",
            persist_state="session",
        )
        for fmt, icon in (("csv", ":material/csv:"), ("xlsx", ":material/table_view:")):
            label = ngettext("{format}: {n} row", "{format}: {n} rows", n).format(format=fmt.upper(), n=f"{n:,}")
            st.link_button(label, link(fmt, columns), icon=icon, width="stretch")
        st.caption(_("XLSX: words, dates and sums for Excel, with the conditions on a sheet. CSV: V1's codes."))
        st.caption(_("Times are in Korea; amounts carry their currency."))
        if not with_buyers:
            st.caption(_("Your role exports without buyers' data."))
