"""What a buyer is sent with a link: short enough for a text message, in every language of ours."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.checkout.files.link_files import FileLink
from services.clock import seoul
from services.tables.checkouts import Checkout, CheckoutKind

from dashboard.locale import LANGUAGES, _, in_language
from dashboard.words import formats

SMS_BYTES, LMS_BYTES = 90, 2_000
_ENCODING = "cp949"
"""What Korean text messages are counted in: a syllable has two bytes."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text message is, and as what it is sent."""

    bytes: int
    unsendable: str
    """Signs that no Korean text message has."""

    @property
    def kind(self) -> str:
        """SMS or LMS; empty for one that is too long for either."""
        return "SMS" if self.bytes <= SMS_BYTES else "LMS" if self.bytes <= LMS_BYTES else ""


def length_of(text: str) -> Length:
    """Counted as Korean carriers do."""
    strange = {sign for sign in text if not sign.encode(_ENCODING, "ignore")}
    return Length(len(text.encode(_ENCODING, "replace")), "".join(sorted(strange)))


def texts_of(link: Checkout | FileLink, address: str, shop: str) -> Mapping[str, str]:
    """The text by its language."""
    found = {}
    for language in LANGUAGES:
        with in_language(language):
            found[language] = "\n".join(_lines(link, address, shop))
    return found


def _lines(link: Checkout | FileLink, address: str, shop: str) -> list[str]:
    registers = link.kind == CheckoutKind.REGISTRATION
    asks = _("Please register your payment method") if registers else _("Please pay")
    name = " ".join(link.name.split())
    until = _("Until {time}").format(time=f"{seoul(link.expires_at):%m-%d %H:%M}")
    what = name if registers else f"{name} {formats.money_to_buyer(link.amount, link.currency)}"
    return [f"[{shop}] {asks}" if shop else asks, what, address, until]
