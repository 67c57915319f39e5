"""A dashboard on the mirror of a small world: its addresses, and when a page of it is at rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from dashboard.commands.demo import free_port
from dashboard.navigation import ENTRIES, Place, address_of
from services.store.engine import reading
from tests.browser.servers import serving
from tests.worlds.screens.links import SETTINGS, every_state
from tests.worlds.screens.revenue_screens import world_store

TABS = ("subscriptions", "cohorts", "failures", "forecast")
READY = "[data-testid=stApp][data-test-script-state=notRunning]"

MOST = 0.02
"""Shifts of a layout, added up; 0.1 is called good."""
STREAMLITS = {
    # Its menu puts a div for each section between its ul and its li.
    "list": "[data-testid=stSidebarNavItems]",
    "listitem": "[data-testid=stSidebarNavItems] li",
    # Vega calls the marks of a figure's line pictures, empty groups of them too.
    "svg-img-alt": "[data-testid=stMetricChart] *",
}
"""What axe-core finds in Streamlit's own parts, which no page of ours can change."""
WATCH = """
window.shifted = 0;
window.moved = [];
new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) {
        window.shifted += one.value;
        const words = part => part.node?.textContent.slice(0, 60);
        const from = part => `${part.previousRect.top} to ${part.currentRect.top}: ${words(part)}`;
        window.moved.push(`${one.value} at ${one.startTime}: ${one.sources.map(from).join(' | ')}`);
    }
}).observe({ type: 'layout-shift', buffered: true });
"""
_SERIOUS = """
async ([options, theirs]) => (await axe.run({ resultTypes: ['violations'], preload: false, ...options })).violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => [one.id, node.target.join(' '), node.failureSummary]))
    .filter(([id, target]) => !(theirs[id] && document.querySelector(target)?.matches(theirs[id])))
"""


@contextmanager
def opened_shop(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Its address, and those of all its pages."""
    engine = world_store(folder)
    every_state(engine)
    addresses = _addresses(engine)
    engine.dispose()
    port = free_port()
    with serving(port, folder, **{f"JANGBU_{name.upper()}": value for name, value in SETTINGS.items()}):
        yield f"http://127.0.0.1:{port}", addresses


def _addresses(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        imp_uid, customer_uid, merchant_uid = (
            connection.exec_driver_sql(statement).scalar_one()
            for statement in (
                "SELECT imp_uid FROM payment WHERE status = 'paid' LIMIT 1",
                "SELECT customer_uid FROM billing_key LIMIT 1",
                "SELECT merchant_uid FROM schedule LIMIT 1",
            )
        )
    of_key, of_payment = f"?customer_uid={customer_uid}", f"?imp_uid={imp_uid}"
    about = (
        {Place.PAYMENT: of_payment, Place.CUSTOMER: of_payment, Place.REFUND: of_payment}
        | {place: of_payment for place in (Place.NAVER_CONFIRM, Place.NAVER_POINTS)}
        | {place: of_key for place in (Place.BILLING_KEY, Place.BOOK_SCHEDULE, Place.CHARGE, Place.KEY_DELETION)}
    )
    about |= {Place.SCHEDULE: f"?merchant_uid={merchant_uid}", Place.LINK: "?link=1", Place.NEW_LINK: of_key}
    pages = [("" if entry.default else address_of(entry)) + about.get(entry.name, "") for entry in ENTRIES]
    return [*pages, *(f"revenue?tab={tab}" for tab in TABS)]


def settle(page: Page) -> None:
    """Returns once nothing is drawn any more."""
    expect(page.locator(READY)).to_be_visible()
    page.locator("[data-testid=stHeading]").first.wait_for(timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_timeout(500)


def serious(page: Page, options: dict[str, list[str]], theirs: dict[str, str]) -> list[list[str]]:
    """What axe-core finds twice on a page at rest: what is drawn anew meanwhile is pale for a moment."""
    if not page.evaluate(_SERIOUS, [options, theirs]):
        return []
    settle(page)
    page.wait_for_function("!document.querySelector('[data-stale=true]')")
    found: list[list[str]] = page.evaluate(_SERIOUS, [options, theirs])
    return found
