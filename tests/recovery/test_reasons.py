"""Reasons: every message that the sandbox can give has its remedy, and the rules say where they are known from."""

import ast
import tomllib
from pathlib import Path

import pytest

import services.sandbox
from services.sandbox.world import catalog
from services.subscriptions.reasons import BECAUSE, SOURCES, Action, Until, remedy
from tests.worlds.failure_reasons import (
    FIRST,
    MEND,
    NEXT_DAY,
    PAY_DAY,
    RIGHT,
    SHOP,
    UNKNOWN,
    figures,
    judged,
    report,
)

_RULES = tomllib.loads((Path(remedy.__module__.replace(".", "/")).with_suffix(".toml")).read_text(encoding="utf-8"))
EXPECTED = {
    "[잔액부족] 출금 가능 잔액이 부족합니다.": Action.WAIT,
    "[한도초과] 카드 이용한도를 초과하였습니다.": Action.WAIT,
    "은행 점검 시간으로 결제할 수 없습니다.": Action.WAIT,
    "[유효기간만료] 카드 유효기간이 만료되었습니다.": Action.MEND,
    "[사용정지] 분실 또는 도난 신고된 카드입니다.": Action.MEND,
    "카드 비밀번호 오류입니다.": Action.MEND,
    "등록되지 않은 구매자입니다.": Action.MEND,
    "사용자가 결제를 취소하셨습니다.": Action.STOP,
    "[결제포기] 사용자가 결제를 취소하셨습니다": Action.STOP,
    "[거래거절] 카드사에서 거래를 거절하였습니다.": Action.UNKNOWN,
    "결제 인증 시간이 초과되었습니다.": Action.UNKNOWN,
}


def messages_of_the_sandbox() -> set[str]:
    """Every reason with which a charge or a payment can fail there."""
    return {*catalog.CHARGE_FAILURES, *catalog.WINDOW_FAILURES, catalog.DELETED_KEY}


def test_every_message_of_the_sandbox_is_judged_here() -> None:
    assert messages_of_the_sandbox() == set(EXPECTED)


def test_the_sandbox_fails_payments_for_no_other_reason() -> None:
    """Wherever it writes `fail_reason`, the value is no text of its own: it comes from the catalog."""
    written = []
    for file in Path(services.sandbox.__file__ or "").parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                written += [value for key, value in pairs if getattr(key, "value", None) == "fail_reason"]
    assert len(written) >= 4
    assert not [one for one in written if isinstance(one, ast.Constant) and one.value is not None]


@pytest.mark.parametrize(("message", "action"), EXPECTED.items())
def test_a_message_leads_to_what_can_be_done(message: str, action: Action) -> None:
    assert remedy(message).action == action


def test_money_is_waited_for_until_pay_day_and_a_bank_until_the_next_day() -> None:
    assert remedy("[잔액부족] 출금 가능 잔액이 부족합니다.").until == Until.PAY_DAY
    assert remedy("은행 점검 시간으로 결제할 수 없습니다.").until == Until.NEXT_DAY
    assert remedy("[유효기간만료] 카드 유효기간이 만료되었습니다.").until is None


def test_every_reason_of_the_table_is_sorted_as_a_person_would(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{report()}")  # noqa: T201 - the figures are asked for
    assert len(RIGHT) >= 60
    assert {reason: judged(reason) for reason in RIGHT} == RIGHT
    assert {(precision, recall) for _kind, precision, recall, _n in figures()} == {(1.0, 1.0)}


@pytest.mark.parametrize(
    ("reason", "right"),
    [
        ("할부개월한도초과", MEND),
        ("카드 1회 사용한도 초과", MEND),
        ("상점 일 한도 초과", SHOP),
        ("한도초과 (가맹점 한도)", SHOP),
        ("일사용한도 초과", NEXT_DAY),
        ("월 사용 한도 초과", FIRST),
        ("당월 이용 금액 초과", FIRST),
        ("승인한도초과", PAY_DAY),
        ("휴대폰 결제 한도 초과", FIRST),
        ("통신사 한도초과", FIRST),
        ("휴대폰 소액결제 1일 한도 초과", NEXT_DAY),
        ("휴대폰 결제 건당 한도 초과", MEND),
        ("가맹점 휴대폰 결제 한도 초과", SHOP),
        ("12개월 할부 한도 초과", MEND),
        ("ＩＮＳＵＦＦＩＣＩＥＮＴ　ＦＵＮＤＳ", PAY_DAY),
    ],
)
def test_whose_limit_it_is_and_for_how_long_counts_more_than_that_it_is_used_up(reason: str, right: str) -> None:
    assert judged(reason) == right


@pytest.mark.parametrize(
    ("reason", "right", "because"),
    [
        ("할부 불가", MEND, "instalments"),
        ("할부거래 불가 카드", MEND, "instalments"),
        ("할부 불가 가맹점", SHOP, "contract"),
        ("CVC 불일치", MEND, "data"),
        ("생년월일 불일치", MEND, "data"),
        ("명의자 불일치", MEND, "data"),
        ("연체 중인 카드", MEND, "arrears"),
        ("통신요금 미납", MEND, "arrears"),
        ("통신사 미납으로 결제한도가 초과되었습니다", MEND, "arrears"),
        ("전산장애", NEXT_DAY, "at that time"),
        ("Connection timeout", NEXT_DAY, "at that time"),
        ("승인 시간초과", NEXT_DAY, "at that time"),
        ("카드사 무응답", NEXT_DAY, "at that time"),
        ("인증 시간초과", UNKNOWN, "nothing"),
        ("Session timeout", UNKNOWN, "nothing"),
    ],
)
def test_what_is_to_be_done_and_why(reason: str, right: str, because: str) -> None:
    assert judged(reason) == right
    assert because in remedy(reason).because


def test_spaces_and_brackets_make_no_difference() -> None:
    assert remedy("한 도 초 과").action == remedy("〔한도초과〕").action == Action.WAIT


@pytest.mark.parametrize("message", [None, "", "E0042", "기타 오류"])
def test_words_that_say_nothing_are_left_to_a_person(message: str | None) -> None:
    assert remedy(message).action == Action.UNKNOWN
    assert remedy(message).source is None


def test_a_stopped_card_is_not_tried_again_for_its_limit() -> None:
    assert remedy("거래정지 카드 또는 한도초과").action == Action.MEND


def test_every_rule_names_its_source_and_a_sentence_of_the_catalogs() -> None:
    assert {rule["source"] for rule in _RULES["rule"]} == set(_RULES["sources"])
    said = {rule["because"] for rule in _RULES["rule"]} | {remedy(None).because}
    assert said == BECAUSE
    assert set(_RULES["sources"].values()) == SOURCES
    assert {"until" in rule for rule in _RULES["rule"] if rule["action"] == "wait"} == {True}
