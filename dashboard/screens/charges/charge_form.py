"""A charge's facts and fields: which key, what it was charged for last, how much now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import streamlit as st
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.operations.actions.charged import Charged
from services.operations.actions.charges import INSTALMENTS_FROM, LONGEST_NAME, NAVERPAY, ChargeForm
from services.operations.journal.journal import asked
from services.store.lists.payments import PaymentRow
from services.tables.journal import Operation
from services.tables.v1 import BillingKey

from dashboard.kit.fields import Fields, Typed, Typing, review_button
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _
from dashboard.screens.charges.more_fields import More, more_fields
from dashboard.screens.charges.more_fields import as_typed as more_as_typed
from dashboard.words import formats, labels

_MONTHS = (0, *range(2, 13))


@dataclass(frozen=True, slots=True)
class ChargeTyping(Typing):
    """What stands in the fields at this moment."""

    amount: Typed
    name: str
    tax_free: Typed
    card_quota: int
    day_of_use: date | None
    decided: bool
    """False where the buyer was charged already and nobody said that once more is meant."""
    late: bool
    """Whether by a charge that had been refused."""
    more: More

    def form(self) -> ChargeForm:
        """As a form, with each amount that is none, and whether a second charge is not meant."""
        unread = Mistakes()
        amount, tax_free = unread.read(self.amount.read, None), unread.read(self.tax_free.read, None)
        if not self.decided and self.late:
            unread.add(
                InvalidRequest("A charge that was refused is paid after all: say that you mean it.", field="again")
            )
        elif not self.decided:
            unread.add(InvalidRequest("This buyer was charged today already: say that you mean it.", field="again"))
        return ChargeForm(
            amount=amount,
            name=self.name,
            currency=self.amount.currency,
            tax_free=tax_free,
            card_quota=self.card_quota,
            naver_use_cfm=self.day_of_use.strftime("%Y%m%d") if self.day_of_use else None,
            merchant_uid=self.more.order,
            more=self.more.given,
            unread=unread.told(),
        )


def key_facts(key: BillingKey, *, buyers: bool) -> None:
    """The key, its PG and card, whose it is."""
    st.code(formats.shown(key.customer_uid), language=None)
    name = key.customer_name if buyers else formats.mask_name(key.customer_name)
    phone = key.customer_tel if buyers else formats.mask_phone(key.customer_tel)
    pg = labels.provider(key.pg_provider or "")
    st.text(formats.line(pg, key.card_name, key.card_number, name, phone))


def gone_line(key: BillingKey) -> None:
    """That nothing can be done with a key that is gone."""
    if key.deleted_at is not None:
        gone = _("This key is gone since {time}: nothing can be charged on it.")
        st.error(gone.format(time=formats.escape(formats.time(key.deleted_at))), icon=":material/key_off:")


def last_charges(charges: Sequence[PaymentRow]) -> None:
    """What the key was charged for last."""
    st.header(_("Last charges of this key"))
    if not charges:
        st.caption(_("None yet."))
        return
    money = [(row.amount, row.currency) for row in charges]
    data = {
        _("Time in Korea"): [formats.short_time(row.started_at) for row in charges],
        labels.field("status"): [labels.state.badge(row.state) for row in charges],
        labels.field("amount"): money_cells(money),
        labels.field("name"): [row.name for row in charges],
        labels.field("fail_reason"): [row.fail_reason for row in charges],
    }
    config, title = {labels.field("amount"): money_column(None, money)}, _("Last charges of this key")
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, placeholder="", alt=title)


def charge_fields(
    key: BillingKey,
    fields: Fields,
    last: PaymentRow | None,
    *,
    already: Sequence[Charged],
    minimum: int,
    cancel: Callable[[], None],
) -> ChargeTyping:
    """The fields; what was charged `last` says the name and currency, `already` is what was charged today or paid late.

    `cancel` draws the way out.
    """
    naver, currency = key.pg_provider == NAVERPAY, last.currency if last else "KRW"
    name = (last.name or "")[:LONGEST_NAME] if last else ""
    if last:
        _as_last_time(last, fields)
    with st.form(fields.key("form"), border=False):
        hint = _("at least {minimum}").format(minimum=formats.money(minimum, "KRW")) if naver else None
        amount = fields.amount("amount", _("Amount of this charge"), currency, required=True, placeholder=hint)
        product = fields.text("name", _("What it is for"), required=True, value=name, max_chars=LONGEST_NAME)
        tax_free = fields.amount("tax_free", _("Tax-free part, if any"), currency)
        quota = 0 if naver else _quota(fields)
        day = _day(fields) if naver else None
        more = more_fields(fields, key, books=False)
        late = [row for row in already if row.late]
        decided = _decided(fields, already, late)
        done = review_button(fields, cancel)
    return ChargeTyping(fields, done, amount, product, tax_free, quota, day, decided, bool(late), more)


def as_typed(operation: Operation) -> dict[str, object]:
    """The fields that a charge was asked for with, by their names."""
    request, currency = asked(operation), operation.currency
    amounts = {"amount": operation.amount, "tax_free": request.get("tax_free")}
    fields: dict[str, object] = {
        name: formats.typed_money(one, currency) for name, one in amounts.items() if one is not None
    }
    if day := request.get("naver_use_cfm"):
        fields["naver_use_cfm"] = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day alone
    named = {"name": request["name"], "card_quota": request.get("card_quota", 0)}
    return fields | named | more_as_typed(operation, request)


def _as_last_time(last: PaymentRow, fields: Fields) -> None:
    words = _("As last time: {amount}").format(amount=formats.escape(formats.money(last.amount, last.currency)))
    st.button(words, key=fields.key("last"), on_click=_take_last, args=(fields, last))


def _take_last(fields: Fields, last: PaymentRow) -> None:
    st.session_state[fields.key("amount")] = formats.typed_money(last.amount, last.currency)


def _quota(fields: Fields) -> int:
    words = {n: _("{n} months").format(n=n) if n else _("At once") for n in _MONTHS}
    hint = _("From {least} won on.").format(least=f"{INSTALMENTS_FROM:,}")
    return fields.pick("card_quota", _("Instalments"), words, help=hint, width=320) or 0


def _day(fields: Fields) -> date | None:
    hint = _("The day on which the buyer has used or received it: today in Seoul or later.")
    return fields.day("naver_use_cfm", _("Day of use (Naver Pay), if any"), help=hint)


def _decided(fields: Fields, already: Sequence[Charged], late: Sequence[Charged]) -> bool:
    if not already:
        return True
    paid = ", ".join(formats.money(row.amount, row.currency) for row in late or already)
    words = _("Charged today already ({paid}): charge once more")
    if late:
        words = _("A charge that was refused is paid after all ({paid}): charge once more")
    with fields.place("again"):
        # One more charge makes it another question: a tick is for those that the person saw.
        key = fields.key(f"{len(already)}.{len(late)}.again")
        return st.checkbox(words.format(paid=formats.escape(paid)), key=key, persist_state="session")
