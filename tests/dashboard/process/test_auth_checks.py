"""Whether a sign-in is safe to serve behind: what is wrong is named, in `serve`, in the app and by `doctor`."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config

from dashboard.options import HOME, fix_options
from dashboard.process.auth_checks import require_sound_auth, sign_in_told
from dashboard.process.resources import use_settings
from dashboard.process.roster import require_sign_in
from dashboard.settings import Role, Settings
from services.errors import SettingsError
from services.operations.journal.roster import Roster, keep_roster
from tests.worlds.stores import new_store

SECRET = "q7R-b2Lx0VfZ9mTt4uYw1sKd8hGc3nJe"
SOUND = {
    "redirect_uri": "https://jangbu.shop.kr/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "jangbu",
    "client_secret": "s",
    "server_metadata_url": "https://login.shop.kr/.well-known/openid-configuration",
}
ROLES = {"hong@example.com": Role.ADMIN}


def settings(roles: Mapping[str, Role] = ROLES, **more: Any) -> Settings:
    """Settings of this process."""
    found = Settings(roles=dict(roles), **more)
    use_settings(found)
    return found


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says what stands in the file of secrets."""
    return lambda auth: monkeypatch.setattr(st.secrets, "_secrets", {"auth": auth} if auth else {})


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"redirect_uri": "http://localhost:8501/oauth2callback"},
        {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"},
        {"redirect_uri": "https://shop.kr/jangbu/oauth2callback"},
        {"server_metadata_url": "http://[::1]:9/x"},
        {"cookie_secret": "가" * 11},
        {"client_kwargs": {"prompt": "login"}},
        {"client_secret": "x<9{k...Q~z"},
        {"server_metadata_url": "https://login.shop.kr/tenant/a/.well-known/openid-configuration"},
    ],
)
def test_a_sound_sign_in_passes(secrets: Any, changed: dict[str, Any]) -> None:
    secrets(SOUND | changed)
    require_sound_auth(settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cookie_secret", ""),
        ("cookie_secret", None),
        ("cookie_secret", "x"),
        ("cookie_secret", SECRET[:31]),
        ("cookie_secret", "x" * 40),
        ("cookie_secret", "replace-this-with-a-strong-random-secret"),
        ("cookie_secret", "YOUR_COOKIE_SECRET_YOUR_COOKIE_SECRET"),
        ("cookie_secret", 12345678901234567890123456789012345),
        ("redirect_uri", None),
        ("redirect_uri", "http://jangbu.shop.kr/oauth2callback"),
        ("redirect_uri", "http://127.0.0.1.shop.kr/oauth2callback"),
        ("redirect_uri", "https://jangbu.shop.kr/"),
        ("redirect_uri", "https://["),
        ("redirect_uri", "/oauth2callback"),
        ("client_id", " "),
        ("client_secret", None),
        ("server_metadata_url", ""),
        ("server_metadata_url", "http://login.shop.kr/.well-known/openid-configuration"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(secrets: Any, name: str, value: Any) -> None:
    secrets({key: old for key, old in (SOUND | {name: value}).items() if old is not None})
    with pytest.raises(SettingsError, match=f"^{name} of \\[auth\\]") as caught:
        require_sound_auth(settings())
    if name == "cookie_secret" and len(str(value)) > 8:
        assert str(value) not in str(caught.value)


def test_each_of_several_providers_is_looked_at(secrets: Any) -> None:
    google = {name: SOUND[name] for name in ("client_id", "client_secret", "server_metadata_url")}
    shared = {name: SOUND[name] for name in ("redirect_uri", "cookie_secret")}
    secrets(shared | {"google": google})
    require_sound_auth(settings())
    secrets(shared | {"google": google, "okta": google | {"client_id": ""}})
    with pytest.raises(SettingsError, match=r"client_id of \[auth.okta\]"):
        require_sound_auth(settings())


TENANT = "1b2c3d4e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "….apps.googleusercontent.com"),
        ("client_secret", "…"),
        ("client_secret", "..."),
        ("client_id", "YOUR_CLIENT_ID"),
        ("redirect_uri", "https://jangbu.example.com/oauth2callback"),
        ("server_metadata_url", "https://login.microsoftonline.com/TENANT/v2.0/.well-known/openid-configuration"),
        ("server_metadata_url", "https://<your-domain>.shop.kr/.well-known/openid-configuration"),
    ],
)
def test_what_an_example_leaves_open_is_named(secrets: Any, name: str, value: str) -> None:
    secrets(SOUND | {name: value})
    with pytest.raises(SettingsError, match=f"^{name} of \\[auth\\] in .* is still the example's"):
        require_sound_auth(settings())


