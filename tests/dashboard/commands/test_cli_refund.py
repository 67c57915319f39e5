"""`jangbu refund`: money goes back once, and the exit status says what became of it."""

import time
from pathlib import Path

import pytest

from dashboard.commands.answer import answer
from services.clock import DAY
from services.sandbox.faults import Fault, Plan, calls
from services.store.account import bind
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from tests.worlds.commands import Shop

CANCEL = calls("POST", "/payments/cancel")


def test_a_refund_is_made_and_told_as_one_object(shop: Shop) -> None:
    paid = shop.pay(10_000)
    ended = shop.refund(paid, "--amount", "4000")
    assert ended.status == 0
    names = ["operation", "state", "imp_uid", "merchant_uid", "amount", "cancel_amount", "message", "refunded"]
    assert list(ended.told) == names
    assert ended.told == {
        "operation": 1,
        "state": "succeeded",
        "imp_uid": paid,
        "merchant_uid": shop.sandbox.payments[paid]["merchant_uid"],
        "amount": 4000,
        "cancel_amount": 4000,
        "message": None,
        "refunded": 4000,
    }
    assert shop.refunds(paid) == [4000]
    assert shop.operation(1).asked_from.startswith("cli ")


def test_a_payment_older_than_the_mirror_goes_is_refunded_and_kept(shop: Shop) -> None:
    old = shop.pay(10_000, started_at=int(time.time()) - 1_000 * DAY)
    ended = shop.refund(old, "--full")
    assert (ended.status, ended.told["cancel_amount"]) == (0, 10_000)
    assert shop.refunds(old) == [10_000]


def test_a_promotion_gives_less_and_both_amounts_are_told_twice_in_a_row(shop: Shop) -> None:
    own = {"pg_provider": "tosspayments", "pay_method": "card", "promotion": {"id": "promotion-id-1", "discount": 600}}
    paid = shop.pay(6_000, **own)
    first = shop.refund(paid, "--amount", "2000")
    assert (first.status, first.told["amount"], first.told["refunded"], first.told["cancel_amount"]) == (
        0, 2_000, 1_800, 1_800
    )  # fmt: skip
    assert "2,000" in first.stderr
    assert "1,800" in first.stderr
    rest = shop.refund(paid, "--full")
    assert (rest.status, rest.told["amount"], rest.told["refunded"]) == (0, 4_000, 3_600)
    assert shop.refunds(paid) == [1_800, 3_600]


def test_a_refusal_is_told_byte_for_byte(shop: Shop) -> None:
    paid = shop.pay(10_000, pg_provider="danal", pay_method="phone")
    ended = shop.refund(paid, "--amount", "4000")
    assert ended.status == 2
    assert "휴대폰 소액결제는 부분취소를 할 수 없습니다.".encode() in ended.stdout
    assert ended.told["message"] == "휴대폰 소액결제는 부분취소를 할 수 없습니다."
    assert ended.told["state"] == "refused"
    assert shop.refunds(paid) == []


def test_a_refusal_stays_as_it_is_at_a_terminal_but_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = "[결과:100:실패]\x07 :key: [bold]다시[/bold]\x1b[31m\u202e확인"
    answer({"operation": 1, "state": "refused", "message": said}, as_json=False)
    assert (
        capsys.readouterr().out
        == "operation 1 · state refused\n[결과:100:실패]␇ :key: [bold]다시[/bold]␛[31m\ufffd확인\n"
    )


def test_a_refund_whose_answer_was_lost_is_read_back(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(Fault.LOST_AFTER, picks=CANCEL)]
    ended = shop.refund(paid, "--full")
    assert (ended.status, ended.told["state"], ended.told["cancel_amount"]) == (0, "succeeded", 10_000)
    assert shop.refunds(paid) == [10_000]


def test_our_own_reason_stands_beside_the_object_not_inside(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(Fault.LOST_BEFORE, picks=CANCEL)]
    ended = shop.refund(paid, "--full", "--wait", "0", LANG="ko_KR.UTF-8")
    assert ended.told["message"] is None
    assert "jangbu operations resolve 1" in ended.stderr
    assert "포트원의 응답" in ended.stderr


def test_without_waiting_a_lost_answer_is_unknown_until_it_is_resolved(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(Fault.LOST_AFTER, picks=CANCEL)]
    ended = shop.refund(paid, "--full", "--wait", "0")
    assert (ended.status, ended.told["state"]) == (3, "unknown")
    resolved = shop.run("operations", "resolve", "--json")
    assert resolved.status == 0
    assert [one["state"] for one in resolved.told["operations"]] == ["succeeded"]
    assert shop.refunds(paid) == [10_000]


