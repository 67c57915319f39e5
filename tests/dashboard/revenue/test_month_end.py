"""Closing on the screen: who may, what is written down, what changed since, and both time bases."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.settings import Role
from dashboard.words.formats import money
from services.clock import DAY, day_start, day_to_date, seoul
from services.months import month_name, month_span
from services.revenue.bridge import Side, bridge, bridge_rows
from services.revenue.closed_months import closing_of, month_figures, months_to_close
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from services.store.writes.sync import set_mark
from services.tables.revenue import What
from tests.worlds.screens.revenue_screens import links, world_store
from tests.worlds.screens.screens import COMES_BY_ITSELF, empty_store, payment, run_page, texts

NOTE = "은행 입금과 대조함"


@pytest.fixture(scope="module")
def as_read(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The store as its first sync leaves it."""
    engine = world_store(tmp_path_factory.mktemp("read"), payments=800)
    engine.dispose()
    return Path(engine.url.database or "").read_bytes()


@pytest.fixture
def engine(tmp_path: Path, as_read: bytes) -> Engine:
    (tmp_path / "screens.db").write_bytes(as_read)
    return empty_store(tmp_path)


def month() -> int:
    return months_to_close(time.time())[0]


def close(at: AppTest, note: str = NOTE) -> AppTest:
    at.text_area(key=f"closing.{month()}.note").set_value(note)
    return looked_at(at).button(key="closing_close").click().run()


def looked_at(at: AppTest) -> AppTest:
    """The last look before it is closed."""
    return at.button(key=f"closing.{month()}.review").click().run()


def refund_late(engine: Engine, amount: int = 1_000) -> str:
    """The console refunds, on the month's last day, a part of a payment of it; we learn of it now."""
    now = int(time.time()) + 5
    at = day_start(month_span(month())[1]) + DAY // 2
    entry = {"cancellation_id": "late", "amount": amount, "cancelled_at": at, "reason": "파손"}
    write = payment("imp_late00000", at - DAY, "paid", 9_000, cancel_amount=amount, refunds=[entry])
    with writing(engine) as conn:
        upsert_payments(conn, [write], as_of=now * 1000)
        set_mark(conn, "as_of", str(now), now)
    return "imp_late00000"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_opens_on_the_last_month_with_its_figures(engine: Engine, language: str) -> None:
    with reading(engine) as conn:
        now = month_figures(conn, month())["KRW"]
    at = run_page("month_end", language=language)
    shown = list(at.dataframe[0].value.iloc[:, 1])
    assert shown == [f"{now.payments:,}", money(now.gross, "KRW"), f"{now.refund_count:,}",
                     money(now.refunds, "KRW"), money(now.net, "KRW")]  # fmt: skip


def test_its_figures_lead_to_the_rows_of_the_month(engine: Engine) -> None:
    first, last = (day_to_date(day).isoformat() for day in month_span(month()))
    with reading(engine) as conn:
        found = month_figures(conn, month())["KRW"]
    shown = dict(links(run_page("month_end")))
    for words in (f"{found.payments:,} payments", f"{found.refund_count:,} refunds"):
        params = shown[words]
        assert (params["from"], params["to"], params["currency"]) == (first, last, "KRW")


@pytest.mark.parametrize("role", list(Role))
def test_finance_and_the_administrator_close_and_nobody_else(engine: Engine, role: Role) -> None:
    at = run_page("month_end", role=role)
    may = Permission.CLOSE_MONTH in PERMISSIONS[role]
    assert may == (role in (Role.FINANCE, Role.ADMIN))
    assert bool(at.text_area) == may


def test_closing_writes_the_figures_down_with_name_and_note(engine: Engine) -> None:
    at = close(run_page("month_end", role=Role.FINANCE))
    with reading(engine) as conn:
        closed, now = closing_of(conn, month()), month_figures(conn, month())
    assert closed is not None
    assert (closed.closed_by, closed.note, closed.figures) == ("finance@example.com", NOTE, now)
    assert "finance@example.com" in at.success[0].value.translate({0x5C: None, 0x2060: None})
    assert NOTE in texts(at)
    assert "Nothing of this month changed since it was closed." in texts(at)
    assert not at.text_area


def test_the_last_look_names_month_currencies_sums_and_note_and_writes_nothing(engine: Engine) -> None:
    at = run_page("month_end", role=Role.FINANCE)
    at.text_area(key=f"closing.{month()}.note").set_value(NOTE)
    at = looked_at(at)
    with reading(engine) as conn:
        now = month_figures(conn, month())
        assert closing_of(conn, month()) is None
    shown = texts(at).replace("\\", "")
    assert f"Close {month_name(month())}: {', '.join(now)}" in shown
    assert NOTE in shown
    for currency, known in now.items():
        assert f"{money(known.gross, currency)} · {known.payments:,}" in shown
        assert money(known.net, currency) in shown


