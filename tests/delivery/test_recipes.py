"""What a container and a service are made of: every setting, file and command that is named there exists."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.app import CLICKS, LAST
from dashboard.cli import app
from dashboard.settings import Settings, load_settings, unknown_names
from services.errors import SettingsError
from tests.delivery import recipes
from tests.worlds.screens.screens import ROOT

SETTINGS = {f"JANGBU_{field.upper()}" for field in Settings.model_fields}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
INSTALL = (ROOT / "docs" / "install.md").read_text("utf-8")


def test_the_version_is_the_wheels() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"jangbu {PROJECT['project']['version']}\n"


def test_every_setting_that_is_named_exists() -> None:
    secrets = {name.upper() for name in recipes.compose()["secrets"] if name.startswith("jangbu_")}
    named = {*recipes.image_settings(), *recipes.app_settings(), *secrets, *re.findall(r"\bJANGBU_\w+", INSTALL)}
    assert len(found := {name for name in named if name.startswith("JANGBU_")}) > 8
    assert found <= SETTINGS


def test_what_the_image_says_hides_no_secret() -> None:
    """An environment comes before a file."""
    assert not {name.lower() for name in recipes.image_settings()} & set(recipes.compose()["secrets"])


def test_the_image_is_of_the_app_alone_by_its_hashes() -> None:
    every, own = _locked("requirements.lock"), _locked("deploy/requirements.lock")
    assert own.items() <= every.items()
    assert all(hashes for hashes in own.values())
    wanted = {_bare(one) for one in PROJECT["project"]["dependencies"]}
    assert wanted <= set(own)
    assert {"pytest", "playwright", "mypy", "uv", "setuptools"}.isdisjoint(own)
    assert sum("--require-hashes" in words for name, words in recipes.containerfile() if name == "RUN") == 2


def test_the_container_is_nobody_special_and_its_files_are_there() -> None:
    (user,) = recipes.last_stage("USER")
    assert int(user.split(":")[0]) >= 10_000
    assert {words for name, words in recipes.containerfile() if name == "FROM"} == {
        "python:3.11-slim AS build", "python:3.11-slim"
    }  # fmt: skip
    copied = {one for name, words in recipes.containerfile() if name == "COPY" and "--from" not in words
              for one in words.split()[:-1]}  # fmt: skip
    assert not [one for one in copied if not (ROOT / one).exists()]
    told = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert next(line for line in told if line[:1] not in "#!") == "*"
    assert {line[1:] for line in told if line.startswith("!")} == copied


@pytest.mark.parametrize("name", ["app", "database", "proxy"])
def test_each_container_starts_again_may_little_and_writes_to_volumes(name: str) -> None:
    compose = recipes.compose()
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    mounted = [one.split(":") for one in service["volumes"]]
    named = {one[0] for one in mounted if one[0] in compose["volumes"]}
    assert named
    assert [one for one in mounted if one[0] not in named and one[2:] != ["ro"]] == []
    assert set(service.get("secrets", ())) <= set(compose["secrets"])
    assert set(service["networks"]) <= set(compose["networks"])


def test_the_database_is_reached_by_the_app_alone_and_the_app_by_the_proxy() -> None:
    compose = recipes.compose()
    services = compose["services"]
    assert compose["networks"]["back"] == {"internal": True}
    assert {name for name, one in services.items() if "back" in one["networks"]} == {"app", "database"}
    assert services["database"]["networks"] == ["back"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert services["app"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["app"]["healthcheck"]["test"] == recipes.health_check()
    assert {one.split(":")[1] for one in services["app"]["volumes"]} == set(recipes.volumes())


def test_the_proxy_leads_to_the_app_and_lets_through_what_it_takes() -> None:
    assert CADDYFILE.count("{") == CADDYFILE.count("}")
    upstream = re.search(r"reverse_proxy \{\$APP:app:(\d+)\}", CADDYFILE)
    assert upstream
    assert int(upstream[1]) == Settings.model_fields["port"].default
    (megabytes,) = re.findall(r"max_size (\d+)MB", CADDYFILE)
    options = tomllib.loads((ROOT / "dashboard" / ".streamlit" / "config.toml").read_text("utf-8"))
    assert int(megabytes) * 1_000_000 > options["server"]["maxUploadSize"] * 2**20
    assert "{$SITE}" in CADDYFILE
    assert "SITE" in recipes.compose()["services"]["proxy"]["environment"]
    # Addresses hold tickets and the secret of the gateway's calls.
    assert not re.search(r"^\s*log\b", CADDYFILE, re.M)


def test_there_is_time_to_end() -> None:
    longest = 3 + CLICKS + LAST
    assert recipes.grace() > longest
    assert int(recipes.unit()["TimeoutStopSec"][0]) > longest


def test_the_service_runs_a_command_that_exists_and_may_little() -> None:
    unit = recipes.unit()
    (command,) = unit["ExecStart"]
    assert command.split()[0] == "/opt/jangbu/bin/jangbu"
    assert CliRunner().invoke(app, [*command.split()[1:], "--help"]).exit_code == 0
    assert CliRunner().invoke(app, [*recipes.command()[1:], "--help"]).exit_code == 0
    assert unit["User"] == ["jangbu"]
    for one in ("ProtectHome", "PrivateTmp", "PrivateDevices", "NoNewPrivileges", "RestrictNamespaces",
                "ProtectKernelTunables", "ProtectControlGroups", "MemoryDenyWriteExecute"):  # fmt: skip
        assert unit[one] == ["true"]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["CapabilityBoundingSet"] == [""]
    assert "SystemCallFilter" in unit


def test_a_secret_is_read_from_its_file_behind_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"jangbu_imp_key": "of the file\n", "jangbu_imp_secret": "s\n", "jangbu_hook_secret": ""}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "auth.toml").write_text("[auth]\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_settings().imp_key == "of the file"
    assert load_settings().imp_secret.get_secret_value() == "s"
    assert load_settings().hook_secret.get_secret_value() == ""
    assert unknown_names() == []
    monkeypatch.setenv("JANGBU_IMP_KEY", "of the environment")
    assert load_settings().imp_key == "of the environment"
    (tmp_path / "jangbu_imp_kye").write_text("k")
    assert unknown_names() == ["JANGBU_IMP_KYE (JANGBU_IMP_KEY?)"]
    (tmp_path / "jangbu_hook_secret").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=f"^{tmp_path} cannot be read: it has to be a text file"):
        load_settings()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "gone"))
    with pytest.raises(SettingsError, match="JANGBU_IMP_SECRET must be set"):
        load_settings()


def _locked(name: str) -> dict[str, frozenset[str]]:
    """Packages with their version and, but for the marker, what may be installed of them."""
    entries = re.split(r"^(?=\S)", (ROOT / name).read_text("utf-8"), flags=re.M)
    found = {entry.split("==")[0]: frozenset(re.findall(r"==[^\s;]+|sha256:\w+", entry)) for entry in entries if entry}
    return {_bare(package): hashes for package, hashes in found.items()}


def _bare(wanted: str) -> str:
    return re.split(r"[\[<>=;\s]", wanted)[0].lower().replace("_", "-")
