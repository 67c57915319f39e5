"""Around the table of payments: tiles per state, sums, pages, and what to do when nothing is there."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st
from services.clock import day_to_date
from services.payment_states import PaymentState
from services.store.lists.filters import PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow
from services.store.lists.totals import CAP, Count, MoneyTotal

from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.hits import nothing_found
from dashboard.kit.filters.no_rows import longer
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.screens.payments.filters import KEPT
from dashboard.words import formats, labels


def state_tiles(counts: Mapping[str, int] | None, chosen: PaymentFilter) -> None:
    """How many payments are in each state under the other filters, where that is known; a click filters by it."""
    count_tiles(list(PaymentState), labels.state, counts, chosen.states, partial(KEPT.toggle, "states"))


def totals_line(totals: Sequence[MoneyTotal] | None, chosen: PaymentFilter, today: int) -> None:
    """Paid, refunded and net of the days in each currency, and which days by whose clock: the same on every page."""
    words = _("Paid **{gross}** − refunded of these :red[**{refunds}**] = net **{net}**")
    if chosen.counted_by_facets:
        words = _("Paid **{gross}** − refunded in these days :red[**{refunds}**] = net **{net}**")
        if chosen.states:
            # A refund changes the state: what was paid and what was refunded in these days are not of the same rows.
            words = _("Paid **{gross}** · refunded in these days, whenever it was paid :red[**{refunds}**]")
    sums = [
        words.format(
            gross=formats.escape(formats.money(total.gross, total.currency)),
            refunds=formats.escape(formats.money(total.refunds, total.currency)),
            net=formats.escape(formats.money(total.net, total.currency)),
        )
        for total in totals or ()
    ]
    with st.container(horizontal=True, vertical_alignment="center", key="totals"):
        for words in sums:
            st.markdown(words, width="content")
        st.caption(" · ".join(_basis(totals, chosen, today)), width="content")


def _basis(totals: Sequence[MoneyTotal] | None, chosen: PaymentFilter, today: int) -> Iterator[str]:
    first, last = (day_to_date(day or today).isoformat() for day in (chosen.from_day, chosen.to_day))
    words = _("{first} – {last} · {basis} · times in Korea (KST)").format(
        first=first, last=last, basis=labels.basis(chosen.basis)
    )
    yield formats.escape(words)
    if totals is None and chosen.counted_by_facets:
        yield _("Sums go by the day of payment and of refund: choose that above to see them.")
    elif totals is None:
        yield _("More than {n} rows of a text or an amount range have no sums.").format(n=f"{CAP:,}")


def pager(found: Page[PaymentRow], count: Count) -> None:
    """Newer and older rows, and how many there are; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page, count_words(count))


def count_words(count: Count) -> str:
    """`1,234 payments`, or `1,000+ payments` where counting stopped at a cap."""
    words = ngettext("{n} payment", "{n} payments", count.n)
    return words.format(n=formats.counted(count.n, more=count.capped))


def empty_list(form: FilterForm[Any], chosen: PaymentFilter, everywhere: Count | None, today: int) -> None:
    """Says what to do next; `everywhere`: how many hold its text, whatever the day."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("No payment matches. Look further back, or take filters away.")
    nothing_found(form, chosen.text, everywhere, words, days, longer((90, 400, 1_125), days[0], today))
