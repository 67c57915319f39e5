"""What a PG gave back of a refund, and charges that were refused and turned up paid after all."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TERMINAL = "('succeeded', 'refused', 'expired')"
_NOTE = ("noted_by", "noted_at", "note")
_FINAL = "an operation that has ended does not change"
_OPEN = "noted_at IS NULL"


def upgrade() -> None:
    op.add_column("operation", sa.Column("refunded", sa.BigInteger(), nullable=True))
    _freeze_what_has_ended()
    op.create_table(
        "late_payment",
        sa.Column("imp_uid", sa.String(), primary_key=True),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("customer_uid", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=True),
        sa.Column("noted_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )
    waits = sa.text(_OPEN)
    op.create_index(
        "late_payment_waiting", "late_payment", ["customer_uid", "seen_at"], sqlite_where=waits, postgresql_where=waits
    )
    for joined in ("p.imp_uid = o.imp_uid", "p.merchant_uid = o.merchant_uid AND o.kind = 'charge'"):
        op.execute(
            "INSERT INTO late_payment (imp_uid, operation_id, customer_uid, seen_at) "
            f"SELECT p.imp_uid, o.id, o.customer_uid, p.paid_at FROM operation o JOIN payment p ON {joined} "
            "WHERE o.kind IN ('charge', 'retry') AND o.state IN ('refused', 'expired') AND p.status = 'paid' "
            "AND o.customer_uid IS NOT NULL ON CONFLICT (imp_uid) DO NOTHING"
        )


def _freeze_what_has_ended() -> None:
    """The trigger names its columns: with a new one it is made anew."""
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("operation")]
    frozen = f"BEFORE UPDATE OF {', '.join(name for name in names if name not in _NOTE)} ON operation"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER operation_ended")
        does = f"WHEN OLD.state IN {_TERMINAL} BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END"
    else:
        op.execute("DROP TRIGGER operation_ended ON operation")
        does = f"FOR EACH ROW WHEN (OLD.state IN {_TERMINAL}) EXECUTE FUNCTION jangbu_refuse('{_FINAL}')"
    op.execute(f"CREATE TRIGGER operation_ended {frozen} {does}")
