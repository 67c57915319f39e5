"""What the audit tells besides operations, in words: what was done, and its particulars."""

from collections.abc import Mapping
from typing import Any

from services.tables.channels import ChannelPart
from services.tables.checkouts import AlarmKind

from dashboard.locale import _, ngettext
from dashboard.words import formats, labels, operation_labels
from dashboard.words.labels import Words, once_a_language
from dashboard.words.links import link_labels
from dashboard.words.names.held_rows import of_buyer
from dashboard.words.told_labels import told


@once_a_language
def action() -> Words:
    """What was done, by the audit's code."""
    return {
        "limit_set": _("Approval limit set"),
        "roster_set": _("Roles set"),
        "token_made": _("Token made"),
        "token_revoked": _("Token revoked"),
        "sessions_ended": _("Sessions of somebody ended"),
        "address_given": _("Address given to another account"),
        "adopted": _("Database given to another account"),
        "access_removed": _("Access log: old entries taken away"),
        "access_head": _("Access log: how far it reaches"),
        "restored": _("An older state of the database was put back"),
        "batch_asked": _("File: submitted"),
        "batch_approved": _("File: approved"),
        "batch_declined": _("File: declined"),
        "batch_withdrawn": _("File: withdrawn"),
        "batch_stopped": _("File: stopped"),
        "batch_expired": _("File: expired"),
        "link_file": _("File of links"),
        "close_month": _("Month closed"),
        "noted": _("Note on a payment"),
        "told": _("Buyer told"),
        "identity_seen": _("Identity verification looked at"),
        "buyer_copied": _("A buyer's data was copied"),
        "buyer_erased": _("A buyer's data was erased"),
        "buyers_anonymous": _("Buyers were made anonymous"),
        "channel_ticked": _("Channel: a part is done"),
        "channel_unticked": _("Channel: a part is not done after all"),
        "link_made": _("Link: made"),
        "link_withdrawn": _("Link: withdrawn"),
        "link_expired": _("Link: expired"),
        "link_mismatch": _("Link: paid otherwise than asked"),
        "link_not_refunded": _("Link: a payment does not go back"),
        "link_alarm_done": _("Link: a payment was settled"),
    }


def origin(code: str) -> str:
    """From where it was done; a command's has the user of the machine behind it."""
    where, _space, user = code.partition(" ")
    words = {"screen": _("screen"), "cli": _("command line"), "settings": _("settings"), "executor": _("Jangbu itself")}
    words["checkout"] = words["executor"]
    return " ".join(part for part in (words.get(where, where), user) if part)


def particulars(code: str, detail: Mapping[str, Any]) -> str:
    """What was changed, from what to what; of what is not known here, as the audit has it."""
    if code == "limit_set":
        changed = f"{_limit(detail['before'])} → {_limit(detail['after'])}"
        return " · ".join(part for part in (changed, detail.get("reason")) if part)
    if code in _OF_PEOPLE:
        return _of_people(code, detail)
    if code == "close_month":
        month = f"{detail['month'] // 100}-{detail['month'] % 100:02d}"
        return " · ".join(part for part in (month, *detail["figures"], detail["note"]) if part)
    if code in _OF_PERSONS:
        return _of_person(code, detail)
    if code in ("access_removed", "access_head"):
        return _of_access(detail)
    if code in ("channel_ticked", "channel_unticked"):
        live = labels.live("test" if detail["test"] else "live")
        parts = (labels.provider(detail["pg_provider"]), detail["pg_id"], live, channel_part(detail["part"]))
        return " · ".join(parts)
    if code in _OF_LINKS:
        return _of_link(detail) if "imp_uid" in detail else _link(detail)
    if "batch" in detail or code == "link_file":
        return _of_file(detail)
    named = {name: value for name, value in detail.items() if name not in _LEFT_OUT and value not in (None, "")}
    return " · ".join(f"{name}: {value}" for name, value in named.items())


def _of_access(detail: Mapping[str, Any]) -> str:
    if "entries" not in detail:
        return _("entry {n}").format(n=f"{detail['to']:,}")
    words = ngettext("{n} entry ({years}-year term)", "{n} entries ({years}-year term)", detail["entries"])
    return words.format(n=f"{detail['entries']:,}", years=detail["years"])


