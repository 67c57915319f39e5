"""What runs beside the screens: the loops, in one process of all, and what each process does for itself."""

import threading
import time
from collections.abc import Callable
from functools import partial

import structlog
from services.alarms.matters import ALARMS
from services.errors import JangbuError
from services.loops.hold import Holder, Loop
from services.mirror.loop import run_loop
from services.operations.journal import restoration
from services.store.changes import watch_changes
from sqlalchemy import Engine

from dashboard.alarms.watch import wake_alarms, watch_alarms
from dashboard.commands.answer import say, sentence_of
from dashboard.commands.backups.daily import watch_backups
from dashboard.commands.privacy.keeper import watch_buyers
from dashboard.locale import in_language, terminal_language
from dashboard.process.access_log.keeper import watch_access_log
from dashboard.process.after_sync import after_sync
from dashboard.process.checkout import wake_links, watch_links
from dashboard.process.doors import watch_doors
from dashboard.process.executor import carry_out_held, run_executor, wake_executor
from dashboard.process.resources import current_settings, open_gateway, open_store

log = structlog.get_logger("jangbu")


def start(stop: threading.Event) -> list[threading.Thread]:
    """Everything that runs until told to stop."""
    holder = Holder(open_store(), _loops(), wake)
    own: list[Callable[[threading.Event], None]] = [watch_doors, holder.run, _watch_changes]
    if current_settings().imp_key:
        own.append(partial(carry_out_held, leads=lambda: holder.leads))
    threads = [threading.Thread(target=work, args=(stop,), name=_name(work), daemon=True) for work in own]
    for thread in threads:
        thread.start()
    return threads


def wake() -> None:
    """Something was written down, or the end has come: nobody need wait for the next turn."""
    wake_executor()
    wake_links()
    wake_alarms()


def _loops() -> list[Loop]:
    if not current_settings().imp_key:
        log.warning("no gateway credentials: the mirror is not kept fresh, and nothing is sent")
        return [watch_backups, watch_alarms, watch_buyers, watch_access_log]
    return [watch_backups, watch_alarms, watch_buyers, watch_access_log, _keep_fresh, run_executor, watch_links]


def _watch_changes(stop: threading.Event) -> None:
    """What another process wrote down wakes the loops here."""
    watch_changes(stop, open_store(), _changed)


def _changed(what: str) -> None:
    if what == ALARMS:
        wake_alarms()
        return
    wake_executor()
    wake_links()


def _keep_fresh(stop: threading.Event, engine: Engine) -> None:
    restoration.begin(engine, time.time())
    days, told = current_settings().mirror_days, set[str]()

    def tell(error: Exception) -> None:
        """Says at the terminal what to mend, each sentence once."""
        with in_language(terminal_language()):
            words = sentence_of(error)
            if isinstance(error, JangbuError) and words not in told:
                told.add(words)
                say(words)

    run_loop(stop, open_gateway(), engine, days=days, then=partial(after_sync, engine), failed=tell)


def _name(work: Callable[[threading.Event], None]) -> str:
    found = work.func if isinstance(work, partial) else work
    return str(getattr(found, "__qualname__", found))
