"""GET /payments/{imp_uid}/balance: what is left of a payment by PAYCO, by instrument and tax."""

from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.payments import NOT_FOUND, find_row
from services.sandbox.world.rows import Money
from services.sandbox.world.world import World

_TELLS = "payco"


def balance(world: World, imp_uid: str) -> Json:
    """After refunds, which take from what was paid first and leave points and discount for the end."""
    row = find_row(world, imp_uid)
    if row["pg_provider"] != _TELLS:
        raise No(404, NOT_FOUND)
    left = row["amount"] - row["cancel_amount"]
    points, discount = world.payco_parts.get(imp_uid, (0, 0))
    secondary = min(points, left)
    discount = min(discount, left - secondary)
    tax_free = world.tax_free_left(imp_uid)
    parts = {"cash_receipt": _taxed(0, 0)}
    for name, paid in (("primary", left - secondary - discount), ("secondary", secondary), ("discount", discount)):
        free = min(tax_free, paid)
        parts[name], tax_free = _taxed(paid, free), tax_free - free
    return answer({"amount": row["amount"], **parts, "histories": [{**parts, "created": row["started_at"]}]})


def _taxed(paid: Money, tax_free: Money) -> dict[str, Money]:
    vat = (paid - tax_free) // 11
    return {"tax_free": tax_free, "supply": paid - tax_free - vat, "vat": vat, "service": 0}
