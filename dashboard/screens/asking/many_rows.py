"""Many changes at once on a screen: what each row would do, and the button that sends them."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st
from services.errors import JangbuError
from services.operations.files.run import Looked, PaymentRow, RowT, Run

from dashboard.access import auth_configured
from dashboard.kit.fields import Fields
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _, ngettext, sentence
from dashboard.words import formats, kinds, labels


def rows_table(
    run: Run[RowT],
    facts: Mapping[str, object],
    money: Sequence[tuple[int | None, str]] = (),
    told: Callable[[JangbuError], str] = sentence,
) -> None:
    """What the rows come to that can be sent; then each by its facts, with what it would do or stands in its way.

    `money` are the rows' amounts, where they stand among the facts; `told` says a problem.
    """
    good = sum(row.problem is None for row in run.rows)
    words = ngettext("{good} of {n} row can be sent", "{good} of {n} rows can be sent", len(run.rows))
    sums = " + ".join(formats.money(amount, currency) for currency, amount in sorted(run.totals.items()) if amount)
    says = words.format(good=f"{good:,}", n=f"{len(run.rows):,}")
    st.markdown(f"**{formats.escape(says)}**" + (f" · {formats.escape(sums)}" if sums else ""))
    data = {
        _("Row"): [row.number for row in run.rows],
        **facts,
        _("What it would do"): [_would(row, told) for row in run.rows],
    }
    config = {_("Amount"): money_column(None, money)} if money else None
    title = _("What each row would do")
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, placeholder="", alt=title)


def payments_table(run: Run[PaymentRow]) -> None:
    """The rows of changes of payments."""
    payments = [row.payment for row in run.rows]
    money = [(one.amount - one.cancel_amount, one.currency) if one else (None, "") for one in payments]
    facts = {
        labels.field("imp_uid"): [row.imp_uid for row in run.rows],
        labels.field("merchant_uid"): [one.merchant_uid if one else None for one in payments],
        _("Amount"): money_cells(money),
    }
    rows_table(run, facts, money)


def send_button(run: Run[RowT], fields: Fields, words: Callable[[int], str], warning: str = "") -> Run[RowT] | None:
    """What is to be sent, once the button was pressed; `words` names it by the number of rows that can go."""
    alone = run.for_two and not auth_configured()
    fitting = not run.ready and st.checkbox(_("Leave out the rows that cannot be sent"), key=fields.key("fitting"))
    if alone:
        says = _("Nobody has to sign in here, so there is no second person: files cannot be approved.")
        st.warning(says, icon=":material/group_off:")
    if warning:
        st.warning(warning, icon=":material/warning:")
    chosen, n = run.fitting() if fitting else run, len(run.fitting().rows)
    pressed = st.button(
        words(n), type="primary", icon=":material/send:", key="submit_rows", disabled=alone or not chosen.ready
    )
    return chosen if pressed else None


def _would(row: Looked, told: Callable[[JangbuError], str]) -> str:
    if row.problem or row.wanted is None:
        return "✕ " + (told(row.problem) if row.problem else "")
    at = row.wanted.request.get("schedule_at")
    return "✓ " + kinds.of(row.wanted.kind).would.format(at=formats.time(at))
