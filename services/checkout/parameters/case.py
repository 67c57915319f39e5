"""What a payment window is opened for: payment or registration, at which PG, for which merchant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.tables.checkouts import CheckoutKind

NAVERPAY = "naverpay"


@dataclass(frozen=True, slots=True)
class Merchant:
    """What the merchant's contracts say, as the settings tell it."""

    use_confirm_day: bool = False
    """Naver Pay settles by the day of use: `naverUseCfm` is needed, and must not be sent otherwise."""
    high_risk: bool = False
    """Naver Pay counts the business as a high-risk one and asks who buys."""
    broker: bool = False
    """It sells for others, whom Naver Pay wants named."""
    minimums: Mapping[str, int] = field(default_factory=dict)
    """PG -> its smallest payment in won, where it is another than the one that minimums.toml knows."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request by V1's names, amounts in the smallest unit, and all that its rules look at besides."""

    kind: CheckoutKind
    pg: str
    merchant: Merchant
    now: float
    values: Mapping[str, Any]
    later: Collection[str] = ()
    """Names of what is set later or elsewhere: missing is no mistake."""

    @property
    def registers(self) -> bool:
        return self.kind == CheckoutKind.REGISTRATION

    @property
    def at_naver(self) -> bool:
        return self.pg == NAVERPAY

    @property
    def currency(self) -> str:
        """What the window takes the amount for where nothing is said."""
        given = self.values.get("currency")
        return given if isinstance(given, str) and given else "USD" if self.pg.startswith("paypal") else "KRW"

    def amount(self) -> int | None:
        """The amount in the smallest unit; None where there is none that counts."""
        given = self.values.get("amount")
        return given if isinstance(given, int) and not isinstance(given, bool) else None

    def has(self, name: str) -> bool:
        """Whether it is given, here or later."""
        return self.values.get(name) not in (None, "") or name in self.later

    def pays_by(self, *methods: str) -> bool:
        """Whether the window is asked for one of these methods, as far as is known."""
        return self.values.get("pay_method") in methods or "pay_method" in self.later
