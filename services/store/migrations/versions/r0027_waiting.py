"""What waits for money is found without looking at every payment: accounts and store numbers that are still ready."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    waits = sa.text("status = 'ready' AND (vbank_num IS NOT NULL OR pay_method = 'cvs')")
    op.create_index("payment_waiting", "payment", ["started_at", "imp_uid"], sqlite_where=waits, postgresql_where=waits)
