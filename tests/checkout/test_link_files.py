"""A file of links: each row is judged by its columns, makes one link, and asks nobody for the same twice."""

import csv
import io
import json
import time
from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import Engine

from services.checkout import checkouts
from services.checkout.checkouts import Channel
from services.checkout.files import link_files
from services.checkout.files.link_files import latest_files, links_of_file, make_links
from services.checkout.files.link_rows import COLUMNS, LinkRun, Terms, dry_run
from services.checkout.parameters.case import Merchant
from services.clock import DAY, SEOUL
from services.errors import InvalidRequest
from services.operations.journal import audit
from services.store.engine import reading, writing
from services.store.hash_chain import Verdict
from services.tables.checkouts import Checkout, CheckoutKind
from tests.checkout.conftest import NAVER, SUPPORT, Made

INICIS = Channel("channel-key-inicis", "html5_inicis", "MIDlive", sandbox=False)
KEY = ("key-1", "", "", "김서연", "010-1234-5678", "", "", "", "")
PAYMENT = ("", "12,000", "추가 배송비", "이민준", "010-2222-3333", "SHIP", "3", "2", "11월")


def content(*rows: Sequence[str], head: Sequence[str] = COLUMNS, encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def looked(store: Engine, file: bytes, now: float, channel: Channel = NAVER) -> LinkRun:
    with reading(store) as conn:
        return dry_run(conn, "11월.csv", file, Terms(channel, Merchant(), "카드 재등록"), now)


def links(store: Engine) -> list[Checkout]:
    with reading(store) as conn:
        return sorted(checkouts.latest(conn, 10_000), key=lambda one: one.file_row or 0)


def faults(run: LinkRun) -> list[tuple[int, str, str]]:
    return [(row.number, str(one.values["field"]), str(one)) for row in run.rows for one in row.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_row_with_a_key_registers_it_and_one_with_an_amount_is_paid(store: Engine, now: float, encoding: str) -> None:
    run = looked(store, content(KEY, PAYMENT, encoding=encoding), now)
    assert (run.faulty, run.amount) == (0, 24_000)
    later = now + 1_000
    made = make_links(store, run.begun_at(later), SUPPORT, later)
    assert (made.links, made.left_out) == (2, 0)
    key, payment = links(store)
    assert (key.kind, key.customer_uid, key.amount, key.name) == (CheckoutKind.REGISTRATION, "key-1", 0, "카드 재등록")
    assert (key.buyer_name, key.buyer_tel, key.uses) == ("김서연", "010-1234-5678", 1)
    assert key.expires_at == int(later) + 7 * DAY
    assert (payment.kind, payment.amount, payment.uses, payment.memo) == (CheckoutKind.PAYMENT, 12_000, 2, "11월")
    assert payment.expires_at == int(later) + 3 * DAY
    assert json.loads(payment.request)["naverProducts"][0]["uid"] == "SHIP"
    assert [key.file_row, payment.file_row] == [2, 3]


def test_each_mistake_names_its_row_and_its_column(store: Engine, now: float) -> None:
    rows = (
        ("", "12.000", "", "", "01", "", "0", "many", ""),
        ("key-1", "", "", "", "", "", "", "3", ""),
        ("", "0", "머그컵", "", "", "", "", "", ""),
        ("", "1000", "머그컵 외 2개", "", "", "", "91", "", ""),
    )
    found = {(number, column) for number, column, _words in faults(looked(store, content(*rows), now))}
    assert found == {
        *((2, column) for column in ("amount", "name", "buyer_tel", "days", "uses")),
        *((3, column) for column in ("buyer_tel", "uses")),
        (4, "amount"),
        *((5, column) for column in ("name", "days")),
    }


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (content(("1",), head=("customer_uid",)), "lacks buyer_tel"),
        (content(("010-1234-5678",), head=("buyer_tel",)), "lacks customer_uid, amount"),
        (content(("k", "1", "x"), head=("customer_uid", "buyer_tel", "price")), "price"),
    ],
)
def test_a_file_of_something_else_is_none_of_ours(store: Engine, now: float, file: bytes, sentence: str) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        looked(store, file, now)


def test_what_a_spreadsheet_did_to_a_phone_is_undone(store: Engine, now: float) -> None:
    head = ("customer_uid", "buyer_tel")
    run = looked(store, content(("a", "1012345678"), ("b", "'+82 10-1234-5678"), head=head), now)
    assert not run.faulty
    assert [one.request["buyer_tel"] for one in run.offers.values()] == ["010-1234-5678", "+82 10-1234-5678"]


