"""For tests of the revenue screens: a store that mirrors a small world which ends now, with all that is kept of it."""

import time
from pathlib import Path
from urllib.parse import parse_qs

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process.resources import use_settings
from dashboard.settings import Role, Settings
from services.mirror.sync import sync
from services.revenue.forecast import refresh_forecast
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.build import build_world
from services.subscriptions.keep import refresh_chains
from tests.worlds.mirrors import make_gateway
from tests.worlds.screens.screens import empty_store


def world_store(folder: Path, payments: int = 3_000) -> Engine:
    """Read to its end at this moment."""
    engine, now = empty_store(folder), time.time()
    world = build_world(1, payments=payments, days=400, until=int(now) - 1)
    sync(make_gateway(Sandbox(world, clock=time.time), time.time), engine, days=400)
    refresh_chains(engine, time.time())
    refresh_forecast(engine, time.time())
    return engine


def use_store(engine: Engine) -> None:
    """Makes it the store of the dashboard of this process."""
    roles = {f"{role}@example.com": role for role in Role}
    use_settings(Settings(database_url=str(engine.url), imp_api_url="http://127.0.0.1:1", roles=roles))


def links(at: AppTest) -> list[tuple[str, dict[str, str]]]:
    """The page links by their words, each with its parameters."""
    found = [link.proto for link in at.get("page_link")]
    return [(one.label, {name: value[0] for name, value in parse_qs(one.query_string).items()}) for one in found]
