"""What a buyer is told to do after a charge failed, by what the PG's reason means."""

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language


@once_a_language
def buyers_part() -> Words:
    """By `because` of services.subscriptions.reasons: a sentence to the buyer, which blames nobody."""
    return _register_again() | _limits() | _not_the_buyer()


def _register_again() -> Words:
    return {
        "The billing key is gone: the buyer has to register again.": _(
            "The payment method that you registered is no longer valid. Please register one again."
        ),
        "There are arrears at the card or phone company: the buyer has to pay them first, or register another card.": _(
            "Your card or phone company does not take payments at the moment. Please ask them, or register another "
            "payment method."
        ),
        "The card is lost or stopped: the buyer has to register another one.": _(
            "Your card cannot be used at the moment. Please register another one."
        ),
        "The card has expired: the buyer has to register the new one.": _(
            "Your card has expired. Please register the new one."
        ),
        "The card's data are not right: the buyer has to register it again.": _(
            "The details of your card do not match. Please register it again."
        ),
        "The card does not allow that many instalments, and never will by waiting.": _(
            "Your card does not allow these instalments. Please tell us whether to charge it in full, or register "
            "another card."
        ),
    }


def _limits() -> Words:
    return {
        "It is more than the card pays at one time: the buyer has to have that limit raised, or take another card.": _(
            "The amount is above your card's limit for one payment. Please have it raised by the card company, or "
            "register another card."
        ),
        "This month's limit is used up: it is free again on the first.": _(
            "The month's limit was used up. It is free again on the first of the next month; you can also register "
            "another payment method."
        ),
        "This day's limit is used up: it is free again tomorrow.": _(
            "The day's limit was used up. It is free again on the next day; you can also register another payment "
            "method."
        ),
        "Not enough money on the account: it may be there after pay day.": _(
            "There was not enough money on the account. Please top it up, or register another payment method."
        ),
        "The card's limit is used up: it may be free again after pay day.": _(
            "Your card's limit was used up. Please look into it, or register another card."
        ),
    }


def _not_the_buyer() -> Words:
    ours = _("The cause is on our side, and there is nothing for you to do. We will see to it and let you know.")
    return {
        "The shop's own limit at the PG is used up: somebody of the shop has to have it raised.": ours,
        "The shop's contract or settings at the PG do not allow it: somebody of the shop has to mend them.": ours,
        "The bank or the PG could not take it at that time.": _(
            "Your bank or card company could not take it at that time. There is nothing for you to do for now."
        ),
        "The buyer called it off.": _("You called this payment off. If you still want it, please let us know."),
        "The reason says nothing that is known: a person decides.": _(
            "Please ask your card company or bank, or register another payment method."
        ),
    }
