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
from tests.worlds.screens.revenue_screens import world_store

TABS = ("subscriptions", "cohorts", "failures", "forecast")
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


@contextmanager
def opened_shop(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Its address, and those of all its pages."""
    engine = world_store(folder)
    addresses = _addresses(engine)
    engine.dispose()
    port = free_port()
    with serving(port, folder):
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
    about = {Place.PAYMENT: of_payment, Place.CUSTOMER: of_payment, Place.REFUND: of_payment} | {
        place: of_key for place in (Place.BILLING_KEY, Place.BOOK_SCHEDULE, Place.CHARGE, Place.KEY_DELETION)
    }
    about[Place.SCHEDULE] = f"?merchant_uid={merchant_uid}"
    pages = [("" if entry.default else address_of(entry)) + about.get(entry.name, "") for entry in ENTRIES]
    return [*pages, *(f"revenue?tab={tab}" for tab in TABS)]


def settle(page: Page) -> None:
    """Returns once nothing is drawn any more."""
    expect(page.locator(READY)).to_be_visible(timeout=30_000)
    page.locator("[data-testid=stHeading]").first.wait_for(timeout=30_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(500)