def test_what_changed_since_the_last_look_is_looked_at_again_before_it_is_closed(engine: Engine) -> None:
    at = looked_at(run_page("month_end", role=Role.FINANCE))
    refund_late(engine)
    at = at.button(key="closing_close").click().run()
    with reading(engine) as conn:
        assert closing_of(conn, month()) is None
    at.button(key="closing_close").click().run()
    with reading(engine) as conn:
        closed = closing_of(conn, month())
        assert closed is not None
        assert closed.figures == month_figures(conn, month())


def test_what_changes_afterwards_shows_by_row_and_as_a_difference(engine: Engine) -> None:
    close(run_page("month_end", role=Role.FINANCE))
    imp_uid = refund_late(engine)
    at = run_page("month_end", role=Role.FINANCE)
    figures = at.dataframe[0].value
    assert list(figures["Difference"]) == ["+1", "+₩9,000", "+1", "+₩1,000", "+₩8,000"]
    changes = next(one.value for one in at.dataframe if "Learnt at" in one.value)
    assert set(changes["imp_uid"]) == {imp_uid}
    assert sorted(changes["Moved by"]) == [1_000, 9_000]
    at = close(at, "정정 반영")
    with reading(engine) as conn:
        again = closing_of(conn, month())
        assert again is not None
        assert again.figures == month_figures(conn, month())
    assert "Nothing of this month changed since it was closed." in texts(at)


def test_a_month_that_was_not_read_to_its_end_is_refused_and_the_note_stays(engine: Engine) -> None:
    with writing(engine) as conn:
        set_mark(conn, "as_of", str(day_start(month_span(month())[1])), 0)
    at = close(run_page("month_end"))
    assert at.error[0].value.replace("\\", "") == "The gateway was not read since the month ended: read it first."
    assert NOTE in texts(at)
    assert at.button(key="closing_change").click().run().text_area[0].value == NOTE
    with reading(engine) as conn:
        assert closing_of(conn, month()) is None


def test_both_time_bases_are_reconciled_by_row(engine: Engine) -> None:
    at = run_page("month_end")
    with reading(engine) as conn:
        gross = bridge(conn, month())[0]
        rows = bridge_rows(conn, month(), What.GROSS, Side.ELSEWHERE)
    table = next(one.value for one in at.dataframe if "Both time bases" in one.proto.alt)
    assert list(table.iloc[0, 1:]) == [
        f"{money(one.amount, 'KRW')} · {one.rows:,}"
        for one in (gross.by_event, gross.elsewhere, gross.from_elsewhere, gross.by_status)
    ]
    behind = [one.value for one in at.dataframe if "Paid or refunded at" in one.value]
    assert [list(one["imp_uid"]) for one in behind] == ([[row.imp_uid for row in rows]] if rows else [])


def test_a_day_before_all_was_known_says_so(engine: Engine) -> None:
    at = run_page("month_end")
    at.date_input(key="closing.known_on").set_value("2020-01-01").run()
    assert "Nothing is known" in at.warning[0].value


@pytest.mark.parametrize("named", ["2026-13", "x", "2019-01", ""])
def test_an_unknown_month_in_the_address_opens_the_last_one(engine: Engine, named: str) -> None:
    at = run_page("month_end", query={"month": named})
    assert at.selectbox(key="closing.month").value == month()
    other = months_to_close(time.time())[2]
    assert run_page("month_end", query={"month": month_name(other)}).selectbox(key="closing.month").value == other


def test_a_month_that_cannot_be_shown_is_told_of_beside_the_one_that_is(engine: Engine) -> None:
    def told(named: str) -> list[str]:
        boxes = run_page("month_end", query={"month": named}).info
        return [one.value.replace("\\", "") for one in boxes if "is shown" in one.value]

    shown = month_name(month())
    running = f"{seoul(time.time()):%Y-%m}"
    for named in (running, "2999-12"):
        assert told(named) == [f"{named} is not over yet, so it cannot be closed: {shown} is shown."]
    for named in ("2019-01", "2999-13", "x"):
        assert told(named) == [f"“{named}” is none of the months that can be chosen here: {shown} is shown."]
    assert told("") == told(shown) == []


def test_the_other_time_basis_is_said_to_be_that_of_the_gateways_list(engine: Engine) -> None:
    seen = texts(run_page("month_end"))
    assert "V1's own list of payments goes by the time of the state" in seen
    assert "Payments here goes by the day of payment" in seen


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_empty_store_says_what_to_do(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    assert COMES_BY_ITSELF[language] in texts(run_page("month_end", language=language))
