"""A desk at which accounts are issued: channels of every PG that does it, and the steps of a person."""

from typing import Any

from services.clock import DAY
from services.operations.actions.vbanks.changes import ChangeForm, wanted_change
from services.operations.actions.vbanks.forms import WaitingForm, wanted_cvs, wanted_vbank
from services.operations.actions.vbanks.revocations import wanted_revocation
from services.operations.journal.journal import Wanted
from services.tables.v1 import Channel
from tests.worlds.operations.desk import Desk

BUYER = {"buyer_name": "홍길동", "buyer_tel": "010-7341-5678", "buyer_email": "hong@example.com"}
ALL = BUYER | {"vbank_holder": "장부상점", "product_type": "real"}
WAITING = "imp_waiting"


def channel(desk: Desk, pg: str) -> Channel:
    """A live channel of a PG, which the merchant gets where there is none."""
    found = next((one for one in desk.sandbox.world.channels if one["pg_provider"] == pg), None)
    if found is None:
        found = {"pg_provider": pg, "pg_id": f"{pg}01", "sandbox": False, "type": "api_payment",
                 "channel_name": pg, "channel_key": f"key-{pg}"}  # fmt: skip
        desk.sandbox.world.channels.append(found)
    return Channel(**found)


def form(desk: Desk, **given: Any) -> WaitingForm:
    """A week's account of Shinhan bank over 33,000 won."""
    known = {"amount": 33_000, "name": "도자기 머그컵", "due": int(desk.times.ours()) + 7 * DAY, "bank": "088"}
    return WaitingForm(**({**known, "order": "TEL1", "more": ALL} | given))


def issuing(desk: Desk, token: str = "t", pg: str = "settle", **given: Any) -> Wanted:
    """An account is wanted."""
    own = {name: given.pop(name) for name in ("open_ones", "has_key") if name in given}
    filled = form(desk, **given)
    return wanted_vbank(token, channel(desk, pg), filled, now=desk.times.ours(), **({"has_key": True} | own))


def issuing_number(desk: Desk, token: str = "t", **given: Any) -> Wanted:
    """A number at a convenience store is wanted."""
    return wanted_cvs(token, channel(desk, "galaxia"), form(desk, **given), now=desk.times.ours())


def waiting(desk: Desk, pg: str = "settle", imp_uid: str = WAITING, **more: Any) -> None:
    """An account that waits for 33,000 won until tomorrow."""
    own: dict[str, Any] = {"pg_provider": pg, "pay_method": "vbank", "vbank_num": "56201234567890", "status": "ready",
                           "vbank_date": int(desk.times.at) + DAY} | more  # fmt: skip
    desk.sandbox.add_payment(33_000, imp_uid=imp_uid, **own)


def changing(desk: Desk, token: str = "t", imp_uid: str = WAITING, **given: Any) -> Wanted:
    """Another amount, or three more days, are wanted of what waits."""
    payment = desk.payment(imp_uid)
    known = {"amount": payment.amount, "due": (payment.vbank_date or 0) + 3 * DAY}
    return wanted_change(token, payment, ChangeForm(**(known | given)), now=desk.times.ours())


def revoking(desk: Desk, token: str = "t", imp_uid: str = WAITING, *, has_key: bool = True) -> Wanted:
    """It is to be revoked."""
    return wanted_revocation(token, desk.payment(imp_uid), has_key=has_key)
