"""How values look: money, times, buyers; the one place where text from outside becomes Markdown."""

import re
import string
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from time import time as clock
from typing import Any

from services.clock import seoul
from services.errors import JangbuError
from services.money import exponent, to_major
from services.personal import hide_persons
from services.plain_text import harmless
from services.store.fold import phone_digits

from dashboard.locale import _, current_language, sentence

NOTHING = "–"
# A comma and a percent sign mean nothing to Markdown, and a backslash before one is read out in labels.
_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation.replace(',', '').replace('%', ''))}])")
# A sign inside of a word means nothing to Markdown: ids stay as they are.
_PLAIN_ID = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")
# What GitHub's Markdown makes a link of after it took the backslashes away; a sign without width keeps it apart.
_LINKED = re.compile(r"\w+:(?=//)|www(?=\.)|(?:mailto|xmpp):|@", re.IGNORECASE)
_JOINER = "\u2060"
# Who did not say for whom it draws hides: a fragment may forget.
_known: ContextVar[Collection[str] | None] = ContextVar("known", default=frozenset())


def money(amount: int, currency: str) -> str:
    """Smallest units as people write them: `1,234,567원` in Korean, `₩1,234,567` in English, `USD 10.50`."""
    if currency == "KRW":
        return f"{amount:,}원" if current_language() == "ko" else f"{'-' if amount < 0 else ''}₩{abs(amount):,}"
    return f"{currency} {to_major(amount, currency):,.{exponent(currency)}f}"


def counted(n: int, *, more: bool = False) -> str:
    """`1,234`; where counting stopped at it `1,000+`, which no Korean counter can follow: `최소 1,000`."""
    return _("{n}+").format(n=f"{n:,}") if more else f"{n:,}"


def signed_money(amount: int, currency: str) -> str:
    """As `money`, a gain with its plus."""
    return ("+" if amount > 0 else "") + money(amount, currency)


def money_to_buyer(amount: int, currency: str) -> str:
    """As a buyer is told it: won are `KRW 1,234` in English, where not everybody reads the Korean sign."""
    return f"KRW {amount:,}" if currency == "KRW" and current_language() != "ko" else money(amount, currency)


def typed_money(amount: int, currency: str) -> str:
    """Smallest units as a person types them: `6,580`, `10.50`."""
    return f"{to_major(amount, currency):,.{exponent(currency)}f}"


def large_units(currency: str) -> tuple[tuple[int, str], ...]:
    """What large amounts are counted in, largest first: won in Korean by 만 and 억, all else by thousands."""
    korean = currency == "KRW" and current_language() == "ko"
    return ((10**8, "억"), (10**4, "만")) if korean else ((10**6, "M"), (10**3, "K"))


def short_won(amount: int) -> str:
    """Won where there is little room: `124만` and `3.1억` in Korean, `1.2M` in English."""
    size, word = next(((size, word) for size, word in large_units("KRW") if abs(amount) >= size), (1, ""))
    short = f"{amount / size:.1f}" if abs(amount) < 10 * size and amount % size else f"{round(amount / size):,}"
    return short + word


def sums(amounts: Iterable[tuple[str, int]]) -> str:
    """Amounts with their currencies, added up by currency: `1,234,567원 + USD 10.50`."""
    totals: dict[str, int] = {}
    for currency, amount in amounts:
        totals[currency] = totals.get(currency, 0) + amount
    return " + ".join(money(amount, currency) for currency, amount in sorted(totals.items()))


def money_column_format(currency: str) -> str:
    """Money as a number format of st.dataframe, for amounts given in major units."""
    if currency == "KRW":
        return "%,d원" if current_language() == "ko" else "₩%,d"
    return f"{currency} %,.{exponent(currency)}f"


def units(currency: str) -> int:
    """How many smallest units make one: 1 for KRW, 100 for USD."""
    return int(10 ** exponent(currency))


