"""Decoding: amounts are exact, what is odd is kept and named, and nothing a gateway sends is a crash."""

import json
import random
import time
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from services.gateway import decoder
from services.gateway.typed import Unusual, read_payment
from services.sandbox.world.build import build_world

WORLD = build_world(3, payments=800, until=time.time())
PLAIN = next(row for row in WORLD.payments.values() if row["cancel_history"])


encode = msgspec.json.Encoder(decimal_format="number").encode


def encoded(row: Any) -> bytes:
    return encode(row)


def payment(**changes: Any) -> Any:
    return decoder.payment(encoded(PLAIN | changes))


def test_amounts_are_whole_numbers_of_the_smallest_unit() -> None:
    assert payment(amount=12_000, currency="KRW").fields["amount"] == 12_000
    dollars = payment(amount=Decimal("10.50"), cancel_amount=Decimal("0.10"), currency="USD", cancel_history=[])
    assert (dollars.fields["amount"], dollars.fields["cancel_amount"]) == (1_050, 10)


def test_a_zero_written_as_a_fraction_is_a_whole_number_too() -> None:
    found = payment(cancel_amount=Decimal("0.00"), cancel_history=[]).fields["cancel_amount"]
    assert (found, type(found)) == (0, int)


def test_an_amount_beyond_what_a_float_holds_is_exact() -> None:
    assert payment(amount=9_007_199_254_740_993).fields["amount"] == 9_007_199_254_740_993


@pytest.mark.parametrize("amount", ["1e3", "1000", 1000, Decimal("1000.00")])
def test_an_amount_is_understood_however_it_is_written(amount: Any) -> None:
    assert payment(amount=amount).fields["amount"] == 1_000


@pytest.mark.parametrize(
    "amount", [None, "", "many", True, [], Decimal("0.5"), 10**16, 10**30, Decimal("1e999999"), "NaN", "Infinity"]
)
def test_a_payment_without_an_amount_counts_as_unreadable(amount: Any) -> None:
    page = decoder.page(encoded({"total": 2, "list": [PLAIN | {"amount": amount}, PLAIN]}), decoder.payment)
    assert (len(page.items), len(page.unreadable), page.total) == (1, 1, 2)


def test_a_payment_without_its_id_counts_as_unreadable() -> None:
    found, unreadable = decoder.rows(encoded([PLAIN | {"imp_uid": None}]), decoder.payment)
    assert (found, [(one.uid, one.reason) for one in unreadable]) == ((), [("", "no_id")])


def test_unknown_fields_values_and_types_are_kept_and_named() -> None:
    odd = payment(settlement={"rate": 1}, status="settling", paid_at="yesterday", card_quota="3", buyer_tel=821)
    assert odd.extra == {"settlement": {"rate": 1}, "paid_at": "yesterday", **kept(PLAIN)}
    assert odd.fields["status"] == "settling"
    assert (odd.fields["paid_at"], odd.fields["card_quota"], odd.fields["buyer_tel"]) == (0, 3, "821")
    assert set(odd.oddities) == {
        ("unknown_field", "payment.settlement"),
        ("unknown_value", "payment.status=settling"),
        ("unreadable_field", "payment.paid_at"),
    }


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("failed_at", 253_402_300_800, 0),
        ("started_at", 1_790_000_000_000, 0),
        ("cancelled_at", -1, 0),
        ("vbank_date", 2**45, None),
        ("card_quota", 2**31, None),
        ("card_type", -(2**40), None),
    ],
)
def test_a_number_that_no_column_or_calendar_holds_is_kept_aside(name: str, value: int, read: int | None) -> None:
    odd = payment(**{name: value})
    assert odd.fields[name] == read
    assert odd.extra[name] == value
    assert odd.oddities == (("unreadable_field", f"payment.{name}"),)


_NO_DAY: tuple[Any, ...] = (
    0,
    None,
    "",
    "0",
    253_402_300_800,
    1_790_000_000_000,
    -1,
    1.5,
    "2026-09-21T22:13:20+09:00",
    [],
    False,
)


@pytest.mark.parametrize("at", _NO_DAY)
def test_money_of_which_nobody_can_say_the_day_is_unreadable_and_no_sum_lacks_it_in_silence(
    at: Any,
) -> None:
    with pytest.raises(decoder.Unreadable, match="paid_at"):
        payment(paid_at=at, status="paid")
    with pytest.raises(decoder.Unreadable, match="refund_time"):
        payment(cancel_history=[PLAIN["cancel_history"][0] | {"cancelled_at": at}])
    assert payment(paid_at=at, status="failed").fields["paid_at"] == 0
    if at is None or (at == 0 and at is not False):
        assert payment(paid_at=at, status="cancelled").fields["paid_at"] == 0  # an account revoked before its deposit
        assert payment(paid_at=at, status="paid", amount=0, cancel_history=[]).fields["paid_at"] == 0
    elif at not in ("", "0"):
        with pytest.raises(decoder.Unreadable, match="paid_at"):
            payment(paid_at=at, status="cancelled")


