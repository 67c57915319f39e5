"""What follows a sync: chains are worked out, failed schedules booked again where set so; what is left to people."""

import time

import structlog
from services.clock import day_of
from services.mirror.single.balances import read_due_balances
from services.mirror.single.codes import refresh_codes
from services.operations.journal import restoration
from services.operations.journal.head import restored
from services.recovery.desk import failed_by_action, proposals
from services.recovery.jumps import failure_rates
from services.recovery.policy import Policy
from services.recovery.radar import at_risk
from services.recovery.rounds import recover
from services.revenue.forecast import refresh_forecast
from services.store.lists.totals import upcoming_schedules
from services.subscriptions.keep import refresh_chains
from sqlalchemy import Connection, Engine

from dashboard.process.executor import wake_executor
from dashboard.process.resources import current_settings, open_gateway
from dashboard.screens.overview.desks_today import Recurring

log = structlog.get_logger("jangbu.operations")


def recovery_policy() -> Policy:
    """The policy of the settings."""
    settings = current_settings()
    return Policy(settings.recovery_automatic, settings.recovery_pay_days, settings.recovery_tries)


def recurring_now(conn: Connection, now: float) -> Recurring:
    """What the desks have for a person at this moment, from what is kept."""
    today = day_of(now)
    return Recurring(
        due=upcoming_schedules(conn, today, today),
        rates=failure_rates(conn, now),
        proposed=proposals(conn, now, recovery_policy()),
        failed=failed_by_action(conn, now),
        broken=at_risk(conn, now),
    )


def after_sync(engine: Engine) -> None:
    """Brings up to date what is kept of chains and revenue; then automatic recovery has its turn."""
    now = time.time()
    found = restoration.complete(engine, now)
    if found is not None:
        log.warning("the database was put back: its journal is complete again", found=found)
    changed = refresh_chains(engine, now)
    refresh_forecast(engine, now, changed=changed > 0)
    refresh_codes(open_gateway(), engine, now)
    read_due_balances(open_gateway(), engine)
    if not restored(engine) and recover(engine, recovery_policy(), now):
        wake_executor()
