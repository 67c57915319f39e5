"""Who signs in, and with which role: the database's people, which the app's settings seed, for screens and commands."""

import time
from dataclasses import replace

from services.claimants import claimant_name
from services.errors import NotAllowed, SettingsError
from services.operations.journal.audit import Actor
from services.operations.journal.head import restored
from services.operations.journal.roster import Roster, keep_roster, kept_roster, last_roster, seed_roster
from services.store.engine import reading
from services.store.lease import is_free, lease_of
from sqlalchemy import Connection, Engine

from dashboard.access import auth_configured
from dashboard.process.resources import current_settings, open_store
from dashboard.setting_pairs import store_key
from dashboard.settings import Role, Settings

_told: tuple[Engine, Roster] | None = None


def signs_in(conn: Connection) -> bool:
    """Whether people sign in: the database says so, or this process's own file of secrets."""
    return kept_roster(conn) is not None or auth_configured()


def roster_now(conn: Connection) -> Roster:
    """The database's roster, which commands go by; where there is none, what this process would write."""
    return kept_roster(conn) or _to_tell(conn)


def roster_here(conn: Connection) -> Roster:
    """What an app goes by: the database's, but nobody with a role that its own settings do not give them.

    Of whom an administrator decided the settings say nothing, also after sign-in was turned off and on.
    """
    kept, told = kept_roster(conn), _to_tell(conn)
    if kept is None or not _is_app():
        return told
    return replace(kept, roles={name: role for name, role in kept.roles.items() if told.roles.get(name) == role})


def _is_app() -> bool:
    """Whether this process told its people to the database that it goes by: an app, and no command."""
    return _told is not None and _told[0] is open_store(checked=False)


def role_of(conn: Connection, name: str) -> str | None:
    """The role of an address, whatever it may do less in a store."""
    return next(iter(roles_in(conn, name, "")), None)


def roles_in(conn: Connection, name: str, tier: str) -> list[str]:
    """The role of an address, and the one that it has in a store besides, by the roster; none where it has none at all.

    In the app its own settings have to say so too, where no administrator decided of that person.
    """
    roster, key = roster_now(conn), store_key(name, tier)
    own, there = roster.roles.get(name), roster.stores.get(key)
    if own is None:
        return []
    if _is_app():
        here = _to_tell(conn)
        if (here.roles.get(name), here.stores.get(key)) != (own, there):
            return []
    return [own] if there is None else [own, there]


def require_own_roster(conn: Connection) -> None:
    """Raises SettingsError where commands go by other people than this process would."""
    kept = kept_roster(conn)
    if kept is not None and auth_configured() and kept != _to_tell(conn):
        raise SettingsError(
            "Commands go by roles that another `jangbu serve` wrote into the database, or by those of before a "
            "restart: JANGBU_ROLES and JANGBU_CLI_USERS here say otherwise."
        )


def require_sign_in(engine: Engine) -> None:
    """Raises SettingsError where people signed in here before, or a second person is asked, and nobody signs in now.

    And where they are to sign in, and nobody has a role.
    """
    with reading(engine) as conn:
        expected, people = kept_roster(conn) is not None, _to_tell(conn).roles
    if auth_configured():
        if not people:
            raise SettingsError(
                "Sign-in is configured, but JANGBU_ROLES gives nobody a role: like hong@example.com=admin."
            )
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


def require_an_admin(conn: Connection) -> None:
    """Raises SettingsError where people have roles and nobody is an administrator: nobody could give a role."""
    people = roster_here(conn).roles
    if people and Role.ADMIN not in people.values():
        raise SettingsError(
            "Nobody is an administrator any more, so nobody gives roles: put an address that never had one on People "
            "into JANGBU_ROLES, like hong@example.com=admin."
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


def turn_sign_in_off(engine: Engine, actor: Actor) -> None:
    """Nobody has to sign in to this database any more; it stands in the audit, with who said so.

    Raises NotAllowed for anybody but an administrator, where there is one, SettingsError while an app runs, NotSaved.
    """
    with reading(engine) as conn:
        kept, lease = kept_roster(conn), lease_of(conn)
        if kept is None:
            return
        require_admin_if_any(conn, actor.name)
    if not is_free(lease, claimant_name()):
        raise SettingsError(
            "Another process serves this database (process {process} on {machine}), and people sign in to it: end it "
            "first.",
            process=lease.process, machine=lease.machine,
        )  # fmt: skip
    keep_roster(engine, None, time.time(), actor)


def tell_roster() -> None:
    """The app writes down its settings where they changed since it last did, or are gone. Raises NotSaved."""
    global _told
    now = (open_store(checked=False), _roster_of(current_settings()))
    if not auth_configured() or restored(now[0]):
        _told = None  # what was put back has another roster: it is told anew
    elif now != _told or _is_gone(now[0]):
        seed_roster(*now, time.time())
        _told = now


def _is_gone(engine: Engine) -> bool:
    with reading(engine) as conn:
        return kept_roster(conn) is None


def _to_tell(conn: Connection) -> Roster:
    """What this process writes down: its settings, but for those of whom an administrator decided."""
    last, own = last_roster(conn), _roster_of(current_settings())
    return last.seeded(own) if last else own


def _roster_of(settings: Settings) -> Roster:
    roles, stores = ({key: role.value for key, role in one.items()} for one in (settings.roles, settings.store_roles))
    return Roster(roles, settings.cli_users, stores)


def require_admin(conn: Connection, name: str) -> None:
    """Raises NotAllowed where people sign in and this one is no administrator of the app's."""
    if signs_in(conn) and role_of(conn, name) != Role.ADMIN:
        raise NotAllowed("{name} is no administrator: JANGBU_TOKEN says who runs a command, and the screen People who "
                         "is one.", name=name)  # fmt: skip


def require_admin_if_any(conn: Connection, name: str) -> None:
    """The same; anybody at the command line may where nobody is one, so that there is a way back in."""
    if Role.ADMIN in roster_now(conn).roles.values():
        require_admin(conn, name)