def test_the_same_command_again_refunds_once(shop: Shop) -> None:
    paid = shop.pay(10_000)
    first, second = (shop.refund(paid, "--amount", amount) for amount in ("3000", "3,000"))
    assert (first.status, second.status) == (0, 0)
    assert first.stdout == second.stdout
    assert "operation 1" in second.stderr
    assert shop.refunds(paid) == [3000]
    assert shop.refund(paid, "--amount", "3000", "--again").told["operation"] == 2
    other = shop.refund(paid, "--amount", "3000", reason="다른 이유")
    assert other.status == 1
    assert "refunded today already: --again" in other.stderr
    assert shop.refund(paid, "--amount", "3000", "--again", reason="다른 이유").told["operation"] == 3
    assert shop.refund(paid, "--amount", "1000", reason="다른 이유").told["operation"] == 4
    assert shop.refunds(paid) == [3000, 3000, 3000, 1000]


def test_what_was_refunded_elsewhere_today_is_not_refunded_once_more_unasked(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.refund(paid, 4_000, "콘솔에서 환불")
    done = shop.refund(paid, "--amount", "4,000원")
    assert done.status == 1
    assert "₩4,000 of this payment was refunded today already: --again" in done.stderr
    assert shop.refunds(paid) == [4_000]
    assert shop.refund(paid, "--full").status == 0
    assert shop.refunds(paid) == [4_000, 6_000]


def test_the_same_full_refund_again_finds_the_first_though_nothing_is_left(shop: Shop) -> None:
    paid = shop.pay(10_000)
    first, second = shop.refund(paid, "--full"), shop.refund(paid, "--full")
    assert (first.status, second.status, second.told["operation"]) == (0, 0, 1)
    assert shop.refunds(paid) == [10_000]


def test_what_was_refused_may_be_asked_for_again(shop: Shop) -> None:
    paid = shop.pay(10_000, pg_provider="danal", pay_method="phone")
    assert [shop.refund(paid, "--amount", "4000").told["operation"] for _ in range(2)] == [1, 2]


def test_the_same_command_again_looks_at_what_is_unknown_and_sends_nothing(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(Fault.LOST_BEFORE, picks=CANCEL)]
    ended = [shop.refund(paid, "--amount", "4000", "--wait", "0") for _ in range(2)]
    assert [one.status for one in ended] == [3, 3]
    assert shop.refunds(paid) == []


def test_who_is_at_it_is_named(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(Fault.LOST_BEFORE, picks=CANCEL)]
    assert shop.refund(paid, "--amount", "4000", "--wait", "0").status == 3
    ended = shop.refund(paid, "--amount", "1000")
    said = f"{shop.operation(1).asked_by} is at it already: operation 1 is not finished."
    assert (ended.status, ended.told) == (1, {"error": said})
    assert said in ended.stderr


def test_a_refund_above_the_limit_waits_for_a_second_person(shop: Shop) -> None:
    paid = shop.pay(10_000)
    ended = shop.refund(paid, "--full", JANGBU_REFUND_APPROVAL_FROM="10000")
    assert (ended.status, ended.told["state"]) == (4, "awaiting_approval")
    assert shop.refunds(paid) == []


def test_dollars_are_typed_and_told_as_v1_writes_them(shop: Shop) -> None:
    from decimal import Decimal

    paid = shop.pay(Decimal("30.00"), currency="USD", pg_provider="eximbay", pay_method="card")
    ended = shop.refund(paid, "--amount", "10.50")
    assert ended.status == 0
    assert b'"amount": 10.50, "cancel_amount": 10.50' in ended.stdout
    assert shop.refund(paid, "--amount", "10.5").told["operation"] == 1
    assert shop.refunds(paid) == [Decimal("10.50")]


def test_a_killed_command_is_settled_by_resolve(shop: Shop) -> None:
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(Fault.SLOW, picks=CANCEL, seconds=1.5)]
    running = shop.start("refund", paid, "--full", "--reason", "변심", "--requester", "customer")
    shop.until(lambda: not shop.sandbox.plans[0].times)
    running.kill()
    assert shop.operation(1).state == "sent"
    shop.until(lambda: bool(shop.refunds(paid)))
    resolved = shop.run("operations", "resolve", "1", "--json")
    assert (resolved.status, resolved.told["state"]) == (0, "succeeded")
    assert shop.refund(paid, "--full", reason="변심").told["operation"] == 1
    assert shop.refunds(paid) == [10_000]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--amount", "0"), "The amount must be above 0"),
        (("--amount", "-5"), "The amount must be above 0"),
        (("--amount", "10,50"), "A comma stands before three digits, as in 12,000."),
        (("--amount", "10.5"), "Won have no decimals."),
        (("--amount", "1.000"), "Won have no decimals: 1,000?"),
        (("--amount", "$1"), "$ is the sign of another currency: this is in KRW."),
        (("--amount", "1e3"), "This is not an amount: type it like 12,000."),
        (("--full", "--vat-amount", "1.000"), "Won have no decimals: 1,000?"),
        (("--amount", "20000"), "That is more than what is left."),
        ((), "Give one of --amount and --full."),
        (("--full", "--amount", "1"), "Give one of --amount and --full."),
        (("--full", "--wait", "soon"), "--wait"),
        (("--full", "--nothing"), "No such option"),
        (("--full", "--tax-free", "11000"), "It must lie between 0 and the amount."),
    ],
)
def test_bad_usage_is_a_sentence_and_ends_with_1(shop: Shop, words: tuple[str, ...], said: str) -> None:
    paid = shop.pay(10_000)
    ended = shop.refund(paid, *words)
    assert ended.status == 1
    assert said in ended.stderr
    assert not ended.stdout or said in ended.told["error"]
    assert shop.refunds(paid) == []


