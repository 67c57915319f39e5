"""/export/{token}: streams the file that a ticket stands for."""

import time
from datetime import datetime

from services.clock import SEOUL
from services.exports.export import export
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from dashboard.access import Permission, auth_configured
from dashboard.components.export_labels import labels_of
from dashboard.locale import set_language
from dashboard.resources import open_store
from dashboard.sessions import admitted, user_of
from dashboard.tickets import Ticket, find_ticket

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(request: Request) -> Response:
    """The file; 404 for an unknown or old ticket, 403 where the person may no longer have it."""
    ticket = find_ticket(request.path_params["token"])
    if ticket is None:
        return PlainTextResponse("This link is too old: open Export again.", status_code=404)
    if not _may_have(ticket, request):
        return PlainTextResponse("Forbidden", status_code=403)
    set_language(ticket.language)
    chunks = export(
        open_store(),
        ticket.kind,
        ticket.chosen,
        fmt=ticket.fmt,
        labels=labels_of(ticket.kind),
        with_buyers=ticket.user.may(Permission.SEE_BUYERS),
    )
    name = f"jangbu-{ticket.kind}-{datetime.fromtimestamp(time.time(), SEOUL):%Y%m%d-%H%M%S}.{ticket.fmt}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(chunks, media_type=_TYPES[ticket.fmt], headers=headers)


def _may_have(ticket: Ticket, request: Request) -> bool:
    """With sign-in: the same person, with the same role as when the link was made."""
    if not auth_configured():
        return True
    session_id = admitted(request.headers)
    user = user_of(session_id) if session_id else None
    return user is not None and user == ticket.user and user.may(Permission.EXPORT)
