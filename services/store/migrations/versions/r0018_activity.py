"""The list of all operations, narrowed by who, kind and state or one id; and what of the audit is no operation's."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("operation_kind_state", "operation", ["kind", "state", "asked_at", "id"])
    op.create_index("operation_asked_by", "operation", ["asked_by", "asked_at", "id"])
    for name, table, columns, where in (
        ("operation_approved_by", "operation", ["approved_by", "asked_at", "id"], "approved_by IS NOT NULL"),
        ("operation_merchant_uid", "operation", ["merchant_uid"], "merchant_uid IS NOT NULL"),
        ("operation_customer_uid", "operation", ["customer_uid"], "customer_uid IS NOT NULL"),
        ("audit_entry_alone", "audit_entry", ["at", "id"], "operation_id IS NULL"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
