"""The parts of a card and whose it is, in words."""

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language


@once_a_language
def part() -> Words:
    """A field of a card, by V1's name."""
    return {
        "card_number": _("Card number"),
        "expiry": _("Expiry"),
        "birth": _("Birthday (YYMMDD) or business number"),
        "pwd_2digit": _("First two digits of the password"),
        "cvc": _("Security code"),
    }


@once_a_language
def hint() -> Words:
    """What such a field is to hold; of those that say so themselves nothing."""
    return {
        "card_number": _("14 to 16 digits, with or without dashes."),
        "expiry": _("As on the card: 12/30."),
        "birth": _("The holder's; of a company's card its business number. Some contracts do not ask for it."),
        "pwd_2digit": _("Some contracts do not ask for it."),
        "cvc": "",
    }


@once_a_language
def person() -> Words:
    """Whose card it is, by V1's names."""
    return {
        "buyer_name": _("Buyer's name"),
        "buyer_tel": _("Buyer's phone"),
        "buyer_email": _("Buyer's e-mail address"),
        "browser_ip": _("IP address of the buyer's computer"),
        "customer_name": _("Card holder's name"),
        "customer_tel": _("Card holder's phone"),
        "customer_email": _("Card holder's e-mail address"),
    }
