"""One text in all lists at once: a few rows of each, by role, out of indexes."""

from functools import partial

import pytest
from sqlalchemy import Engine

from services.errors import InvalidFilter
from services.store.engine import reading
from services.store.lists.filters import PaymentFilter
from services.store.lists.payments import search_payments
from services.store.lists.refunds import count_refunds, search_refunds
from services.store.search.anything import find_anything
from services.store.search.words import words_of
from tests.store.search.test_search import walks
from tests.worlds.plans import plans_of
from tests.worlds.rows.payment_rows import fill, fill_plans, mixed


def test_each_group_has_a_few_rows_and_says_whether_there_are_more(store: Engine) -> None:
    writes = mixed(200)
    fill(store, writes)
    named = [one for one in writes if "민" in one.values["buyer_name"]]
    with reading(store) as conn:
        found = find_anything(conn, "민", buyers=True, limit=3)
        assert len(found.payments.rows) == 3
        assert found.payments.older
        every = find_anything(conn, "민", buyers=True, limit=500)
        assert {row.imp_uid for row in every.payments.rows} >= {one.values["imp_uid"] for one in named}
        assert every.payments.older is None
        assert {row.imp_uid for row in every.refunds.rows} <= {row.imp_uid for row in every.payments.rows}
        nobody = find_anything(conn, writes[0].values["buyer_tel"], buyers=False)
        assert not any((nobody.payments.rows, nobody.keys.rows, nobody.refunds.rows))


@pytest.mark.parametrize("text", ["", "a", "4111-1111-1111-1111"])
def test_what_is_too_short_or_must_not_be_kept_is_refused(store: Engine, text: str) -> None:
    fill(store, mixed(5))
    with reading(store) as conn, pytest.raises(InvalidFilter):
        find_anything(conn, text or "-", buyers=True)


@pytest.mark.parametrize(
    "text", [" ".join(f"w{n:03}" for n in range(500)), "".join(map(chr, range(0xAC00, 0xAC00 + 9_000)))]
)
def test_a_page_that_somebody_pasted_is_looked_for_as_one_text(store: Engine, text: str) -> None:
    fill(store, [one._replace(values=one.values | {"name": text}) for one in mixed(1)])
    with reading(store) as conn:
        assert len(find_anything(conn, text, buyers=True).payments.rows) == 1
        assert not find_anything(conn, text + "없음", buyers=True).payments.rows


def test_words_are_sought_and_never_walked_for(store: Engine) -> None:
    writes = fill_plans(store)
    one = writes[100].values
    texts = (f"{one['buyer_name']} {one['amount']}", one["buyer_tel"][-4:], f"신한카드 {one['card_number'][-4:]}")
    for text in texts:
        chosen = PaymentFilter(text=text)
        for read in (search_payments, search_refunds, count_refunds):
            steps = plans_of(store, lambda conn, read=read, chosen=chosen: read(conn, chosen))
            assert steps
            assert [step for step in steps if walks(step)] == [], (text, read)
        steps = plans_of(store, partial(find_anything, text=text, buyers=True))
        # Of subscriptions a row a billing key is looked at, for its product: no index has that.
        assert [step for step in steps if walks(step) and "subscription" not in step] == [], text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("최동현 27900", ["최동현", "27900"]),
        ("최  최", []),
        ("상품 3", []),
        ("a b", []),
        ("최동현", []),
        ("010 2253 1261", ["010", "2253", "1261"]),
    ],
)
def test_a_text_has_words_where_each_can_be_looked_up(text: str, words: list[str]) -> None:
    assert [word.text for word in words_of(text)] == words
