"""Particles after what is filled in: by the final consonant of the word that is said last."""

import pytest

from dashboard.kit.gate import provider_name
from dashboard.locale import _, in_language
from dashboard.locale.particles import with_particles


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("네이버페이(으)로", "네이버페이로"),
        ("카카오톡(으)로", "카카오톡으로"),
        ("네이버페이 포인트·비씨(으)로", "네이버페이 포인트·비씨로"),
        ("토스페이먼츠 서울(으)로", "토스페이먼츠 서울로"),
        # What is in brackets is not said.
        ("네이버페이(신한카드)(으)로", "네이버페이(신한카드)로"),
        (r"계좌이체\(국민은행\)(으)로", r"계좌이체\(국민은행\)로"),
        ("신한은행 **통장**(으)로", "신한은행 **통장**으로"),
        ("금액, 사유이(가)", "금액, 사유가"),
        ("요청자 “고객”이(가)", "요청자 “고객”이"),
        ("작업 3과(와)", "작업 3과"),
        ("작업 12과(와)", "작업 12와"),
        ("작업 7(으)로", "작업 7로"),
        ("장부은(는)", "장부는"),
        # How a foreign word ends is not known.
        ("Google(으)로", "Google(으)로"),
        ("(으)로", "(으)로"),
    ],
)
def test_a_particle_follows_how_its_word_ends(text: str, shown: str) -> None:
    assert with_particles(text).format() == shown


def test_what_is_filled_in_stays_word_for_word() -> None:
    message = with_particles("{kind}에는 “{value}”이(가) 없습니다.")
    assert message.format(kind="은행", value="서울은(는) 부산") == "은행에는 “서울은(는) 부산”이 없습니다."


def test_a_message_chooses_once_it_is_filled_in() -> None:
    with in_language("ko"):
        assert _("{address} is signed in nowhere.").format(address="네이버") == "네이버로 로그인한 곳이 없습니다."


def test_the_button_of_a_provider_needs_no_particle_of_a_foreign_name() -> None:
    with in_language("ko"):
        told = [
            _("Sign in with {provider}").format(provider=provider_name(one)) for one in ("google", "microsoft", "x")
        ]
    assert told == ["Google 계정으로 로그인", "Microsoft 계정으로 로그인", "x 계정으로 로그인"]