@pytest.mark.parametrize(
    ("tenant", "trusted", "fine"),
    [
        (TENANT, (), False),
        (TENANT, ("https://login.microsoftonline.com/TENANT/v2.0",), False),
        (TENANT, (f"https://login.microsoftonline.com/{TENANT}/v2.0/",), False),
        (TENANT, (f"https://login.microsoftonline.com/{TENANT}/v2.0",), True),
        ("shop.onmicrosoft.com", (), False),
        ("shop.onmicrosoft.com", (f"https://login.microsoftonline.com/{TENANT}/v2.0",), True),
    ],
)
def test_microsoft_is_of_use_to_nobody_before_its_issuer_is_trusted(
    secrets: Any, tenant: str, trusted: tuple[str, ...], fine: bool
) -> None:
    address = f"https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration"
    secrets(SOUND | {"server_metadata_url": address})
    found = settings(trusted_issuers=trusted)
    if fine:
        require_sound_auth(found)
        return
    with pytest.raises(SettingsError, match=r"JANGBU_TRUSTED_ISSUERS=https://login\.") as caught:
        require_sound_auth(found)
    assert (tenant in str(caught.value)) == (tenant == TENANT)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[auth\n", 1),
        ("[auth]\nclient_secret = canary4711\n", 2),
        ('[auth]\nx = 1\nclient_secret = "canary4711', 3),
        ('[auth]\nclient_secret = "canary4711"\nclient_secret = "canary4711"', 3),
    ],
)
def test_broken_toml_is_told_with_its_line_and_not_repeated(tmp_path: Path, text: str, line: int) -> None:
    place = tmp_path / "secrets.toml"
    place.write_text(text)
    with pytest.raises(SettingsError, match=f"secrets.toml is not TOML at line {line}:") as caught:
        require_sound_auth(settings(secrets_file=str(place)))
    assert "canary4711" not in str(caught.value)


def test_a_file_in_another_encoding_is_told_as_such(tmp_path: Path) -> None:
    place = tmp_path / "secrets.toml"
    place.write_bytes('[auth]\nclient_id = "가"'.encode("euc-kr"))
    with pytest.raises(SettingsError, match="UTF-8"):
        require_sound_auth(settings(secrets_file=str(place)))


def test_somebody_has_a_role_by_the_setting_or_in_the_database(secrets: Any, tmp_path: Path) -> None:
    engine = new_store(tmp_path / "roles.db")
    secrets(SOUND)
    settings({})
    with pytest.raises(SettingsError, match="JANGBU_ROLES"):
        require_sign_in(engine)
    people = Roster({"kim@example.com": "admin"}, {}, decided={"kim@example.com": "hong@example.com"})
    keep_roster(engine, people, 0)
    require_sign_in(engine)


def test_the_secret_of_the_environment_is_refused_with_a_sentence(
    secrets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", SECRET)
    secrets({name: value for name, value in SOUND.items() if name != "cookie_secret"})
    with pytest.raises(SettingsError, match="STREAMLIT_SERVER_COOKIE_SECRET"):
        require_sound_auth(settings())


def test_without_sign_in_and_without_roles_it_is_a_local_tool(secrets: Any) -> None:
    secrets(None)
    assert sign_in_told(settings({})).startswith("not configured")


def test_where_sign_in_is_expected_it_is_not_left_out(
    secrets: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets(None)
    with pytest.raises(SettingsError, match="Sign-in is expected"):
        require_sound_auth(settings())
    with pytest.raises(SettingsError, match="Sign-in is expected"):
        require_sound_auth(settings({}, secrets_file=str(tmp_path / "gone.toml")))
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth]\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="Sign-in is expected"):
        require_sound_auth(settings({}))


def test_options_do_not_depend_on_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings({}, secrets_file=str(tmp_path / "own.toml"))
    fix_options()
    wanted = {"client.showErrorDetails": "none", "server.maxUploadSize": 5, "browser.gatherUsageStats": False}
    assert {name: config.get_option(name) for name in wanted} == wanted
    assert config.get_option("secrets.files") == [str(tmp_path / "own.toml")]
    settings({})
    fix_options()
    assert config.get_option("secrets.files") == [str(HOME / ".streamlit" / "secrets.toml")]


def test_serve_and_doctor_name_it_from_any_folder(tmp_path: Path) -> None:
    place = tmp_path / "secrets.toml"
    place.write_text("[auth]\n" + "".join(f'{k} = "{v}"\n' for k, v in (SOUND | {"cookie_secret": ""}).items()))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JANGBU_")}
    env = clean | {
        "JANGBU_IMP_KEY": "k", "JANGBU_IMP_SECRET": "s", "JANGBU_IMP_API_URL": "http://127.0.0.1:1",
        "JANGBU_SECRETS_FILE": str(place), "JANGBU_ROLES": "hong@example.com=admin",
        "JANGBU_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", "LC_ALL": "C",
    }  # fmt: skip
    for command in ("serve", "doctor"):
        jangbu = [sys.executable, "-m", "dashboard", command]
        done = subprocess.run(jangbu, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=180)
        assert done.returncode == 1
        assert "cookie_secret of [auth]" in " ".join((done.stdout + done.stderr).split())
        assert "Traceback" not in done.stderr


def test_a_second_person_cannot_be_asked_where_nobody_signs_in(secrets: Any, tmp_path: Path) -> None:
    engine = new_store(tmp_path / "waits.db")
    settings(checkout_refund_waits=True)
    secrets(None)
    with pytest.raises(SettingsError, match="JANGBU_CHECKOUT_REFUND_WAITS"):
        require_sign_in(engine)
    secrets(SOUND)
    require_sign_in(engine)
    secrets(None)
    settings(checkout_refund_waits=False)
    require_sign_in(engine)
