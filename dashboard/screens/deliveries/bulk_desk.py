"""Many escrow deliveries from a file: what each row would do, and submitting it."""

import time
from collections.abc import Mapping

from services.errors import InvalidRequest
from services.escrow.kept import last_sender
from services.operations.files import parcels
from services.operations.files.parcels import ParcelRow
from services.operations.files.run import Run
from sqlalchemy import Connection

from dashboard.kit.session import Slot
from dashboard.process.resources import open_session
from dashboard.screens.asking.many import ManyDraft
from dashboard.screens.deliveries.bulk_parcels import ParcelsTyping, of_sender

DRAFT: Slot[ManyDraft[Run[ParcelRow]]] = Slot("parcels.draft", ManyDraft)


def sender_now() -> Mapping[str, str]:
    """The sender of the last delivery."""
    with open_session() as session:
        return last_sender(session)


def look(draft: ManyDraft[Run[ParcelRow]], typing: ParcelsTyping) -> None:
    """What each row would do, by the file of this moment; sends nothing."""

    def make(conn: Connection, token: str) -> Run[ParcelRow]:
        if typing.file is None:
            raise InvalidRequest("Bring a file first.", field="file")
        name, content = typing.file
        return parcels.dry_run(conn, token, name, content, typing.sender, time.time())

    draft.look(make)
    if draft.run:
        draft.problem = of_sender(draft.run)
