"""The access log: who did what with buyers' data, in a chain of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
_FINAL = "an entry of the access log does not change"


def upgrade() -> None:
    texts = ("person", "origin", "kind", "what", "whose", "column_names", "previous", "hash")
    op.create_table(
        "access_entry",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.Column("row_count", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("access_entry_time", "access_entry", ["at", "id"])
    op.create_index("access_entry_person", "access_entry", ["person", "at", "id"])
    named = sa.text("whose <> ''")
    op.create_index(
        "access_entry_whose", "access_entry", ["whose", "at", "id"], sqlite_where=named, postgresql_where=named
    )
    reviewed = sa.text("kind = 'reviewed'")
    op.create_index(
        "access_entry_review", "access_entry", ["what", "id"], sqlite_where=reviewed, postgresql_where=reviewed
    )
    if op.get_bind().dialect.name == "sqlite":
        does = f"BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END"
    else:
        does = f"FOR EACH ROW EXECUTE FUNCTION jangbu_refuse('{_FINAL}')"
    op.execute(f"CREATE TRIGGER access_changes BEFORE UPDATE ON access_entry {does}")