def test_nobody_is_asked_for_the_same_twice(store: Engine, made: Made, now: float) -> None:
    open_link = made(customer_uid="key-1")
    gone = made(customer_uid="key-2")
    with writing(store) as conn:
        checkouts.withdraw(conn, gone.id, SUPPORT, now)
    other = ("key-2", *KEY[1:])
    same_phone = ("", "12000", "추가 배송비", "", "+82 10 2222 3333", "", "", "", "")
    more = ("", "13000", *PAYMENT[2:])
    run = looked(store, content(KEY, other, other, PAYMENT, same_phone, more), now)
    assert faults(run) == [
        (2, "customer_uid", f"Link {open_link.id} asks for the same and is still open: withdraw it first, "
                            "or leave this row out."),
        (4, "customer_uid", "Row 3 asks for the same already."),
        (6, "buyer_tel", "Row 5 asks for the same already."),
    ]  # fmt: skip
    assert list(run.offers) == [3, 5, 7]


def test_the_same_file_makes_nothing_twice(store: Engine, now: float) -> None:
    file = content(KEY, PAYMENT)
    run = looked(store, file, now)
    first = make_links(store, run, SUPPORT, now)
    assert make_links(store, run, SUPPORT, now) == link_files.Made(first.file_id, 0, 2)
    again = looked(store, file, now + 1)
    assert (again.made, again.faulty, dict(again.offers)) == (2, 0, {})
    assert [row.made for row in again.rows] == [one.id for one in links(store)]
    with reading(store) as conn:
        assert audit.verify(conn) == Verdict(entries=3, broken_at=None)  # the file and two links


def test_next_month_the_same_file_asks_anew_for_what_is_not_open_any_more(store: Engine) -> None:
    november = datetime(2026, 11, 28, 12, tzinfo=SEOUL).timestamp()
    for_three_days, for_a_month = PAYMENT, ("key-2", "", "", "박지호", "010-3333-4444", "", "30", "", "")
    file = content(for_three_days, for_a_month)
    make_links(store, looked(store, file, november), SUPPORT, november)
    assert list(looked(store, file, november + 2 * DAY).offers) == []
    december = looked(store, file, november + 4 * DAY)
    assert list(december.offers) == [2]
    assert [row for row, _field, _words in faults(december)] == [3]
    assert make_links(store, december, SUPPORT, november + 4 * DAY).links == 1


def test_what_was_broken_off_goes_on_where_it_stopped(
    store: Engine, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_files, "CHUNK", 2)
    run = looked(store, content(*((f"key-{n}", *KEY[1:]) for n in range(5))), now)
    steps = []

    def stop(done: int, of: int) -> None:
        steps.append((done, of))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_links(store, run, SUPPORT, now, stop)
    assert (steps, len(links(store))) == ([(2, 5)], 2)
    made = make_links(store, run, SUPPORT, now)
    with reading(store) as conn:
        assert [one.customer_uid for one in links_of_file(conn, made.file_id)] == [f"key-{n}" for n in range(5)]
        ((file, states),) = latest_files(conn, 10)
    assert (file.rows, states, made.links) == (5, {"open": 5}, 3)


def test_a_link_that_somebody_makes_meanwhile_is_made_once(store: Engine, made: Made, now: float) -> None:
    run = looked(store, content(KEY, PAYMENT), now)
    made(customer_uid="key-1")
    found = make_links(store, run, SUPPORT, now)
    assert (found.links, found.left_out) == (1, 1)


def test_five_thousand_rows_are_seconds(sqlite_store: Engine) -> None:
    now = time.time()
    rows = [(f"key-{n}", "", "", "김서연", f"010-{n:04}-5678", "", "", "", "") for n in range(5_000)]
    run = looked(sqlite_store, content(*rows), now)
    steps: list[int] = []
    made = make_links(sqlite_store, run, SUPPORT, now, lambda done, _all: steps.append(done))
    assert (made.links, len(steps)) == (5_000, 10)


def test_a_channel_of_another_pg_has_rules_of_its_own(store: Engine, now: float) -> None:
    run = looked(store, content(("", "12000", "머그컵 외 2개", "", "", "", "", "", "")), now, INICIS)
    assert [column for _number, column, _words in faults(run)] == ["buyer_tel"]
