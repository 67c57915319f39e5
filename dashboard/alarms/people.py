"""Who is told of what: by role for people, everything for a channel of Slack and a webhook."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from services.alarms.mail import MailServer
from services.alarms.receivers import Quiet, Receiver, Way
from services.tables.alarms import MatterKind
from sqlalchemy import Connection

from dashboard.access import Permission, permissions_of
from dashboard.process.resources import current_settings
from dashboard.process.roster import roster_now, signs_in
from dashboard.settings import LOOPBACK, Settings

CONCERNS: Mapping[MatterKind, Permission] = {
    MatterKind.NEEDS_PERSON: Permission.RESOLVE,
    MatterKind.APPROVAL: Permission.APPROVE,
    MatterKind.UNKNOWN: Permission.RESOLVE,
    MatterKind.MISMATCH: Permission.RESOLVE,
    MatterKind.FAILURES: Permission.SEE_SYSTEM,
    MatterKind.MIRROR: Permission.SEE_SYSTEM,
    MatterKind.GATEWAY: Permission.SEE_SYSTEM,
    MatterKind.DRIFT: Permission.SEE_SYSTEM,
    MatterKind.DISK: Permission.SEE_SYSTEM,
    MatterKind.BACKUP: Permission.SEE_SYSTEM,
}
"""Who may do something about a matter, or look at it, is told of it."""


def receivers(conn: Connection) -> list[Receiver]:
    """Everybody whom the settings, and the roles, name."""
    settings = current_settings()
    return [*_people(conn, settings), *_channels(settings)]


def mail_server() -> MailServer:
    """Where mail is handed in."""
    settings = current_settings()
    parts, user = urlsplit(settings.alarm_smtp), settings.alarm_smtp_user
    host = parts.hostname or ""
    return MailServer(
        host=host,
        port=parts.port,
        ssl=parts.scheme == "smtps",
        sender=settings.alarm_mail_from or (user if "@" in user else f"jangbu@{host}"),
        user=user,
        password=settings.alarm_smtp_password.get_secret_value(),
        is_here=host in LOOPBACK,
    )


def _people(conn: Connection, settings: Settings) -> Iterator[Receiver]:
    if not settings.alarm_smtp:
        return
    made = roster_now(conn).made
    for address, role in sorted(_roles(conn, settings).items()):
        may = permissions_of(role, made)
        if kinds := tuple(kind for kind, permission in CONCERNS.items() if permission in may):
            yield Receiver(Way.MAIL, address, kinds, _quiet(settings))


def _roles(conn: Connection, settings: Settings) -> Mapping[str, str]:
    """Those whom the settings name, or all who sign in."""
    if settings.alarm_mail_to or not signs_in(conn):
        return settings.alarm_mail_to
    return roster_now(conn).roles


def _channels(settings: Settings) -> Iterator[Receiver]:
    for way, secret in ((Way.SLACK, settings.alarm_slack), (Way.WEBHOOK, settings.alarm_webhook)):
        if address := secret.get_secret_value():
            yield Receiver(way, address, tuple(CONCERNS), _quiet(settings))


def _quiet(settings: Settings) -> Quiet | None:
    return Quiet(*settings.alarm_quiet) if settings.alarm_quiet else None
