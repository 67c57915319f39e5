"""The loop of alarms: one look a minute, and a thread for each way of sending, so that none waits for another."""

import threading
import time
from pathlib import Path

import structlog
from services.alarms import tellings
from services.alarms.figures import Disk, Figures, disks_of, read_figures
from services.alarms.findings import Watched, findings
from services.alarms.mail import send_mail
from services.alarms.matters import lasting, settle
from services.alarms.message import NotDelivered, Why
from services.alarms.post import send_slack, send_webhook
from services.alarms.receivers import Receiver, Way
from services.alarms.tellings import HELD, Claim
from services.store.engine import reading
from sqlalchemy import Connection, Engine

from dashboard.alarms.people import mail_server, receivers
from dashboard.alarms.words import message_of
from dashboard.process.resources import current_settings, open_store

log = structlog.get_logger("jangbu.alarms")
_EVERY = 60.0
_GRACE = 4
"""Seconds that what is being sent has when the app ends."""
_wake = threading.Event()


def watch_alarms(stop: threading.Event, engine: Engine) -> None:
    """Looks and tells until told to stop."""
    since, threads = time.time(), dict[Way, threading.Thread]()
    while not stop.is_set():
        _wake.wait(_EVERY)
        _wake.clear()
        if stop.is_set():
            break
        try:
            look(engine, since, time.time())
        except Exception as error:  # what was found before is told nevertheless
            log.error("alarms cannot be looked after", error=type(error).__name__)
        for way in Way:
            if way not in threads or not threads[way].is_alive():
                threads[way] = threading.Thread(
                    target=_tell, args=(way, stop, engine), name=f"alarms-{way}", daemon=True
                )
                threads[way].start()
    until = time.monotonic() + _GRACE
    for thread in threads.values():
        thread.join(max(until - time.monotonic(), 0))


def wake_alarms() -> None:
    """Somebody sends a test: it need not wait for the next turn."""
    _wake.set()


def look(engine: Engine, since: float, now: float) -> None:
    """Writes down what is the matter now; `since` is when this process began to look."""
    watched = Watched(since, current_settings().backup_hour is not None)
    with reading(engine) as conn:
        seen = figures_now(conn, now)
        before = {(one.kind, one.key) for one in lasting(conn)}
    settle(engine, findings(seen, watched, before, now), now)


def figures_now(conn: Connection, now: float) -> Figures:
    """The figures of this process's store and disks."""
    return read_figures(conn, now, _disks())


def send(receiver: Receiver, claimed: Claim, now: float) -> None:
    """One message on its way. Raises NotDelivered."""
    try:
        message = message_of(claimed)
        if receiver.way == Way.MAIL:
            send_mail(mail_server(), receiver.address, message, now)
        else:
            {Way.SLACK: send_slack, Way.WEBHOOK: send_webhook}[receiver.way](receiver.address, message)
    except NotDelivered:
        raise
    except Exception as error:  # an address that no library takes: told like any other, and tried again
        log.error("an alarm cannot be sent", to=receiver.way.value, error=type(error).__name__)
        raise NotDelivered(Why.REFUSED) from None


def _tell(way: Way, stop: threading.Event, engine: Engine) -> None:
    try:
        with reading(engine) as conn:
            mine = [one for one in receivers(conn) if one.way == way]
        for receiver in mine:
            if stop.is_set():
                return
            tell(engine, receiver, time.time())  # what is claimed is held from then on, however long the others took
    except Exception as error:  # the next turn tries again
        log.error("alarms cannot be sent", way=way.value, error=type(error).__name__)


def tell(engine: Engine, receiver: Receiver, now: float) -> None:
    """Tells a receiver what it was not told yet."""
    begun, failed = time.monotonic(), None
    for claimed in tellings.claim(engine, receiver, now):
        if failed is None and time.monotonic() - begun > HELD / 2:
            return  # what is left comes back by itself
        if failed is None:
            try:
                send(receiver, claimed, now)
            except NotDelivered as error:
                failed = error.why
        if failed is None:
            tellings.told(engine, claimed, now)
            continue
        # Whoever was not reached is not asked for the rest either: each would wait as long.
        tellings.failed(engine, claimed, failed.value, now)
        log.warning("an alarm did not arrive", to=receiver.way.value, kind=claimed.kind.value, why=failed.value)


def _disks() -> list[Disk]:
    settings, url = current_settings(), open_store(checked=False).url
    folders, size = {"backups": settings.backup_folder.absolute()}, 0
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        folders, size = {"database": file.parent} | folders, file.stat().st_size if file.is_file() else 0
    else:
        folders |= {"head": settings.head_folder.absolute()}
    return disks_of(folders, size)
