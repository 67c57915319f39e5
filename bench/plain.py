"""The plain way to the same payments: one httpx request after another, json, and SQLModel's merge."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import Session

from services.gateway.client import Gateway
from services.mirror.windows import payment_windows
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.engine import create_store
from services.store.migrations import migrate
from services.store.sql import column_names
from services.tables.v1 import Payment

_COLUMNS = column_names(Payment)
DAYS = 400


def pages(url: str) -> Iterator[list[dict[str, Any]]]:
    """Every page of every window, as json reads it."""
    windows = payment_windows(Gateway(url, IMP_KEY, IMP_SECRET).now(), DAYS)
    with httpx.Client(base_url=url, trust_env=False) as client:
        keys = {"imp_key": IMP_KEY, "imp_secret": IMP_SECRET}
        token = client.post("/users/getToken", json=keys).json()["response"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for window in windows:
            page = 1
            while page:
                asked: dict[str, int | str] = {
                    "from": window.from_at,
                    "to": window.end_at,
                    "page": page,
                    "limit": 1000,
                    "sorting": "started",
                }
                answer = client.get("/payments/status/all", params=asked).json()["response"]
                yield answer["list"]
                page = answer["next"]


def merge(url: str, path: Path, rows: int) -> int:
    """Merges the first `rows` payments into a new store, a page at a time. Returns how many."""
    engine = create_store(f"sqlite:///{path}")
    migrate(engine)
    done = 0
    for page in pages(url):
        with Session(engine) as session:
            for row in page:
                done += 1
                known = {name: value for name, value in row.items() if name in _COLUMNS}
                kept = {"position": done, "facet_id": 1, "status_at": row["started_at"], "read_at": 0}
                session.merge(Payment(id=done, **known, **kept))
            session.commit()
        if done >= rows:
            break
    engine.dispose()
    return done
