"""What is known of one billing key: its state, whose it is, what was won and what is to come."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from services.recovery.desk import Unlisted
from services.store.lists.one import CardUse
from services.store.lists.subscriptions import SubscriptionRow
from services.tables.keys import KeySummary
from services.tables.v1 import BillingKey, Payment

from dashboard.locale import _, ngettext
from dashboard.screens.keys.key_list import card_words
from dashboard.screens.telling import messages
from dashboard.screens.telling.advice import advice_box, gateway_words
from dashboard.screens.telling.telling_desk import tell
from dashboard.words import formats, labels, recovery_labels, subscription_labels
from dashboard.words.names.stores import store_fact
from dashboard.words.states import channel_badge, markdown_badge


def key_header(summary: KeySummary, key: BillingKey | None, *, buyers: bool, tiers: Mapping[str, str]) -> None:
    """State, what is special about it, how fresh that is, and whose card it is."""
    badges = [labels.key_state.markdown(summary.state), channel_badge(summary.sandbox)]
    if summary.duplicated:
        badges.append(markdown_badge("orange", labels.field("duplicated")))
    if summary.is_super:
        badges.append(markdown_badge("blue", labels.field("is_super")))
    st.markdown(f"{' '.join(badges)} :gray[{formats.escape(_looked_up(key))}]")
    st.code(formats.shown(summary.customer_uid), language=None)
    store = store_fact(key.tier, tiers) if key else None
    st.text(formats.line(store, *_who(summary, buyers)))
    if key is not None and key.deleted_at is not None:
        gone = _("The gateway says that it is gone, since {time} KST at the latest.")
        st.warning(gone.format(time=formats.escape(formats.time(key.deleted_at))), icon=":material/key_off:")


def key_figures(summary: KeySummary) -> None:
    """Payments, the last success, the last failure, the next charge, what is booked."""
    failed = ngettext("{n} failure", "{n} failures", summary.failures).format(n=f"{summary.failures:,}")
    booked = ngettext("{n} payment booked", "{n} payments booked", summary.booked).format(n=f"{summary.booked:,}")
    next_charge = formats.money(summary.next_amount or 0, summary.next_currency or "KRW")
    figures = (
        (_("Payments made"), f"{summary.payments:,}", failed),
        (_("Last success"), _paid(summary), formats.short_time(summary.paid_at)),
        (_("Last failure"), formats.short_time(summary.failed_at), None),
        (_("Next charge"), next_charge if summary.next_at else formats.NOTHING, formats.short_time(summary.next_at)),
        (_("Won booked"), formats.money(summary.booked_won, "KRW"), booked),
    )
    with st.grid(len(figures), min_column_width=150):
        for label, value, below in figures:
            st.metric(label, value, below, delta_color="off", delta_arrow="off", border=True, height="stretch")


def subscription_line(row: SubscriptionRow | None) -> None:
    """What is paid by this key again and again, whether it still is, and how it ended."""
    if row is None:
        return
    money = formats.money(row.price, row.currency)
    often = recovery_labels.cadence(row.every, row.unit, row.day_of_month)
    words = " · ".join(part for part in (row.name, money, often, subscription_labels.ended(row)) if part)
    badge = subscription_labels.state.markdown(row.state)
    st.markdown(f"{_('Subscription')} {badge} {formats.escape(words)}")


def failure_words(
    summary: KeySummary, failed: Payment | None, row: SubscriptionRow | None, unlisted: Unlisted | None, now: float
) -> None:
    """The reason of the last failure, byte for byte; what helps and what to tell whom unless a charge went well since.

    `failed`: the payment that failed last, where none was made since. Of a subscription that ended the end is told.
    """
    if not summary.fail_reason:
        return
    st.caption(_("Reason of the last failure"))
    gateway_words(summary.fail_reason)
    if summary.failed_at > summary.paid_at:
        advice_box(summary.fail_reason, summary.customer_uid, unlisted)
    if failed:
        ended = messages.of_ended(row) if row else None
        tell(ended or messages.of_payment(failed, (), (), (), 0, now), failed.imp_uid)


def card_history(cards: Sequence[CardUse]) -> None:
    """The cards that were behind the key, where there were several; V1 replaces one without a word."""
    if len(cards) < 2:
        return
    st.header(_("Cards behind this key"))
    data = {
        _("Card"): [card_words(card.card_name, card.card_number) for card in cards],
        _("First used"): [formats.time(card.first_at) for card in cards],
        _("Last used"): [formats.time(card.last_at) for card in cards],
        _("Payments asked for"): [card.payments for card in cards],
    }
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, placeholder="", alt=_("Cards behind this key"))


def no_such_key() -> None:
    """What to do where nothing is known of a key."""
    st.info(
        _("Look for it in the list, or read it again from the gateway if it is new."),
        title=_("No such billing key here"),
        icon=":material/search_off:",
    )


def _looked_up(key: BillingKey | None) -> str:
    if key is None or key.checked_at is None:
        return _("Not looked up yet.")
    return _("looked up at {time} KST").format(time=formats.time(key.checked_at))


def _who(summary: KeySummary, buyers: bool) -> tuple[str | None, ...]:
    name, tel, email = summary.buyer_name, summary.buyer_tel, summary.buyer_email
    if not buyers:
        name, tel, email = formats.mask_name(name), formats.mask_phone(tel), formats.mask_email(email)
    registered = _("registered {time} KST").format(time=formats.time(summary.registered_at))
    card = card_words(summary.card_name, summary.card_number)
    return (labels.provider(summary.pg_provider), card, name, tel, email, registered)


def _paid(summary: KeySummary) -> str:
    if not summary.paid_at:
        return formats.NOTHING
    return formats.money(summary.paid_amount, summary.paid_currency or "KRW")
