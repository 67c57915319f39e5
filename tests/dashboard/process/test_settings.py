"""Settings: a wrong one is a sentence that names it and repeats nothing."""

import re
from pathlib import Path

import pytest

from dashboard.locale import sentence, set_language
from dashboard.settings import Settings, load_settings, unknown_names
from services.errors import SettingsError


@pytest.fixture(autouse=True)
def _no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"JANGBU_{name.upper()}", raising=False)


def test_missing_credentials_are_named() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "JANGBU_IMP_KEY" in str(caught.value)
    assert "JANGBU_IMP_SECRET" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JANGBU_MIRROR_DAYS", "many"),
        ("JANGBU_MIRROR_DAYS", "0"),
        ("JANGBU_PORT", "70000"),
        ("JANGBU_IMP_API_URL", "api.iamport.kr"),
        ("JANGBU_IMP_API_URL", "http://api.iamport.kr"),
        ("JANGBU_IMP_API_URL", "http://127.0.0.1.evil.example"),
        ("JANGBU_IMP_API_URL", "https://user:pw@api.iamport.kr"),
        ("JANGBU_IMP_API_URL", "https://@api.iamport.kr"),
        ("JANGBU_IMP_API_URL", "https://["),
        ("JANGBU_DATABASE_URL", "mysql://x"),
        ("JANGBU_ROLES", "hong@example.com=king"),
        ("JANGBU_ROLES", "hong@example.com=viewer,Hong@Example.com=admin"),
        ("JANGBU_ROLES", "\u212aim@example.com=admin"),
        ("JANGBU_RECOVERY_PAY_DAYS", "10,32"),
        ("JANGBU_RECOVERY_PAY_DAYS", ","),
        ("JANGBU_RECOVERY_TRIES", "4"),
        ("JANGBU_RECOVERY_AUTOMATIC", "perhaps"),
        ("JANGBU_NAVERPAY_MINIMUM", "-1"),
        ("JANGBU_REFUND_APPROVAL_FROM", "1,000"),
        ("JANGBU_REFUND_CONFIRM_FROM", "-1"),
        ("JANGBU_REASON_LANGUAGE", "jp"),
        ("JANGBU_CLI_USERS", "hong"),
        ("JANGBU_ORDER_URL", "https://shop.example/orders/"),
        ("JANGBU_PUBLIC_URL", "https://shop.example/jangbu"),
        ("JANGBU_USER_CODE", "12345678"),
        ("JANGBU_HOOK_SECRET", "canary4711"),
        ("JANGBU_HOOK_SECRET", "canary4711/canary4711"),
        ("JANGBU_CHECKOUT_REFUND_WAITS", "perhaps"),
        ("JANGBU_ORDER_URL", "ftp://shop.example/{merchant_uid}"),
        ("JANGBU_ORDER_URL", "javascript:alert('{merchant_uid}')"),
        ("JANGBU_ORDER_URL", "https://shop.example/{merchant_uid})[x](//evil"),
    ],
)
def test_a_malformed_setting_is_named_and_not_repeated(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(require_gateway=False)
    assert str(caught.value).startswith(name)
    assert value not in str(caught.value).split("should be")[0]
    set_language("ko")
    told = sentence(caught.value)
    set_language("en")
    assert told.startswith(f"{name} 값을 쓸 수 없습니다")
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", told)


def test_a_role_that_is_none_is_named_without_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_ROLES", "hong@example.com=admin,kim@shop.kr=suport")
    with pytest.raises(SettingsError) as caught:
        load_settings(require_gateway=False)
    assert "suport is no role" in str(caught.value)
    assert "finance" in str(caught.value)
    assert not [one for one in ("kim", "hong") if one in str(caught.value)]


@pytest.mark.parametrize("key", ["…", "...", " "])
def test_a_key_of_an_example_is_none(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_IMP_KEY", key)
    monkeypatch.setenv("JANGBU_IMP_SECRET", "s")
    with pytest.raises(SettingsError, match=r"^JANGBU_IMP_KEY must be set"):
        load_settings()


def test_a_name_that_no_setting_has_is_found_with_the_nearest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unknown_names() == []
    monkeypatch.setenv("JANGBU_QQ", "x")
    (tmp_path / ".env").write_text("JANGBU_ROLSE=canary4711\njangbu_port=8502\nOTHERS=x\n")
    assert unknown_names() == ["JANGBU_QQ", "JANGBU_ROLSE (JANGBU_ROLES?)"]


def test_a_mistyped_name_of_the_key_is_told_where_the_key_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_IMP_KYE", "canary4711")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "JANGBU_IMP_KYE (JANGBU_IMP_KEY?)" in str(caught.value)
    assert "canary4711" not in str(caught.value)


def test_roles_are_read_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_ROLES", "Hong@Example.com=finance, kim@example.com=support")
    roles = load_settings(require_gateway=False).roles
    assert roles == {"hong@example.com": "finance", "kim@example.com": "support"}


def test_the_secret_is_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_IMP_KEY", "key")
    monkeypatch.setenv("JANGBU_IMP_SECRET", "canary-4711")
    assert "canary-4711" not in repr(load_settings())


def test_pay_days_are_read_as_a_list_and_recovery_is_off_unless_it_is_switched_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings(require_gateway=False).recovery_automatic is False
    monkeypatch.setenv("JANGBU_RECOVERY_PAY_DAYS", "5, 20,31")
    monkeypatch.setenv("JANGBU_RECOVERY_AUTOMATIC", "true")
    found = load_settings(require_gateway=False)
    assert (found.recovery_pay_days, found.recovery_automatic) == ((5, 20, 31), True)
