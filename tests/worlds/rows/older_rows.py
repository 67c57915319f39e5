"""Rows as a database of an older revision held them: its facets knew no state, and no registration from a charge."""

from typing import Any

from sqlalchemy import Engine, MetaData, Table

from services.store.engine import writing

Rows = list[dict[str, Any]]


def copy_into(engine: Engine, rows: dict[str, Rows]) -> None:
    """Writes rows of now by their tables, but for what the tables of the older revision have no column for."""
    facets, payments = _older(rows["facet"], rows["payment"])
    with writing(engine) as conn:
        for name, wanted in (rows | {"facet": facets, "payment": payments}).items():
            table = Table(name, MetaData(), autoload_with=conn)
            known = table.columns.keys()
            conn.execute(table.insert(), [{column: row[column] for column in known} for row in wanted])
        if conn.dialect.name != "sqlite":
            conn.exec_driver_sql("SELECT setval(pg_get_serial_sequence('facet', 'id'), (SELECT max(id) FROM facet))")


def _older(facets: Rows, payments: Rows) -> tuple[Rows, Rows]:
    """The facets of before, and the payments that point to them."""
    known = {row["id"]: row for row in facets}
    names = ("status", "pg_provider", "pay_method", "customer_uid_usage", "sandbox", "currency")
    older: dict[Any, int] = {}
    pointing = []
    for row in payments:
        facet = known[row["facet_id"]]
        partly = row["status"] == "paid" and row["cancel_amount"] > 0
        key = (partly, *(facet[name] for name in names))
        # Lists were in the order of states, so that what was refunded whole stood where it was refunded.
        place = row["status_at"] << 20 | row["position"] & ((1 << 20) - 1)
        pointing.append(row | {"facet_id": older.setdefault(key, len(older) + 1), "position": place})
    found = [
        dict(zip(("partly_refunded", *names), key, strict=True)) | {"id": number, "payments": 0}
        for key, number in older.items()
    ]
    return found, pointing
