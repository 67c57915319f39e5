"""The figures that alarms are made of: each is kept anyway, or found by an index, however much there is."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from services.backup.kept import last_taken
from services.errors import JangbuError
from services.recovery.jumps import FailureRate, failure_rates
from services.store.lists.operations import MOST
from services.store.lists.system import marks
from services.store.sql import fetch, table
from services.store.writes.late_payments import late_payments
from services.store.writes.link_alarms import link_alarms
from services.tables.alarms import MatterKind
from services.tables.checkouts import CheckoutState
from services.tables.journal import ALONE, FILES, LEFT, OperationState, RefundBatch
from services.tables.marks import MirrorMark
from services.tables.v1 import SyncRun

_BATCH, _RUN = table(RefundBatch), table(SyncRun)
_RUNS = 20
"""Runs of the mirror whose drift Home adds up."""
Rows = Mapping[str, Mapping[str, object]]
"""What waits, by its key: figures for words, nothing of a buyer."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Room in a folder that is written to, in bytes, and what it needs."""

    name: str
    """database, head or backups."""
    free: int
    needed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known at one moment."""

    waiting: Mapping[MatterKind, Rows]
    """Up to MOST of each, the oldest first."""
    as_of: int | None
    failed_runs: int
    """Runs of the mirror that failed one after another, up to now."""
    failed_at: int | None
    """When the last of them ended."""
    drift: int
    """Rows that differed in the last runs."""
    rates: Sequence[FailureRate]
    backup_at: int | None
    first_run_at: int | None
    """When the mirror first ran, as far as it is known."""
    disks: Sequence[Disk]


def read_figures(conn: Connection, now: float, disks: Sequence[Disk]) -> Figures:
    """One look; up to MOST rows of each kind."""
    runs = conn.execute(
        select(_RUN.c.error, _RUN.c.drift, _RUN.c.finished_at)
        .where(_RUN.c.finished_at.is_not(None))
        .order_by(_RUN.c.id.desc())
        .limit(_RUNS)
    ).all()
    # Only what the gateway, or reaching it, brought about is kept as a sentence; a run that was stopped is a word.
    failed = next((n for n, run in enumerate(runs) if JangbuError.of_kept(run.error or "") is None), len(runs))
    as_of, backup = marks(conn).get(MirrorMark.AS_OF), last_taken(conn)
    return Figures(
        waiting={
            MatterKind.NEEDS_PERSON: _for_a_person(conn),
            MatterKind.APPROVAL: _approvals(conn),
            MatterKind.UNKNOWN: _operations(conn, _in_state(OperationState.UNKNOWN)),
            MatterKind.MISMATCH: _mismatches(conn),
        },
        as_of=int(as_of) if as_of else None,
        failed_runs=failed,
        failed_at=runs[0].finished_at if failed else None,
        drift=sum(run.drift for run in runs),
        rates=failure_rates(conn, now),
        backup_at=backup.at if backup else None,
        first_run_at=conn.execute(select(func.min(_RUN.c.started_at))).scalar(),
        disks=disks,
    )


def disks_of(folders: Mapping[str, Path], needed: int) -> list[Disk]:
    """Room where each of these folders is, or will be made; folders on one disk are told of once."""
    found: dict[int, Disk] = {}
    for name, folder in folders.items():
        # Of a folder that this user may not enter, or whose server is away, nothing is known: the rest goes on.
        with suppress(OSError):
            place = next(one for one in (folder, *folder.parents) if one.is_dir())
            found.setdefault(place.stat().st_dev, Disk(name, shutil.disk_usage(place).free, needed))
    return list(found.values())


def _operations(conn: Connection, condition: str, index: str = "") -> Rows:
    names = ("id", "kind", "amount", "currency", "state_at")
    # SQLite would take the index of states, and walk all that ever expired.
    forced = f" INDEXED BY {index}" if index and conn.dialect.name == "sqlite" else ""
    sql = f"SELECT {', '.join(names)} FROM operation{forced} WHERE {condition} ORDER BY asked_at LIMIT ?"
    return {f"operation {row[0]}": dict(zip(names, row, strict=True)) for row in fetch(conn, sql, (MOST,))}


def _in_state(state: OperationState) -> str:
    return f"state = '{state.value}'"


def _for_a_person(conn: Connection) -> Rows:
    found = dict(_operations(conn, _in_state(OperationState.NEEDS_PERSON)))
    found |= {key: {**row, "expired": True} for key, row in _operations(conn, LEFT.text, "operation_left").items()}
    return found | {
        f"late {row.operation_id}": {
            "id": row.operation_id, "late": True, "amount": row.amount, "currency": row.currency,
        }
        for row in late_payments(conn, limit=MOST)
    }  # fmt: skip


def _approvals(conn: Connection) -> Rows:
    files = select(_BATCH.c.id, _BATCH.c.kind, _BATCH.c.rows).where(FILES).order_by(_BATCH.c.asked_at).limit(MOST)
    found = dict(_operations(conn, ALONE.text))
    return found | {f"file {row.id}": {"file": row.id, "kind": row.kind, "rows": row.rows}
                    for row in conn.execute(files)}  # fmt: skip


def _mismatches(conn: Connection) -> Rows:
    sql = f"SELECT id FROM checkout WHERE state = '{CheckoutState.MISMATCH.value}' ORDER BY made_at, id LIMIT ?"
    links = [row[0] for row in fetch(conn, sql, (MOST,))] + [one.checkout_id for one in link_alarms(conn, MOST)]
    return {f"link {one}": {"link": one} for one in links}
