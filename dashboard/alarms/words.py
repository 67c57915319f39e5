"""What an alarm says: numbers of operations and links, sums and times, and nothing of a buyer."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.alarms.message import Message, Why
from services.alarms.tellings import Claim
from services.tables.alarms import About, Matter, MatterKind

from dashboard.access import auth_configured
from dashboard.locale import _, in_language, ngettext
from dashboard.process.resources import current_settings
from dashboard.routes.cookie import own_origin
from dashboard.words import formats, kinds, labels
from dashboard.words.labels import Words, once_a_language

_NAMED = 10
_MIB = 1 << 20


@once_a_language
def kind_word() -> Words:
    """A kind of matter."""
    return {
        MatterKind.NEEDS_PERSON: _("Needs a person"),
        MatterKind.APPROVAL: _("Waits for approval"),
        MatterKind.UNKNOWN: _("Outcome unknown"),
        MatterKind.MISMATCH: _("Payment link: not as asked"),
        MatterKind.MIRROR: _("Figures are old"),
        MatterKind.GATEWAY: _("Gateway not readable"),
        MatterKind.DRIFT: _("Rows differed from the gateway"),
        MatterKind.FAILURES: _("More failures than usual at a PG"),
        MatterKind.DISK: _("Disk nearly full"),
        MatterKind.BACKUP: _("Backup missing"),
        MatterKind.TEST: _("Test alarm"),
    }


@once_a_language
def why_word() -> Words:
    """Why a message did not arrive."""
    return {
        Why.UNREACHABLE: _("cannot be reached"),
        Why.TIMED_OUT: _("does not answer"),
        Why.NOT_ENCRYPTED: _("cannot be reached by a connection that is encrypted and trusted"),
        Why.SIGN_IN: _("does not take user and password"),
        Why.REFUSED: _("does not take it"),
    }


@once_a_language
def _folder() -> Words:
    return {"database": _("database"), "head": _("audit's head"), "backups": _("backups")}


def line_of(matter: Matter) -> str:
    """One matter in words, in the current language."""
    told: Mapping[str, Any] = json.loads(matter.detail)
    return _LINES[MatterKind(matter.kind)](told)


def message_of(claimed: Claim) -> Message:
    """What a receiver is told, in the language of the settings."""
    with in_language(current_settings().alarm_language):
        return _message(claimed)


def _message(claimed: Claim) -> Message:
    matters, about = claimed.matters, claimed.about
    title = kind_word(claimed.kind)
    if about == About.END:
        title = _("Over: {matter}").format(matter=title)
    if len(matters) > 1:
        title = f"{title} ({len(matters):,})"
    lines = [_begun(one) if about == About.BEGIN else _over(one) for one in matters[:_NAMED]]
    if (more := len(matters) - _NAMED) > 0:
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))
    return Message(
        id=f"jangbu-{claimed.id}",
        title=_("[Jangbu] {title}").format(title=title),
        body="\n".join((*lines, "", *_where(claimed.kind))),
        told={"kind": claimed.kind.value, "event": about.value, "matters": [_for_programs(one) for one in matters]},
    )


def _begun(matter: Matter) -> str:
    return _("{what} (since {time} KST)").format(what=line_of(matter), time=formats.short_time(matter.since))


def _over(matter: Matter) -> str:
    times = {"since": formats.short_time(matter.since), "until": formats.short_time(matter.ended_at)}
    return _("{what} (from {since} to {until} KST)").format(what=line_of(matter), **times)


def _for_programs(matter: Matter) -> dict[str, object]:
    told: dict[str, object] = {"key": matter.key, "since": matter.since, "ended_at": matter.ended_at}
    return {"id": matter.id, **told, "text": line_of(matter), "figures": json.loads(matter.detail)}


def _where(kind: MatterKind) -> Sequence[str]:
    """Where to look, and the address of the house where it is known."""
    if kind == MatterKind.TEST:
        return [_("Nothing is the matter: somebody looked whether alarms arrive.")]
    screens = {MatterKind.MISMATCH: _("Payment links"), MatterKind.FAILURES: _("Home")}
    of_operations = (MatterKind.NEEDS_PERSON, MatterKind.APPROVAL, MatterKind.UNKNOWN)
    screen = _("Needs a person") if kind in of_operations else screens.get(kind, _("System"))
    words = _("In Jangbu: {screen}").format(screen=screen)
    return [words, own_origin()] if auth_configured() else [words]


def _operation(told: Mapping[str, Any]) -> str:
    if "file" in told:
        words = _("{kind}: file {id} with {n} rows")
        return words.format(kind=kinds.noun(told["kind"]), id=told["file"], n=f"{told['rows']:,}")
    money = formats.money(told["amount"], told["currency"])
    if told.get("late"):
        return _("Operation {id} was refused, and {money} is paid after all").format(id=told["id"], money=money)
    line = f"{kinds.noun(told['kind'])} {told['id']}, {money}"
    return _("{line}, expired and was not carried out").format(line=line) if told.get("expired") else line


def _link(told: Mapping[str, Any]) -> str:
    return _("Payment link {id}").format(id=told["link"])


def _mirror(told: Mapping[str, Any]) -> str:
    return _("What the screens show is of {time} KST").format(time=formats.short_time(told["at"]))


def _gateway(told: Mapping[str, Any]) -> str:
    return _("{n} readings in a row failed").format(n=told["runs"])


def _drift(told: Mapping[str, Any]) -> str:
    n = told["rows"]
    return ngettext("{n} row differed and was mended", "{n} rows differed and were mended", n).format(n=f"{n:,}")


def _failures(told: Mapping[str, Any]) -> str:
    words = _("{pg}: {failed} of {tried} charges of the last hours failed")
    return words.format(pg=labels.provider(told["pg"]), failed=f"{told['failed']:,}", tried=f"{told['tried']:,}")


def _disk(told: Mapping[str, Any]) -> str:
    return _("{n} MiB left where the {folder} is").format(n=f"{told['free'] // _MIB:,}", folder=_folder(told["folder"]))


def _backup(told: Mapping[str, Any]) -> str:
    if told["at"] is None:
        return _("No good backup was taken yet")
    return _("The last good backup is of {time} KST").format(time=formats.short_time(told["at"]))


def _test(_told: Mapping[str, Any]) -> str:
    return _("Alarms arrive here")


_LINES: Mapping[MatterKind, Callable[[Mapping[str, Any]], str]] = {
    MatterKind.NEEDS_PERSON: _operation,
    MatterKind.APPROVAL: _operation,
    MatterKind.UNKNOWN: _operation,
    MatterKind.MISMATCH: _link,
    MatterKind.MIRROR: _mirror,
    MatterKind.GATEWAY: _gateway,
    MatterKind.DRIFT: _drift,
    MatterKind.FAILURES: _failures,
    MatterKind.DISK: _disk,
    MatterKind.BACKUP: _backup,
    MatterKind.TEST: _test,
}
