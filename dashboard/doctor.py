"""`jangbu doctor`: does this machine, its settings and its gateway fit together?"""

from collections.abc import Callable
from dataclasses import dataclass

from services.errors import JangbuError
from services.people.identities import refused
from services.store.engine import reading
from sqlalchemy.exc import SQLAlchemyError

from dashboard.auth_checks import sign_in_told
from dashboard.commands.answering import sentence_of
from dashboard.resources import open_gateway, open_store, use_settings
from dashboard.settings import Settings

_TOLERATED_SECONDS = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at: its name, whether it is as it should be, and what was seen."""

    name: str
    ok: bool
    detail: str


def findings(settings: Settings) -> list[Check]:
    """Looks at each part in turn; a failing part does not hide the next."""
    use_settings(settings)
    return [
        _looked_at("database", lambda: open_store().url.render_as_string(hide_password=True)),
        _looked_at("gateway", lambda: f"{len(open_gateway().channels())} channels at {settings.imp_api_url}"),
        _looked_at("clock", _clock),
        _looked_at("sign-in", lambda: sign_in_told(settings)),
        _looked_at("identities", _identities),
    ]


def _looked_at(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except (JangbuError, SQLAlchemyError, OSError) as error:
        return Check(name, False, sentence_of(error))


def _identities() -> str:
    with reading(open_store()) as conn:
        others = refused(conn)
    if others:
        raise JangbuError(
            "another account tried to sign in as {addresses}: `jangbu sessions rebind` where it is the same person's",
            addresses=", ".join(one.email for one in others),
        )
    return "each address is used by one account"


def _clock() -> str:
    gateway = open_gateway()
    gateway.now()
    difference = gateway.clock_difference or 0.0
    if abs(difference) > _TOLERATED_SECONDS:
        raise JangbuError("this machine's clock is {seconds:.0f} seconds off the gateway's", seconds=difference)
    return f"{difference:+.1f} s against the gateway"
