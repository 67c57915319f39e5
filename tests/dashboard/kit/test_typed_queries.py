"""What is typed by name into a search box means what its field's widgets would say, in either language."""

from datetime import date
from typing import Any

import pytest

from dashboard.kit.filters.query import Part, plain, read_query, verbatim
from dashboard.locale import set_language
from dashboard.screens.keys.key_filters import key_form
from dashboard.screens.payments.filters import payment_form
from dashboard.screens.refunds.refund_filters import refund_form
from dashboard.screens.revenue.subscription_list import subscription_form
from dashboard.screens.schedules.schedule_filters import schedule_form
from dashboard.words.periods import PAST
from services.clock import date_to_day
from services.errors import InvalidRequest
from services.store.lists.filters import Live
from services.store.lists.totals import FacetValues

TODAY = 20_781
VALUES = FacetValues(
    pg_providers=("naverpay", "naverco", "kcp"),
    pay_methods=("card", "naverpay_card"),
    card_names=("신한카드", "현대카드"),
    currencies=("KRW", "USD"),
)


def day(text: str) -> int:
    return date_to_day(date.fromisoformat(text))


def meant(typed: str, **now: Any) -> dict[str, Any]:
    query = read_query(typed)
    assert query.parts
    return payment_form(TODAY, VALUES).meant_by(query.parts, now)


def refused(typed: str) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        meant(typed)
    return caught.value


def test_parts_are_taken_out_of_the_text() -> None:
    query = read_query('status:paid 김민서 amount:>10000  pg:"Naver Pay (payment)" 사과')
    assert query.text == "김민서 사과"
    assert query.parts == (
        Part("status", "", "paid"),
        Part("amount", ">", "10000"),
        Part("pg", "", "Naver Pay (payment)"),
    )


@pytest.mark.parametrize("text", ["김민서", "12:30", "https://shop.kr/1", "세트: 커피", '"order:123"', ""])
def test_a_text_that_only_looks_like_a_part_stays_one(text: str) -> None:
    assert read_query(text) == ((), text)


def test_quotes_keep_a_text_from_being_read() -> None:
    assert plain('사과 "order:123"') == "사과 order:123"
    assert plain('"사과 5kg"') == '"사과 5kg"'
    for text in ("order:123", "사과", "status:paid 김"):
        assert read_query(verbatim(text)).parts == ()
        assert plain(verbatim(text)) == text


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("typed", "states"),
    [
        ("status:paid", {"paid"}),
        ("상태:결제완료", {"paid"}),
        ("status:Failed", {"failed"}),
        ("state:ready,failed", {"ready", "failed"}),
        ("status:ready status:failed", {"ready", "failed"}),
        ("refunded:partial", {"partly_refunded"}),
        ("환불:전액", {"cancelled"}),
        ("status:paid refunded:partial", {"partly_refunded"}),
    ],
)
def test_states_by_code_and_word(typed: str, states: set[str], language: str) -> None:
    set_language(language)
    assert meant(typed) == {"states": states}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_occurs_is_called_by_code_by_word_and_by_how_that_begins(language: str) -> None:
    set_language(language)
    assert meant("pg:naverpay") == {"pg_providers": {"naverpay"}}
    assert meant("pg:네이버페이") == {"pg_providers": {"naverpay", "naverco"}}
    assert meant("결제수단:카드") == {"pay_methods": {"card"}}
    assert meant("카드:신한 채널:테스트") == {"card_names": {"신한카드"}, "live": Live.TEST}
    assert meant("key:member-7") == {"customer_uid": "member-7"}


@pytest.mark.parametrize(
    ("typed", "lowest", "highest"),
    [
        ("amount:>10000", 10_001, None),
        ("amount:>=10000", 10_000, None),
        ("금액:<10,000원", None, 9_999),
        ("amount:≤10000", None, 10_000),
        ("amount:10000", 10_000, 10_000),
        ("amount:10000..50000", 10_000, 50_000),
        ("amount:10,000~50,000", 10_000, 50_000),
        ("amount:..50000", None, 50_000),
        ("amount:>10000 amount:<50000 amount:>20000", 20_001, 49_999),
    ],
)
def test_amounts_are_compared(typed: str, lowest: int | None, highest: int | None) -> None:
    assert meant(typed) == {"amount_from": lowest, "amount_to": highest}


def test_an_amount_is_in_the_currency_beside_it_or_chosen_before() -> None:
    assert meant("amount:>=10.50 currency:USD")["amount_from"] == 1_050
    assert meant("amount:<10.50", currency="USD")["amount_to"] == 1_049


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("period:2026-10", day("2026-10-01"), day("2026-10-31")),
        ("기간:2025", day("2025-01-01"), day("2025-12-31")),
        ("period:2026.10.5", day("2026-10-05"), day("2026-10-05")),
        ("period:2026-09..2026-10-05", day("2026-09-01"), day("2026-10-05")),
        ("period:>2026-10", day("2026-11-01"), TODAY),
        ("period:<=2026-10 period:>=2026-10-30", day("2026-10-30"), day("2026-10-31")),
        ("기간:오늘", TODAY, TODAY),
        ('period:"last month"', *PAST.days("last_month", TODAY)),
    ],
)
def test_days_are_a_day_a_month_a_year_or_a_name(typed: str, first: int, last: int) -> None:
    assert meant(typed) == {"from_day": first, "to_day": last}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("period:9999", "“9999”"),
        ("period:2026..9999-12", "9999-12"),
        ("foo:1", "“foo” is no filter of this list, but: period, status"),
        ("-status:paid", "“-status” is no filter"),
        ("status:nothing", "“status” has no “nothing” here, but: Unpaid, Paid"),
        ("pg:toss", "“pg” has no “toss” here, but: Naver Pay (payment)"),
        ("status:>paid", "type it without >"),
        ("currency:KRW currency:USD", "“currency” is one at a time, not: KRW, USD"),
        ("status:failed refunded:partial", "“refunded” and another name"),
        ("amount:much", "This is not an amount: type it like 12,000."),
        ("amount:..", "This is not an amount: type it like 12,000."),
        ("amount:1000.5", "Won have no decimals"),
        ("period:2026-13", "“period” has no “2026-13” here, but: Today"),
        ("period:2026-11..2026-10", "The last day is before the first."),
        ("period:2031", "The last day is before the first."),
    ],
)
def test_what_means_nothing_is_told(typed: str, says: str) -> None:
    assert says in str(refused(typed))


def test_every_list_knows_its_own_names() -> None:
    def of(form: Any, typed: str) -> dict[str, Any]:
        found: dict[str, Any] = form.meant_by(read_query(typed).parts, {})
        return found

    assert of(refund_form(TODAY, VALUES), "refunded:partial pg:kcp") == {"whole": False, "pg_providers": {"kcp"}}
    assert of(schedule_form(TODAY), "status:booked 기간:내일") == {
        "states": {"scheduled"},
        "from_day": TODAY + 1,
        "to_day": TODAY + 1,
    }
    assert of(key_form(), "status:unused") == {"states": {"unused"}}
    assert of(subscription_form(), 'status:"past due"') == {"kind": "past_due"}
