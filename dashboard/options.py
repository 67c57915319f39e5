"""Streamlit's options and secrets, from one place: whoever starts Jangbu from another folder gets the same ones."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.errors import SettingsError
from streamlit import config

from dashboard.process.resources import current_settings

_PACKAGE = Path(__file__).resolve().parent
# A checkout has its secrets beside its code; an installed Jangbu in the folder that it is started from, as `.env`.
HOME = _PACKAGE.parent if (_PACKAGE.parent / "pyproject.toml").is_file() else Path.cwd()
SESSION = "session"
"""Under this name st.user holds the session that dashboard/routes/sign_in.py found for a connection."""
SESSION_HEADER = "x-jangbu-session"


def secrets_place() -> Path:
    """The file in which `[auth]` stands, whether it is there or not."""
    return HOME / (current_settings().secrets_file or ".streamlit/secrets.toml")


def fix_options() -> None:
    """Gives Streamlit its options and the place of its secrets. Raises SettingsError without the file of options."""
    _fix(str(secrets_place()))


@lru_cache(maxsize=1)
def _fix(secrets: str) -> None:
    options = own_options() | {"secrets.files": [secrets], "server.trustedUserHeaders": {SESSION_HEADER: SESSION}}
    config.get_config_options(force_reparse=True, options_from_flags=options)


def own_options() -> dict[str, Any]:
    """The options that came with Jangbu. Raises SettingsError without their file."""
    place = _PACKAGE / ".streamlit" / "config.toml"
    try:
        return dict(_flat(tomllib.loads(place.read_text(encoding="utf-8"))))
    except (OSError, tomllib.TOMLDecodeError):
        raise SettingsError("{place} cannot be read: without its options nothing is served.", place=place) from None


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value
