"""Revisions of the schema: each wholly or not at all, and what they make is what the tables say."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from services.errors import WrongRevision
from services.store import migrations
from services.store.engine import create_store, reading
from services.store.migrations import migrate, require_current
from services.tables.chains import Chain
from services.tables.channels import ChannelTick
from services.tables.checkouts import CheckoutFile
from services.tables.journal import Operation
from services.tables.keys import KeySummary
from services.tables.notes import Note
from services.tables.people import Identity
from services.tables.processes.lease import LoopLease
from services.tables.processes.readings import BeingRead
from services.tables.revenue import Subscription
from services.tables.schedules import ScheduleFacet
from services.tables.staff.access import AccessEntry
from services.tables.staff.views import SavedView
from services.tables.unreadable import Unreadable
from services.tables.v1 import Payment
from services.tables.webhooks import Webhook

_FAILING = """
import sqlalchemy as sa
from alembic import op

revision = "failing"
down_revision = "{head}"


def upgrade():
    op.create_table("half_way", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO half_way (id) VALUES (1)")
    with op.batch_alter_table("channel") as batch:
        batch.add_column(sa.Column("half_way", sa.String(), nullable=True))
        batch.alter_column("pg_id", existing_type=sa.String(), nullable=True)
    op.drop_index("cancellation_time", "cancellation")
    op.execute("INSERT INTO no_such_table VALUES (1)")
"""


def schema(engine: Engine) -> list[Any]:
    if engine.dialect.name == "sqlite":
        sql = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    else:
        sql = (
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
            "WHERE table_schema = 'public' ORDER BY 1, 2"
        )
    with reading(engine) as conn:
        rows = conn.execute(text(sql)).fetchall()
        revision = conn.execute(text("SELECT version_num FROM alembic_version")).fetchall()
        indexes = sorted(str(one["name"]) for one in inspect(conn).get_indexes("cancellation"))
    return [rows, revision, indexes]


@pytest.fixture
def failing_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more revision on top, which fails at its last step."""
    folder = tmp_path / "versions"
    folder.mkdir()
    whole = migrations._config()
    versions = Path(str(whole.get_main_option("script_location"))) / "versions"
    migrations.head_revision.cache_clear()
    head = ScriptDirectory.from_config(whole).get_current_head()
    (folder / "failing.py").write_text(_FAILING.format(head=head))

    def with_one_more() -> Config:
        config = Config()
        config.set_main_option("script_location", str(versions.parent))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", f"{versions}\n{folder}")
        return config

    monkeypatch.setattr(migrations, "_config", with_one_more)
    yield
    migrations.head_revision.cache_clear()


def test_a_revision_that_fails_leaves_the_schema_as_it_was(store: Engine, failing_revision: None) -> None:
    before = schema(store)
    with pytest.raises(Exception, match="no_such_table"):
        migrate(store)
    assert schema(store) == before
    with pytest.raises(WrongRevision):
        require_current(store)


def test_what_the_revisions_make_is_what_the_models_say(store: Engine) -> None:
    models = (
        Operation, Payment, KeySummary, ScheduleFacet, Chain, Subscription, Unreadable, Identity, Note, SavedView,
        ChannelTick, CheckoutFile, Webhook, AccessEntry, LoopLease, BeingRead,
    )  # fmt: skip
    assert all(one.metadata is Operation.metadata for one in models)
    with reading(store) as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        found = compare_metadata(context, Operation.metadata)
    # The search indexes and what lies behind them belong to no model.
    assert [one for one in found if "_gram" not in str(one)] == []


def test_a_database_without_tables_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    engine = create_store(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(WrongRevision, match="jangbu migrate"):
        require_current(engine)
    migrate(engine)
    require_current(engine)
    engine.dispose()


def test_migrating_again_changes_nothing(store: Engine) -> None:
    before = schema(store)
    migrate(store)
    assert schema(store) == before


_MIGRATE = """
import sys
from services.store.engine import create_store
from services.store.migrations import migrate
migrate(create_store(sys.argv[1]))
"""


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'together.db'}"
    command, root = [sys.executable, "-c", _MIGRATE, url], Path(__file__).parents[2]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _n: subprocess.run(command, cwd=root).returncode, range(4)))
    assert done == [0, 0, 0, 0]
    engine = create_store(url)
    require_current(engine)
    engine.dispose()
