"""A desk that answers for personal data: verified people, members of KCP Quick, accounts at Benepia."""

from services.errors import OperationError
from services.operations import held
from services.operations.actions.identity.deletions import wanted_erasure
from services.operations.actions.identity.otp_confirmations import wanted_confirmation
from services.operations.actions.identity.otp_requests import wanted_otp
from services.operations.actions.kcp.benepia import BenepiaForm, wanted_benepia
from services.operations.actions.kcp.quick_members import wanted_member_erasure
from services.sandbox.world.known_people import put_known_people
from services.store.engine import reading
from services.tables.v1 import Channel
from tests.worlds.operations.desk import Desk

VERIFIED = "imp_990000000001"
PERSON = {
    "name": "박하늘", "phone": "010-7341-5678", "birth": "920417", "gender_digit": "2", "carrier": "SKT",
    "is_mvno": "false",
}  # fmt: skip
SENT = PERSON | {"phone": "01073415678"}
MEMBER = {"member_id": "quick_1", "site_code": "T0000", "partner_type": "IX99", "partner_subtype": "99IX"}
USER, PASSWORD = "benepia", "benepia"


def peopled(desk: Desk) -> Desk:
    """The same desk, with the people that the sandbox knows."""
    put_known_people(desk.sandbox.world, int(desk.times.at))
    return desk


def channel(desk: Desk, pg: str, *, sandbox: bool = False) -> Channel:
    """A channel of the merchant's."""
    rows = desk.sandbox.world.channels
    row = next(one for one in rows if one["pg_provider"] == pg and one["sandbox"] == sandbox and _usable(one))
    return Channel(**{name: row[name] for name in Channel.model_fields if name in row})


def _usable(row: dict[str, object]) -> bool:
    return row["type"] in ("certification", "api_payment")


def erase(desk: Desk, uid: str = VERIFIED, token: str = "t", reason: str = "고객의 삭제 요청") -> int:
    """Somebody asks to have a verification erased; the operation's id."""
    with reading(desk.engine) as conn:
        wanted = wanted_erasure(conn, token, uid, reason)
    return desk.ask(wanted)


def request_otp(desk: Desk, token: str = "t", pg: str = "danal", *, by_app: bool = False, **more: str) -> int:
    """Somebody has a one-time number sent."""
    filled = SENT | more
    wanted = wanted_otp(token, channel(desk, pg), filled, by_app=by_app)
    held.hold(token, filled)
    return desk.ask(wanted)


def begun(desk: Desk, token: str = "begun") -> str:
    """A verification that waits for its number."""
    number = request_otp(desk, token)
    desk.executor.turn()
    return desk.get(number).verification_uid or ""


def confirm(desk: Desk, uid: str, otp: str | None = None, token: str = "c") -> int:
    """The number is typed; by itself the right one."""
    number = desk.sandbox.world.otps[uid] if otp is None else otp
    wanted = wanted_confirmation(token, uid, number, by_app=False)
    held.hold(token, {"otp": number})
    return desk.ask(wanted)


def erase_member(desk: Desk, token: str = "t", **more: str) -> int:
    """Somebody asks to have a member of KCP Quick erased."""
    return desk.ask(wanted_member_erasure(token, MEMBER | more, "고객의 삭제 요청"))


def pay(
    desk: Desk, token: str = "t", amount: int = 9_900, *, password: str = PASSWORD, user: str = USER,
    sandbox: bool = False, code: str = "M1",
) -> int:  # fmt: skip
    """A buyer pays by points."""
    form = BenepiaForm(channel(desk, "kcp", sandbox=sandbox), amount, "도자기 머그컵", code, user, password)
    wanted = wanted_benepia(token, form)
    held.hold(token, {"benepia_user": user, "benepia_password": password})
    try:
        return desk.ask(wanted)
    except OperationError:
        held.forget(token)
        raise