@once_a_language
def link_alarm() -> Words:
    """What is wrong with a payment under a link."""
    return {
        "amount": _("Another amount"),
        "currency": _("Another currency"),
        AlarmKind.MODE: _("Live and test mixed up"),
        AlarmKind.CHANNEL: _("Another channel"),
        AlarmKind.KEY: _("Another billing key"),
        AlarmKind.NOT_REFUNDED: _("Does not go back"),
    }


@once_a_language
def channel_part() -> Words:
    """A part of a channel that a person ticks."""
    return {
        ChannelPart.CLIENT_ID: "Client ID",
        ChannelPart.CLIENT_SECRET: "Client Secret",
        ChannelPart.CHAIN_ID: "Chain ID",
        ChannelPart.SETTLEMENT_KEY: _("Settlement API key"),
        ChannelPart.TAX: _("Tax setting"),
        ChannelPart.INSPECTION: _("Inspection passed"),
    }


_OF_PERSONS = ("told", "noted", "identity_seen", "buyer_copied", "buyer_erased", "buyers_anonymous")
_OF_LINKS = (
    "link_made", "link_withdrawn", "link_expired", "link_mismatch", "link_not_refunded", "link_alarm_done",
)  # fmt: skip
_OF_PEOPLE = ("roster_set", "token_made", "token_revoked", "sessions_ended", "address_given")
_LEFT_OUT = ("hash", "epoch")
"""Numbers that tell a person nothing."""


def _of_person(code: str, detail: Mapping[str, Any]) -> str:
    if code == "told":
        return f"{detail['imp_uid']} · {told(detail['told'])}"
    if code == "identity_seen":
        return f"{detail['verification_uid']} · {detail['reason']}"
    if code == "noted":
        # Until the audit kept a digest of them, it had the words.
        return " · ".join(part for part in (detail["imp_uid"], detail.get("note")) if part)
    return of_buyer(detail)


def _limit(limit: int | None) -> str:
    return _("never") if limit is None else formats.money(limit, "KRW")


def _link(detail: Mapping[str, Any]) -> str:
    parts = [_("Link {n}").format(n=detail["link"])]
    if "amount" in detail:
        parts += [link_labels.kind(detail["kind"]), formats.money(detail["amount"], detail["currency"])]
    return " · ".join(parts)


def _of_link(detail: Mapping[str, Any]) -> str:
    what, why = detail.get("what"), detail.get("why")
    parts = (detail.get("order"), detail["imp_uid"], what and link_alarm(what), why and _(why), detail.get("note"))
    return " · ".join(part for part in parts if part)


def _of_file(detail: Mapping[str, Any]) -> str:
    parts = [_("File {n}").format(n=detail.get("batch") or detail["file"]), detail.get("name")]
    if n := detail.get("rows"):
        parts.append(ngettext("{n} row", "{n} rows", n).format(n=f"{n:,}"))
    if amount := detail.get("amount"):
        parts.append(formats.money(amount, "KRW"))
    parts += [operation_labels.why(detail["why"]) if detail.get("why") else None, detail.get("note")]
    return " · ".join(part for part in parts if part)


def _of_people(code: str, detail: Mapping[str, Any]) -> str:
    if code == "roster_set":
        parts = (_changed_roles(detail["before"], detail["after"]), detail.get("reason"))
    elif code in ("sessions_ended", "address_given"):
        words = ngettext("{n} session", "{n} sessions", detail["sessions"])
        parts = (detail["person"], words.format(n=detail["sessions"]))
    else:
        parts = (detail["person"], detail["name"])
    return " · ".join(part for part in parts if part)


def _changed_roles(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """`kim@…: support → finance`, each person whose role changed; nothing stands for no role."""
    was, now = (one["roles"] | one.get("stores", {}) if one else {} for one in (before, after))
    changed = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    roles = [f"{name}: {_role(was.get(name))} → {_role(now.get(name))}" for name in changed]
    made = [one["made"] if one and "made" in one else {} for one in (before, after)]
    roles += sorted(name for name in {*made[0], *made[1]} if made[0].get(name) != made[1].get(name))
    return ", ".join([*roles, *_changed_limits(before or {}, after or {})])


def _changed_limits(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    was, now = before.get("limits", {}), after.get("limits", {})
    changed = sorted(role for role in {*was, *now} if was.get(role) != now.get(role))
    words = _("approval of {role} from")
    return [f"{words.format(role=_role(role))} {_limit(was.get(role))} → {_limit(now.get(role))}" for role in changed]


def _role(code: str | None) -> str:
    return labels.role(code) if code else formats.NOTHING
