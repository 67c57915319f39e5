"""Answers that are not as the contract says: nothing crashes, what can be kept is kept, and all of it is counted."""

import random
from collections import Counter
from typing import Any

import httpx
import msgspec
from sqlalchemy import Engine

from services.exports.columns import BY_KIND
from services.exports.export import export
from services.gateway import decoder
from services.mirror.sync import sync
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from services.store.lists.filters import PaymentFilter
from services.store.lists.system import list_oddities
from services.store.lists.unreadable import list_unreadable
from services.tables.v1 import Basis
from tests.exports.test_files import EVERY
from tests.gateway.test_decoder import mutated
from tests.worlds.key_recount import require_whole
from tests.worlds.mirrors import make_gateway, make_sandbox
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted
from tests.worlds.rows.payment_rows import EVERYTHING, listed

_IDS = {"/payments/status/": "imp_uid", "/subscribe/payments/schedule": "merchant_uid", "/users/pg": "pg_id"}
_IDS |= {"/subscribe/customers": "customer_uid"}
_READERS: dict[str, decoder.RowKind[Any]] = {
    "imp_uid": decoder.payment,
    "merchant_uid": decoder.schedule,
    "customer_uid": decoder.billing_key,
}
_READERS |= {"pg_id": decoder.channel}


class Odd:
    """In front of a sandbox: every row of its lists is changed at random, the same way each time it is told."""

    def __init__(self, sandbox: Sandbox, seed: int) -> None:
        self.sandbox, self.seed = sandbox, seed
        self.told: dict[tuple[str, str], bytes] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.sandbox(request)
        name = next((one for path, one in _IDS.items() if request.url.path.startswith(path)), None)
        if name is None or answer.status_code >= 400:
            return answer
        envelope = msgspec.json.decode(answer.content)
        found = envelope["response"]
        rows = found.get("list", found) if isinstance(found, dict) else found
        if not isinstance(rows, list):  # one by itself
            envelope["response"] = msgspec.Raw(self.changed(name, found))
        else:
            rows[:] = [msgspec.Raw(self.changed(name, row)) for row in rows]
        return httpx.Response(answer.status_code, content=msgspec.json.encode(envelope))

    def changed(self, name: str, row: dict[str, Any]) -> bytes:
        """The row with a few fields changed, but never under another row's id."""
        chance = random.Random(f"{self.seed} {row[name]}")
        while not self.usable(raw := mutated(chance, row), name, row[name]):
            pass
        self.told[name, str(row[name])] = raw
        return raw

    def usable(self, raw: bytes, name: str, own: str) -> bool:
        try:
            value = msgspec.json.decode(raw).get(name)
        except (msgspec.DecodeError, UnicodeDecodeError, AttributeError):
            return False
        return value in (own, None)

    def readable(self, name: str) -> dict[str, Any]:
        """What of it can be understood, by id."""
        found = {}
        for (kind, uid), raw in self.told.items():
            if kind == name:
                try:
                    found[uid] = _READERS[name](raw)
                except decoder.Unreadable:
                    continue
        return found


def test_f14_two_thousand_mutated_rows_crash_nothing_and_are_kept_and_counted(store: Engine) -> None:
    sandbox, clock = make_sandbox(14, payments=2_000)
    odd = Odd(sandbox, 14)
    sync(make_gateway(odd, clock), store)
    assert len(odd.told) > 2_000
    payments, schedules = odd.readable("imp_uid"), odd.readable("merchant_uid")
    told = {name: sum(kind == name for kind, _uid in odd.told) for name in _READERS}
    with reading(store) as conn:
        extras = dict(tuple(row) for row in conn.exec_driver_sql("SELECT imp_uid, extra FROM payment"))
        orders = {row[0] for row in conn.exec_driver_sql("SELECT merchant_uid FROM schedule")}
        noted = Counter(one.kind for one in list_unreadable(conn, 10_000))
        counted = {(one.kind, one.name): one.seen for one in list_oddities(conn)}
    assert extras.keys() == payments.keys()
    assert orders == schedules.keys()
    for kind, name, found in (("payment", "imp_uid", payments), ("schedule", "merchant_uid", schedules)):
        assert 0 < told[name] - len(found) == noted[kind]
        expected = {oddity for one in found.values() for oddity in one.oddities}
        assert expected <= counted.keys()
    for uid, payload in payments.items():
        assert set(msgspec.json.decode(extras[uid] or "{}")) == set(payload.extra), uid


def test_f14_what_was_odd_can_be_listed_summed_searched_and_exported(store: Engine) -> None:
    sandbox, clock = make_sandbox(15, payments=700)
    sync(make_gateway(Odd(sandbox, 15), clock), store)
    assert totals_kept(store) == totals_recounted(store)
    assert index_kept(store) == index_rebuilt(store)
    require_whole(store, "odd answers")
    rows = listed(store, EVERYTHING)
    assert len(rows) == len(listed(store, PaymentFilter(live=EVERYTHING.live, basis=Basis.STARTED))) > 500
    for kind in BY_KIND:
        for fmt in ("csv", "xlsx"):
            assert b"".join(export(store, kind, EVERY[kind], fmt=fmt, labels=None, with_buyers=True))
