"""How a buyer paid: as buyers call it, by what name money comes and goes back; and the channel it goes through."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.tables.v1 import BillingKey, Channel, Payment

from dashboard.locale import _
from dashboard.words import formats, labels

_NAVER = frozenset({"naverpay", "naverco"})
# Shops write it behind the names of their test channels, as PortOne's console does.
_TEST = re.compile(r"\s*\((테스트|test)\)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Way:
    """A method with the PG, and the card or bank behind it, as V1 names them."""

    pay_method: str | None
    pg_provider: str | None
    behind: str | None

    @property
    def is_naver(self) -> bool:
        """Whether Naver Pay takes the money and gives it back, whatever card, account or points stand behind it."""
        return self.pg_provider in _NAVER or (self.pay_method or "").startswith("naverpay")

    def words(self) -> str:
        """`네이버페이(신한카드)`, `신한카드`, `가상계좌`; empty where neither method nor card is known."""
        known = "naverpay" if self.is_naver else self.pay_method
        method = labels.method(known) if known else ""
        if self.behind in (None, "", method):
            return method
        behind = formats.cut(" ".join(self.behind.split()), 40)
        if self.pay_method in (None, "card") and not self.is_naver:
            return behind
        return _("{way} ({behind})").format(way=method, behind=behind)


def way_of(paid: Payment) -> Way:
    """How a payment was made."""
    return Way(paid.pay_method, paid.pg_provider, paid.card_name or paid.bank_name)


def way_of_key(key: BillingKey) -> Way:
    """How a billing key is charged."""
    return Way(None, key.pg_provider, key.card_name)


def pg_and_method(paid: Payment) -> str:
    """`KG이니시스 · 카드`; `페이코` alone where both are called alike, and `네이버페이 결제형`."""
    pg, method = labels.provider(paid.pg_provider or ""), labels.method(paid.pay_method or "")
    return formats.line(pg, None if f"{pg} ".startswith(f"{method} ") else method)


def channel_name(channel: Channel, among: Iterable[Channel] = ()) -> str:
    """A channel by its PG and its name, a test one marked once; by its MID too where another one is called alike."""
    name = _named(channel)
    alike = [one for one in among if one.pg_id != channel.pg_id and _named(one) == name]
    return formats.line(name, channel.pg_id if alike else None)


def _named(channel: Channel) -> str:
    name = channel.channel_name or channel.pg_id
    if channel.sandbox:
        name = f"{_TEST.sub('', name)} ({labels.test_mark(channel.sandbox)})"
    return formats.line(labels.provider(channel.pg_provider), name)
