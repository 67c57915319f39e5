"""What a buyer is told, ready to be copied: in every language of ours, whatever the person's own is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.clock import seoul
from services.subscriptions.reasons import remedy
from services.tables.notes import Told
from services.tables.revenue import Churn

from dashboard.locale import LANGUAGES, _, in_language
from dashboard.words import formats
from dashboard.words.buyers_part import buyers_part
from dashboard.words.ways import Way

_LONGEST = 60
"""Signs of a name: a shop's may have no end."""
Lines = Callable[[], Iterable[str | None]]


@dataclass(frozen=True, slots=True)
class Message:
    """What is told of something that happened at `since` (UNIX seconds): the text by its language."""

    told: Told
    since: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """What it is about, as the buyer knows it; the amount in the smallest unit."""

    buyer: str | None
    product: str | None
    amount: int
    currency: str
    way: Way
    order: str | None = None
    slip: str | None = None
    """The address of a PG's own page and of nothing else."""


def refund_made(about: About, at: int, *, by: date | None, left: int, to_account: bool) -> Message:
    """`by`: when it is usually there, None where nobody can say; `left` of the payment, 0 where none is or may be told.

    `to_account`: to an account that the buyer named.
    """

    def lines() -> Iterable[str | None]:
        back = _("the account that you gave us") if to_account else about.way.words()
        naver = about.way.is_naver and not to_account
        return (
            _hello(about),
            _("Your refund for “{product}” has been made.").format(product=_product(about)),
            "",
            _line(_("Amount refunded"), _money(about)),
            _line(_("Remaining of your payment"), formats.money_to_buyer(left, about.currency)) if left else None,
            _line(_("Goes back to"), back),
            _line(_("Usually there by"), formats.day(by) if by else None),
            _("Naver Pay pays it back the way you paid: to the card, the account or your points.") if naver else None,
            *_ends(about, _("Refund slip")),
        )

    return _message(Told.REFUND, at, lines)


def refund_refused(about: About, at: int, *, wished: bool) -> Message:
    """The gateway refused a refund: nothing has moved. `wished`: by the buyer, and not by the shop."""

    def lines() -> Iterable[str | None]:
        return (
            _hello(about),
            _("Your refund for “{product}” could not be made yet, and nothing has changed on your payment.").format(
                product=_product(about)
            ),
            "",
            _line(_("Amount asked for") if wished else _("Amount of the refund"), _money(about)),
            _line(_("Paid with"), about.way.words()),
            *_ends(about),
            "",
            _("We are looking for another way to pay you back, and will let you know."),
        )

    return _message(Told.REFUSED, at, lines)


def charge_made(about: About, at: int) -> Message:
    """A payment went through."""

    def lines() -> Iterable[str | None]:
        return (
            _hello(about),
            _("Your payment for “{product}” has been made.").format(product=_product(about)),
            "",
            _line(_("Amount paid"), _money(about)),
            _line(_("Paid with"), about.way.words()),
            _line(_("Day of payment"), formats.day(seoul(at).date())),
            *_ends(about, _("Sales slip")),
        )

    return _message(Told.CHARGE, at, lines)


def payment_failed(about: About, at: int, fail_reason: str | None, *, again_at: int | None = None) -> Message:
    """A charge of a billing key failed; `again_at`: when it is booked again."""

    def lines() -> Iterable[str | None]:
        return (
            _hello(about),
            _("Your payment for “{product}” did not go through.").format(product=_product(about)),
            "",
            _line(_("Amount"), _money(about)),
            _line(_("Payment method"), about.way.words()),
            _line(_("We try again on"), formats.day(seoul(again_at).date())) if again_at else None,
            *_ends(about),
            "",
            buyers_part(remedy(fail_reason).because),
        )

    return _message(Told.FAILED, at, lines)


def subscription_ended(about: About, at: int, churn: Churn | None) -> Message:
    """A subscription ended."""

    def lines() -> Iterable[str | None]:
        ended = _("Your subscription to “{product}” ended on {day}. No further payment is booked.")
        failed = _("It ended because the last payment did not go through. To go on, please register a payment method.")
        return (
            _hello(about),
            ended.format(product=_product(about), day=formats.day(seoul(at).date())),
            failed if churn == Churn.FAILED else _("Thank you for having been with us."),
        )

    return _message(Told.ENDED, at, lines)


def account_waiting(about: About, at: int, *, bank: str | None, number: str, holder: str | None, until: int) -> Message:
    """A virtual account waits for its deposit."""

    def lines() -> Iterable[str | None]:
        return (
            _hello(about),
            _("We are waiting for your deposit for “{product}”.").format(product=_product(about)),
            "",
            _line(_("Amount to deposit"), _money(about)),
            _line(_("Bank"), bank),
            _line(_("Account number"), number),
            _line(_("Account holder"), holder),
            _line(_("Deposit by"), _("{time} (Korean time)").format(time=f"{seoul(until):%Y-%m-%d %H:%M}")),
            *_ends(about),
        )

    return _message(Told.ACCOUNT, at, lines)


def number_waiting(about: About, at: int, *, number: str, until: int | None) -> Message:
    """A number waits to be paid at a convenience store; `until` where V1 shows it."""

    def lines() -> Iterable[str | None]:
        by = _("{time} (Korean time)").format(time=f"{seoul(until):%Y-%m-%d %H:%M}") if until else None
        return (
            _hello(about),
            _("You can pay for “{product}” at a convenience store: show this number at the till.").format(
                product=_product(about)
            ),
            "",
            _line(_("Amount to pay"), _money(about)),
            _line(_("Payment number"), number),
            _line(_("Pay by"), by),
            *_ends(about),
        )

    return _message(Told.ACCOUNT, at, lines)


def _message(told: Told, at: int, lines: Lines) -> Message:
    texts = {}
    for language in LANGUAGES:
        with in_language(language):
            texts[language] = "\n".join(line for line in lines() if line is not None)
    return Message(told, at, texts)


def _hello(about: About) -> str:
    return _("Hello {name},").format(name=_short(about.buyer)) if about.buyer else _("Hello,")


def _product(about: About) -> str:
    return _short(about.product) or _("your order")


def _short(text: str | None) -> str:
    return formats.cut(" ".join((text or "").split()), _LONGEST)


def _money(about: About) -> str:
    return formats.money_to_buyer(about.amount, about.currency)


def _line(name: str, value: str | None) -> str | None:
    return f"{name}: {value}" if value else None


def _ends(about: About, slip: str = "") -> tuple[str | None, ...]:
    """What every text closes with: the order's number, and the slip where there is one."""
    return _line(_("Order number"), about.order), _line(slip, about.slip)
