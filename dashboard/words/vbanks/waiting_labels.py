"""Words of accounts and store numbers that wait for money."""

from collections.abc import Mapping

from services.clock import DAY
from services.tables.v1 import Channel
from services.vbanks.waiting_list import WaitingState

from dashboard.locale import _, ngettext
from dashboard.words import formats, labels
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


@States
def state() -> Mapping[str, Look]:
    """How long it can still be paid."""
    return {
        WaitingState.OVERDUE: Look("!", "red", _("Past its term")),
        WaitingState.SOON: Look("◔", "orange", _("Within a day")),
        WaitingState.OPEN: Look("◷", "blue", _("Waiting")),
        WaitingState.NO_TERM: Look("○", "gray", _("Term not shown")),
    }


@once_a_language
def field() -> Words:
    """A field of the form, by V1's name."""
    return {
        "vbank_holder": _("Account holder"),
        "buyer_name": _("Buyer"),
        "buyer_tel": _("Phone"),
        "buyer_email": _("E-mail"),
        "product_type": _("What is sold"),
        "vbank_num": _("Fixed account's number, where the PG agreed to one"),
        "vbank_key": _("Fixed account's key, where the PG agreed to one"),
        "business_registration_number": _("Buyer's business number, for escrow"),
        "tax_free": _("Tax-free part"),
        "vat_amount": _("VAT"),
        "barcode": _("Your own number, if one is to be registered"),
    }


@once_a_language
def product() -> Words:
    """What is sold, as a PG wants to know."""
    return {"real": _("Goods"), "digital": _("Digital content")}


def time_left(until: int | None, now: float) -> str:
    """How long it can still be paid: `3 days left`, `2 days past`; nothing where V1 shows no term."""
    if not until:
        return ""
    days = int(abs(until - now) // DAY)
    if until < now and not days:
        return _("less than a day past")
    if until < now:
        return ngettext("{n} day past", "{n} days past", days).format(n=f"{days:,}")
    if not days:
        return _("less than a day")
    return ngettext("{n} day left", "{n} days left", days).format(n=f"{days:,}")


def channel(one: Channel) -> str:
    """A channel by its PG and its name, a test one marked."""
    mark = labels.test_mark(one.sandbox)
    name = f"{labels.provider(one.pg_provider)} · {one.channel_name or one.pg_id}"
    return formats.shown(f"{name} ({mark})" if mark else name)
