"""Lists: every filter, text and page shows the rows it means, from an index."""

import random
import re
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Engine

from services.errors import InvalidFilter
from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.payments import search_payments
from services.store.lists.refunds import search_refunds
from services.store.lists.totals import count_payments
from services.store.writes.payments import PaymentWrite
from services.tables.v1 import Basis
from tests.worlds.plans import plans_of
from tests.worlds.rows.page_walk import there_and_back
from tests.worlds.rows.payment_rows import (
    EVERYTHING,
    FIRST_DAY,
    fill,
    fill_plans,
    ids,
    lets_through,
    listed,
    mixed,
    some_filter,
)


def test_random_filters_show_the_rows_that_they_mean(store: Engine) -> None:
    writes, chance = mixed(), random.Random(11)
    fill(store, writes)
    found = 0
    for _ in range(150):
        chosen = some_filter(chance, writes)
        rows = listed(store, chosen)
        assert sorted(ids(rows)) == sorted(w.values["imp_uid"] for w in writes if lets_through(chosen, w)), chosen
        found += len(rows)
    assert found > 500


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_name_of_any_length_finds_what_like_finds(store: Engine, length: int) -> None:
    writes = mixed()
    fill(store, writes)
    names = {write.values["buyer_name"] for write in writes}
    for text in sorted({name[at : at + length] for name in names for at in range(4 - length)})[:60]:
        with reading(store) as conn:
            like = conn.exec_driver_sql(
                f"SELECT imp_uid FROM payment WHERE buyer_name LIKE '%%{text}%%'"
                if store.dialect.name == "postgresql"
                else f"SELECT imp_uid FROM payment WHERE buyer_name LIKE '%{text}%'"
            )
            expected = {row[0] for row in like}
        rows = listed(store, PaymentFilter(text=text, live=Live.ALL))
        assert {row.imp_uid for row in rows if "buyer_name" in row.hits} == expected


@pytest.mark.parametrize("basis", [Basis.PAID, Basis.STATUS, Basis.STARTED])
@pytest.mark.parametrize(
    "chosen",
    [
        EVERYTHING,
        PaymentFilter(),
        PaymentFilter(states=frozenset({"failed"})),
        PaymentFilter(states=frozenset({"cancelled", "failed", "ready"}), amount_from=15_000),
        PaymentFilter(text="김"),
        PaymentFilter(customer_uid="uid3"),
    ],
)
def test_paging_there_and_back_visits_every_row_once(store: Engine, chosen: PaymentFilter, basis: Basis) -> None:
    writes = mixed(300)
    fill(store, writes)
    chosen = PaymentFilter(**{name: getattr(chosen, name) for name in chosen.__slots__} | {"basis": basis})
    expected = {write.values["imp_uid"] for write in writes if lets_through(chosen, write)}
    with reading(store) as conn:
        forwards = ids(there_and_back(partial(search_payments, conn, chosen, limit=17)))
    assert len(forwards) == len(set(forwards))
    assert set(forwards) == expected


def test_rows_that_are_all_old_are_found_behind_the_newest_page(store: Engine) -> None:
    writes = mixed(400)
    split = FIRST_DAY + 10
    for write in writes:
        write.values["pg_provider"] = "old" if write.values["started_at"] // 86_400 < split else "new"
    fill(store, writes)
    chosen = PaymentFilter(pg_providers=frozenset({"old"}), live=Live.ALL)
    expected = {write.values["imp_uid"] for write in writes if write.values["pg_provider"] == "old"}
    assert set(ids(listed(store, chosen, limit=5))) == expected


@pytest.mark.parametrize("field", ["imp_uid", "merchant_uid"])
def test_an_exact_id_leaves_dates_and_filters_aside(store: Engine, field: str) -> None:
    writes = mixed(50)
    fill(store, writes)
    wanted = next(write.values for write in writes if write.values["sandbox"])
    chosen = PaymentFilter(text=wanted[field], from_day=1, to_day=2, states=frozenset({"pending"}))
    with reading(store) as conn:
        page = search_payments(conn, chosen)
        assert count_payments(conn, chosen).n == 1
    assert page.exact
    assert ids(list(page.rows)) == [wanted["imp_uid"]]
    assert page.rows[0].hits == (field,)


