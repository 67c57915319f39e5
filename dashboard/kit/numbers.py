"""The table behind a chart, and its export."""

from collections.abc import Sequence
from contextlib import nullcontext

import pyarrow as pa
import streamlit as st
from services.exports.csv_text import csv_text
from services.money import exponent, to_major
from streamlit.delta_generator import DeltaGenerator

from dashboard.access import Permission
from dashboard.kit import session
from dashboard.kit.lists.tables import LOW_ROW, OPENS, list_height, low_table_height, picked_row
from dashboard.locale import _
from dashboard.words import formats

Cell = str | int | float | None
Columns = dict[str, Sequence[Cell]]


def amount(value: int, currency: str) -> int | float:
    """Smallest units as a number of the currency's major ones."""
    return value if exponent(currency) == 0 else float(to_major(value, currency))


def numbers(title: str, columns: Columns, *, key: str, currency: str = "", money: Sequence[str] = ()) -> None:
    """Folded away below a chart: the rows by heading; those of `money` hold major units of `currency`."""
    box = st.expander(_("The numbers"), icon=":material/table:", key=f"numbers_{key}", on_change="rerun")
    if box.open:
        with box:
            number_table(title, columns, key=key, currency=currency, money=money)


def number_table(
    title: str,
    columns: Columns,
    *,
    key: str,
    currency: str = "",
    money: Sequence[str] = (),
    percent: str = "",
    rows: int | None = None,
    pick: bool = False,
    export_in: DeltaGenerator | None = None,
) -> int | None:
    """A table of numbers with its export, columns as `numbers` has them; with `pick` returns which row was clicked.

    `percent` is drawn as bars; with `rows` they are low, and the table scrolls by itself beyond so many. The export
    stands in the container `export_in`, or below the table.
    """
    n = len(next(iter(columns.values()), ()))
    form = formats.money_column_format(currency) if currency else ""
    found = st.dataframe(
        pa.table(formats.cells(columns)),
        hide_index=True,
        column_config={
            name: st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100)
            if name == percent
            else st.column_config.NumberColumn(format=form if name in money else "%,d")
            if name in money or any(isinstance(cell, int) for cell in cells)
            else st.column_config.TextColumn(alignment="right")
            for name, cells in list(columns.items())[1:]
        },
        height=list_height(n) if rows is None else low_table_height(min(n, rows)),
        row_height=None if rows is None else LOW_ROW,
        placeholder="",
        alt=title,
        key=f"table_{key}",
        **(OPENS if pick else {}),
    )
    with export_in or nullcontext():
        _export(title, columns, key, currency)
    return picked_row(found, n) if pick else None


def _export(title: str, columns: Columns, key: str, currency: str) -> None:
    if not session.USER.get().may(Permission.EXPORT):
        return
    shown = formats.cells(columns)
    st.download_button(
        _("CSV of this table"),
        lambda: csv_text([list(shown), *zip(*shown.values(), strict=True)]),
        file_name="-".join(part for part in ("jangbu", key.replace("_", "-"), currency.lower()) if part) + ".csv",
        mime="text/csv",
        icon=":material/csv:",
        key=f"csv_{key}",
        on_click="ignore",
        help=title,
        type="tertiary",
    )
