"""Who may do what is no older after a restore: removed people, turned-off sign-in and lowered limits stay so."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.backup.put_back import put_back
from services.backup.take import take_backup
from services.operations.journal import audit, limits
from services.operations.journal.audit import Actor
from services.operations.journal.replay import differing
from services.operations.journal.roster import Roster, keep_roster, kept_roster, last_roster
from services.people import staff
from services.people.staff import Appointment
from services.store.engine import create_store, reading
from tests.worlds.stores import new_store

NOW = 1_800_000_000
ADMIN, CLERK = Actor("admin@shop.example", "screen"), "clerk@shop.example"
PEOPLE = Roster({ADMIN.name: "admin", CLERK: "finance"}, {})


@pytest.fixture
def shop(tmp_path: Path) -> Engine:
    """A store whose backup lies in `then.backup`, of before the clerk was removed and the limit lowered."""
    made = new_store(tmp_path / "shop.db")
    keep_roster(made, PEOPLE, NOW)
    limits.set_limit(made, 90_000, ADMIN, NOW)
    take_backup(made, tmp_path / "then.backup", None, NOW)
    staff.appoint(made, Appointment(CLERK, None, "퇴사"), ADMIN, NOW + 1)
    limits.set_limit(made, 5_000, ADMIN, NOW + 1)
    return made


def restored(engine: Engine, tmp_path: Path) -> None:
    put_back(engine, tmp_path / "then.backup", None, NOW + 9, by="root", replace=True)


def test_who_was_removed_since_stays_so_and_the_audit_says_where_from(shop: Engine, tmp_path: Path) -> None:
    restored(shop, tmp_path)
    with reading(shop) as conn:
        kept = kept_roster(conn)
        assert kept is not None
        assert (kept.roles, kept.decided) == ({ADMIN.name: "admin"}, {CLERK: ADMIN.name})
        assert limits.kept_limit(conn) == (True, 5_000)
        assert (list(differing(conn)), audit.verify(conn).broken_at) == ([], None)
        origins = conn.exec_driver_sql("SELECT origin FROM audit_entry ORDER BY id DESC LIMIT 2").scalars().all()
    assert origins == ["restore"] * 2


def test_turned_off_sign_in_stays_so_with_the_roster_of_before(shop: Engine, tmp_path: Path) -> None:
    keep_roster(shop, None, NOW + 2, ADMIN)
    restored(shop, tmp_path)
    with reading(shop) as conn:
        last = last_roster(conn)
        assert (kept_roster(conn), list(differing(conn))) == (None, [])
    assert last is not None
    assert last.roles == {ADMIN.name: "admin"}


@pytest.mark.parametrize("stands", [True, False])
def test_where_nobody_ever_signed_in_it_is_as_the_backup_has_it(shop: Engine, tmp_path: Path, stands: bool) -> None:
    shop.dispose()
    place = tmp_path / "new.db"
    engine = new_store(place) if stands else create_store(f"sqlite:///{place}")
    restored(engine, tmp_path)
    with reading(engine) as conn:
        assert (kept_roster(conn), limits.kept_limit(conn)) == (PEOPLE, (True, 90_000))
        assert list(differing(conn)) == []