@pytest.mark.parametrize("amount", [-1, -1_000, "-1000", Decimal("-0.5")])
def test_nothing_is_paid_or_refunded_below_zero(amount: Any) -> None:
    for changes, reason in (
        ({"amount": amount}, "amount"),
        ({"cancel_amount": amount}, "cancel_amount"),
        ({"cancel_history": [{"amount": amount, "cancelled_at": 1}]}, "refund_amount"),
    ):
        with pytest.raises(decoder.Unreadable, match=f"^{reason}$"):
            payment(**changes)
    assert payment(cancel_amount=Decimal("-0.0000000001"), cancel_history=[]).fields["cancel_amount"] == 0


@pytest.mark.parametrize("currency", ["krw", "Krw", "KRW ", "\u00a0KRW"])
def test_a_currency_is_one_however_it_is_written(currency: str) -> None:
    found = payment(currency=currency)
    assert (found.fields["currency"], found.fields["amount"], found.oddities) == ("KRW", PLAIN["amount"], ())


@pytest.mark.parametrize("word", ["True", "TRUE", "y", "Y", 1])
def test_a_test_row_is_one_however_its_mark_is_written(word: Any) -> None:
    assert payment(sandbox=word).fields["sandbox"] is True


def test_a_list_that_php_wrote_as_an_object_is_a_list() -> None:
    refund, rows = PLAIN["cancel_history"][0], {"1": PLAIN, "4": PLAIN | {"imp_uid": "imp_4"}}
    assert len(payment(cancel_history={"1": refund}).contents().cancel_history) == 1
    page = decoder.page(encoded({"total": 2, "next": 0, "list": rows}), decoder.payment)
    assert ([one.imp_uid for one in page.items], page.unreadable) == ([PLAIN["imp_uid"], "imp_4"], ())
    found, unreadable = decoder.rows(encoded({"0": {"customer_uid": "k"}}), decoder.billing_key)
    assert ([one.fields["customer_uid"] for one in found], unreadable) == (["k"], ())
    assert [one.imp_uid for one in decoder.rows(encoded(PLAIN), decoder.payment)[0]] == [PLAIN["imp_uid"]]


def test_a_name_with_a_nul_is_counted_under_its_picture() -> None:
    assert payment(**{"a\0b": 1}).oddities == (("unknown_field", "payment.a␀b"),)


def kept(row: dict[str, Any]) -> dict[str, Any]:
    return {"cancel_receipt_urls": row["cancel_receipt_urls"]}


def test_null_means_never_and_ordinary() -> None:
    nulls = dict.fromkeys(("paid_at", "cancelled_at", "currency", "sandbox", "cancel_amount", "cancel_history"))
    blank = payment(status="ready", **nulls)
    assert blank.oddities == ()
    assert (blank.fields["paid_at"], blank.fields["cancelled_at"], blank.fields["cancel_amount"]) == (0, 0, 0)
    assert (blank.fields["currency"], blank.fields["sandbox"]) == ("KRW", False)


def test_a_nul_which_no_database_takes_becomes_its_picture() -> None:
    assert payment(buyer_name="홍\0길동").fields["buyer_name"] == "홍␀길동"


def test_the_quick_way_and_the_patient_way_read_the_same() -> None:
    for row in WORLD.payments.values():
        raw = encoded(row)
        quick, patient = decoder.payment(raw), decoder._odd_payment(raw, sha256(raw).digest()[16:])
        assert quick.contents() == patient.contents()
        assert (quick.imp_uid, quick.digest, quick.oddities) == (patient.imp_uid, patient.digest, patient.oddities)
        read_payment(raw)
    with pytest.raises(Unusual):
        read_payment(encoded(PLAIN | {"new": 1}))


def test_a_list_is_read_in_both_shapes() -> None:
    row = next(iter(WORLD.schedules.values()))
    bare = decoder.page(encoded([row]), decoder.schedule)
    paged = decoder.page(encoded({"total": 1, "next": 0, "list": [row]}), decoder.schedule)
    assert bare.items == paged.items
    assert (bare.total, bare.next) == (paged.total, paged.next) == (1, 0)


@pytest.mark.parametrize("total", ["2", 2, Decimal("2.0"), None, {}, "two"])
def test_a_page_survives_a_strange_total(total: Any) -> None:
    page = decoder.page(encoded({"total": total, "next": None, "list": [PLAIN, PLAIN]}), decoder.payment)
    assert (page.total, page.next, len(page.items)) == (2, 0, 2)


