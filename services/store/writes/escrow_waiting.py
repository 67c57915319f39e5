"""Which escrow payments wait for a parcel: kept, so that their page walks none of those that were entered."""

from collections.abc import Collection

from sqlalchemy import Connection

from services.store.sql import in_dialect, one_of

_WAITS = "p.escrow AND p.status = 'paid' AND NOT EXISTS (SELECT 1 FROM escrow_delivery d WHERE d.imp_uid = p.imp_uid)"


def parcels_changed(conn: Connection, imp_uids: Collection[str]) -> None:
    """These payments, or their deliveries, are not as they were."""
    if not imp_uids:
        return
    mine, bound = one_of(conn, "imp_uid", imp_uids)
    conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM escrow_waiting WHERE {mine}"), (bound,))
    mine, bound = one_of(conn, "p.imp_uid", imp_uids)
    sql = f"INSERT INTO escrow_waiting (imp_uid, paid_at) SELECT p.imp_uid, p.paid_at FROM payment p WHERE {mine}"
    conn.exec_driver_sql(in_dialect(conn, f"{sql} AND {_WAITS}"), (bound,))
