"""What the System page and the strip on every screen say of the mirror."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from services.months import MONTH_DAYS
from services.store.engine import writing
from services.store.sql import fetch, in_dialect, read_all, table, upsert
from services.tables.marks import MirrorMark
from services.tables.v1 import Basis, Channel, Oddity, SyncRun

_RUN = table(SyncRun)
_CHANNEL = table(Channel)
_ODDITY = table(Oddity)


@dataclass(frozen=True, slots=True)
class Filling:
    """How far back a first pass has come: days read of the days of the span, newest first."""

    done: int
    days: int

    @property
    def months(self) -> tuple[int, int]:
        """Whole months read, and months of the span."""
        return int(self.done / MONTH_DAYS), round(self.days / MONTH_DAYS) or 1


@dataclass(frozen=True, slots=True)
class Freshness:
    """`as_of`: UNIX seconds of the last run that went well; `last_error` where the latest run did not."""

    as_of: int | None
    backfilled: bool
    last_error: str | None
    waiting: int = 0
    """Operations that need a person, where somebody counted them."""
    standing: bool = True
    """Whether the database file is the one that was opened, where somebody looked."""
    filling: Filling | None = None
    """How far the first pass is; None once the whole span was read."""
    payments: int = 0
    """Payments here, while it is being filled."""
    missing: int = 0
    """Rows that could not be read and are nowhere, where somebody counted them."""
    outdated: int = 0
    """Rows that could not be read and stand as they were before, where somebody counted them."""


def freshness(conn: Connection) -> Freshness:
    """How far the store may be trusted to show the gateway."""
    kept = marks(conn)
    row = conn.exec_driver_sql(
        "SELECT error FROM sync_run WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    as_of = kept.get(MirrorMark.AS_OF)
    filling = _filling(kept.get(MirrorMark.FILLING))
    return Freshness(
        int(as_of) if as_of else None,
        MirrorMark.BACKFILLED in kept and filling is None,
        row[0] if row else None,
        filling=filling,
        payments=_payments(conn) if filling else 0,
    )


def _filling(mark: str | None) -> Filling | None:
    if mark is None:
        return None
    done, days = map(int, mark.split("/"))
    return Filling(done, days) if done < days else None


def _payments(conn: Connection) -> int:
    return int(conn.exec_driver_sql("SELECT coalesce(sum(payments), 0) FROM facet").scalar_one())


def marks(conn: Connection) -> dict[str, str]:
    """Named values of the mirror: as_of, backfilled, filling, clock_difference, gateway, deep_at."""
    return dict(fetch(conn, "SELECT name, value FROM mark"))


def revision(conn: Connection) -> str:
    """The revision that the database is at."""
    return str(conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def whole_is_due(kept: dict[str, str]) -> bool:
    """Whether the whole span has to be read once more, of marks()."""
    since = kept.get(MirrorMark.WHOLE_FROM)
    return since is not None and int(kept.get(MirrorMark.DEEP_AT, 0)) < int(since.partition(" ")[0])


def write_probe(engine: Engine, now: int) -> None:
    """Writes a row of its own, to see that it can be done. Raises Displaced, SQLAlchemyError."""
    sql = upsert("mark", ("name", "value", "at"), ("name",))
    with writing(engine) as conn:
        conn.exec_driver_sql(in_dialect(conn, sql), (MirrorMark.PROBE, "", now))


def list_sync_runs(conn: Connection, limit: int) -> list[SyncRun]:
    """Runs, latest first."""
    return read_all(conn, SyncRun, select(_RUN).order_by(_RUN.c.id.desc()).limit(limit))


def list_channels(conn: Connection) -> list[Channel]:
    """The merchant's channels."""
    return read_all(conn, Channel, select(_CHANNEL).order_by(_CHANNEL.c.sandbox, _CHANNEL.c.pg_provider))


def list_oddities(conn: Connection) -> list[Oddity]:
    """What was new to this version, the latest first."""
    return read_all(conn, Oddity, select(_ODDITY).order_by(_ODDITY.c.last_at.desc()))


def row_counts(conn: Connection) -> dict[str, int]:
    """Rows by table, from kept totals."""
    sums = (
        ("payments", "SELECT coalesce(sum(payments), 0) FROM facet", ()),
        (
            "refunds",
            "SELECT coalesce(sum(payments), 0) FROM daily_total WHERE basis = ?",
            (Basis.REFUNDED.value,),
        ),
        ("schedules", "SELECT coalesce(sum(schedules), 0) FROM schedule_facet", ()),
        ("billing_keys", "SELECT coalesce(sum(keys), 0) FROM key_total", ()),
    )
    return {name: int(conn.exec_driver_sql(in_dialect(conn, sql), values).scalar_one()) for name, sql, values in sums}