def time(at: int | None) -> str:
    """UNIX seconds in Seoul, `2026-11-23 15:04:05`; V1's 0 means that it has not happened."""
    return seoul(at).strftime("%Y-%m-%d %H:%M:%S") if at else NOTHING


def short_time(at: int | None) -> str:
    """UNIX seconds in Seoul as a list shows them, `11-23 15:04`, with the year where it is not this one."""
    if not at:
        return NOTHING
    there = seoul(at)
    return there.strftime("%m-%d %H:%M" if there.year == seoul(int(clock())).year else "%Y-%m-%d %H:%M")


def weekdays() -> tuple[str, ...]:
    """Monday first, as date.weekday() counts."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def day(value: date) -> str:
    """`2026-11-24 (Tue)`."""
    return _("{date} ({weekday})").format(date=value.isoformat(), weekday=weekdays()[value.weekday()])


def seconds(value: float) -> str:
    """A length of time in its largest unit: `12 s`, `3 min`, `2 h`, `4 d`."""
    units = ((86_400, _("{n} d")), (3_600, _("{n} h")), (60, _("{n} min")), (1, _("{n} s")))
    size, words = next((unit for unit in units if value >= unit[0]), units[-1])
    return words.format(n=max(int(value // size), 0))


def hide_persons_but(known: Collection[str] | None) -> None:
    """From here on this script run's `shown`, `escape` and `cells` hide phones and mails but these; None: nothing."""
    _known.set(known)


@contextmanager
def persons_shown(*, whole: bool) -> Iterator[None]:
    """Around what a command writes, or a part of a page: phones and mails in text of others as they are, or hidden."""
    before = _known.set(None if whole else frozenset())
    try:
        yield
    finally:
        _known.reset(before)


def shows_persons() -> bool:
    """Whether whoever reads sees text of others as it came."""
    return _known.get() is None


def shown(text: str) -> str:
    """Text of others as whoever reads may see it; the one function that every such text is drawn through."""
    known = _known.get()
    return harmless(text) if known is None else hide_persons(harmless(text), known)


def line(*parts: str | None) -> str:
    """What there is of several texts as one line."""
    return shown(" · ".join(part for part in parts if part))


def cut(text: str, most: int) -> str:
    """A text that has no end, to where it still can be read: `most` signs and `…`."""
    return text if len(text) <= most else text[:most] + "…"


def escape(text: str) -> str:
    """Text from outside for a place that reads Markdown: every sign stands for itself, and no address is a link."""
    text = shown(text)
    if _PLAIN_ID.fullmatch(text):
        return text
    return _PUNCTUATION.sub(r"\\\1", _LINKED.sub(f"\\g<0>{_JOINER}", text))


def cells(columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The columns of a table with their texts as whoever reads may see them."""
    return {name: [shown(cell) if isinstance(cell, str) else cell for cell in data] for name, data in columns.items()}


def told(error: JangbuError) -> str:
    """An error of ours for a place that reads Markdown: what came from outside stands for itself."""
    return sentence(error, escape)


def mask_name(name: str | None) -> str | None:
    """홍길동 -> 홍*동, 김철 -> 김*."""
    if not name:
        return name
    return name[0] + "*" if len(name) < 3 else name[0] + "*" * (len(name) - 2) + name[-1]


def buyer(name: str | None, buyers: bool) -> str | None:
    """A buyer's name, whole only for who may see buyers."""
    return name if buyers else mask_name(name)


def mask_phone(phone: str | None) -> str | None:
    """010-1234-5678, 01012345678 and +82 10-1234-5678 -> 010-****-5678."""
    if not phone:
        return phone
    digits = phone_digits(phone)
    return f"{digits[:3]}-****-{digits[-4:]}" if len(digits) >= 9 else "****"


def mask_email(email: str | None) -> str | None:
    """hong@example.com -> ho***@…"""
    return f"{email.partition('@')[0][:2]}***@…" if email else email


def mask_rest(value: str | None) -> str | None:
    """Any other personal text (an address, an account number) is hidden whole."""
    return "***" if value else value
