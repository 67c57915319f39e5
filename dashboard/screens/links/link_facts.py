"""One link: how it stands, what it asks of whom, and what became of each opening."""

import json
from collections.abc import Mapping, Sequence

import streamlit as st
from services.tables.checkouts import AttemptState, Checkout, CheckoutAttempt, CheckoutKind

from dashboard.kit.lists.tiles import facts
from dashboard.locale import _, ngettext
from dashboard.navigation import Place, link_to
from dashboard.screens.telling.advice import gateway_words
from dashboard.words import formats, labels
from dashboard.words.links import link_labels
from dashboard.words.names.stores import store_fact
from dashboard.words.operation_labels import person
from dashboard.words.states import channel_badge

_MOST = 50
_GOES_BACK = (AttemptState.MISMATCH, AttemptState.SURPLUS)
_TOLD = (AttemptState.FAILED, AttemptState.MISMATCH, AttemptState.SURPLUS)


def no_such_link() -> None:
    """What to do where there is no such link."""
    st.info(_("Look for it in the list of links."), title=_("No such link here"), icon=":material/link_off:")


def link_header(link: Checkout) -> None:
    """State in words, what is asked for, and whether it is a test."""
    money = formats.escape(formats.money(link.amount, link.currency))
    badges = f"{link_labels.state.markdown(link.state)} {channel_badge(link.sandbox)}"
    st.markdown(f"**{formats.escape(link.name)}** · {money} · {badges}")
    st.caption(formats.escape(link_labels.says_of(link.state)))


def link_facts(link: Checkout, *, buyers: bool, tiers: Mapping[str, str]) -> None:
    """What it asks, of whom, for how long, and who made it."""
    name = formats.buyer(link.buyer_name, buyers)
    phone = link.buyer_tel if buyers else formats.mask_phone(link.buyer_tel)
    withdrawn = person(link.withdrawn_by) if link.withdrawn_by else None
    facts(
        (
            (labels.field("kind"), link_labels.kind(link.kind)),
            (labels.field("amount"), formats.money(link.amount, link.currency)),
            (_("Paid times"), _("{n} of {most}").format(n=f"{link.used:,}", most=f"{link.uses:,}")),
            (_("Ends at"), formats.short_time(link.expires_at)),
            (labels.field("buyer_name"), name),
            (labels.field("buyer_tel"), phone),
            (_("Products"), _products(link)),
            (_("Channel"), formats.line(labels.provider(link.pg_provider), link.pg_id)),
            (labels.field("tier"), store_fact(link.tier, tiers)),
            (_("Made by"), person(link.made_by)),
            (_("Made at"), formats.short_time(link.made_at)),
            (_("Withdrawn by"), withdrawn),
            (_("Memo"), link.memo),
            ("customer_uid", link.customer_uid),
        )
    )
    if link.kind == CheckoutKind.REGISTRATION and link.used and link.customer_uid:
        link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=link.customer_uid)


def _products(link: Checkout) -> str | None:
    """Where there are several: else the link's name is the product's."""
    products = json.loads(link.request).get("naverProducts") or []
    return formats.line(*(f"{one['name']} × {one['count']:,}" for one in products)) if len(products) > 1 else None


def attempts_list(attempts: Sequence[CheckoutAttempt], link: Checkout, refunded: Mapping[str, int]) -> None:
    """Each opening with its order, newest first: how it ended, what went back of it, and the gateway's words."""
    st.header(_("What became of it"))
    if not attempts:
        st.caption(_("Nobody has opened it yet."))
        return
    words = ngettext("opened {n} time", "opened {n} times", link.attempts).format(n=f"{link.attempts:,}")
    latest = _("the latest {n} below").format(n=_MOST) if link.attempts > _MOST else None
    st.caption(formats.escape(formats.line(words, latest)))
    for one in attempts:
        _attempt(one, link, refunded.get(one.imp_uid or "", 0))


def _attempt(one: CheckoutAttempt, link: Checkout, back: int) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            badge = link_labels.attempt_state.markdown(one.state)
            st.markdown(f"{badge} {formats.escape(one.merchant_uid)}", width="content")
            st.caption(formats.escape(formats.short_time(one.began_at)), width="content")
            if one.imp_uid:
                link_to(_("Open the payment"), Place.PAYMENT, imp_uid=one.imp_uid)
        if one.paid is not None and (one.paid, one.currency) != (link.amount, link.currency):
            paid = formats.money(one.paid, one.currency or link.currency)
            words = _("{paid} instead of {asked}").format(paid=paid, asked=formats.money(link.amount, link.currency))
            st.text(words)
        if back:
            st.text(_("{amount} refunded").format(amount=formats.money(back, one.currency or link.currency)))
        elif one.state in _GOES_BACK:
            st.text(_("Not refunded yet"))
        if one.refused:
            st.caption(_("Not let through by the confirm process"))
            gateway_words(one.refused)
        if one.state in _TOLD and one.fail_reason:
            st.caption(_("The gateway's words"))
            gateway_words(one.fail_reason)
