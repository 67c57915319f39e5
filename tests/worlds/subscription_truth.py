"""What the sandbox's world knows to be true of its subscriptions: what each adds to MRR at the end of each month."""

from services.clock import DAY, day_of, day_start
from services.months import month_of_day, month_span, months_between
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.plans import Cadence, Subscription
from services.subscriptions.lives import GRACE
from tests.worlds.chain_truth import charges_of

_A_MONTH = {Cadence.MONTH: (1, 1), Cadence.YEAR: (1, 12), Cadence.WEEK: (304_375, 70_000)}


def ends(first: int, last: int) -> dict[int, int]:
    """When each month ends: the UNIX time at which the next one begins."""
    return {month: day_start(month_span(month)[1] + 1) for month in months_between(first, last)}


def values(sandbox: Sandbox, one: Subscription, now: float) -> dict[int, int]:
    """By month, while it counts: from its first paid charge until it ended."""
    paid = [row["paid_at"] for row in charges_of(sandbox, one.customer_uid) if row["paid_at"]]
    if not paid:
        return {}
    found = {}
    for month, end in ends(month_of_day(day_of(min(paid))), month_of_day(day_of(now))).items():
        if min(paid) < end and (one.ended_at is None or one.ended_at >= end):
            found[month] = _monthly(price_at(one, end), one.cadence)
    return found


def price_at(one: Subscription, end: int) -> int:
    """What it costs a cycle at a moment."""
    # The world keeps the latest price and every change: the first one is what no change names.
    known = [price for since, _plan, price in one.prices if since < end]
    return known[-1] if known else first_price(one)


def first_price(one: Subscription) -> int:
    """What it cost when it began."""
    return FIRST[one.customer_uid] if one.prices else one.price


FIRST: dict[str, int] = {}


def learn_first_prices(sandbox: Sandbox) -> None:
    """From each subscription's first charge, before the world goes on."""
    for one in sandbox.world.subscriptions:
        rows = charges_of(sandbox, one.customer_uid)
        if rows:
            FIRST[one.customer_uid] = int(min(rows, key=lambda row: row["started_at"])["amount"])


def _monthly(price: int, cadence: Cadence) -> int:
    times, of = _A_MONTH[cadence]
    return (2 * price * times + of) // (2 * of)


def undecided(sandbox: Sandbox, one: Subscription, now: float) -> str | None:
    """Why the data do not decide it: nobody could tell from them. None where they do."""
    world, uid = sandbox.world, one.customer_uid
    rows = charges_of(sandbox, uid)
    booked = [world.schedules[order] for order in world.bookings.get(uid, ())]
    if len({day_of(row["started_at"]) for row in rows} | {day_of(row["schedule_at"]) for row in booked}) < 2:
        return "one date"
    failed = [row["started_at"] for row in rows if row["failed_at"]]
    waiting = any(row["schedule_status"] == "scheduled" for row in booked)
    if not waiting and failed and now - max(failed) < GRACE + DAY:
        return "failed within the last week"
    return None
