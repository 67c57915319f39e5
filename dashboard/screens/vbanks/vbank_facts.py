"""One payment that waits for money: where it is paid, how much, until when; and many that are to be revoked."""

import pandas as pd
import streamlit as st
from services.operations.files.accounts import AccountRow, AccountRun
from services.tables.v1 import Payment, PaymentStatus
from services.vbanks.store_number import StoreNumber, store_number

from dashboard.kit.fields import Fields
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.lists.tiles import facts
from dashboard.locale import _, ngettext, sentence
from dashboard.words import formats, kinds, labels
from dashboard.words.vbanks import waiting_labels


def account_facts(payment: Payment, now: float, *, buyers: bool) -> None:
    """Amount, state and term, the account or the number, the buyer, and what the gateway says besides."""
    at_store = store_number(payment)
    pay_until = at_store.until if at_store else payment.vbank_date
    with st.container(horizontal=True):
        st.metric(
            _("Amount to be paid"),
            formats.money(payment.amount, payment.currency),
            border=True,
            width=220,
            height="stretch",
        )
        if pay_until:
            left = waiting_labels.time_left(pay_until, now) if payment.status == PaymentStatus.READY else None
            until = formats.short_time(pay_until)
            st.metric(
                _("Pay until"),
                until,
                left,
                delta_color="off",
                delta_arrow="off",
                border=True,
                width=220,
                height="stretch",
            )
    st.markdown(waiting_labels.standing(payment, now))
    hide = (lambda text: text) if buyers else formats.mask_rest
    facts(
        (
            (_("Number for the till"), hide(at_store.number if at_store else None)),
            (_("Bank"), payment.vbank_name),
            (_("Account number"), hide(payment.vbank_num)),
            (_("Account holder"), payment.vbank_holder if buyers else formats.mask_name(payment.vbank_holder)),
            (labels.field("name"), payment.name),
            (labels.field("buyer_name"), formats.buyer(payment.buyer_name, buyers)),
            (labels.field("merchant_uid"), payment.merchant_uid),
            (labels.field("pg_provider"), labels.provider(payment.pg_provider or "")),
            *(_more(at_store) if buyers and at_store else ()),
        )
    )
    if payment.sandbox:
        st.caption(_("A payment of a test channel: no money moves."))


def _more(at_store: StoreNumber) -> list[tuple[str, str]]:
    """Where V1 shows a store number is not described, so all that has no name here is shown; times as times."""
    told = at_store.more.items()
    return [(name, _said(name, value)) for name, value in told if isinstance(value, str | int) and value != ""]


def _said(name: str, value: str | int) -> str:
    return formats.time(value) if name.endswith("_at") and isinstance(value, int) and value > 0 else str(value)


def dry_run_table(run: AccountRun) -> None:
    """Each row: that it would be revoked, or what stands in its way; and what those come to that can be."""
    good = sum(row.problem is None for row in run.rows)
    words = ngettext("{good} of {n} row can be sent", "{good} of {n} rows can be sent", len(run.rows))
    says = words.format(good=f"{good:,}", n=f"{len(run.rows):,}")
    st.markdown(f"**{formats.escape(says)}** · {formats.escape(formats.money(run.amount, 'KRW'))}")
    money = [(row.payment.amount, row.payment.currency) if row.payment else (None, "") for row in run.rows]
    data = {
        _("Row"): [row.number for row in run.rows],
        labels.field("imp_uid"): [row.imp_uid for row in run.rows],
        labels.field("merchant_uid"): [row.payment.merchant_uid if row.payment else None for row in run.rows],
        _("Amount"): money_cells(money),
        _("What it would do"): [_would(row) for row in run.rows],
    }
    config = {_("Amount"): money_column(None, money)}
    title = _("What each row would do")
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, placeholder="", alt=title)


def revoke_button(run: AccountRun, fields: Fields) -> bool | None:
    """What cannot be undone, with its number; once it was pressed whether rows that cannot be sent are left out."""
    fitting = not run.ready and st.checkbox(_("Leave out the rows that cannot be sent"), key=fields.key("fitting"))
    n = len(run.fitting().rows)
    words = ngettext("Revoke {n}", "Revoke {n}", n).format(n=f"{n:,}")
    st.warning(_("Each is sent by itself: nobody can pay by it any more."), icon=":material/warning:")
    off = not n or not (run.ready or fitting)
    pressed = st.button(words, type="primary", icon=":material/send:", key="submit_rows", disabled=off)
    return bool(fitting) if pressed else None


def _would(row: AccountRow) -> str:
    if row.problem or row.wanted is None:
        return "✕ " + (sentence(row.problem) if row.problem else "")
    return "✓ " + kinds.of(row.wanted.kind).would
