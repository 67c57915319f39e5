"""For the simulator of operations: accounts and store numbers that are issued, changed, revoked, and paid into."""

from collections.abc import Callable

from services.clock import DAY
from services.operations.actions.vbanks.changes import ChangeForm, wanted_change
from services.operations.actions.vbanks.forms import WaitingForm, wanted_cvs, wanted_vbank
from services.operations.actions.vbanks.revocations import wanted_revocation
from services.sandbox.world.shelf import Row
from services.tables.v1 import Channel, Payment
from tests.worlds.operations.people import People
from tests.worlds.operations.simulator import Simulator

_SHOWN = ("imp_uid", "merchant_uid", "currency", "pg_provider", "pay_method", "status", "amount", "vbank_num",
          "vbank_date")  # fmt: skip
_BUYER = {"buyer_name": "홍길동", "buyer_tel": "01073415678", "buyer_email": "hong@example.com",
          "vbank_holder": "장부상점"}  # fmt: skip


class Waiters(People):
    """People who issue accounts for a few orders, change and revoke them by what they saw, while buyers pay."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(simulator)
        self._changed = 0

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {self._issue: 9, self._number: 3, self._change: 6, self._revoke: 4, self.again: 3, self.decide: 5}

    def console(self) -> None:
        """A buyer pays."""
        if waiting := [row for row in self._rows() if row["status"] == "ready"]:
            self.all.seen["deposits"] += 1
            self.all.gate.sandbox.deposit(self.chance.choice(waiting)["imp_uid"])

    def _issue(self) -> None:
        channel = self._channel(self.chance.choice(("settle", "html5_inicis")))
        form, seen = self._form()
        self.ask(wanted_vbank(self.token(), channel, form, now=self.all.times.ours(), has_key=True, open_ones=seen))

    def _number(self) -> None:
        form, seen = self._form()
        channel = self._channel("galaxia")
        self.ask(wanted_cvs(self.token(), channel, form, now=self.all.times.ours(), open_ones=seen))

    def _form(self) -> tuple[WaitingForm, list[str]]:
        order = f"TEL{self.chance.randrange(4)}"
        seen = [row["imp_uid"] for row in self._rows() if row["merchant_uid"] == order and row["status"] == "ready"]
        due = int(self.all.times.theirs()) + self.chance.choice((2, 7)) * DAY
        amount = self.chance.choice((10_000, 33_000))
        return WaitingForm(amount, "도자기 머그컵", due, order, "088", more=_BUYER, meant=True), seen

    def _change(self) -> None:
        """To an amount that nobody had before: what stands there was then made by this one."""
        if (payment := self._some("settle")) is None:
            return
        self._changed += 1
        form = ChangeForm(100_000 + self._changed, int(self.all.times.theirs()) + 9 * DAY)
        self.ask(wanted_change(self.token(), payment, form, now=self.all.times.ours()))

    def _revoke(self) -> None:
        if payment := self._some():
            self.ask(wanted_revocation(self.token(), payment, has_key=True))

    def _some(self, pg: str | None = None) -> Payment | None:
        rows = [row for row in self._rows() if row["status"] == "ready" and pg in (None, row["pg_provider"])]
        if not rows:
            return None
        row = self.chance.choice(rows)
        return Payment(**{name: row[name] for name in _SHOWN}, cancel_amount=0)

    def _rows(self) -> list[Row]:
        return [row for row in self.all.gate.sandbox.payments.values() if row["pay_method"] in ("vbank", "cvs")]

    def _channel(self, pg: str) -> Channel:
        return Channel(**next(one for one in self.all.gate.sandbox.world.channels if one["pg_provider"] == pg))


class Waiting(Simulator):
    """Histories of accounts that wait for money."""

    def new_people(self) -> People:
        return Waiters(self)
