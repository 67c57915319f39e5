"""Containerfile, compose.yaml and the unit of systemd, read as those read them who run them."""

import json
import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import yaml

from tests.worlds.screens.screens import ROOT


def containerfile() -> list[tuple[str, str]]:
    """Instructions with their words, in their order."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Containerfile").read_text("utf-8"), flags=re.M).replace("\\\n", " ")
    found = [line.partition(" ") for line in text.splitlines() if line.strip()]
    return [(name, " ".join(words.split())) for name, _, words in found]


def last_stage(instruction: str) -> list[str]:
    """What an instruction says in the image that is delivered."""
    every = containerfile()
    begin = max(at for at, (name, _) in enumerate(every) if name == "FROM")
    return [words for name, words in every[begin:] if name == instruction]


def command() -> list[str]:
    """What a container runs."""
    return [word for name in ("ENTRYPOINT", "CMD") for word in json.loads(last_stage(name)[0])]


def health_check() -> list[str]:
    """The words of its health check."""
    found = re.search(r"(CMD) (\[.*\])", last_stage("HEALTHCHECK")[0])
    assert found
    return [found[1], *json.loads(found[2])]


def volumes() -> list[str]:
    """The folders that it may write to and that stay."""
    return list(json.loads(last_stage("VOLUME")[0]))


def work_folder() -> str:
    """The folder that it is started in."""
    return last_stage("WORKDIR")[0]


def image_settings() -> dict[str, str]:
    """What its environment holds before anybody adds to it."""
    return dict(one.split("=", 1) for words in last_stage("ENV") for one in words.split())


def compose() -> dict[str, Any]:
    """compose.yaml."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8")))


def app_settings() -> dict[str, str]:
    """What compose.yaml adds to the environment of the app."""
    return dict(compose()["services"]["app"]["environment"])


def secrets_of_the_app() -> set[str]:
    """The files beneath /run/secrets."""
    return set(compose()["services"]["app"]["secrets"])


def grace(service: str = "app") -> int:
    """Seconds that it has to end."""
    told = compose()["services"][service]["stop_grace_period"]
    found = re.fullmatch(r"(\d+)s", told)
    assert found, told
    return int(found[1])


def run_settings(root: Path, *, roles: str) -> dict[str, str]:
    """The environment of the app, with its folders below `root`; no gateway is called."""
    named = {name: value for name, value in (image_settings() | app_settings()).items() if name != "PATH"}
    below = {name: f"{root}{value}" if value.startswith("/") else value for name, value in named.items()}
    return below | {"TMPDIR": f"{root}/tmp", "JANGBU_ROLES": roles, "JANGBU_IMP_API_URL": "http://127.0.0.1:1"}


def unit() -> dict[str, list[str]]:
    """Keys of deploy/jangbu.service with all that stands behind each."""
    parser = ConfigParser(strict=False, interpolation=None)
    text = (ROOT / "deploy" / "jangbu.service").read_text("utf-8")
    parser.read_string(text)
    assert parser.sections() == ["Unit", "Service", "Install"]
    told: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.M):
        told.setdefault(name, []).append(value)
    return told
