"""Pages by the term, and by who waits for a parcel: an index of what waits for money, and the payments to enter."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
_NEVER = 1 << 40


def upgrade() -> None:
    waits = sa.text("status = 'ready' AND (vbank_num IS NOT NULL OR pay_method = 'cvs')")
    due = sa.text(
        f"(CASE WHEN coalesce(vbank_date, 0) = 0 THEN {_NEVER} WHEN vbank_date < started_at THEN started_at "
        "ELSE vbank_date END)"
    )
    op.create_index("payment_due", "payment", [due, "id"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "escrow_waiting",
        sa.Column("imp_uid", sa.String(), primary_key=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=False),
    )
    op.execute(
        "INSERT INTO escrow_waiting (imp_uid, paid_at) SELECT p.imp_uid, p.paid_at FROM payment p "
        "WHERE p.escrow AND p.status = 'paid' "
        "AND NOT EXISTS (SELECT 1 FROM escrow_delivery d WHERE d.imp_uid = p.imp_uid)"
    )
    op.create_index("escrow_waiting_time", "escrow_waiting", ["paid_at", "imp_uid"])
