"""Operations name the identity verification that they are about, whose imp_uid is no payment's."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
_TERMINAL = "('succeeded', 'refused', 'expired')"
_FINAL = "an operation that has ended does not change"
_NOTE = ("note", "noted_by", "noted_at")


def upgrade() -> None:
    op.add_column("operation", sa.Column("verification_uid", sa.String(), nullable=True))
    known = sa.text("verification_uid IS NOT NULL")
    op.create_index(
        "operation_verification", "operation", ["verification_uid"], sqlite_where=known, postgresql_where=known
    )
    freeze_what_has_ended()


def freeze_what_has_ended() -> None:
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
