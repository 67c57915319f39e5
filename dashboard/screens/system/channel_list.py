"""The merchant's channels: which open a window, what each lacks, and the parts of Naver Pay that a person ticks."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from services.checkout.channels import opens_window, parts_of, ticked_of
from services.errors import JangbuError
from services.store.lists.keyset import Page
from services.tables.channels import ChannelPart, ChannelTick
from services.tables.v1 import Channel

from dashboard.kit.lists.columns import Column, whole_text
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.tiles import facts
from dashboard.kit.session import Slot
from dashboard.locale import _
from dashboard.settings import Settings
from dashboard.words import formats, labels
from dashboard.words.labels import Words, once_a_language
from dashboard.words.operation_labels import person
from dashboard.words.record_labels import channel_part

TABLE = "channels"
_BEGIN, _END = 16, 4
"""Letters of a channel key that are shown."""
Tick = Callable[[Channel, ChannelPart, bool], JangbuError | None]
_FAILED: Slot[dict[str, JangbuError]] = Slot("failed_ticks", dict)
"""What stood in the way of keeping a box, by its key."""


@once_a_language
def _help() -> Words:
    console = _("Naver Pay gives it with the contract; it is entered in the channel in PortOne's console.")
    return {
        ChannelPart.CLIENT_ID: console,
        ChannelPart.CLIENT_SECRET: console,
        ChannelPart.CHAIN_ID: _(
            "Naver Pay gives it; it stands in the channel in PortOne's console, and in no snippet."
        ),
        ChannelPart.SETTLEMENT_KEY: _(
            "A key of its own, copied from Naver Pay Center (my information, registration). It is none of the three "
            "above, and only with it are settlement figures told."
        ),
        ChannelPart.TAX: _(
            "Whether goods are taxed, tax-free or both is told to Naver Pay, and set the same way in the channel."
        ),
        ChannelPart.INSPECTION: _(
            "Before Naver Pay's inspection is passed, the live window answers that calls are not permitted."
        ),
    }


def masked(key: str) -> str:
    """A channel key without its middle: who knows it recognises it."""
    return key if len(key) <= _BEGIN + _END else f"{key[:_BEGIN]}…{key[-_END:]}"


def missing(channel: Channel, ticks: Sequence[ChannelTick]) -> list[str]:
    """What a channel lacks, in words; nothing where it opens no window."""
    if not opens_window(channel):
        return []
    ticked = ticked_of(ticks, channel)
    lacks_key = [] if channel.channel_key else [_("Channel key")]
    return lacks_key + [channel_part(one) for one in parts_of(channel) if one not in ticked]


def channel_table(channels: Sequence[Channel], ticks: Sequence[ChannelTick]) -> Channel | None:
    """The merchant's channels; returns the one that was picked."""
    columns: list[Column[Channel]] = [
        Column("pg_provider", labels.field("pg_provider"), lambda row: labels.provider(row.pg_provider)),
        Column("live", _("Live or test"), lambda row: labels.live("test" if row.sandbox else "live")),
        Column("name", _("Name"), lambda row: row.channel_name),
        Column("type", _("Type"), lambda row: labels.channel_type(row.type)),
        Column("missing", _("Missing"), lambda row: ", ".join(missing(row, ticks)), whole_text),
        Column("pg_id", "pg_id", lambda row: row.pg_id),
        Column("channel_key", _("Channel key"), lambda row: masked(row.channel_key or "")),
    ]
    picked = pick_rows(Page(tuple(channels)), columns, alt=_("Channels of this merchant"), key=TABLE)
    return picked[0] if picked else None


def channel_details(
    channel: Channel, ticks: Sequence[ChannelTick], settings: Settings, tick: Tick, *, may_tick: bool
) -> None:
    """One channel: its key to copy, what it is for, and what Naver Pay needs besides."""
    live = labels.live("test" if channel.sandbox else "live")
    color = "gray" if channel.sandbox else "green"
    st.markdown(f":{color}-badge[{formats.escape(live)}] **{formats.escape(channel.channel_name or channel.pg_id)}**")
    facts(
        [
            (labels.field("pg_provider"), labels.provider(channel.pg_provider)),
            ("pg_id", channel.pg_id),
            (_("Type"), labels.channel_type(channel.type)),
        ]
    )
    if not opens_window(channel):
        st.text(_("It opens no payment window."))
    st.caption(_("Channel key"))
    if channel.channel_key:
        st.code(channel.channel_key, language=None, wrap_lines=True)
    else:
        st.text(_("PortOne gave none: a snippet cannot name this channel."))
    if parts_of(channel):
        _lacking_settings(settings)
        _checklist(channel, ticks, tick, may_tick=may_tick)


def _lacking_settings(settings: Settings) -> None:
    """What of ours links by this channel need."""
    needed = {
        "JANGBU_USER_CODE": settings.user_code,
        "JANGBU_PUBLIC_URL": settings.public_url,
        "JANGBU_HOOK_SECRET": settings.hook_secret.get_secret_value(),
    }
    if lacks := [name for name, value in needed.items() if not value]:
        words = _("Not set here: {names}. Links and webhooks need them.")
        st.warning(words.format(names=formats.escape(", ".join(lacks))), icon=":material/settings:")


def _checklist(channel: Channel, ticks: Sequence[ChannelTick], tick: Tick, *, may_tick: bool) -> None:
    title = _("Naver Pay: what PortOne does not tell")
    st.markdown(f"**{title}**")
    st.caption(_("Look in PortOne's console, and tick what is there."))
    ticked = ticked_of(ticks, channel)
    for one in parts_of(channel):
        kept = ticked.get(one)
        # A key of its own for each state: what was ticked elsewhere meanwhile is seen here.
        key = f"tick_{channel.pg_id}_{channel.sandbox}_{one}_{kept.ticked_at if kept else 0}"
        is_done = st.checkbox(
            channel_part(one), value=kept is not None, key=key, help=_help(one), disabled=not may_tick
        )
        if kept:
            who = _("{who}, {time} KST").format(who=person(kept.ticked_by), time=formats.time(kept.ticked_at))
            st.caption(formats.escape(who))
        # A disabled box is so in the browser alone.
        if may_tick:
            _take(key, partial(tick, channel, one, is_done), changed=is_done != (kept is not None))
    if not may_tick:
        st.caption(_("Finance and whoever runs Jangbu tick these."))


def _take(key: str, tick: Callable[[], JangbuError | None], *, changed: bool) -> None:
    """Keeps a box that was changed, once: one that could not be kept says why until it is changed back."""
    failed = _FAILED.get()
    if not changed:
        failed.pop(key, None)
        return
    if key not in failed:
        if (error := tick()) is None:
            st.rerun()
        failed[key] = error
    st.error(formats.told(failed[key]), icon=":material/error:")