def test_a_payload_does_not_show_what_is_in_it() -> None:
    shown = repr(payment(buyer_name="홍길동")) + repr(decoder.page(encoded({"list": [PLAIN]}), decoder.payment))
    assert PLAIN["imp_uid"] not in shown
    assert "홍길동" not in shown


STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**80, Decimal("1.5"), Decimal("1e400"), "", "0", "1", "x" * 5_000,
    "한글", "\0", "\ud7ff", "NaN", "Infinity", "-0", "1_000", " 7 ", [], [None], [1, "a"], [[]], {}, {"a": {"b": None}},
)  # fmt: skip


def mutated(chance: random.Random, row: dict[str, Any]) -> bytes:
    changed = json.loads(json.dumps(row, default=float))
    for _ in range(chance.randint(1, 6)):
        name = chance.choice([*row, "new_field", "", "🙂", "cancel_history"])
        match chance.randrange(4):
            case 0:
                changed.pop(name, None)
            case 1:
                changed[name] = str(changed.get(name))
            case 2 if changed.get("cancel_history") and isinstance(changed["cancel_history"], list):
                changed["cancel_history"] = [chance.choice([*STRANGE, {"amount": chance.choice(STRANGE)}])]
            case _:
                changed[name] = chance.choice(STRANGE)
    raw = encoded(changed)
    if chance.random() < 0.1:
        cut = chance.randrange(len(raw))
        raw = raw[:cut] + chance.choice([b"", b"\xff", b"\\ud800", b"}", b"1e999"]) + raw[cut + 1 :]
    return raw


def test_f14_no_mutated_answer_is_a_crash() -> None:
    chance = random.Random(14)
    rows = list(WORLD.payments.values())
    readers: list[tuple[Any, list[dict[str, Any]]]] = [
        (decoder.payment, rows),
        (decoder.schedule, list(WORLD.schedules.values())),
        (decoder.billing_key, list(WORLD.billing_keys.values())),
        (decoder.channel, WORLD.channels),
    ]
    for _ in range(2_000):
        read, found = chance.choice(readers)
        raw = mutated(chance, chance.choice(found))
        try:
            payload = read(raw)
        except decoder.Unreadable:
            continue
        assert all(isinstance(name, str) for _kind, name in payload.oddities)
        msgspec.json.encode(payload.fields)


def _digest(row: Any) -> bytes:
    return sha256(encoded(row)).digest()[16:]


def test_a_row_that_is_known_by_its_bytes_is_not_read() -> None:
    rows = [PLAIN | {"imp_uid": f"imp_{number}"} for number in range(3)]
    asked: list[dict[str, bytes]] = []

    def unlike(digests: Any) -> set[str]:
        asked.append(dict(digests))
        return {"imp_1"}

    page = decoder.page(encoded({"total": 3, "next": 0, "list": rows}), decoder.payment, (1, 1000), unlike)
    assert asked == [{row["imp_uid"]: _digest(row) for row in rows}]
    assert [one.imp_uid for one in page.items] == ["imp_1"]
    assert page.items[0].contents() == decoder.payment(encoded(rows[1])).contents()
    assert (page.known, page.sent) == ({uid: asked[0][uid] for uid in ("imp_0", "imp_2")}, 3)


def test_a_row_whose_id_takes_reading_is_read_whatever_is_known() -> None:
    row = {name: value for name, value in next(iter(WORLD.schedules.values())).items() if name != "merchant_uid"}
    rows = [row, row | {"merchant_uid": 12}]
    page = decoder.page(encoded(rows), decoder.schedule, (1, 1000), lambda _digests: ())
    assert [one.fields["merchant_uid"] for one in page.items] == ["12"]
    assert ([one.reason for one in page.unreadable], page.known, page.sent) == (["no_id"], {}, 2)


@pytest.mark.parametrize("last_is_known", [True, False])
def test_of_rows_under_one_id_the_last_counts_and_an_unreadable_one_is_told(last_is_known: bool) -> None:
    now, before, broken = PLAIN, PLAIN | {"name": "before"}, PLAIN | {"amount": "many"}
    uid = PLAIN["imp_uid"]
    page = decoder.page(
        encoded([before, broken, now]), decoder.payment, (1, 1000), lambda _digests: () if last_is_known else {uid}
    )
    assert page.known == ({uid: _digest(now)} if last_is_known else {})
    assert [one.fields["name"] for one in page.items] == ([] if last_is_known else ["before", PLAIN["name"]])
    assert [(one.uid, one.reason) for one in page.unreadable] == [(uid, "amount")]
