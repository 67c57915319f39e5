"""What may go with a charge or a booking besides, in words, by V1's names."""

from services.operations.actions.parameters.extras import NAMES

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language


@once_a_language
def name() -> Words:
    """A field."""
    return {
        "vat_amount": _("VAT, if it is set"),
        "buyer_name": _("Buyer's name"),
        "buyer_tel": _("Buyer's phone"),
        "buyer_email": _("Buyer's e-mail address"),
        "buyer_addr": _("Buyer's address"),
        "buyer_postcode": _("Buyer's postcode"),
        "product_type": _("Kind of goods"),
        "cash_receipt_type": _("Cash receipt of this payment"),
        "interest_free_by_merchant": _("The shop pays the interest of the instalments"),
        "use_card_point": _("Points of the card are used first"),
        "promotion_id": _("Promotion"),
        "custom_data": _("Data of your own, kept with the payment"),
        "notice_url": _("Address that PortOne tells of this payment"),
        "channel_key": _("Channel of the super billing key"),
    }


@once_a_language
def hint() -> Words:
    """What a field needs first; of most nothing."""
    return dict.fromkeys(NAMES, "") | {
        "vat_amount": _("Only where the contract with the PG says so; 0 with a tax-free part of 0 is zero-rated."),
        "promotion_id": _("As the console names it: promotion-id-…"),
        "notice_url": _("Instead of the address of the console."),
    }


@once_a_language
def choice() -> Words:
    """What is chosen in one."""
    return {
        "real": _("Goods that are shipped"),
        "digital": _("Digital content"),
        "person": _("Income deduction"),
        "company": _("Proof of expense"),
        "anonymous": _("None is issued"),
    }
