"""A dashboard process on a known store, and Debian's Chromium to look at it."""

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.commands.demo import free_port
from dashboard.locale import in_language
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from tests.browser.servers import serving
from tests.browser.shop import opened_shop
from tests.browser.tabs import Tabs
from tests.browser.till import LOCALES, Till, opened
from tests.worlds.screens.links import every_state
from tests.worlds.screens.screens import filled_store, payment

# First the one without windows: it draws the same pages for a fifth less.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What a page has no part in costs each window renderers of the browser's own. Of two such lists Chromium takes the
# last, so what Playwright leaves out for the pages' sake stands here again.
_LEFT_OUT = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,PreconnectToSearch"
)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    f"--disable-component-update --disable-sync --disable-features={_LEFT_OUT}"
)
MANY = 120
# What is there is seen at once; a machine that does four things at a time may take its time to draw it.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Which browser: the system's, and without requests of its own."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "no Chromium: `make chromium` installs it"
    return {"executable_path": path, "args": QUIET.split()}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Whose browser: a Korean one."""
    return {"locale": "ko-KR", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard that runs for the whole session."""
    folder = tmp_path_factory.mktemp("browser")
    engine, now = filled_store(folder), int(time.time())
    older = [payment(f"imp_3000000{i:05d}", now - 5_000 - i, "paid", 1_000 + i) for i in range(MANY)]
    with writing(engine) as connection:
        upsert_payments(connection, older, as_of=now * 1000)
    every_state(engine)
    port = free_port()
    with serving(port, folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """A dashboard to look at for the whole session, and the addresses of all its pages."""
    with opened_shop(tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture(scope="session")
def _tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@pytest.fixture
def page(_tabs: Tabs, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page in a browser of its own; in the place of the plugin's, which is a new one for each test."""
    yield _tabs.take(**browser_context_args)
    _tabs.give_back()


@pytest.fixture(params=list(LOCALES))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """A walk goes once in each language: `_` of the test is then as the person reads it."""
    with in_language(request.param):
        yield request.param


@pytest.fixture
def reader(_tabs: Tabs, browser_context_args: dict[str, Any], language: str) -> Iterator[Page]:
    """A page in a browser of somebody who reads that language."""
    yield _tabs.take(**browser_context_args | {"locale": LOCALES[language]})
    _tabs.give_back()


@pytest.fixture(scope="module")
def _till(tmp_path_factory: pytest.TempPathFactory, _tabs: Tabs) -> Iterator[Till]:
    with opened(tmp_path_factory.mktemp("till"), _tabs) as till:
        yield till


@pytest.fixture
def till(_till: Till) -> Iterator[Till]:
    """One till for all tests of a file; each gives its pages back."""
    yield _till
    _till.tabs.give_back()
