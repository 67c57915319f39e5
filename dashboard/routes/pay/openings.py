"""How often an address may open buyers' pages: counted in this process alone, and forgotten within the hour."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.requests import Request

MOST_AN_HOUR = 60
"""Openings of one address, without the first one of each link: who knows many links was sent them, and many phones
of one carrier share an address."""
MOST_BY_A_PROXY = 3_000
"""The same of all that come by one proxy that is not trusted to say for whom."""
_HOUR = 3600
_ADDRESSES = 10_000


@dataclass(slots=True)
class _Hour:
    since: float
    opened: int = 0
    links: set[int] = field(default_factory=set)


class Openings:
    """The hours of the addresses that came last."""

    def __init__(self) -> None:
        self._hours: OrderedDict[str, _Hour] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, request: Request, link: int | None, now: float) -> bool:
        """Counts an opening; whether it is none too many. `link` is None where the address of the page is unknown."""
        whose, most = _whose(request)
        with self._lock:
            hour = self._hours.pop(whose, None)
            if hour is None or now - hour.since >= _HOUR:
                hour = _Hour(now)
            self._hours[whose] = hour
            if len(self._hours) > _ADDRESSES:
                self._hours.popitem(last=False)
            if link is not None and link not in hour.links:
                hour.links.add(link)
                return True
            hour.opened += 1
            return hour.opened <= most


def _whose(request: Request) -> tuple[str, int]:
    """Where a request comes from, as far as uvicorn trusts the proxy in front (FORWARDED_ALLOW_IPS), and its share."""
    host, port = request.client or ("", 0)
    # An address that a trusted proxy named has no port.
    by_proxy = port and "x-forwarded-for" in request.headers
    return _network(host), MOST_BY_A_PROXY if by_proxy else MOST_AN_HOUR


def _network(host: str) -> str:
    """A household's network of IPv6, which has addresses without end; any other address as it is."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else host
