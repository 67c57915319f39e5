"""Which facets a filter means, and how much of the store they hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from services.models import CustomerUidUsage
from services.store.filters import Live, PaymentFilter, PaymentKind, PaymentState

_SQL = (
    "SELECT id, status, partly_refunded, pg_provider, pay_method, customer_uid_usage, sandbox, currency, payments "
    "FROM facet"
)


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A facet as stored; `payments` is how many rows are in it."""

    id: int
    status: str
    partly_refunded: bool
    pg_provider: str
    pay_method: str
    customer_uid_usage: str
    sandbox: bool
    currency: str
    payments: int

    @property
    def state(self) -> str:
        return PaymentState.PARTLY_REFUNDED.value if self.partly_refunded else self.status

    @property
    def kind(self) -> str:
        if self.customer_uid_usage == CustomerUidUsage.ISSUE:
            return PaymentKind.REGISTRATION.value
        return PaymentKind.RECURRING.value if self.customer_uid_usage else PaymentKind.ONE_OFF.value


def all_facets(conn: Connection) -> list[FacetRow]:
    """Every facet; a few hundred rows."""
    return [FacetRow(*row) for row in conn.exec_driver_sql(_SQL)]


def matching(facets: Iterable[FacetRow], chosen: PaymentFilter) -> list[FacetRow]:
    """The facets that a filter lets through."""
    return [facet for facet in facets if _matches(facet, chosen)]


def _matches(facet: FacetRow, chosen: PaymentFilter) -> bool:
    choices = (
        (facet.state, chosen.states),
        (facet.pg_provider, chosen.pg_providers),
        (facet.pay_method, chosen.pay_methods),
        (facet.kind, chosen.kinds),
    )
    if any(wanted and value not in wanted for value, wanted in choices):
        return False
    if chosen.live != Live.ALL and bool(facet.sandbox) != (chosen.live == Live.TEST):
        return False
    return chosen.currency is None or facet.currency == chosen.currency
