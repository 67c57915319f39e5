"""Registrations of billing keys: which of them charged. V1 tells both sorts as `paid`, with the amount of the window.

From the vendor's guide of each PG (developers.portone.io, pg/v1/<code>, as of 2026-08-06): these charge what they show
and register with 0 alone without a charge. Everywhere else the window's amount is for show; what
`/subscribe/payments/onetime` registers is charged by the PG named for it.
"""

from services.tables.v1 import CustomerUidUsage

_CHARGING = frozenset(
    {"kakaopay", "danal", "danal_tpay", "mobilians", "mobilians_v2", "settle_acc", "paymentwall"}
)  # fmt: skip
_CHARGING_BY_PHONE = frozenset({"galaxia", "welcome"})
_CHARGING_BY_API = frozenset({"html5_inicis"})


def took_money(
    pg_provider: str | None, pay_method: str | None, usage: str | None, amount: int, channel: str | None = None
) -> bool:
    """Whether a payment of V1 that is paid moved money: all do but registrations for show (fields as V1 names them)."""
    if usage != CustomerUidUsage.ISSUE:
        return True
    if amount <= 0:
        return False
    return (
        pg_provider in _CHARGING
        or (pg_provider in _CHARGING_BY_PHONE and pay_method == "phone")
        or (pg_provider in _CHARGING_BY_API and channel == "api")
    )
