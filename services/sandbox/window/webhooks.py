"""Webhooks: POSTs to the shop that something happened, unsigned, once unless switched otherwise."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import httpx

from services.sandbox.window.later import Later
from services.sandbox.window.switches import Switches, Webhook
from services.sandbox.world.world import Event, World

_FIRST = httpx.Timeout(30, connect=10)
_REPEATED = httpx.Timeout(15)
_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST and what came of it; status 0 where no answer came."""

    url: str
    body: Mapping[str, str]
    status: int


class Webhooks:
    """Tells the shop; nobody may hold the world's lock while he calls this."""

    def __init__(self, worlds: Mapping[str, World], switches: Callable[[], Switches], later: Later) -> None:
        self.log: deque[Delivery] = deque(maxlen=_KEPT)
        """The latest deliveries, oldest first."""
        self.choices: dict[str, Webhook] = {}
        """imp_uid -> what was chosen for this payment, for all that becomes of it."""
        self._worlds, self._switches, self._later = worlds, switches, later

    def tell(self, event: Event, *, browser_waits: bool = False) -> None:
        """Sends an event; at once where the browser waits and was chosen to, else from the background."""
        choice = self.choices.get(event.imp_uid, self._switches().webhook)
        if choice == Webhook.NEVER:
            return
        body = event.body()
        for url in self._urls(event.imp_uid):
            if choice == Webhook.BEFORE and browser_waits:
                self._post(url, body, self._switches().webhook_repeats, _FIRST)
                continue
            wait = self._switches().webhook_after if choice == Webhook.AFTER and browser_waits else 0.0
            for _ in range(2 if choice == Webhook.TWICE else 1):
                self._later.after(wait, self._post, url, body, self._switches().webhook_repeats, _FIRST)

    def test(self) -> Delivery | None:
        """The console's button for a test: to the saved address, with ids that do not exist."""
        url = self._switches().webhook_url
        return self._post(url, self._switches().test_call, 0, _FIRST) if url else None

    def _urls(self, imp_uid: str) -> tuple[str, ...]:
        saved = self._switches().webhook_url
        own = (world.notice_urls.get(imp_uid) for world in self._worlds.values())
        return next(filter(None, own), (saved,) if saved else ())

    def _post(self, url: str, body: Mapping[str, str], repeats: int, timeout: httpx.Timeout) -> Delivery:
        try:
            if self._switches().webhook_form:
                status = self._http.post(url, data=body, timeout=timeout).status_code
            else:
                status = self._http.post(url, json=body, timeout=timeout).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            status = 0
        if repeats and (status == 0 or status >= 500):
            self._later.after(self._switches().webhook_repeat_after, self._post, url, body, repeats - 1, _REPEATED)
        delivery = Delivery(url, body, status)
        self.log.append(delivery)
        return delivery

    @cached_property
    def _http(self) -> httpx.Client:
        # Shops of a sandbox are on this machine, whatever proxy the environment names.
        return httpx.Client(trust_env=False)
