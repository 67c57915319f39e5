"""The export of a list: which columns, and one button for each format with the number of rows its file holds."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import streamlit as st
from services.errors import JangbuError
from services.exports.columns import lacks_currency
from services.exports.query import columns_of

from dashboard.kit import session
from dashboard.kit.export_reason import export_reason
from dashboard.locale import _, ngettext
from dashboard.process import kept_views
from dashboard.words.export_labels import labels_of

_OTHER_NAMES = {
    "made_at": ("paid_at", "started_at"),
    "amount": ("currency",),
    "state": ("schedule_status", "key_state"),
    "buyer_name": ("customer_name",),
    "card": ("card_name", "card_number"),
    "next_at": ("next_charge_at",),
    "paid_at": ("last_paid_at",),
    "failed_at": ("last_failed_at",),
    "registered_at": ("inserted",),
    "marks": ("duplicated", "is_super", "sandbox"),
    "cadence": ("every", "unit"),
    "next": ("next_charge_at", "due_at"),
    "confidence": ("confidence_percent",),
}
"""What files say, beside or instead of a column of a list that they call otherwise."""


def export_choice(
    kind: str,
    rows: Callable[[], int],
    link: Callable[[str, Sequence[str], str], str],
    *,
    with_buyers: bool,
    tiers: bool,
    listed: Sequence[str] = (),
) -> None:
    """Counts and makes links only while it is open: `rows` is the exact number, `link` makes a format's address.

    It begins with the columns that the person chose for the list, else with those of their last file of it.
    """
    choice = st.popover(_("Export"), icon=":material/download:", on_change="rerun", key="export")
    if not choice.open:
        return
    with choice:
        n, words = rows(), labels_of(kind)
        known = [column.name for column in columns_of(kind, with_buyers=with_buyers, tiers=tiers)]
        # The files stand above: columns are many, and what they change has to stay in sight.
        reason = export_reason(f"export_{kind}")
        files = st.container()
        key = f"export_columns_{kind}_{','.join(listed)}"
        if key not in st.session_state:
            chosen = as_exported(listed, known) or kept_views.own_columns(_files_of(kind), session.USER.get())
            st.session_state[key] = [name for name in chosen if name in known]
        columns = st.pills(
            _("Columns, in the order in which you choose them; all for none"),
            known,
            selection_mode="multi",
            format_func=words.__getitem__,
            key=key,
            on_change=_keep,
            args=(kind, key),
            persist_state="session",
        )
        if columns:
            st.button(_("All columns"), type="tertiary", key=f"{key}_all", on_click=_all, args=(kind, key))
        for fmt, icon in (("csv", ":material/csv:"), ("xlsx", ":material/table_view:")):
            label = ngettext("{format}: {n} row", "{format}: {n} rows", n).format(format=fmt.upper(), n=f"{n:,}")
            # Without a reason there is no address either.
            address = link(fmt, columns, reason) if reason else "/"
            files.link_button(label, address, icon=icon, width="stretch", disabled=not reason)
        st.caption(_("XLSX: words, dates and sums for Excel, with the conditions on a sheet. CSV: V1's codes."))
        st.caption(_("Times are in Korea."))
        if lacks_currency(kind, columns):
            st.caption(_("In CSV amounts stand without their currency: add it where the rows have several."))
        if not with_buyers:
            st.caption(_("Your role exports without buyers' data."))


def _files_of(kind: str) -> str:
    """How the columns of a person's files are kept beside those of their lists."""
    return f"{kind}.files"


def _keep(kind: str, key: str) -> None:
    # A file needs no kept choice: it is made of what is chosen on the screen.
    with suppress(JangbuError):
        kept_views.keep_columns(_files_of(kind), tuple(st.session_state[key]), session.USER.get())


def _all(kind: str, key: str) -> None:
    st.session_state[key] = []
    _keep(kind, key)


def as_exported(listed: Sequence[str], known: Collection[str]) -> list[str]:
    """The columns of a list by the names that its file knows, in the list's order."""
    names = (name for column in listed for name in (column, *_OTHER_NAMES.get(column, ())))
    return [name for name in dict.fromkeys(names) if name in known]
