"""`jangbu doctor`: does this machine, its settings and its gateway fit together?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.alarms.findings import BACKUP_LATEST
from services.backup.kept import last_taken
from services.clock import day_to_date, system_clock
from services.errors import JangbuError, NotFound, SettingsError, StoreError
from services.gateway import Gateway
from services.mirror.reach import here_from
from services.operations.journal import head
from services.operations.journal.head import Standing
from services.operations.journal.limits import kept_limit, stricter
from services.operations.journal.roster import kept_roster
from services.people.identities import refused
from services.store.account import bound_to, require_account
from services.store.engine import reading
from services.store.lease import lease_of
from services.store.lists.system import freshness, row_counts
from services.store.lists.unreadable import count_unreadable, list_unreadable
from sqlalchemy.exc import SQLAlchemyError

from dashboard.commands.answer import sentence_of
from dashboard.locale import _
from dashboard.options import secrets_place
from dashboard.process.auth_checks import sign_in_told
from dashboard.process.resources import current_settings, open_gateway, open_store, use_settings
from dashboard.process.roster import (
    require_an_admin,
    require_approver,
    require_own_roster,
    require_sign_in,
    signs_in,
)
from dashboard.settings import ENV_FILE, Settings, unknown_names
from dashboard.words import formats
from dashboard.words.unreadable_words import NO_ID, row_kind, why_unreadable

_TOLERATED_SECONDS = 5
_NAMED = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at: its name, whether it is as it should be, and what was seen."""

    name: str
    ok: bool
    detail: str
    looked_at: bool = True


def findings(settings: Settings) -> list[Check]:
    """Looks at each part in turn; a failing part does not hide the next."""
    use_settings(settings)
    database = _looked_at("database", lambda: open_store().url.render_as_string(hide_password=True))
    gateway = _looked_at("gateway", lambda: _gateway(settings))
    return [
        _looked_at("settings", _settings),
        database,
        _looked_at("journal", _journal, database),
        _looked_at("account", _account, database),
        _looked_at("limits", _limits, database),
        gateway,
        _looked_at("clock", _clock, gateway),
        _looked_at("files", _files),
        _looked_at("rows", _rows, database),
        _looked_at("reach", _reach, database),
        _looked_at("sign-in", lambda: sign_in_told(settings)),
        _looked_at("roster", _roster, database),
        _looked_at("identities", _identities, database),
        _looked_at("backup", _backup, database),
        _looked_at("background work", _at_work, database),
    ]


def _looked_at(name: str, look: Callable[[], str], needs: Check | None = None) -> Check:
    """What cannot be looked at without another part says so: that one alone tells what is wrong."""
    if needs and not needs.ok:
        words = _("not looked at before {part} is mended").format(part=named(needs.name))
        return Check(name, False, words, looked_at=False)
    try:
        return Check(name, True, look())
    except (JangbuError, SQLAlchemyError, OSError) as error:
        return Check(name, False, sentence_of(error))


def named(name: str) -> str:
    """What a check looks at, in words."""
    words = {"settings": _("settings"), "database": _("database"), "journal": _("journal"),
             "account": _("account"), "limits": _("limits"),
             "gateway": _("gateway"), "clock": _("clock"), "files": _("files"), "rows": _("rows"),
             "reach": _("how far back"), "sign-in": _("sign-in"), "roster": _("roster"),
             "identities": _("identities"), "backup": _("backup"), "background work": _("background work")}  # fmt: skip
    return words[name]


def _settings() -> str:
    if strange := unknown_names():
        raise SettingsError(
            "no setting has the name {names}: what stands there does nothing. Mend the name, or take it out.",
            names=", ".join(strange),
        )
    return _("every JANGBU_ name is one of a setting")


def _gateway(settings: Settings) -> str:
    gateway = open_gateway()
    words = _("{n} channels at {address}").format(n=len(gateway.channels()), address=settings.imp_api_url)
    if not settings.tiers:
        return words
    stores = _("sub-stores: {names}").format(names=", ".join(_store(gateway, tier) for tier in settings.tiers))
    return f"{words} · {stores}"


def _store(gateway: Gateway, tier: str) -> str:
    """A sub-store's code and its name at the gateway."""
    try:
        return f"{tier} {gateway.tier_name(tier).tier_name}"
    except NotFound:
        raise SettingsError("PortOne knows no sub-store {tier}: mend JANGBU_TIERS.", tier=tier) from None


def _journal() -> str:
    """How the chain goes together with its head outside."""
    engine = open_store()
    kept = head.outside(engine)
    with reading(engine) as conn:
        entries, stands = head.inside(conn).entries, head.standing(conn, kept)
        head.require_whole(conn)
    if stands == Standing.MISSING and entries:
        path = head.path_of(engine)
        words = _("{n} audit entries are taken as they are: {path} is missing, the next entry makes it")
        return words.format(n=entries, path=path)
    words = _("{n} audit entries, {known} of them known to {path}")
    return words.format(n=entries, known=kept.entries if kept else 0, path=head.path_of(engine))


def _account() -> str:
    with reading(open_store()) as conn:
        require_account(conn, open_gateway().account)
        bound = bound_to(conn)
    if bound is None:
        return _("the database is nobody's yet: the first answer of the gateway binds it")
    return _("the database is that of the account in the settings: {account}").format(account=bound)


