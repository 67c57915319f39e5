"""Operations that wait for another one, as a key is deleted after its schedules are revoked; batches of any kind."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TERMINAL = "('succeeded', 'refused', 'expired')"
_NOTE = ("noted_by", "noted_at", "note")
_CHAINED = "state = 'awaiting_approval' AND after_id IS NOT NULL"
_ALONE = "state = 'awaiting_approval' AND batch_id IS NULL AND after_id IS NULL"
_FINAL = "an operation that has ended does not change"


def upgrade() -> None:
    op.add_column("operation", sa.Column("after_id", sa.Integer(), nullable=True))
    waits = sa.text(_CHAINED)
    op.create_index("operation_after", "operation", ["after_id"], sqlite_where=waits, postgresql_where=waits)
    # What waits for another operation is not for a second person.
    alone = sa.text(_ALONE)
    op.drop_index("operation_alone", "operation")
    op.create_index(
        "operation_alone", "operation", ["state", "asked_at", "id"], sqlite_where=alone, postgresql_where=alone
    )
    op.add_column("refund_batch", sa.Column("kind", sa.String(), nullable=False, server_default="refund"))
    _freeze_what_has_ended()


def _freeze_what_has_ended() -> None:
    """The trigger of 0002 names its columns: with a new one it is made anew."""
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("operation")]
    frozen = f"BEFORE UPDATE OF {', '.join(name for name in names if name not in _NOTE)} ON operation"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER operation_ended")
        does = f"WHEN OLD.state IN {_TERMINAL} BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END"
    else:
        op.execute("DROP TRIGGER operation_ended ON operation")
        does = f"FOR EACH ROW WHEN (OLD.state IN {_TERMINAL}) EXECUTE FUNCTION jangbu_refuse('{_FINAL}')"
    op.execute(f"CREATE TRIGGER operation_ended {frozen} {does}")
