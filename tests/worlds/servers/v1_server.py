"""A second V1 gateway, written from the contract and sharing no code with the sandbox: legal, and different.

Its answers come in another spelling: numbers as text, fields left out where they are null, fields nobody knows,
pages without `next` and `previous`, schedules as plain arrays, tokens that end after forty calls.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.worlds.servers.listening import Door, listening

KEY, SECRET = "another", "another secret"
_LIFE = 40
Row = dict[str, Any]
_AT = {"paid": "paid_at", "cancelled": "cancelled_at", "failed": "failed_at"}


class No(Exception):
    """A refusal with its HTTP status."""


class Gateway:
    """Payments in the order in which they changed, schedules, keys."""

    def __init__(self, payments: list[Row], schedules: list[Row], keys: list[Row], now: Callable[[], int]) -> None:
        self.payments, self.schedules, self.now = payments, schedules, now
        self.keys = {row["customer_uid"]: row for row in keys}
        self.tokens, self.left = 0, 0
        self.spell: Callable[[bytes], bytes] = lambda raw: raw
        """The last hand on an answer's bytes."""

    def token(self, body: Row) -> Row:
        if (body.get("imp_key"), body.get("imp_secret")) != (KEY, SECRET):
            raise No(401)
        self.tokens, self.left = self.tokens + 1, _LIFE
        return {"access_token": f"A{self.tokens}", "now": str(self.now()), "expired_at": str(self.now() + 1800)}

    def get(self, path: list[str], query: dict[str, list[str]]) -> tuple[int, Any]:
        match path:
            case ["payments", "status", "all"]:
                return 200, self.page(query)
            case ["subscribe", "payments", "schedule"]:
                return 200, self.array(query)
            case ["subscribe", "customers"]:
                return self.batch(query["customer_uid[]"])
            case ["subscribe", "customers", uid] if uid in self.keys:
                return 200, spelt(self.keys[uid])
            case ["payments", uid]:
                return 200, next((spelt(row) for row in self.payments if row["imp_uid"] == uid), None)
        raise No(404)

    def cancel(self, body: Row) -> tuple[int, Any]:
        row = next(row for row in self.payments if row["imp_uid"] == body["imp_uid"])
        entry = {"pg_tid": "t", "amount": body["amount"], "cancelled_at": self.now(), "reason": body["reason"]}
        row["cancel_amount"] += body["amount"]
        row["cancel_history"].append(entry)
        return 200, spelt(row)

    def page(self, query: dict[str, list[str]]) -> Row:
        first, last = int(query["from"][0]), int(query["to"][0])
        if last - first > 90 * 86_400:
            raise No(400)
        chosen = [row for row in self.payments if first <= row[_AT.get(row["status"], "started_at")] <= last]
        if query["sorting"] == ["-updated"]:
            chosen.reverse()
        else:
            assert query["sorting"] == ["started"]
            chosen.sort(key=lambda row: (row["started_at"], row["imp_uid"]))
        begin, limit = _cut(query)
        if begin and begin >= len(chosen):
            raise No(400)
        return {"list": [spelt(row) for row in chosen[begin : begin + limit]], "total": str(len(chosen)), "more": True}

    def array(self, query: dict[str, list[str]]) -> list[Row]:
        first, last = int(query["schedule_from"][0]), int(query["schedule_to"][0])
        chosen = [row for row in self.schedules if first <= row["schedule_at"] < last]
        begin, limit = _cut(query)
        return [spelt(row) for row in chosen[begin : begin + limit]]

    def batch(self, uids: list[str]) -> tuple[int, Any]:
        found = [spelt(self.keys[uid]) for uid in uids if uid in self.keys]
        if not found:
            raise No(404)
        return (200 if len(found) == len(uids) else 207), found


def _cut(query: dict[str, list[str]]) -> tuple[int, int]:
    page, limit = int(query.get("page", ["1"])[0]), int(query.get("limit", ["20"])[0])
    assert limit <= 1000
    return (page - 1) * limit, limit


def spelt(value: Any) -> Any:
    """The same said differently: whole numbers as text, nulls left out, and a field from the future."""
    if isinstance(value, dict):
        return {name: spelt(one) for name, one in value.items() if one is not None} | {"from_2031": {"a": [1.5]}}
    if isinstance(value, list):
        return [spelt(one) for one in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@contextmanager
def serving(gateway: Gateway) -> Iterator[str]:
    """Serves it on a free loopback port while the block lasts; gives the base address."""
    lock = threading.Lock()

    class Handler(Door):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                cancels = self.path == "/payments/cancel"
                self.tell(lambda: gateway.cancel(body) if cancels else (200, gateway.token(body)))

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = [unquote(part) for part in parts.path.strip("/").split("/")]
            with lock:
                if self.headers["authorization"] != f"Bearer A{gateway.tokens}" or not gateway.left:
                    return self.send(401, {"code": "-1", "message": "token"})
                gateway.left -= 1
                return self.tell(lambda: gateway.get(path, parse_qs(parts.query)))

        def tell(self, find: Callable[[], tuple[int, Any]]) -> None:
            try:
                status, found = find()
            except No as no:
                self.send(int(no.args[0]), {"message": "없습니다", "code": "1"})
            else:
                self.send(status, {"response": found, "code": "0", "trace": "x"})

        def send(self, status: int, body: Row) -> None:
            raw = gateway.spell(json.dumps(body, ensure_ascii=False, indent=1).encode())
            self.answer(status, raw)

    with listening(Handler) as address:
        yield address
