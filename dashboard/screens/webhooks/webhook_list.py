"""The log of webhooks: when, of which payment, what was said, and what came of it."""

from collections.abc import Callable

import streamlit as st
from services.checkout.webhook_log import OUTCOMES, WebhookFilter
from services.store.lists.keyset import Page
from services.tables.webhooks import Webhook, WebhookOutcome

from dashboard.kit.filters.choices import OneOf
from dashboard.kit.filters.form import FilterForm, View
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.no_rows import filtered_away
from dashboard.kit.lists.columns import Column, number, state_column
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.tiles import facts
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.webhooks.webhook_words import meaning, outcome, outcome_code, what
from dashboard.words import formats, labels

KEPT = Kept("webhooks")
_READ = frozenset({WebhookOutcome.CHANGED, WebhookOutcome.UNCHANGED})


def webhook_form() -> FilterForm[WebhookFilter]:
    """The filter's field."""
    options = {code: code for code in OUTCOMES}
    by = OneOf("outcome", "outcome", _("Outcome"), options, outcome.badge, None, hidden_label=True)
    return FilterForm(KEPT, WebhookFilter, (by,))


def webhook_table(found: Page[Webhook], *, key: str) -> Webhook | None:
    """A page of webhooks, as they come; returns the row that was picked."""
    columns: list[Column[Webhook]] = [
        Column("received_at", _("Came"), lambda one: formats.short_time(one.received_at)),
        state_column("outcome", _("Outcome"), outcome, outcome_code),
        Column("imp_uid", "imp_uid", lambda one: one.imp_uid),
        Column("merchant_uid", labels.field("merchant_uid"), lambda one: one.merchant_uid),
        Column("said", _("What it said"), what),
        Column("times", _("How often"), lambda one: one.times, number),
        Column("read_at", _("Read at"), lambda one: formats.short_time(one.read_at)),
    ]
    picked = pick_rows(found, columns, alt=_("Webhooks, the latest first, times in Korea"), key=key)
    return picked[0] if picked else None


def webhook_pager(found: Page[Webhook]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_webhooks(view: View[WebhookFilter]) -> None:
    """Says what to do next."""
    if not filtered_away(view, webhook_form(), _("No webhook came to that.")):
        words = _("Paste the address above into PortOne's console, and send a test call from there.")
        st.info(words, title=_("No webhook has come yet"), icon=":material/webhook:")


def webhook_details(one: Webhook, refresh: Callable[[int], None], *, may_read: bool) -> None:
    """One of them: all that it said, what came of it, and the ways from here."""
    code = outcome_code(one)
    st.markdown(outcome.markdown(code))
    if one.outcome is None and one.looks:
        words = _("The gateway could not be read so far ({n}). Next try at {time} KST.")
        st.text(words.format(n=one.looks, time=formats.time(one.look_at)))
    else:
        st.text(meaning(code))
    said = [
        ("imp_uid", one.imp_uid),
        (labels.field("merchant_uid"), one.merchant_uid),
        (_("What it said"), what(one)),
        (labels.field("cancellation_id"), one.cancellation_id),
    ]
    came = [
        (_("Came (KST)"), formats.time(one.received_at)),
        (_("How often"), f"{one.times:,}"),
        (_("Read at (KST)"), formats.time(one.read_at) if one.read_at else None),
    ]
    facts([*said, *came])
    st.caption(_("Nothing that a webhook says is believed: it only makes Jangbu read the payment."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if may_read and one.outcome != WebhookOutcome.OTHER_VERSION:
            st.button(
                _("Refresh"), icon=":material/sync:", key=f"again_{one.id}", on_click=refresh, args=(one.id,),
                disabled=one.outcome is None and not one.looks,
            )  # fmt: skip
        if code in _READ:
            link_to(_("Open the payment"), Place.PAYMENT, imp_uid=one.imp_uid)