def test_the_number_of_the_pg_is_that_of_a_payment_or_of_one_of_its_refunds(store: Engine) -> None:
    first, second, third = (write.values for write in mixed(3))
    refund = {"cancellation_id": "c1", "pg_tid": "naverc00000000000001", "amount": 1, "cancelled_at": 1, "reason": "r"}
    fill(
        store,
        [
            PaymentWrite(first | {"pg_tid": "naverp19664061884105"}, [], None),
            PaymentWrite(second | {"pg_tid": "naverp19664061884106"}, [refund], None),
            PaymentWrite(third | {"pg_tid": None}, [], None),
        ],
    )
    for text, wanted in (("naverp19664061884105", first), (refund["pg_tid"], second)):
        with reading(store) as conn:
            page = search_payments(conn, PaymentFilter(text=text, from_day=1, to_day=2))
        assert page.exact
        assert [(row.imp_uid, row.hits) for row in page.rows] == [(wanted["imp_uid"], ("pg_tid",))]
    with reading(store) as conn:
        assert [
            row.cancellation_id for row in search_refunds(conn, PaymentFilter(text="naverc00000000000001")).rows
        ] == ["c1"]
        assert not search_payments(conn, PaymentFilter(text="naverp1966406188410")).rows


def test_all_attempts_of_an_order_number_are_shown(store: Engine) -> None:
    first = mixed(1)[0]
    attempts = [
        PaymentWrite(first.values | {"imp_uid": f"imp_{at}", "started_at": 100 + at}, [], None) for at in range(3)
    ]
    fill(store, attempts)
    with reading(store) as conn:
        page = search_payments(conn, PaymentFilter(text=first.values["merchant_uid"]))
    assert sorted(ids(list(page.rows))) == ["imp_0", "imp_1", "imp_2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0% 면", ["100% 면"]),
        ("a_b", ["a_b"]),
        ("k\\s", ["back\\slash"]),
        ('"hi"', ['say "hi"']),
        ("BLUE shirt", ["Blue Shirt"]),
        ("치 OR 만", ["김치 OR 만두"]),
        ("il*", ["O'Neil*"]),
        ("a%b", []),
        ("___", []),
    ],
)
def test_signs_of_the_query_language_are_plain_text(store: Engine, text: str, found: list[str]) -> None:
    names = ["100% 면", "a_b", "axb", "back\\slash", 'say "hi"', "Blue Shirt", "김치 OR 만두", "O'Neil*", "만두"]
    plain = mixed(len(names))
    fill(store, [PaymentWrite(w.values | {"name": name}, [], None) for w, name in zip(plain, names, strict=True)])
    assert [row.name for row in listed(store, PaymentFilter(text=text, live=Live.ALL))] == found


def test_who_may_not_see_buyers_cannot_find_by_them(store: Engine) -> None:
    writes = mixed(200)
    fill(store, writes)
    one = writes[7].values
    for text in (one["buyer_name"], one["buyer_tel"], one["buyer_email"], one["buyer_tel"][-4:], one["card_number"]):
        rows = listed(store, PaymentFilter(text=text, live=Live.ALL, search_buyers=False))
        assert not {hit for row in rows for hit in row.hits} & {"buyer_name", "buyer_tel", "buyer_email", "card_number"}
        assert all(text in (row.apply_num or "") + row.imp_uid + row.merchant_uid for row in rows)
    amount = f"{one['amount']:,}"
    assert one["imp_uid"] in ids(listed(store, PaymentFilter(text=amount, live=Live.ALL, search_buyers=False)))


