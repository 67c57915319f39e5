"""/metrics for Prometheus: read from the store when it is asked for; to this machine only (guard.py)."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from services.alarms.figures import Figures
from services.alarms.matters import lasting
from services.alarms.receivers import Way
from services.alarms.tellings import state_of
from services.backup.kept import last_taken
from services.errors import StoreError
from services.store.lists.system import freshness, row_counts
from services.tables.alarms import MatterKind
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from dashboard.alarms.people import receivers
from dashboard.alarms.watch import figures_now
from dashboard.process.resources import open_session


class MirrorCollector(Collector):
    """The mirror's state as gauges."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Reads the store once."""
        with open_session() as session:
            fresh, counts, backup = freshness(session), row_counts(session), last_taken(session)
        rows = GaugeMetricFamily("jangbu_rows", "Rows in the store", labels=["table"])
        for table, n in counts.items():
            rows.add_metric([table], n)
        yield rows
        if fresh.as_of is not None:
            lag = max(time.time() - fresh.as_of, 0)
            yield GaugeMetricFamily("jangbu_mirror_lag_seconds", "Age of what the screens show", value=lag)
        if backup:
            age = max(time.time() - backup.at, 0)
            yield GaugeMetricFamily("jangbu_backup_age_seconds", "Age of the last good backup", value=age)
        failed = 1 if fresh.last_error else 0
        yield GaugeMetricFamily("jangbu_mirror_failed", "1 where the mirror's last run failed", value=failed)


class AlarmCollector(Collector):
    """What alarms are made of, what is the matter, and what could not be told."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Looks once, as the loop does."""
        with open_session() as session:
            seen, matters = figures_now(session, time.time()), Counter(one.kind for one in lasting(session))
            waits = Counter({way.value: 0 for way in Way})
            for one in receivers(session):
                waits[one.way.value] += state_of(session, one.name).failing
        yield from _figures(seen)
        kinds = {kind.value: matters[kind.value] for kind in MatterKind}
        yield _gauge("jangbu_alarms", "What is the matter, as people are told of it", "kind", kinds)
        yield _gauge("jangbu_alarms_undelivered", "Alarms that did not arrive yet", "by", waits)


def _figures(seen: Figures) -> Iterator[GaugeMetricFamily]:
    waiting = {kind.value: len(rows) for kind, rows in seen.waiting.items()}
    yield _gauge("jangbu_waiting", "What waits for somebody, up to 200 of each kind", "kind", waiting)
    yield GaugeMetricFamily("jangbu_failed_runs", "Readings that failed in a row, up to now", value=seen.failed_runs)
    yield GaugeMetricFamily("jangbu_drift_rows", "Rows that differed in the last runs", value=seen.drift)
    for name, words, of in (
        ("jangbu_charges_tried", "Charges by billing key in the last three hours", lambda rate: rate.tried),
        ("jangbu_charges_failed", "Those of them that failed", lambda rate: rate.failed),
        ("jangbu_charges_jumped", "1 where a PG fails more than usual", lambda rate: int(rate.jumped)),
    ):
        yield _gauge(name, words, "pg", {rate.pg_provider: of(rate) for rate in seen.rates})
    free = {disk.name: disk.free for disk in seen.disks}
    yield _gauge("jangbu_disk_free_bytes", "Room where Jangbu writes", "folder", free)


def _gauge(name: str, words: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    found = GaugeMetricFamily(name, words, labels=[label])
    for value, n in values.items():
        found.add_metric([value], n)
    return found


_registry = CollectorRegistry()
_registry.register(MirrorCollector())
_registry.register(AlarmCollector())


def metrics(_request: Request) -> Response:
    """What the collectors say now; 503 where the store cannot be read."""
    try:
        return Response(generate_latest(_registry), media_type=CONTENT_TYPE_LATEST)
    except (StoreError, SQLAlchemyError):
        return Response(status_code=503)
