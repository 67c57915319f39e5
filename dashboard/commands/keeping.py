"""`jangbu migrate` and `doctor`: the installation kept in order."""

import typer

from dashboard.commands.answering import AsJson, Status, answer, notes, sentences
from dashboard.resources import open_store, use_settings
from dashboard.settings import load_settings


def migrate() -> None:
    """Bring the database to the revision of this version."""
    from services.store.migrations import migrate as upgrade

    with sentences():
        use_settings(load_settings(require_gateway=False))
        upgrade(open_store(checked=False))
        notes.print("The database is up to date.")


def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, gateway and clock; one line each."""
    from dashboard.doctor import findings

    with sentences(as_json):
        found = findings(load_settings())
        if as_json:
            answer({check.name: {"ok": check.ok, "detail": check.detail} for check in found}, as_json=True)
        else:
            for check in found:
                notes.print(
                    f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.detail}", markup=False, soft_wrap=True
                )
        if not all(check.ok for check in found):
            raise typer.Exit(Status.FAILED)