def test_a_hit_names_the_field_that_holds_the_text(store: Engine) -> None:
    writes = mixed()
    fill(store, writes)
    partly = next(write for write in writes if len(write.cancellations) == 2).values
    hits = {row.imp_uid: row.hits for row in listed(store, PaymentFilter(text="파손되어", live=Live.ALL))}
    assert hits[partly["imp_uid"]] == ("cancel_reason",)
    for field, text in (("buyer_email", partly["buyer_email"]), ("amount", str(partly["amount"]))):
        rows = {row.imp_uid: row for row in listed(store, PaymentFilter(text=text, live=Live.ALL))}
        assert field in rows[partly["imp_uid"]].hits


@pytest.mark.parametrize("text", ["a", "ab", "1", "-", " "])
def test_a_text_too_short_to_look_up_is_refused(store: Engine, text: str) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter) as refused:
        search_payments(conn, PaymentFilter(text=text))
    assert refused.value.values["field"] == "text"


@pytest.mark.parametrize("cursor", ["x", "", "-1", "²", "9" * 40, "1; DROP TABLE payment"])
def test_a_cursor_that_is_none_of_ours_is_refused(store: Engine, cursor: str) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter) as refused:
        search_payments(conn, PaymentFilter(), before=cursor)
    assert refused.value.values["field"] == "cursor"


@pytest.mark.parametrize("text", ["²²²", "10" * 30, "a" * 5_000, "\x1f\x1f\x1f", "김\x1f\x1f"])
def test_odd_texts_find_nothing_and_break_nothing(store: Engine, text: str) -> None:
    fill(store, mixed(50))
    assert listed(store, PaymentFilter(text=text, amount_to=10**30, live=Live.ALL)) == []


LISTS = [
    EVERYTHING,
    PaymentFilter(),
    PaymentFilter(text="민서"),
    PaymentFilter(
        states=frozenset({"failed"}), pg_providers=frozenset({"kakaopay"}), from_day=FIRST_DAY, to_day=FIRST_DAY + 29
    ),
    PaymentFilter(states=frozenset({"failed", "cancelled"}), from_day=FIRST_DAY, to_day=FIRST_DAY + 29),
    PaymentFilter(basis=Basis.STARTED, states=frozenset({"failed"})),
    PaymentFilter(customer_uid="uid3"),
]


def plans_of_lists(engine: Engine, lists: list[PaymentFilter]) -> Iterator[tuple[PaymentFilter, list[str]]]:
    """How each list of six thousand payments is read, and the one of an order number."""
    writes = fill_plans(engine)
    for chosen in [*lists, PaymentFilter(text=writes[5].values["merchant_uid"])]:
        yield chosen, plans_of(engine, lambda conn, chosen=chosen: search_payments(conn, chosen))


def test_no_list_reads_the_whole_table(store: Engine) -> None:
    for chosen, steps in plans_of_lists(store, LISTS):
        assert steps
        whole = [
            step
            for step in steps
            if "Seq Scan on payment" in step or (step.startswith("SCAN p") and "INDEX" not in step)
        ]
        assert not whole, (chosen, steps)


SEEKING = [
    PaymentFilter(text="민서", live=Live.ALL),
    PaymentFilter(text="민서"),
    PaymentFilter(
        states=frozenset({"failed"}), pg_providers=frozenset({"kakaopay"}), from_day=FIRST_DAY, to_day=FIRST_DAY + 29
    ),
    PaymentFilter(
        states=frozenset({"paid", "partly_refunded"}),
        pg_providers=frozenset({"naverpay"}),
        from_day=FIRST_DAY,
        to_day=FIRST_DAY + 29,
    ),
]


def test_a_name_a_filter_and_an_order_number_are_sought_and_never_walked_for(store: Engine) -> None:
    for chosen, steps in plans_of_lists(store, SEEKING):
        assert any("SEARCH p " in step or "Index" in step for step in steps)
        assert [step for step in steps if walks(step)] == [], chosen


def walks(step: str) -> bool:
    """Whether a step of a plan goes through all payments, by an index too, or through the whole search index."""
    virtual = re.match(r"SCAN g VIRTUAL TABLE INDEX \d+:(.*)", step)
    if virtual:
        return "M" not in virtual[1]
    return bool(re.match(r"SCAN (p|payment)\b", step)) or "Seq Scan on payment" in step
