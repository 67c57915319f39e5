"""Pictures of every screen of a demo: `python -m tests.pictures OUT`, or `--docs` for the few of the docs.

Each screen and each state at 1440, 1280 and 380 wide, light and dark, in Korean and English:
`OUT/ko-light-1440-payments.png`, `OUT/ko-light-1440-state-empty.png`.
"""

import argparse
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.commands.demo import DATABASE, free_port
from dashboard.navigation import ENTRIES, address_of
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.servers import serving

ROOT = Path(__file__).parents[1]
HEIGHTS = {1440: 900, 1280: 800, 380: 800}
LOOKS = tuple(product(("ko", "en"), ("light", "dark"), HEIGHTS))
IN_DOCS = (
    "home", "payments", "payment", "refund", "schedules", "revenue", "state-search", "closing", "recovery",
)  # fmt: skip
_NEXT = "FROM schedule WHERE schedule_status = 'scheduled' ORDER BY schedule_at LIMIT 1"
_FOUND = {
    "imp_uid": "SELECT imp_uid FROM payment WHERE cancel_amount BETWEEN 1 AND amount - 1 AND status = 'paid' "
    "AND pg_provider LIKE 'naver%' ORDER BY paid_at DESC LIMIT 1",
    "customer_uid": f"SELECT customer_uid {_NEXT}",
    "merchant_uid": f"SELECT merchant_uid {_NEXT}",
    "number": "SELECT max(id) FROM operation",
}
"""What a page's address names, and where it is found."""
_PATIENCE = 120_000
_SLOW = 5.0
"""Seconds that a gateway takes for each answer while its first pass is looked at."""
_NAMED = {
    "payment": "imp_uid",
    "customer": "imp_uid",
    "refund": "imp_uid",
    "billing-key": "customer_uid",
    "booking": "customer_uid",
    "charge": "customer_uid",
    "key-deletion": "customer_uid",
    "schedule": "merchant_uid",
    "operation": "number",
}


def _stay(_page: Page) -> None:
    """What is there as it opens."""


def _review(page: Page) -> None:
    page.get_by_test_id("stBaseButton-primaryFormSubmit").click()


def _search(page: Page) -> None:
    page.locator("html[data-keys=listening]").wait_for(state="attached")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("searchbox").fill("김")


@dataclass(frozen=True)
class State:
    """Whose dashboard, the page there, and what is done before the picture is taken."""

    whose: str
    page: str
    do: Callable[[Page], None] = _stay


STATES = {
    "state-empty": State("demo", "payments?q=nothing-like-it"),
    "state-unknown": State("demo", "payment?imp_uid=imp_nowhere"),
    "state-no-page": State("demo", "no-such-page"),
    "state-mistake": State("demo", "refund?imp_uid={imp_uid}", _review),
    "state-search": State("demo", "payments", _search),
    "state-loading": State("slow", "payments"),
    "state-error-home": State("broken", ""),
    "state-error-payments": State("broken", "payments"),
}
"""By the name of the picture."""


@dataclass(frozen=True)
class Demo:
    """A demo that runs: its address, and what its database holds."""

    address: str
    known: Mapping[str, str]

    def screens(self) -> dict[str, str]:
        """The address of each screen, by the name of its picture."""
        names = {"home" if entry.default else address_of(entry): entry for entry in ENTRIES}
        found = {name: "" if entry.default else address_of(entry) for name, entry in names.items()}
        found |= {name: f"{name}?{urlencode({key: self.known[key]})}" for name, key in _NAMED.items()}
        tabs = ("subscriptions", "cohorts", "failures", "forecast")
        return found | {f"revenue-{tab}": f"revenue?tab={tab}" for tab in tabs}


@contextmanager
def beside() -> Iterator[Mapping[str, str]]:
    """Addresses of two more dashboards: `slow` is at its first pass, `broken` has no gateway."""
    world = build_world(7, payments=3_000, days=1_000, until=time.time())
    with ExitStack() as started:
        slow = started.enter_context(served(Sandbox(world, latency=_SLOW)))
        found = {}
        for name, gateway in {"slow": slow, "broken": "http://127.0.0.1:1"}.items():
            port, folder = free_port(), started.enter_context(TemporaryDirectory())
            settings = {"JANGBU_IMP_API_URL": gateway, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
            started.enter_context(serving(port, Path(folder), **settings))
            found[name] = f"http://127.0.0.1:{port}"
        yield found


@contextmanager
def demo() -> Iterator[Demo]:
    """A demo in a folder of its own, in which one payment was refunded in part."""
    with TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-m", "dashboard", "demo", "--port", str(port)]
        running = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        try:
            settings = {}
            for line in running.stderr or ():
                sys.stderr.write(line)
                if "JANGBU_IMP_KEY=" in line:
                    settings = dict(word.split("=", 1) for word in shlex.split(line) if "=" in word)
                if f":{port}" in line:
                    break
            yield Demo(f"http://127.0.0.1:{port}", _known(Path(folder), settings))
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(20)


def _known(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    with sqlite3.connect(folder / DATABASE) as database:
        imp_uid = str(database.execute(_FOUND["imp_uid"]).fetchone()[0])
    words = ("refund", imp_uid, "--amount", "1000", "--reason", "단순 변심", "--requester", "customer")
    environment = {"PATH": "/usr/bin:/bin", **settings}
    subprocess.run([sys.executable, "-m", "dashboard", *words], cwd=folder, env=environment, check=True)
    with sqlite3.connect(folder / DATABASE) as database:
        found = {name: str(database.execute(query).fetchone()[0]) for name, query in _FOUND.items()}
    return found | {"imp_uid": imp_uid}


def take(browser: Browser, made: Demo, look: tuple[str, str, int], names: set[str], out: Path) -> None:
    """Pictures of the screens and states that are named, in one language, scheme and width."""
    language, scheme, width = look
    locale = {"ko": "ko-KR", "en": "en-US"}[language]
    context = browser.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": HEIGHTS[width]}
    )
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    wanted = {name: State("demo", address) for name, address in made.screens().items()} | STATES
    wanted = {name: state for name, state in wanted.items() if not names or name in names}
    with ExitStack() as started:
        at = {"demo": made.address}
        if any(state.whose not in at for state in wanted.values()):
            at |= started.enter_context(beside())
        for name, state in wanted.items():
            page.goto(f"{at[state.whose]}/{state.page.format(**made.known)}")
            _settle(page)
            state.do(page)
            _settle(page)
            page.screenshot(path=out / f"{language}-{scheme}-{width}-{name}.png")
    context.close()


def _settle(page: Page) -> None:
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=_PATIENCE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=_PATIENCE)
    page.wait_for_timeout(1_500)  # charts and tables draw themselves after the run


def shrink(there: Path) -> None:
    """A picture of few colours and bytes, as a README takes it."""
    with Image.open(there) as picture:
        picture.convert("RGB").quantize(96).save(there, optimize=True)


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "docs" / "pictures")
    parser.add_argument("--docs", action="store_true", help="only those of the docs, small")
    parser.add_argument("--only", nargs="*", default=[], help="only these screens")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    browser_path = next(filter(None, map(shutil.which, CHROMIUM)))
    with demo() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=QUIET.split())
        if asked.docs:
            for language in ("ko", "en"):
                take(browser, made, (language, "light", 1280), set(IN_DOCS), asked.out)
            for there in asked.out.glob("*.png"):
                shrink(there)
        else:
            for look in LOOKS:
                take(browser, made, look, set(asked.only), asked.out)
        browser.close()


if __name__ == "__main__":
    main()
