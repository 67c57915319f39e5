"""A PG that fails more than usual, told apart from customers whose cards fail."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.recovery.jumps import HOURS, FailureRate

from dashboard.locale import _
from dashboard.words import formats, labels

_RARE, _OFTEN = 1_000_000, 0.1
_TOLD = 3
"""Reasons of a jump that are told, word for word."""


def jump_words(rate: FailureRate) -> str:
    """`NICE: 12 of 30 charges failed in the last 3 hours (40.0 %), usually 5.0 %. …`, as Markdown."""
    words = _(
        "{pg}: {failed} of {tried} charges failed in the last {hours} hours ({now}), usually {usual}. "
        "As many would fail by chance {chance}: look at the PG, not at the customers."
    )
    return formats.escape(
        words.format(
            pg=labels.provider(rate.pg_provider),
            failed=f"{rate.failed:,}",
            tried=f"{rate.tried:,}",
            hours=HOURS,
            now=percent(rate.failed, rate.tried),
            usual=percent(rate.usual_failed, rate.usual_tried),
            chance=chance_words(rate.chance),
        )
    )


def jump_banners(rates: Sequence[FailureRate]) -> None:
    """A banner for each PG whose failure rate has jumped."""
    for rate in rates:
        if rate.jumped:
            st.error(jump_words(rate), title=_("A PG fails more than usual"), icon=":material/crisis_alert:")
            st.code(
                "\n".join(f"{reason or formats.NOTHING} × {n:,}" for reason, n in rate.reasons[:_TOLD]), language=None
            )


def rates_fold(rates: Sequence[FailureRate]) -> None:
    """The rates of all, behind a fold."""
    if rates:
        with st.expander(_("Failure rates by PG"), icon=":material/percent:"):
            _rates_table(rates)


def ordinary_line(rates: Sequence[FailureRate]) -> None:
    """That what failed are ordinary failures, where something failed and no rate has jumped."""
    if rates and not any(rate.jumped for rate in rates):
        words = _("No PG fails more than usual in the last {n} hours: what failed there are ordinary failures.")
        st.caption(words.format(n=HOURS))


def chance_words(chance: float) -> str:
    """`once in 4,000 times`."""
    if chance * _RARE < 1:
        return _("less than once in a million times")
    if chance > _OFTEN:
        return _("often")
    times = int(1 / chance)
    return _("once in {n} times").format(n=f"{round(times, 2 - len(str(times))):,}")


def percent(part: int, whole: int) -> str:
    """`5.0 %`, or that nothing is known."""
    return f"{part / whole:.1%}" if whole else formats.NOTHING


def _rates_table(rates: Sequence[FailureRate]) -> None:
    data = {
        labels.field("pg_provider"): [labels.provider(rate.pg_provider) for rate in rates],
        _("Tried"): [rate.tried for rate in rates],
        _("Failed"): [rate.failed for rate in rates],
        _("Rate"): [percent(rate.failed, rate.tried) for rate in rates],
        _("Usually"): [percent(rate.usual_failed, rate.usual_tried) for rate in rates],
        _("By chance"): [chance_words(rate.chance) for rate in rates],
    }
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, alt=_("Failure rates by PG"))
    st.caption(
        _("Charges on billing keys in the last {n} hours, beside the four weeks before today. Test rows are left out.")
        .format(n=HOURS)
    )  # fmt: skip
