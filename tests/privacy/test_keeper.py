"""The loop that makes buyers anonymous: once a day, by the years of the setting, and to its end."""

import threading
import time
from pathlib import Path

import pytest

from dashboard.commands.privacy import keeper
from dashboard.settings import load_settings
from services.errors import SettingsError
from services.privacy.retention import is_due
from services.store.engine import reading
from tests.privacy.planted import UID, buyer_of, plant
from tests.worlds.screens.screens import empty_store

_PATIENCE = 60


def test_what_is_past_its_term_is_anonymous_once_the_loop_has_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = empty_store(tmp_path)
    plant(engine)  # of 2020
    monkeypatch.setattr(keeper, "_EVERY", 0.01)
    monkeypatch.setattr(keeper, "_REST", 0)
    stop, until = threading.Event(), time.monotonic() + _PATIENCE
    loop = threading.Thread(target=keeper.watch_buyers, args=(stop, engine))
    loop.start()
    try:
        while time.monotonic() < until:
            with reading(engine) as conn:
                if not is_due(conn, time.time()):
                    break
            time.sleep(0.05)
    finally:
        stop.set()
        loop.join(_PATIENCE)
    assert not loop.is_alive(), "the loop does not end"
    assert buyer_of(engine, UID)[:2] == (None, None), "the loop made nobody anonymous"


@pytest.mark.parametrize("years", ["4", "0", "five"])
def test_no_term_is_shorter_than_the_laws(years: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_KEEP_BUYERS_YEARS", years)
    with pytest.raises(SettingsError, match="5 or more: the Act on Consumer Protection"):
        load_settings(require_gateway=False)
