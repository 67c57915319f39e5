"""Rows say when their buyer was made anonymous; of an operation that has ended, that alone may still change."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

_TABLES = ("payment", "billing_key", "schedule", "operation")
_TERMINAL = "('succeeded', 'refused', 'expired')"
_FINAL = "an operation that has ended does not change"
_NOTE = ("note", "noted_by", "noted_at")
_ANONYMOUS = ("request", "anonymous_at")
_BY_ITSELF = "OLD.anonymous_at IS NOT NULL OR NEW.anonymous_at IS NULL"


def upgrade() -> None:
    for name in _TABLES:
        op.add_column(name, sa.Column("anonymous_at", sa.BigInteger(), nullable=True))
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("operation")]
    frozen = [name for name in names if name not in (*_NOTE, *_ANONYMOUS)]
    lite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER operation_ended" if lite else "DROP TRIGGER operation_ended ON operation")
    for trigger, columns, condition in (
        ("operation_ended", frozen, f"OLD.state IN {_TERMINAL}"),
        ("operation_anonymous", _ANONYMOUS, f"OLD.state IN {_TERMINAL} AND ({_BY_ITSELF})"),
    ):
        when = f"BEFORE UPDATE OF {', '.join(columns)} ON operation"
        if lite:
            does = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END"
        else:
            does = f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION jangbu_refuse('{_FINAL}')"
        op.execute(f"CREATE TRIGGER {trigger} {when} {does}")