def test_a_virtual_account_is_refunded_to_an_account_in_the_pgs_spelling(shop: Shop, tmp_path: Path) -> None:
    paid = shop.pay(10_000, pg_provider="html5_inicis", pay_method="vbank")
    assert "this is missing" in shop.refund(paid, "--full").stderr
    there = tmp_path / "account.json"
    there.write_text('{"bank": "088", "account": "110-123-456789", "holder": "홍길동", "tel": "010-1234-5678"}')
    assert "not by both" in shop.refund(paid, "--full", "--refund-to", str(there), "--bank", "088").told["error"]
    account = ("--refund-to", str(there))
    ended = shop.refund(paid, "--full", *account)
    assert ended.status == 0
    assert '"refund_bank": "88"' in shop.operation(1).request
    told = ended.stdout.decode() + ended.stderr
    assert not [personal for personal in ("110123456789", "110-123-456789", "홍길동", "1234-5678") if personal in told]


def test_a_gateway_that_cannot_be_reached_is_said_and_nothing_is_written(shop: Shop) -> None:
    ended = shop.refund("imp_1", "--full", JANGBU_IMP_API_URL="http://127.0.0.1:9")
    assert ended.status == 1
    assert "cannot be reached" in ended.told["error"]
    assert "cannot be reached" in ended.stderr


def test_where_it_goes_to_an_account_the_options_that_are_missing_are_named(shop: Shop) -> None:
    paid = shop.pay(33_000, pg_provider="smartro_v2", pay_method="trans")
    first = shop.refund(paid, "--full", "--bank", "004")
    assert first.status == 1
    assert "--account, --holder, --tel" in first.told["error"]
    assert shop.refunds(paid) == []
    account = ("--bank", "004", "--account", "110-12345678", "--holder", "홍길동", "--tel", "01012345678")
    assert shop.refund(paid, "--full", *account).status == 0
    assert shop.refunds(paid) == [33_000]


def test_a_payment_of_another_account_is_not_even_read_for_its_currency(shop: Shop) -> None:
    with writing(shop.engine) as conn:
        bind(conn, "https://elsewhere.example 1234", 1)
    paid = shop.pay(10_000)
    assert "two accounts never share one" in shop.refund(paid, "--amount", "1,000").told["error"]
    with reading(shop.engine) as conn:
        assert get_payment(conn, paid) is None


def test_a_registration_that_took_nothing_has_nothing_to_refund(shop: Shop) -> None:
    card = {"pg_provider": "nice_v2", "pay_method": "card", "customer_uid": "key_1", "customer_uid_usage": "issue"}
    shown, charged = shop.pay(11_900, **card), shop.pay(11_900, **(card | {"pg_provider": "kakaopay"}))
    done = shop.refund(shown, "--full")
    assert (done.status, shop.refunds(shown)) == (1, [])
    assert "only registered a billing key: nothing was charged" in done.stderr
    assert shop.refund(charged, "--full").status == 0
    assert shop.refund(charged, "--full", reason="다른 이유").status == 1
    assert shop.refunds(charged) == [11_900]
