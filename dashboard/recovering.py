"""What follows a sync: chains are worked out, and failed schedules booked again where the settings say so."""

import time

from services.recovery.chains import refresh_chains
from services.recovery.policy import Policy
from services.recovery.recovering import recover

from dashboard.executing import wake_executor
from dashboard.resources import current_settings, open_store


def recovery_policy() -> Policy:
    """The policy of the settings."""
    settings = current_settings()
    return Policy(settings.recovery_automatic, settings.recovery_pay_days, settings.recovery_tries)


def after_sync() -> None:
    """Brings up to date what is kept of chains; then automatic recovery has its turn."""
    engine, now = open_store(), time.time()
    refresh_chains(engine, now)
    if recover(engine, recovery_policy(), now):
        wake_executor()
