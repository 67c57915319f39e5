"""Roles and users of a `.env` that is edited while the app runs: a leaver is out within two seconds."""

import time
from pathlib import Path

import structlog
from services.errors import SettingsError

from dashboard.settings import Settings, load_settings

_EVERY = 1.0
log = structlog.get_logger("jangbu")


class RolesFile:
    """The `.env` of the folder that the process was started in."""

    def __init__(self) -> None:
        self._place = Path(".env").absolute()
        self._stamp = self._stamped()
        self._looked_at = time.monotonic()

    def changed(self) -> Settings | None:
        """What it says where the file changed since it was last asked, at most once a second; None where it did not."""
        now = time.monotonic()
        if now < self._looked_at + _EVERY:
            return None
        self._looked_at = now
        stamp = self._stamped()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            return load_settings(require_gateway=False, env_file=self._place)
        except SettingsError as error:
            log.error("the .env is not usable: roles stay as they are", error=str(error))
            return None

    def _stamped(self) -> tuple[int, int] | None:
        try:
            found = self._place.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
