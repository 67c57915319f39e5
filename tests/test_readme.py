"""README.md and README.ko.md: settings, links, pictures and the example of sign-in are as they say."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
import streamlit as st

from dashboard.process.auth_checks import require_sound_auth
from dashboard.process.resources import use_settings
from dashboard.settings import Role, Settings

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.ko.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in READMES}
SECRET = "q7R-b2Lx0VfZ9mTt4uYw1sKd8hGc3nJe"


@pytest.mark.parametrize("name", READMES)
def test_every_setting_stands_there_with_its_default(name: str) -> None:
    rows = dict(re.findall(r"^\| `(JANGBU_\w+)` \| (.*?) \|", TEXTS[name], re.M))
    assert set(rows) == {f"JANGBU_{field.upper()}" for field in Settings.model_fields}
    assert rows["JANGBU_MIRROR_DAYS"] == f"`{Settings.model_fields['mirror_days'].default}`"
    assert rows["JANGBU_PORT"] == f"`{Settings.model_fields['port'].default}`"


@pytest.mark.parametrize("file", [*READMES, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_what_is_linked_is_there(file: str) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", (ROOT / file).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / file).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_both_lead_to_every_page_of_the_docs(name: str) -> None:
    assert {path.name for path in (ROOT / "docs").glob("*.md")} == set(re.findall(r"\(docs/([\w.]+)\)", TEXTS[name]))


@pytest.mark.parametrize("name", READMES)
def test_the_example_of_sign_in_is_sound_once_it_has_a_secret(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = re.findall(r"```toml\n(.*?)```", TEXTS[name], re.S)
    auth = tomllib.loads(told)["auth"]
    settings = Settings(roles={"hong@example.com": Role.ADMIN})
    use_settings(settings)
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": auth | {"cookie_secret": SECRET}})
    require_sound_auth(settings)
    assert [one for one, section in auth.items() if isinstance(section, Mapping)] == ["google", "microsoft"]


def test_the_example_of_an_env_file_names_settings_alone() -> None:
    named = set(re.findall(r"JANGBU_(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8")))
    assert {"IMP_KEY", "IMP_SECRET"} <= named <= {field.upper() for field in Settings.model_fields}
