"""Who signs in, and with which role: the app's settings, written into the database for commands to go by."""

import time

from services.errors import NotAllowed, SettingsError
from services.operations.journal.head import restored
from services.operations.journal.roster import Roster, keep_roster, kept_roster
from services.store.engine import reading
from sqlalchemy import Connection, Engine

from dashboard.access import auth_configured
from dashboard.process.resources import current_settings, open_store
from dashboard.settings import Role, Settings

_told: tuple[Engine, Roster] | None = None


def signs_in(conn: Connection) -> bool:
    """Whether people sign in: the database says so, or this process's own file of secrets."""
    return kept_roster(conn) is not None or auth_configured()


def roster_now(conn: Connection) -> Roster:
    """The database's roster; before it was ever served with sign-in, this environment's."""
    return kept_roster(conn) or _roster_of(current_settings())


def role_of(conn: Connection, name: str) -> Role | None:
    """The role of an address by the roster; in the app its own settings have to say so too."""
    role = roster_now(conn).roles.get(name)
    if role is None or (_told is not None and current_settings().roles.get(name) != role):
        return None
    return Role(role)


def require_own_roster(conn: Connection) -> None:
    """Raises SettingsError where commands go by other people than this process's settings name."""
    kept = kept_roster(conn)
    if kept is not None and auth_configured() and kept != _roster_of(current_settings()):
        raise SettingsError(
            "Commands go by roles that another `jangbu serve` wrote into the database, or by those of before a "
            "restart: JANGBU_ROLES and JANGBU_CLI_USERS here say otherwise."
        )


def require_sign_in(engine: Engine) -> None:
    """Raises SettingsError where people signed in here before, or a second person is asked, and nobody signs in now."""
    with reading(engine) as conn:
        expected = kept_roster(conn) is not None
    if auth_configured():
        return
    if expected:
        raise SettingsError(
            "People signed in to this database, but no [auth] is found now. Where that is meant: "
            "`jangbu serve --without-sign-in`, once."
        )
    if current_settings().checkout_refund_waits:
        raise SettingsError(
            "By JANGBU_CHECKOUT_REFUND_WAITS a second person says yes before a link's money goes back, and nobody "
            "signs in here: nobody could. Configure sign-in, or take the setting out."
        )


def require_approver(conn: Connection, limit: int | None) -> None:
    """Raises SettingsError where refunds from a limit on wait for a second person, and there is none."""
    if limit is not None and not signs_in(conn):
        raise SettingsError(
            "Refunds from {limit} won on wait for a second person's approval, and nobody signs in here: nobody can "
            "approve them, and after seven days they expire. Configure sign-in, or "
            "`jangbu limits set --refund-approval-from never`.",
            limit=f"{limit:,}",
        )


def turn_sign_in_off(engine: Engine) -> None:
    """Nobody has to sign in to this database any more; it stands in the audit. Raises NotSaved."""
    keep_roster(engine, None, time.time())


def tell_roster() -> None:
    """The app writes down its settings where they changed since it last did. Raises NotSaved."""
    global _told
    now = (open_store(checked=False), _roster_of(current_settings()))
    if not auth_configured() or restored(now[0]):
        _told = None  # what was put back has another roster: it is told anew
    elif now != _told:
        keep_roster(*now, time.time())
        _told = now


def _roster_of(settings: Settings) -> Roster:
    return Roster({email: role.value for email, role in settings.roles.items()}, settings.cli_users)


def require_admin(conn: Connection, name: str) -> None:
    """Raises NotAllowed where people sign in and this one is no administrator of the app's."""
    if signs_in(conn) and role_of(conn, name) != Role.ADMIN:
        raise NotAllowed("{name} is no administrator: JANGBU_CLI_USERS and JANGBU_ROLES of the app say who is.",
                         name=name)  # fmt: skip
