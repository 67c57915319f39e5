"""A refund's facts and fields; what is typed stays until the refund is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services import stated
from services.balances.left import TaxesLeft
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.operations.actions.promotions import discount_of
from services.operations.actions.refund_rules import Level, Verdict
from services.operations.actions.refunds import ACCOUNT, REQUESTERS, RefundForm, within
from services.operations.journal.journal import Wanted
from services.operations.journal.notes import LONGEST
from services.payment_states import money_moved
from services.tables.receipts import CashReceipt
from services.tables.v1 import Payment

from dashboard.kit.fields import Fields, Typed, Typing, review_button
from dashboard.locale import _
from dashboard.screens.asking.holder import holder_warning
from dashboard.screens.refunds.receipt_choice import RECEIPT, receipt_choice
from dashboard.screens.refunds.tax_fields import tax_fields
from dashboard.words import formats, operation_labels, reason_labels
from dashboard.words.ways import pg_and_method

_BANK, _ACCOUNT, _HOLDER, _PHONE = ACCOUNT
_LEVELS = {
    Level.ALLOWED: ("green", ":material/check_circle:"),
    Level.RISKY: ("orange", ":material/warning:"),
    Level.IMPOSSIBLE: ("red", ":material/block:"),
}


@dataclass(frozen=True, slots=True)
class RefundTyping(Typing):
    """What stands in the fields at this moment."""

    amount: Typed
    balance: int
    less: int
    reason: str
    requester: str | None
    tax_free: Typed
    vat_amount: Typed
    account: Mapping[str, str]
    enable_webhook: bool
    retain_promotion: bool
    today: Sequence[int]
    """What was refunded today already, smallest unit."""
    once_more: bool
    """Whether the person said that the same amount once more is meant."""
    note: str
    undecided: bool
    """Whether a cash receipt stands, and nobody said what becomes of it."""

    def form(self) -> RefundForm:
        """As a form, with each amount that is none, and whether one that was refunded today is not meant again."""
        unread = Mistakes()
        amount = unread.read(self.amount.read, None)
        tax_free, vat = unread.read(self.tax_free.read, None), unread.read(self.vat_amount.read, None)
        if amount in self.today and not self.once_more:
            unread.add(
                InvalidRequest("The same amount was refunded today already: say that you mean it.", field="again")
            )
        if self.undecided:
            unread.add(InvalidRequest("Say what becomes of the cash receipt.", field=RECEIPT))
        return RefundForm(
            amount=amount,
            balance=self.balance,
            reason=self.reason,
            requester=self.requester,
            tax_free=tax_free,
            vat_amount=vat,
            account=self.account,
            enable_webhook=self.enable_webhook,
            retain_promotion=self.retain_promotion,
            less=self.less,
            note=self.note,
            unread=unread.told(),
        )


def refund_facts(payment: Payment, refunded: int, less: int, *, buyers: bool) -> None:
    """What is to be refunded: product, buyer, order, method, and what was paid, refunded and is left.

    `less` as promotions.less_of has it.
    """
    buyer = payment.buyer_name if buyers else formats.mask_name(payment.buyer_name)
    method = pg_and_method(payment)
    paid_at = _("paid {time} KST").format(time=formats.time(payment.paid_at)) if payment.paid_at else None
    st.text(formats.line(payment.name, buyer, payment.merchant_uid, method, paid_at))
    paid = payment.amount if money_moved(payment.model_dump()) else 0
    left = max(paid - refunded - less, 0)
    figures = ((_("Amount paid"), paid), (_("Refunded"), refunded), (_("Remaining"), left))
    with st.container(horizontal=True):
        for label, amount in figures:
            st.metric(label, formats.money(amount, payment.currency), border=True, width=200)
    if (discount := discount_of(payment)) is not None:
        words = _(
            "This payment had a promotion ({discount} off). Amounts here are the order's, without the discount: "
            "the buyer may get less than what is typed."
        )
        off = formats.escape(formats.money(discount, payment.currency))
        st.info(words.format(discount=off), icon=":material/sell:")
    if payment.sandbox:
        st.caption(_("A payment of a test channel: no money moves."))


def verdict_line(verdict: Verdict) -> None:
    """What the rules say, why, and where that is known from; the gateway decides."""
    words = {
        Level.ALLOWED: _("Should go through"),
        Level.RISKY: _("May be refused"),
        Level.IMPOSSIBLE: _("Will be refused"),
    }[verdict.level]
    color, icon = _LEVELS[verdict.level]
    because = formats.escape(_(verdict.because).format(**verdict.values))
    st.markdown(f":{color}-badge[{icon} {words}] {because}")
    source = _("Known from: {source}, as of {day}. It warns only: the gateway decides.")
    st.caption(source.format(source=formats.escape(_source(verdict.source)), day=verdict.as_of.isoformat()))


def _source(source: str) -> str:
    known = (
        _("i'mport V1, description of POST /payments/cancel"),
        _("i'mport FAQ: how long a payment can be refunded, by method (2021-06-04)"),
        _("Naver Pay's terms for merchants: 1,095 days"),
        _("PayPal: refunds within 180 days"),
        _("Kakao Pay: money for 5 years, cards for about 1 year"),
        _("NICE Payments' manual: deposits of virtual accounts for 180 days"),
    )
    said = _(source)
    return said if said in known else source


def refund_fields(
    payment: Payment,
    balance: int,
    less: int,
    fields: Fields,
    verdict: Verdict,
    *,
    banks: Mapping[str, str],
    needs: Sequence[str],
    reasons: Mapping[str, str],
    today: Sequence[int],
    receipt: CashReceipt | None,
    taxes: TaxesLeft | None,
    cancel: Callable[[], None],
) -> RefundTyping:
    """The fields; `less` as promotions.less_of has it, `needs` as account_needs, `banks` codes with their names.

    `reasons` are the words that are told outside by their codes, `today` what was refunded today already, `receipt` the
    cash receipt that stands, `taxes` what is known of how the rest is taxed, `cancel` draws the way out.
    """
    # Outside of the form: bar and verdict go by the amount, who wants it by the reason.
    amount, going = _amount(payment, balance, fields, verdict)
    verdict_line(verdict)
    why = fields.reason(_("Why"), reason_labels.refund, reasons, stated.ASKED_BY)
    requester = fields.choice("requester", _("Who wants it"), REQUESTERS, operation_labels.requester)
    # What takes a while to write stays outside of the form too, which knows nothing before its button is pressed.
    reason = fields.told(reasons.get(why), _("Details (passed on to the buyer and the bank)"))
    note = _note(fields)
    undecided = receipt is not None and receipt_choice(fields, receipt) is None
    # What follows the amount would come too late in the form, over what was typed there.
    if filled_in := taxes is not None and taxes.matters:
        tax_free, vat = tax_fields(fields, payment.currency, taxes, going)
    with st.form(fields.key("form"), border=False):
        account = _account(payment, fields, banks, needs) if needs else {}
        if not filled_in:
            tax_free, vat = tax_fields(fields, payment.currency, taxes, going)
        webhook = st.checkbox(
            _("Tell my server (webhook)"),
            key=fields.key("webhook"),
            help=_("i'mport then calls your webhook for this refund too."),
            persist_state="session",
        )
        retain = discount_of(payment) is not None and _retain(fields)
        once_more = bool(today) and _once_more(fields, payment.currency, today)
        done = review_button(fields, cancel)
    return RefundTyping(
        fields,
        done,
        amount,
        balance,
        less,
        reason,
        requester,
        tax_free,
        vat,
        account,
        webhook,
        retain,
        today,
        once_more,
        note,
        undecided,
    )


def _note(fields: Fields) -> str:
    with fields.place("note"):
        value = st.text_area(
            _("Note for colleagues (not sent to anybody)"),
            # The reason's details are called `note`.
            key=fields.key("inside"),
            max_chars=LONGEST,
            height=68,
            persist_state="session",
        )
    return value or ""


def _retain(fields: Fields) -> bool:
    with fields.place("retain_promotion"):
        return st.checkbox(
            _("Keep the promotion, whatever is left"),
            key=fields.key("retain"),
            help=_("Otherwise a promotion whose terms the rest no longer meets may be taken back."),
            persist_state="session",
        )


def _once_more(fields: Fields, currency: str, today: Sequence[int]) -> bool:
    words = _("Refunded today already ({done}): the same amount once more is meant")
    done = formats.escape(", ".join(formats.money(amount, currency) for amount in today))
    with fields.place("again"):
        # One more refund makes it another question: a tick is for those that the person saw.
        key = fields.key(f"{len(today)}.again")
        return st.checkbox(words.format(done=done), key=key, persist_state="session")


def _amount(payment: Payment, balance: int, fields: Fields, verdict: Verdict) -> tuple[Typed, int]:
    """Everything stands there at first, as the field's own text; and what can be read there, which goes back."""
    currency = payment.currency
    st.session_state.setdefault(fields.key("amount"), formats.typed_money(balance, currency))
    hint = _("up to {left}").format(left=formats.money(balance, currency))
    typed = fields.amount("amount", _("Amount of this refund"), currency, required=True, placeholder=hint, live="300ms")
    with st.container(horizontal=True):
        _share_button("whole", _("Everything: {amount}"), balance, currency, fields)
        if not verdict.parts:
            _share_button("half", _("Half: {amount}"), balance // 2, currency, fields)
    going = 0
    if typed.text.strip():
        try:
            going = within(typed.read(), balance)
        except InvalidRequest as problem:
            fields.say(problem)
    _balance_bar(payment, balance, going)
    # A place of its own: where it came between, fields below would begin anew and lose what is being typed.
    with st.container():
        if 0 < going < balance and verdict.parts:
            _part_warning(verdict)
    return typed, going


def _part_warning(verdict: Verdict) -> None:
    st.warning(_(verdict.parts or ""), icon=":material/warning:")


def warnings(wanted: Wanted, payment: Payment, verdict: Verdict, left: int, *, buyers: bool) -> None:
    """What stands against it, above the last look; `buyers` may be named, `left` is what could be refunded."""
    if verdict.level != Level.ALLOWED:
        verdict_line(verdict)
    if verdict.parts and wanted.amount < left:
        _part_warning(verdict)
    holder_warning(wanted.request, payment.buyer_name, buyers=buyers)


def _share_button(name: str, words: str, amount: int, currency: str, fields: Fields) -> None:
    if amount > 0:
        label = words.format(amount=formats.escape(formats.money(amount, currency)))
        st.button(label, key=fields.key(name), on_click=_take, args=(fields, amount, currency))


def _take(fields: Fields, amount: int, currency: str) -> None:
    st.session_state[fields.key("amount")] = formats.typed_money(amount, currency)


def _balance_bar(payment: Payment, balance: int, going: int) -> None:
    """What stays of the payment after this refund; `going` is 0 while no amount stands there."""
    share = (balance - going) / payment.amount if payment.amount else 0.0
    if not going:
        left = formats.escape(formats.money(balance, payment.currency))
        st.progress(share, _("{left} is left.").format(left=left))
        return
    back, stays = (formats.escape(formats.money(one, payment.currency)) for one in (going, balance - going))
    words = _("{amount} goes back · {rest} stays").format(amount=back, rest=stays)
    st.progress(share, words)


def _account(payment: Payment, fields: Fields, banks: Mapping[str, str], needs: Sequence[str]) -> dict[str, str]:
    virtual = payment.pay_method == "vbank"
    st.caption(
        _("A virtual account is refunded to an account of the buyer.")
        if virtual
        else _("This refund goes to an account of the buyer.")
    )
    bank = fields.pick(_BANK, fields.marked(_("Bank")), banks, index=None, placeholder=_("Choose a bank"))
    found = {_BANK: bank or ""}
    with st.container(horizontal=True):
        found[_ACCOUNT] = fields.text(_ACCOUNT, _("Account number"), required=True)
        found[_HOLDER] = fields.text(_HOLDER, _("Account holder"), required=True)
        if _PHONE in needs:
            found[_PHONE] = fields.text(_PHONE, _("Holder's phone"), required=True, type="phone")
    return found