def _limits() -> str:
    setting = current_settings().refund_approval_from
    with reading(open_store()) as conn:
        is_kept, kept = kept_limit(conn)
        holds = stricter(conn, setting)
    if is_kept and setting is not None and setting != kept:
        raise JangbuError(
            "JANGBU_REFUND_APPROVAL_FROM is {setting}, the database's limit {kept}: the stricter one holds. "
            "`jangbu limits set` changes the database's.",
            setting=setting, kept="never" if kept is None else kept,
        )  # fmt: skip
    with reading(open_store()) as conn:
        require_approver(conn, holds)
    if holds is None:
        return _("no refund in won needs an approval")
    return _("refunds are approved from {amount} won on").format(amount=f"{holds:,}")


def _roster() -> str:
    engine = open_store()
    require_sign_in(engine)
    with reading(engine) as conn:
        require_own_roster(conn)
        if signs_in(conn):
            require_an_admin(conn)
        kept = kept_roster(conn)
    if not kept:
        return _("none in the database: commands go by this environment's")
    return _("{n} addresses with a role, which commands go by").format(n=len(kept.roles))


def _files() -> str:
    """What holds buyers or secrets is for its owner alone; a person's token stands in no file of all."""
    if has_token(ENV_FILE):
        raise JangbuError(
            "JANGBU_TOKEN stands in {file}, by which everybody's commands are that person's: take it out",
            file=ENV_FILE,
        )
    url = open_store(checked=False).url
    files = [f"{url.database}{suffix}" for suffix in ("", "-wal")] if url.get_backend_name() == "sqlite" else []
    held = [path for path in (*map(Path, files), secrets_place(), ENV_FILE) if path.exists()]
    modes = {path: path.stat().st_mode & 0o777 for path in held}
    if loose := [f"{path} ({mode:o})" for path, mode in modes.items() if mode & 0o077]:
        raise JangbuError("others on this machine may open {files}: chmod 600 mends it", files=", ".join(loose))
    if not held:
        return _("there is none yet that holds buyers or secrets")
    return _("for their owner alone: {files}").format(files=", ".join(map(str, held)))


def has_token(file: Path) -> bool:
    """Whether a file of settings names a person."""
    lines = file.read_text("utf-8", errors="replace").splitlines() if file.is_file() else []
    return any(re.match(r"\s*(export\s+)?JANGBU_TOKEN\s*=\s*[^\s#]", one, re.IGNORECASE) for one in lines)


def _identities() -> str:
    with reading(open_store()) as conn:
        others = refused(conn)
    if others:
        raise JangbuError(
            "another account tried to sign in as {addresses}: `jangbu sessions rebind` where it is the same person's",
            addresses=", ".join(one.email for one in others),
        )
    return _("no address was tried by another account")


def _at_work() -> str:
    """Which process of several reads and sends."""
    with reading(open_store()) as conn:
        lease = lease_of(conn)
    if not lease.is_held:
        return _("no app runs: nobody reads or sends by itself")
    words = _("by process {process} on {machine}, since {time} (KST)")
    return words.format(process=lease.process, machine=lease.machine, time=formats.time(int(lease.since)))


def _backup() -> str:
    """How old the last good one is; too old where the app is to take one a day."""
    with reading(open_store()) as conn:
        last = last_taken(conn)
    daily = current_settings().backup_hour is not None
    if last is None:
        if daily:
            raise JangbuError("no backup was ever taken, though JANGBU_BACKUP_HOUR says that one is taken a day")
        return _("none was ever taken: `jangbu backup` takes one")
    age = system_clock() - last.at
    hours = int(age) // 3600
    if daily and age > BACKUP_LATEST:
        raise JangbuError("the last good backup is {n} hours old: {path}", n=hours, path=last.path)
    return _("the last good one is {n} hours old: {path}").format(n=hours, path=last.path)


def _clock() -> str:
    gateway = open_gateway()
    gateway.now()
    difference = gateway.clock_difference or 0.0
    if abs(difference) > _TOLERATED_SECONDS:
        raise JangbuError("this machine's clock is {seconds:.0f} seconds off the gateway's", seconds=difference)
    return _("{seconds} s against the gateway").format(seconds=f"{difference:+.1f}")


def _reach() -> str:
    with reading(open_store()) as conn:
        first, filling = here_from(conn), freshness(conn).filling
    if first is None:
        return _("nothing is read whole yet: figures are too low until then")
    day = day_to_date(first).isoformat()
    if filling:
        return _("payments are here from {day} on, older ones are being read: figures of days before it lack some"
                 ).format(day=day)  # fmt: skip
    return _("payments are here from {day} on: figures of days before it lack some").format(day=day)


def _rows() -> str:
    with reading(open_store()) as conn:
        received, count = sum(row_counts(conn).values()), count_unreadable(conn)
        first = list_unreadable(conn, _NAMED)
    if count:
        names = ", ".join(f"{row_kind(one.kind)} {one.uid or NO_ID} ({why_unreadable(one.reason)})" for one in first)
        raise StoreError("{n} rows of the gateway could not be read: {names}", n=count, names=names)
    if not received:
        return _("none received yet")
    return _("{n} received, and every one could be read").format(n=f"{received:,}")
