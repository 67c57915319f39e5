"""What the pack says: checks, grades, what each check asks, and what a person has to fill in."""

from collections.abc import Mapping, Sequence

from services.inspection.findings import Check, Finding, Grade

from dashboard.locale import _, sentence
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language


@once_a_language
def check() -> Words:
    """A check by its name."""
    return {
        Check.REFUNDS: _("Refunds: who asked, and why"),
        Check.DELETIONS: _("Deleted billing keys: who asked, and why"),
        Check.ERRORS: _("Errors as they came"),
        Check.MINIMUM: _("Smallest amount"),
        Check.AMOUNT: _("Changed amounts"),
        Check.PRODUCTS: _("Products"),
        Check.USE_DAY: _("Day of use"),
    }


def asks(code: Check, minimum: int, *, by_use_day: bool) -> str:
    """What a check holds rows against; `minimum` in won."""
    least = _("less than minimum amount ({minimum} won)").format(minimum=minimum)
    day = (
        _("The contract settles by the day of use: every payment names it (naverUseCfm), the day of payment or later.")
        if by_use_day
        else _("The contract does not settle by the day of use: no payment names one (naverUseCfm).")
    )
    return {
        Check.REFUNDS: _("Each refund says the true reason, and whether the buyer or the shop asked for it."),
        Check.DELETIONS: _("Each deletion says the true reason, and whether the buyer or the shop asked for it."),
        Check.ERRORS: _("What Naver Pay says is shown to the buyer byte for byte, alone in its place (error_msg)."),
        Check.MINIMUM: _("Below {amount} nothing is sent, and the person is told: {words}").format(
            amount=formats.money(minimum, "KRW"), words=least
        ),
        Check.AMOUNT: _(
            "The amount is registered at PortOne before the window opens. What was paid is read back from PortOne, "
            "never believed of the browser; where it is not what was ordered, the order is not completed, all of it "
            "goes back, and the buyer is told."
        ),
        Check.PRODUCTS: _("Each payment names its products (naverProducts), without “and n others” behind the name."),
        Check.USE_DAY: day,
    }[code]


@once_a_language
def grade() -> Words:
    """A grade in a word."""
    return {Grade.VIOLATION: _("Violation"), Grade.OPEN: _("Not shown yet"), Grade.SHOWN: _("Proven")}


@once_a_language
def requester() -> Words:
    """Who asked for it, with V1's word."""
    return {"customer": _("Buyer (customer)"), "admin": _("Shop (admin)")}


def words_of(one: Finding) -> str:
    """The words of a finding as whoever reads may see them; the gateway's byte for byte for who sees buyers."""
    as_they_came = one.check == Check.ERRORS and formats.shows_persons()
    return one.words if as_they_came else formats.shown(one.words)


def says(one: Finding) -> str:
    """The sentence of a finding; what it quotes is as whoever reads may see it."""
    return sentence(one.says, formats.shown)


def headings() -> list[str]:
    """What about() tells, in its order."""
    return [
        _("Time in Korea"), _("Payment (imp_uid)"), _("Order number"), _("Billing key"), _("Link"), _("Operation"),
        _("Asked for by"), _("In these words"),
    ]  # fmt: skip


def about(one: Finding) -> list[str]:
    """What a finding is about; empty where there is nothing."""
    return [
        formats.time(one.at) if one.at else "", one.imp_uid, one.merchant_uid, formats.shown(one.customer_uid),
        str(one.link or ""), str(one.operation or ""), requester(one.requester), words_of(one),
    ]  # fmt: skip


def to_fill_in() -> Mapping[str, Sequence[str]]:
    """What nobody but the merchant knows, by groups."""
    return {
        _("Merchant"): (
            _("Company"), _("Business number"), _("PortOne account"), _("Developer: name, phone, e-mail"),
            _("For the inspection: name, phone, e-mail"), _("Partner ID, ordinary payments"),
            _("Partner ID, recurring payments"),
        ),
        _("Where to look"): (
            _("Address on a PC"), _("Address on a phone"), _("App: stores, versions"), _("Admin page"),
            _("Sign-in for the test"), _("Window: popup or page"),
        ),
        _("What is offered"): (
            _("Points: own, Naver's or none"), _("Cash receipts: own or by Naver"), _("Goods: taxable or tax-free"),
            _("Escrow: yes or no"), _("Mobile app: yes or no"), _("Refund of a part: yes or no"),
            _("Development finished on"),
        ),
    }  # fmt: skip
