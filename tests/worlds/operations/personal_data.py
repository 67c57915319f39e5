"""For the simulator of operations: personal data erased, verified by numbers and paid for by points, all at once."""

from collections.abc import Callable, Mapping

from services.operations import held
from services.operations.actions.identity.deletions import wanted_erasure
from services.operations.actions.identity.otp_confirmations import wanted_confirmation
from services.operations.actions.identity.otp_requests import wanted_otp
from services.operations.actions.kcp.benepia import BenepiaForm, wanted_benepia
from services.operations.actions.kcp.quick_members import wanted_member_erasure
from services.operations.journal.journal import Wanted
from services.sandbox.world.known_people import put_known_people
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind, OperationState
from services.tables.v1 import Channel
from tests.worlds.operations.gate import Gate
from tests.worlds.operations.people import People
from tests.worlds.operations.simulator import Simulator

_PERSON = {
    "name": "박하늘", "phone": "01073415678", "birth": "920417", "gender_digit": "2", "carrier": "SKT",
    "is_mvno": "false",
}  # fmt: skip
_CODES = {"site_code": "T0000", "partner_type": "IX99", "partner_subtype": "99IX"}
_ACCOUNT = {"benepia_user": "benepia", "benepia_password": "benepia"}


class Officers(People):
    """People who answer for personal data, and one at whose desk buyers pay by points."""

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {
            self._erase: 3, self._begin: 5, self._confirm: 6, self._member: 4, self._pay: 5, self.again: 3,
            self.decide: 5,
        }  # fmt: skip

    def _erase(self) -> None:
        if known := sorted(self.all.gate.sandbox.world.verifications):
            with reading(self.all.engine) as conn:
                self.ask(wanted_erasure(conn, self.token(), self.chance.choice(known), "삭제 요청"))

    def _begin(self) -> None:
        self._holding(wanted_otp(self.token(), self._channel("danal", "certification"), _PERSON), _PERSON)

    def _confirm(self) -> None:
        world = self.all.gate.sandbox.world
        if waiting := sorted(uid for uid in world.otps if uid in world.verifications):
            uid = self.chance.choice(waiting)
            otp = self.chance.choice((world.otps[uid], world.otps[uid], "000000"))
            self._holding(wanted_confirmation(self.token(), uid, otp, by_app=False), {"otp": otp})

    def _member(self) -> None:
        member = self.chance.choice(("quick_1", "quick_2", "nobody"))
        self.ask(wanted_member_erasure(self.token(), _CODES | {"member_id": member}, "삭제 요청"))

    def _pay(self) -> None:
        amount = self.chance.choice((9_900, 30_000))
        form = BenepiaForm(self._channel("kcp", "api_payment"), amount, "머그컵", "M1", "benepia", "benepia")
        self._holding(wanted_benepia(self.token(), form), _ACCOUNT)

    def _decide_on(self, operation: Operation) -> None:
        """A member who was asked about twice is settled: each time more takes another quarter of an hour."""
        twice = operation.kind == OperationKind.DELETE_QUICK_MEMBER and operation.noted_at is not None
        if operation.state == OperationState.NEEDS_PERSON and twice:
            if not self._held(operation.id):
                self._settle(operation.id, done=bool(self._made(operation.id)))
            return
        super()._decide_on(operation)

    def _holding(self, wanted: Wanted, personal: Mapping[str, str]) -> None:
        held.hold(wanted.token, personal)
        self.ask(wanted)

    def _channel(self, pg: str, kind: str) -> Channel:
        rows = self.all.gate.sandbox.world.channels
        row = next(one for one in rows if (one["pg_provider"], one["type"], one["sandbox"]) == (pg, kind, False))
        return Channel(**{name: row[name] for name in Channel.model_fields if name in row})


class Erasing(Simulator):
    """Histories of personal data; with a process what it holds is gone."""

    def new_gate(self) -> Gate:
        """What stands before the gateway: people whom it knows."""
        gate = super().new_gate()
        put_known_people(gate.sandbox.world, int(self.times.at))
        return gate

    def new_people(self) -> People:
        """Who acts in it."""
        return Officers(self)

    def _kill(self, number: int) -> None:
        super()._kill(number)
        for wanted in self.people.asked:
            if self.chance.random() < 0.5:  # the other process holds the rest
                held.forget(wanted.token)
