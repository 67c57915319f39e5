"""What the payment window is told besides: a tax-free part, a mail address, the last day of a deposit."""

from typing import Any

import streamlit as st
from services.checkout.checkouts import Channel
from services.checkout.parameters.case import NAVERPAY
from services.checkout.parameters.table import IGNORES_METHOD

from dashboard.kit.fields import Fields, Typed
from dashboard.locale import _
from dashboard.screens.links.product_fields import as_v1
from dashboard.words import labels


def besides_fields(fields: Fields, channel: Channel, currency: str, *, registers: bool) -> tuple[Typed, dict[str, Any]]:
    """The tax-free part, and the rest by V1's names; fields stand there where the channel takes what they ask."""
    found: dict[str, Any] = {}
    tax_free = Typed("tax_free", "", currency)
    with st.expander(_("More that the payment window can be told")):
        if not registers:
            hint = _("Goods without VAT, as part of the amount; empty where the shop sells none.")
            tax_free = fields.amount("tax_free", _("Tax-free part"), currency, help=hint)
        found["buyer_email"] = fields.text("buyer_email", labels.field("buyer_email"))
        if not registers and channel.pg_provider not in IGNORES_METHOD:
            hint = _("Until when a virtual account takes the money; empty for what the PG allows.")
            found["vbank_due"] = as_v1(fields.day("vbank_due", _("Last day of a deposit"), help=hint))
        if channel.pg_provider == "danal" and not registers:
            hint = _("Ten digits, for virtual accounts by Danal.")
            found["biz_num"] = fields.text("biz_num", _("The shop's business number"), help=hint)
        if channel.pg_provider == NAVERPAY and not registers:
            with fields.place("naverCultureBenefit"):
                words = _("Books, shows and museums: deductible as spending on culture")
                culture = st.checkbox(words, key=fields.key("naverCultureBenefit"), persist_state="session")
            found["naverCultureBenefit"] = culture or None
    return tax_free, found
