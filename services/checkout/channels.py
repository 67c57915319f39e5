"""Channels of the merchant: which open a payment window, and the parts of Naver Pay that a person ticks."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, select

from services.checkout.parameters.case import NAVERPAY
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.store.sql import in_dialect, read_all, table
from services.tables.channels import ChannelPart, ChannelTick
from services.tables.v1 import Channel

_TABLE = table(ChannelTick)
WINDOW = "payment"
"""The type of a channel that opens a window."""
_OF_LIVE = (ChannelPart.SETTLEMENT_KEY, ChannelPart.INSPECTION)
"""A test channel settles nothing, and nobody inspects it."""
_INSERT = (
    "INSERT INTO channel_tick (pg_provider, pg_id, sandbox, part, ticked_by, ticked_at) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (pg_provider, pg_id, sandbox, part) DO NOTHING"
)


def opens_window(channel: Channel) -> bool:
    """Whether buyers can pay by it in the payment window; the others take charges of billing keys."""
    return channel.type.lower() == WINDOW


def parts_of(channel: Channel) -> Sequence[ChannelPart]:
    """What a person has to see to besides what the gateway tells of a channel; nothing but at Naver Pay."""
    if channel.pg_provider != NAVERPAY or not opens_window(channel):
        return ()
    return [part for part in ChannelPart if not (channel.sandbox and part in _OF_LIVE)]


def list_ticks(conn: Connection) -> list[ChannelTick]:
    """What of all channels is ticked."""
    return read_all(conn, ChannelTick, select(_TABLE))


def ticked_of(ticks: Sequence[ChannelTick], channel: Channel) -> dict[str, ChannelTick]:
    """Those of a channel, by part."""
    this = (channel.pg_provider, channel.pg_id, bool(channel.sandbox))
    return {one.part: one for one in ticks if (one.pg_provider, one.pg_id, bool(one.sandbox)) == this}


def tick(engine: Engine, channel: Channel, part: ChannelPart, actor: Actor, now: float, *, is_done: bool) -> None:
    """Keeps that a part is done, or is not after all; what is so already stays as it was said. Raises NotSaved."""
    this = (channel.pg_provider, channel.pg_id, bool(channel.sandbox), part.value)
    with saving(engine) as conn:
        if is_done:
            changed = conn.exec_driver_sql(in_dialect(conn, _INSERT), (*this, actor.name, int(now))).rowcount
        else:
            columns = (_TABLE.c.pg_provider, _TABLE.c.pg_id, _TABLE.c.sandbox, _TABLE.c.part)
            conditions = [column == value for column, value in zip(columns, this, strict=True)]
            changed = conn.execute(delete(_TABLE).where(*conditions)).rowcount
        if changed:
            action = "channel_ticked" if is_done else "channel_unticked"
            audit.append(conn, actor, action, int(now), pg_provider=this[0], pg_id=this[1], test=this[2], part=this[3])
