"""Facets know the card company: payments get the facet of theirs, and days are counted anew."""

import sqlalchemy as sa
from alembic import op
from services.store.migrations.versions.r0011_charged import count_days

revision = "0016"
down_revision = "0015"

_SAME = "status, state, pg_provider, pay_method, customer_uid_usage, registered, sandbox, currency"


def upgrade() -> None:
    op.drop_index("facet_key", "facet")
    op.add_column("facet", sa.Column("card_name", sa.String(), nullable=True))
    op.execute("UPDATE facet SET card_name = ''")
    with op.batch_alter_table("facet") as batch:
        batch.alter_column("card_name", existing_type=sa.String(), nullable=False)
    names = _SAME.split(", ")
    op.create_index("facet_key", "facet", [*names[:4], "card_name", *names[4:]], unique=True)
    op.execute(
        f"INSERT INTO facet ({_SAME}, card_name, payments) SELECT {_SAME}, c.card_name, 0 FROM facet f "
        "JOIN (SELECT DISTINCT facet_id, card_name FROM payment WHERE card_name <> '') c ON c.facet_id = f.id"
    )
    same = " AND ".join(f"n.{name} = f.{name}" for name in names)
    op.execute(
        f"UPDATE payment SET facet_id = (SELECT n.id FROM facet f JOIN facet n ON {same} "
        "WHERE f.id = payment.facet_id AND n.card_name = payment.card_name) WHERE card_name <> ''"
    )
    op.execute("UPDATE facet SET payments = (SELECT count(*) FROM payment p WHERE p.facet_id = facet.id)")
    op.execute("DELETE FROM facet WHERE payments = 0")
    count_days()
