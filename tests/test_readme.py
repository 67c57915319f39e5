"""README.md and README.ko.md: settings, links, pictures and the example of sign-in are as they say."""

import re
import tomllib
from pathlib import Path

import pytest
import streamlit as st

from dashboard.process.auth_checks import require_sound_auth
from dashboard.process.resources import use_settings
from dashboard.settings import Role, Settings
from services.errors import SettingsError

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.ko.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in READMES}
TENANT = "1b2c3d4e-0000-4000-8000-000000000001"
SECRET = "q7R-b2Lx0VfZ9mTt4uYw1sKd8hGc3nJe"


@pytest.mark.parametrize("name", READMES)
def test_every_setting_stands_there_with_its_default(name: str) -> None:
    rows = dict(re.findall(r"^\| `(JANGBU_\w+)` \| (.*?) \|", TEXTS[name], re.M))
    assert set(rows) == {f"JANGBU_{field.upper()}" for field in Settings.model_fields}
    assert rows["JANGBU_MIRROR_DAYS"] == f"`{Settings.model_fields['mirror_days'].default}`"
    assert rows["JANGBU_PORT"] == f"`{Settings.model_fields['port'].default}`"


@pytest.mark.parametrize("file", [*READMES, *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))])
def test_what_is_linked_is_there(file: str) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", (ROOT / file).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / file).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_each_leads_to_every_page_of_the_docs_in_its_language(name: str) -> None:
    led_to = set(re.findall(r"\(docs/([\w./]+)\)", TEXTS[name]))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} == {page.removeprefix("ko/") for page in led_to}
    assert {page for page in led_to if page.startswith("ko/")} == (
        {f"ko/{path.name}" for path in (ROOT / "docs" / "ko").glob("*.md")} if name == "README.ko.md" else set()
    )


@pytest.mark.parametrize("name", READMES)
def test_the_example_of_sign_in_is_sound_once_it_is_filled_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = re.findall(r"```toml\n(.*?)```", TEXTS[name], re.S)
    (issuer,) = re.findall(r"^JANGBU_TRUSTED_ISSUERS=(.*)$", TEXTS[name], re.M)
    for open_still, filled_in in {"…": "abc", "TENANT": TENANT, "jangbu.example.com": "jangbu.shop.kr"}.items():
        assert open_still in told
        with pytest.raises(SettingsError, match="still the example's"):
            _look_at(told, issuer, monkeypatch)
        told, issuer = told.replace(open_still, filled_in), issuer.replace(open_still, filled_in)
    _look_at(told, issuer, monkeypatch)
    assert re.findall(r"\[auth\.(\w+)\]", told) == ["google", "microsoft"]


def _look_at(told: str, issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(roles={"hong@example.com": Role.ADMIN}, trusted_issuers=(issuer,))
    use_settings(settings)
    auth = tomllib.loads(told)["auth"] | {"cookie_secret": SECRET}
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": auth})
    require_sound_auth(settings)


def test_the_example_of_an_env_file_names_settings_alone() -> None:
    named = set(re.findall(r"JANGBU_(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8")))
    assert {"IMP_KEY", "IMP_SECRET"} <= named <= {field.upper() for field in Settings.model_fields}
