"""Words of accounts and store numbers that wait for money."""

from collections.abc import Mapping

from services.clock import DAY
from services.payment_states import state_of
from services.tables.v1 import Payment, PaymentStatus
from services.vbanks.store_number import is_at_store, store_number
from services.vbanks.waiting_list import WaitingState, state_at

from dashboard.locale import _, ngettext
from dashboard.words import labels
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


def standing(payment: Payment, now: float) -> str:
    """A payment's state as Markdown, as the list of what waits for money calls it while it stands there."""
    waits = payment.status == PaymentStatus.READY and (payment.vbank_num or is_at_store(payment))
    if not waits:
        return labels.state.markdown(state_of(payment.model_dump()))
    at_store = store_number(payment)
    return state.markdown(state_at(at_store.until if at_store else payment.vbank_date, now))


def overdue_words() -> str:
    """What it may mean that something never changed, and what to do."""
    return _(
        "Past its term and still waiting: nobody paid, or the PG does not tell PortOne of deposits. Where "
        "buyers say that they paid, set the deposit notice on the PG's own site, and refresh the payment here."
    )


def time_left(until: int | None, now: float) -> str:
    """How long it can still be paid: `3 days left`, `2 hours left`, `2 days past`; nothing where V1 shows no term."""
    if not until:
        return ""
    days = int(abs(until - now) // DAY)
    if until < now and not days:
        return _("less than a day past")
    if until < now:
        return ngettext("{n} day past", "{n} days past", days).format(n=f"{days:,}")
    if not days:
        hours, minutes = divmod(int(until - now) // 60, 60)
        if hours:
            return ngettext("{n} hour left", "{n} hours left", hours).format(n=hours)
        minutes = max(minutes, 1)
        return ngettext("{n} minute left", "{n} minutes left", minutes).format(n=minutes)
    return ngettext("{n} day left", "{n} days left", days).format(n=f"{days:,}")
