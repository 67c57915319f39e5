"""What people call a page besides its title: the search of everything finds it by these too."""

from services.store.fold import folded

from dashboard.locale import _
from dashboard.navigation import Place, title


def is_called(name: Place, text: str) -> bool:
    """Whether a page's title, or one of its other names, holds what was typed."""
    return folded(text) in folded(title(name)) or any(
        folded(text) in folded(other) for other in _other_names(name).split(",")
    )


def _other_names(name: Place) -> str:
    names = {
        Place.OVERVIEW: _("overview, today, queue"),
        Place.PAYMENTS: _("transactions, export, sales slips"),
        Place.LINKS: _("pay by link, registration links, checkout"),
        Place.BULK_LINKS: _("links from a file, CSV, re-registration"),
        Place.WAITING: _("virtual account, convenience store, deposit, telephone order"),
        Place.DELIVERIES: _("parcels, couriers, tracking numbers"),
        Place.IDENTITY: _("personal data, erasure, KCP Quick, one-time number"),
        Place.ACCESS_LOG: _("personal data, who looked at whom, downloads, monthly review"),
        Place.RECEIPTS: _("income deduction, proof of expense, tax office"),
        Place.REFUNDS: _("cancellations, cancelled payments"),
        Place.REVENUE: _("MRR, ARR, churn rate, sales, cohorts, forecast, failure rate"),
        Place.SUBSCRIPTIONS: _("recurring payments, subscribers"),
        Place.SCHEDULES: _("booked payments, upcoming payments"),
        Place.BILLING_KEYS: _("cards, customer_uid"),
        Place.RECOVERY: _("failed payments, retries"),
        Place.RADAR: _("nothing booked next"),
        Place.OUTAGE: _("maintenance of banks and PGs"),
        Place.MONTH_END: _("reconciliation, month end, settlement, VAT"),
        Place.NEEDS_PERSON: _("approvals, unknown outcomes"),
        Place.ACTIVITY: _("audit, history, who did what"),
        Place.RECORDS: _("audit of settings"),
        Place.WEBHOOKS: _("notifications of the gateway, address for the console"),
        Place.PEOPLE: _("users, roles, permissions, colleagues"),
        Place.SESSIONS: _("sign out, devices, command line, API"),
        Place.SYSTEM: _("settings, limits, sync, health"),
    }
    return names.get(name, "")
