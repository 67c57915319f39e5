"""What becomes of a payment in the window: approved, refused, issued, registered."""

from bisect import insort

from services.sandbox.window.attempts import Attempt
from services.sandbox.world.channels import Route, instrument, virtual_account
from services.sandbox.world.rows import Money, approved
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

LATE_WORDS = "(PG사 결제 장애) Internal error"
_DUE_DAYS = 3
_OF_CARD = ("card_name", "card_code", "card_number", "card_type")


def approve(world: World, attempt: Attempt, now: int, amount: Money | None = None) -> Row:
    """Paid, of another amount where one is named; a virtual account is issued; a billing key is made."""
    row = _with_instrument(world, world.payments[attempt.imp_uid])
    if amount is not None:
        row["amount"] = amount
    if row["pay_method"] == "vbank":
        return _kept(world, row | virtual_account(world.chance, now, _DUE_DAYS))
    if attempt.registers:
        _register(world, attempt, row, now)
    return _kept(world, approved(row, now))


def fail(world: World, attempt: Attempt, now: int, words: str) -> Row:
    """Failed, with the words that the buyer is shown."""
    return _kept(world, world.payments[attempt.imp_uid] | {"status": "failed", "failed_at": now, "fail_reason": words})


def approve_later(world: World, attempt: Attempt, now: int, seconds: int, *, failed_first: bool) -> Row:
    """Ready or failed for some seconds, then paid by the world's clock."""
    insort(world.late, (now + seconds, attempt.imp_uid))
    if failed_first:
        return fail(world, attempt, now, LATE_WORDS)
    row = _with_instrument(world, world.payments[attempt.imp_uid])
    return _kept(world, row | virtual_account(world.chance, now, _DUE_DAYS) if row["pay_method"] == "vbank" else row)


def _kept(world: World, row: Row) -> Row:
    world.put_payment(row)
    return row


def _with_instrument(world: World, row: Row) -> Row:
    route = Route(row["pg_provider"], row["pg_id"], row["pay_method"], 0, 0, row["currency"])
    how = instrument(world.chance, route)
    return row | {name: value for name, value in how.items() if name.startswith(("card_", "bank_"))}


def _register(world: World, attempt: Attempt, row: Row, now: int) -> None:
    """A key under the shop's name for it; one that is there already is replaced without a word."""
    uid: str = row["customer_uid"]
    known = world.billing_keys.get(uid)
    world.broken_keys.pop(uid, None)
    world.billing_keys[uid] = {
        "customer_uid": uid,
        **{name: row[name] for name in ("pg_provider", "pg_id", "sandbox")},
        "customer_id": attempt.asked.param.get("customer_id"),
        **{name: row[name] for name in _OF_CARD},
        "card_name": row["card_name"] or "네이버페이",
        **{f"card_{role}_{what}": row[f"card_{what}"] for role in ("issuer", "publisher") for what in ("code", "name")},
        **{f"customer_{of}": row[f"buyer_{of}"] for of in ("name", "tel", "email", "addr", "postcode")},
        "inserted": known["inserted"] if known else now,
        "updated": now,
    }
