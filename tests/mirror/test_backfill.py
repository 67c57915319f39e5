"""A first pass: the newest months first and usable at once, how far it is, and where a stopped one goes on."""

from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import GatewayError
from services.mirror.run import Progress
from services.mirror.sync import sync
from services.mirror.windows import payment_windows
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from services.store.lists.system import Freshness, freshness
from tests.worlds.mirrors import Stores, difference, make_gateway, make_sandbox
from tests.worlds.sandboxes import UNTIL

SPAN = 1_125


class Counted:
    """A gateway that remembers which windows of payments were asked for, and may go down after so many requests."""

    def __init__(self, sandbox: Sandbox, *, up_for: int = 10**9) -> None:
        self.sandbox, self.left = sandbox, up_for
        self.windows: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.left -= 1
        if self.left < 0:
            raise httpx.ConnectError("down", request=request)
        if request.url.path.startswith("/payments/status/"):
            self.windows.append(int(parse_qs(urlsplit(str(request.url)).query)["from"][0]))
        return self.sandbox(request)


def seen(engine: Engine) -> Freshness:
    with reading(engine) as conn:
        return freshness(conn)


def test_the_newest_months_are_there_and_usable_before_the_older_ones(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=400, days=400)
    counted, told = Counted(sandbox), []
    with Stores(tmp_path).new() as engine:

        def look(step: Progress) -> None:
            told.append((step, seen(engine)))

        result = sync(make_gateway(counted, clock), engine, days=SPAN, progress=look)
        whole = seen(engine)
        assert difference(engine, sandbox) == []
    assert result.payments == len(sandbox.world.payments)
    assert (whole.backfilled, whole.filling) == (True, None)
    starts = list(dict.fromkeys(counted.windows))
    assert starts[:4] == sorted(starts[:4], reverse=True)
    assert starts[0] == payment_windows(UNTIL, SPAN)[-1].from_at
    months = [step.filled.months for step, _fresh in told if step.filled]
    assert months == sorted(months)
    assert {of for _done, of in months} == {37}
    # While older ones were read, the newest stood there, with the time they are of and how many they are.
    early = next(fresh for step, fresh in told if fresh.as_of)
    assert not early.backfilled
    assert early.filling is not None
    assert 0 < early.payments < len(sandbox.world.payments)


def test_a_window_without_payments_costs_one_request(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=100, days=60)
    counted = Counted(sandbox)
    empty = {window.from_at for window in payment_windows(UNTIL, SPAN) if window.end_at < UNTIL - 70 * DAY}
    with Stores(tmp_path).new() as engine:
        sync(make_gateway(counted, clock), engine, days=SPAN)
    asked = Counter(counted.windows)
    assert len(empty) > 9
    assert {asked[at] for at in empty} == {1}


def test_a_first_pass_that_is_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=400, days=400)
    with Stores(tmp_path).new() as engine:
        first = Counted(sandbox, up_for=22)
        with pytest.raises(GatewayError):
            sync(make_gateway(first, clock), engine, days=SPAN)
        cut = seen(engine)
        assert cut.as_of
        assert cut.filling
        second = Counted(sandbox)
        sync(make_gateway(second, clock), engine, days=SPAN)
        assert difference(engine, sandbox) == []
        # What was read whole is only looked at once more, as in every run.
        newest = payment_windows(UNTIL, SPAN)[-1].from_at
        assert Counter(second.windows)[newest] == 1
        assert seen(engine).backfilled


def test_a_longer_span_than_before_reads_what_is_older_and_says_so_meanwhile(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=400, days=400)
    with Stores(tmp_path).new() as engine:
        sync(make_gateway(sandbox, clock), engine, days=100)
        assert seen(engine).backfilled
        meanwhile: list[Freshness] = []
        sync(make_gateway(sandbox, clock), engine, days=SPAN, progress=lambda _step: meanwhile.append(seen(engine)))
        assert any(fresh.filling and not fresh.backfilled for fresh in meanwhile)
        assert difference(engine, sandbox) == []
