"""What lives as long as the process: settings, the store's engine, the gateway's client."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from services.errors import InvalidRequest, NoStore
from services.gateway import Gateway
from services.mirror.stores.whose import store_of
from services.operations.journal.head import keep_in
from services.store.engine import create_store, is_made, is_standing, reading
from services.store.lists.operations import count_needing_person
from services.store.lists.system import Freshness, freshness
from services.store.lists.unreadable import count_missing
from services.store.migrations import migrate, require_current
from services.tables.v1 import Payment
from sqlalchemy import Connection, Engine

from dashboard.process.roles_file import RolesFile
from dashboard.settings import Settings, load_settings

log = structlog.get_logger("jangbu")

_lock = threading.RLock()
_settings: Settings | None = None
_engine: Engine | None = None
_gateway: Gateway | None = None
_roles = RolesFile()


def use_settings(settings: Settings) -> None:
    """Sets what the process runs with, and forgets what was opened with other settings."""
    global _settings, _engine, _gateway, _roles
    with _lock:
        if _engine is not None:
            _engine.dispose()
        _settings, _engine, _gateway, _roles = settings, None, None, RolesFile()


def current_settings() -> Settings:
    """What the process runs with; read from the environment when nobody set it. Raises SettingsError."""
    global _settings
    with _lock:
        settings = _settings
        if settings is None:
            settings = load_settings(require_gateway=False)
            use_settings(settings)
        elif (told := _roles.changed()) is not None:
            log.warning("roles were read again", people=len(told.roles))
            people = {name: getattr(told, name) for name in ("roles", "store_roles", "cli_users")}
            settings = _settings = settings.model_copy(update=people)
        return settings


def open_store(*, checked: bool = True) -> Engine:
    """The store. Raises NoStore and WrongRevision unless `checked` is False."""
    global _engine
    with _lock:
        if _engine is None:
            _engine = create_store(current_settings().database_url)
            keep_in(_engine, current_settings().head_folder.absolute())
    if checked:
        require_current(_made(_engine))
    return _engine


def made_store() -> Engine:
    """The store, at whatever revision it is. Raises NoStore."""
    return _made(open_store(checked=False))


def _made(engine: Engine) -> Engine:
    if not is_made(engine):
        where = engine.url.render_as_string(hide_password=True)
        raise NoStore("There is no database at {where}: the first `jangbu sync` makes it.", where=where)
    return engine


def make_store() -> Engine:
    """The store, made where there is none: by what fills it. Raises WrongRevision."""
    engine = open_store(checked=False)
    if not is_made(engine):
        migrate(engine)
    return open_store()


def store_is_standing() -> bool:
    """Whether the database file that this process opened is still the one at its path."""
    return is_standing(open_store(checked=False))


@contextmanager
def open_session() -> Iterator[Connection]:
    """A short read of the store."""
    with reading(open_store(checked=False)) as connection:
        yield connection


def current_freshness() -> Freshness:
    """How far the store may be trusted at this moment, what it lacks, and how many operations wait for a person."""
    with open_session() as session:
        waiting, (missing, outdated) = count_needing_person(session), count_missing(session)
        fresh = replace(freshness(session), waiting=waiting, missing=missing, outdated=outdated)
        return replace(fresh, standing=store_is_standing())


def open_gateway() -> Gateway:
    """The client of the merchant's gateway. Raises SettingsError without key and secret."""
    global _gateway
    with _lock:
        if _gateway is None:
            settings = current_settings()
            _gateway = Gateway(
                settings.imp_api_url,
                settings.imp_key,
                settings.imp_secret.get_secret_value(),
                pg_api_key=settings.inicis_api_key.get_secret_value(),
                tiers=tuple(settings.tiers),
            )
        return _gateway


def store_of_payment(imp_uid: str) -> Gateway:
    """The client, for what is asked about one payment: of the sub-store that it is of. Raises SettingsError."""
    return store_of(open_gateway(), open_store(), Payment, imp_uid)


def known_tier(tier: str) -> str:
    """A sub-store of the settings by its code; empty for the main store. Raises InvalidRequest for another."""
    tiers = current_settings().tiers
    if tier and tier not in tiers:
        raise InvalidRequest("JANGBU_TIERS names no store “{tier}”, but: {known}.", field="tier", tier=tier,
                             known=", ".join(tiers) or "–")  # fmt: skip
    return tier
