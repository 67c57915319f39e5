"""What every group of calls stands on: the connection, one row, a page of rows, an id in an address."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from services.errors import NotSent
from services.gateway import decoder
from services.gateway.decoder import RowKind, Unlike
from services.gateway.http import Connection
from services.gateway.payloads import PagePayload

_USUAL_PAGE = 20

Item = TypeVar("Item")


class Caller:
    """Holds the connection that the gateway's calls share."""

    _http: Connection

    def _one(self, path: str, read: Callable[[bytes], Item], params: dict[str, Any] | None = None) -> Item:
        return self._http.get(path, params or {}, read)

    def _page(
        self, path: str, kind: RowKind[Item], params: dict[str, Any], unlike: Unlike | None = None
    ) -> PagePayload[Item]:
        asked = (params["page"], params.get("limit", _USUAL_PAGE))
        return self._http.get(path, params, lambda raw: decoder.page(raw, kind, asked, unlike))


def safe(part: str) -> str:
    """An id as a step of an address. Raises NotSent for what would lead elsewhere."""
    if part in ("", ".", ".."):
        # A step in an address, however it is escaped: the call would go somewhere else.
        raise NotSent("No call can name the id “{id}”: nothing was sent.", id=part)
    return quote(part, safe="")
