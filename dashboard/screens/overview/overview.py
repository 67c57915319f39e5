"""The figures of the overview; each says its basis and leads to the rows behind it."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st
from services.clock import day_to_date
from services.payment_states import MONEY_STATES, PaymentKind
from services.revenue.figures import Figures
from services.store.lists.totals import Share

from dashboard.kit.tables import OPENS, picked_row
from dashboard.locale import _, ngettext
from dashboard.navigation import link_to_list
from dashboard.words import formats, labels

PAID_STATES = ",".join(sorted(MONEY_STATES))
_CHARGED_KINDS = f"{PaymentKind.ONE_OFF},{PaymentKind.RECURRING}"


def day_params(from_day: int, to_day: int, **more: str) -> dict[str, str]:
    """The address of a list of payments over some Seoul days."""
    return {"from": day_to_date(from_day).isoformat(), "to": day_to_date(to_day).isoformat(), **more}


def behind(from_day: int, to_day: int, currency: str, **more: str) -> dict[str, str]:
    """The address of the rows that sums in one currency are made of: registrations are in none."""
    return day_params(from_day, to_day, currency=currency, kind=_CHARGED_KINDS, **more)


def figures(title: str, sums: Figures, days: tuple[int, int], currency: str) -> None:
    """Gross, refunds, net and failures of a period, each over a link to its rows."""
    st.subheader(title)
    money, rows = formats.money, partial(behind, *days, currency)
    paid = ngettext("{n} payment", "{n} payments", sums.payments).format(n=f"{sums.payments:,}")
    refunded = ngettext("{n} refund", "{n} refunds", sums.refund_count).format(n=f"{sums.refund_count:,}")
    failed = ngettext("{n} failure", "{n} failures", sums.failures).format(n=f"{sums.failures:,}")
    with st.grid(4, min_column_width=180):
        _figure(_("Gross"), money(sums.gross, currency), paid, rows(state=PAID_STATES))
        _figure(_("Refunds"), money(sums.refunds, currency), refunded, day_params(*days, currency=currency), "refunds")
        _figure(_("Net"), money(sums.net, currency), net_words())
        _figure(_("Failed amount"), money(sums.failed_amount, currency), failed, rows(state="failed"))


def net_words() -> str:
    """Why a net opens no list: it is made of two."""
    return _("Gross less refunds")


def _figure(
    label: str, value: str, rows: str = "", params: Mapping[str, str] | None = None, page: str = "payments"
) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(label, value)
        if params is not None:
            link_to_list(rows, page, params)
        else:
            st.caption(rows)


def choose_currency(currencies: Sequence[str]) -> str:
    """One currency at a time, for sums never mix them; won first where there is any."""
    main = "KRW" if "KRW" in currencies else currencies[0]
    if len(currencies) == 1:
        return main
    chosen = st.segmented_control(
        _("Currency"),
        currencies,
        default=main,
        required=True,
        key="overview.currency",
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen or main


def shares(title: str, rows: Sequence[Share], field: str, currency: str) -> dict[str, str]:
    """Payments by PG or method; returns the parameters of the list behind the row that was picked."""
    st.subheader(title)
    if not rows:
        st.caption(_("Nothing was paid in these days."))
        return {}
    word = labels.provider if field == "pg_provider" else labels.method
    share_column, count_column = _("Share of gross"), _("Payments")
    money_format = formats.money_column_format(currency)
    total = sum(row.gross for row in rows) or 1
    unit = formats.units(currency)
    picked = st.dataframe(
        pd.DataFrame(
            {
                labels.field(field): [word(row.value or "") for row in rows],
                count_column: [row.payments for row in rows],
                _("Gross"): [row.gross / unit for row in rows],
                _("Refunds"): [row.refunds / unit for row in rows],
                _("Net"): [row.net / unit for row in rows],
                share_column: [row.gross / total * 100 for row in rows],
            }
        ),
        hide_index=True,
        column_config={
            **{
                name: st.column_config.NumberColumn(format=money_format)
                for name in (_("Gross"), _("Refunds"), _("Net"))
            },
            count_column: st.column_config.NumberColumn(format="%,d"),
            share_column: st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100),
        },
        key=f"shares_{field}",
        alt=title,
        **OPENS,
    )
    chosen = picked_row(picked, len(rows))
    parameter = "pg" if field == "pg_provider" else "method"
    value = None if chosen is None else rows[chosen].value
    return {parameter: value, "state": PAID_STATES} if value else {}
