"""What the System page reads of the store, and what a person ticks of a channel."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.backup.kept import LastTaken, last_taken
from services.checkout import channels
from services.errors import JangbuError
from services.operations.journal.limits import kept_limit
from services.operations.journal.roster import Roster
from services.store.lease import Lease, lease_of
from services.store.lists import system
from services.store.lists.system import Freshness
from services.store.lists.unreadable import Told, latest_raw, list_unreadable
from services.tables.channels import ChannelPart, ChannelTick
from services.tables.marks import MirrorMark
from services.tables.v1 import Channel, Oddity, SyncRun

from dashboard.access import User
from dashboard.process.executor import actor_of, limit_now
from dashboard.process.resources import current_freshness, open_session, open_store
from dashboard.process.roster import roster_now, signs_in
from dashboard.screens.system.settings_table import Limits


@dataclass(frozen=True, slots=True)
class SystemScreen:
    """What the mirror says of itself."""

    fresh: Freshness
    counts: Mapping[str, int]
    """Rows by table."""
    runs: Sequence[SyncRun]
    channels: Sequence[Channel]
    ticks: Sequence[ChannelTick]
    """What of the channels a person says is done."""
    oddities: Sequence[Oddity]
    clock_difference: float | None
    """Seconds by which this machine's clock is ahead of the gateway's; None before it was measured."""
    unreadable: Sequence[Told]
    limits: Limits
    roster: Roster
    signs_in: bool
    revision: str
    """Of the database."""
    backup: LastTaken | None
    """The last good one."""
    lease: Lease
    """Who does the background work."""


def read_system() -> SystemScreen:
    """How the mirror stands."""
    fresh = current_freshness()
    with open_session() as session:
        is_kept, kept = kept_limit(session)
        measured = system.marks(session).get(MirrorMark.CLOCK_DIFFERENCE)
        return SystemScreen(
            fresh=fresh,
            counts=system.row_counts(session),
            runs=system.list_sync_runs(session, 50),
            channels=system.list_channels(session),
            ticks=channels.list_ticks(session),
            oddities=system.list_oddities(session),
            clock_difference=float(measured) if measured else None,
            unreadable=list_unreadable(session, 100),
            limits=Limits(limit_now(session), kept, is_kept),
            roster=roster_now(session),
            signs_in=signs_in(session),
            revision=system.revision(session),
            backup=last_taken(session),
            lease=lease_of(session),
        )


def read_raw() -> Sequence[bytes]:
    """The latest rows that could not be read, as they came."""
    with open_session() as session:
        return latest_raw(session, 20)


def tick(user: User, channel: Channel, part: ChannelPart, is_done: bool) -> JangbuError | None:
    """Keeps in the person's name that a part is done, or not after all; what stood in the way, None for nothing."""
    try:
        channels.tick(open_store(checked=False), channel, part, actor_of(user), time.time(), is_done=is_done)
    except JangbuError as error:
        return error
    return None
