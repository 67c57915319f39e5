"""How a buyer paid, as buyers call it: by what name money comes and goes back."""

from dataclasses import dataclass

from services.tables.v1 import BillingKey, Payment

from dashboard.locale import _
from dashboard.words import formats, labels

_NAVER = frozenset({"naverpay", "naverco"})


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
