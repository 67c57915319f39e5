"""Many schedules at once, chosen from the list or brought as a file: what each would do, and submitting them."""

import time
from collections.abc import Sequence

from services.errors import InvalidRequest
from services.operations.files import bulk
from services.operations.files.bulk import BulkRow
from services.operations.files.run import Run
from sqlalchemy import Connection

from dashboard.kit.session import Slot
from dashboard.locale import ngettext
from dashboard.screens.asking.many import ManyDraft
from dashboard.screens.schedules.bulk_schedules import BulkTyping

DRAFT: Slot[ManyDraft[Run[BulkRow]]] = Slot("bulk.draft", ManyDraft)


def begin(orders: Sequence[str] = (), kind: str | None = None) -> None:
    """Another list."""
    DRAFT.put(ManyDraft(tuple(orders), kind))


def look(draft: ManyDraft[Run[BulkRow]], typing: BulkTyping, file: tuple[str, bytes] | None) -> None:
    """What each row would do, by the fields and the file of this moment; sends nothing."""

    def make(conn: Connection, token: str) -> Run[BulkRow]:
        at = typing.time()
        targets = bulk.read_file(file[1], at) if file else bulk.selected(draft.orders, at)
        if not targets:
            raise InvalidRequest("Choose rows in the list of schedules, or bring a file.", field="file")
        name = file[0] if file else chosen_words(len(targets))
        return bulk.dry_run(conn, token, name, typing.change, targets, now=time.time())

    draft.look(make)


def chosen_words(n: int) -> str:
    """What a list of chosen rows is called."""
    return ngettext("{n} schedule chosen from the list", "{n} schedules chosen from the list", n).format(n=f"{n:,}")
