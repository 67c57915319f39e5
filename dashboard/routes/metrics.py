"""/metrics for Prometheus: read from the store when it is asked for; to this machine only (guard.py)."""

import time
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from services.backup.kept import last_taken
from services.errors import StoreError
from services.store.lists.system import freshness, row_counts
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

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


_registry = CollectorRegistry()
_registry.register(MirrorCollector())


def metrics(_request: Request) -> Response:
    """What the collectors say now; 503 where the store cannot be read."""
    try:
        return Response(generate_latest(_registry), media_type=CONTENT_TYPE_LATEST)
    except (StoreError, SQLAlchemyError):
        return Response(status_code=503)
