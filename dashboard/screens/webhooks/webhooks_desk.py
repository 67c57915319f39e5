"""What the log of webhooks reads, and the one thing that can be done about one: its payment is read again."""

import time
from dataclasses import dataclass

from services.checkout import webhook_log
from services.checkout.webhook_log import Arrival, WebhookFilter
from services.checkout.webhooks import look_again
from services.errors import JangbuError
from services.operations.journal.journal import saving
from services.store.lists.keyset import Page
from services.tables.webhooks import Webhook

from dashboard.process.checkout import wake_links
from dashboard.process.resources import open_session, open_store


@dataclass(frozen=True, slots=True)
class WebhookScreen:
    """One page of the log, and whether webhooks come at all."""

    found: Page[Webhook]
    arrival: Arrival


def read_log(chosen: WebhookFilter, now: float, *, before: str | None, after: str | None) -> WebhookScreen:
    """Webhooks by a filter. Raises InvalidFilter."""
    with open_session() as conn:
        found = webhook_log.list_webhooks(conn, chosen, before=before, after=after)
        return WebhookScreen(found, webhook_log.arrival(conn, now))


def shown_now(chosen: WebhookFilter, before: str | None, after: str | None) -> list[tuple[object, ...]]:
    """What a page of the log would show at this moment."""
    with open_session() as conn:
        return as_shown(webhook_log.list_webhooks(conn, chosen, before=before, after=after))


def as_shown(found: Page[Webhook]) -> list[tuple[object, ...]]:
    """What a page shows; once it differs the page is drawn anew."""
    return [(one.id, one.outcome, one.times, one.looks) for one in found.rows]


def refresh(webhook_id: int) -> JangbuError | None:
    """Has a webhook's payment read again, by the loop that reads all of them; what stands in the way."""
    try:
        with saving(open_store(checked=False)) as conn:
            look_again(conn, webhook_id, time.time())
    except JangbuError as error:
        return error
    wake_links()
    return None
