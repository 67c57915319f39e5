"""Making the links of a file: in chunks, so that nobody waits long for the database, and each row once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Engine, func, select

from services.checkout import checkouts
from services.checkout.checkouts import Offer
from services.checkout.files.asks import ask_of, newest_link, open_asks
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.store.engine import let_others_write
from services.store.sql import read_all, read_one, table
from services.tables.checkouts import Checkout, CheckoutFile
from services.typed_text import require_typed

CHUNK = 500
"""Links of one transaction."""
_LINK, _FILE = table(Checkout), table(CheckoutFile)


class Run(Protocol):
    """What was looked at: the links to make, by the numbers of their rows, held against every link up to `seen`."""

    @property
    def digest(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[object]: ...
    @property
    def seen(self) -> int: ...
    @property
    def offers(self) -> Mapping[int, Offer]: ...


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a file: links made now, and rows for which somebody else made a link meanwhile."""

    file_id: int
    links: int
    left_out: int


class FileLink(NamedTuple):
    """A link of a file by its row there; fields as in Checkout."""

    file_row: int
    id: int
    token: str
    kind: str
    state: str
    name: str
    amount: int
    currency: str
    customer_uid: str | None
    buyer_name: str | None
    buyer_tel: str | None
    request: str
    memo: str
    uses: int
    expires_at: int
    made_at: int


def make_links(
    engine: Engine,
    run: Run,
    actor: Actor,
    now: float,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Made:
    """Makes the links; what is broken off goes on where it stopped. Raises InvalidRequest, NotSaved.

    `progress` is told how many rows of all are done, between two transactions.
    """
    require_typed(run.name, "file")
    with saving(engine) as conn:
        file_id = _file(conn, run, actor, int(now))
    rows, seen, made, done = iter(run.offers.items()), run.seen, 0, 0
    while chunk := dict(islice(rows, CHUNK)):
        with saving(engine) as conn:
            offers, newest = _free(conn, file_id, chunk, seen, now), newest_link(conn)
            made += checkouts.make_of_file(conn, file_id, offers, actor, now)
        seen, done = newest, done + len(chunk)
        progress(done, len(run.offers))
        let_others_write(engine)
    return Made(file_id, made, done - made)


def made_of(conn: Connection, digest: str) -> dict[int, int]:
    """The links that were made of a file, by the rows' numbers."""
    of_file = select(_LINK.c.file_row, _LINK.c.id).join(_FILE, _FILE.c.id == _LINK.c.file_id)
    return {row: number for row, number in conn.execute(of_file.where(_FILE.c.digest == digest))}


def latest_files(conn: Connection, limit: int) -> list[tuple[CheckoutFile, dict[str, int]]]:
    """Files, newest first, with how many of their links are in which state."""
    files = read_all(conn, CheckoutFile, select(_FILE).order_by(_FILE.c.id.desc()).limit(limit))
    return [(one, _states(conn, one.id)) for one in files]


def links_of_file(conn: Connection, file_id: int) -> list[FileLink]:
    """The links of a file in its order."""
    names = [_LINK.c[name] for name in FileLink._fields]
    wanted = select(*names).where(_LINK.c.file_id == file_id).order_by(_LINK.c.file_row)
    return [FileLink(*row) for row in conn.execute(wanted)]


def _file(conn: Connection, run: Run, actor: Actor, now: int) -> int:
    """The number of the file; it is noted where it is new."""
    known = read_one(conn, CheckoutFile, select(_FILE).where(_FILE.c.digest == run.digest))
    if known:
        return known.id
    values = {"digest": run.digest, "name": run.name, "rows": len(run.rows), "made_by": actor.name, "made_at": now}
    number = int(conn.execute(_FILE.insert().values(values).returning(_FILE.c.id)).scalar_one())
    audit.append(conn, actor, "link_file", now, file=number, digest=run.digest, name=run.name, rows=len(run.rows))
    return number


def _free(conn: Connection, file_id: int, chunk: Mapping[int, Offer], seen: int, now: float) -> dict[int, Offer]:
    """The rows without a link yet, of this file or, since it was looked at, by somebody else."""
    taken = open_asks(conn, now, since=seen)
    of_file = select(_LINK.c.file_row).where(_LINK.c.file_id == file_id, _LINK.c.file_row.in_(chunk))
    made = set(conn.execute(of_file).scalars())
    return {row: one for row, one in chunk.items() if row not in made and ask_of(one) not in taken}


def _states(conn: Connection, file_id: int) -> dict[str, int]:
    counted = select(_LINK.c.state, func.count()).where(_LINK.c.file_id == file_id).group_by(_LINK.c.state)
    return {state: n for state, n in conn.execute(counted)}
