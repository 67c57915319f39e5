"""A name for this life of the journal; operations found at the gateway, which ended before they were written down."""

import secrets
import time

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_BEGINS = (
    "NEW.state NOT IN ('awaiting_approval', 'intent') AND NOT (NEW.state = 'succeeded' AND NEW.asked_from = 'gateway')"
)
_ILLEGAL = "illegal operation state"


def upgrade() -> None:
    mark = sa.table("mark", sa.column("name"), sa.column("value"), sa.column("at"))
    op.execute(mark.insert().values(name="epoch", value=secrets.token_hex(16), at=int(time.time())))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER operation_begins")
        op.execute(
            f"CREATE TRIGGER operation_begins BEFORE INSERT ON operation WHEN {_BEGINS} "
            f"BEGIN SELECT RAISE(ABORT, '{_ILLEGAL}'); END"
        )
    else:
        op.execute("DROP TRIGGER operation_begins ON operation")
        op.execute(
            f"CREATE TRIGGER operation_begins BEFORE INSERT ON operation FOR EACH ROW WHEN ({_BEGINS}) "
            f"EXECUTE FUNCTION jangbu_refuse('{_ILLEGAL}')"
        )
