"""What the screen of one customer reads of the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.store.customers import Customer, buyer_of_key, buyer_of_payment, read_customer
from services.store.lists.one import notes_on
from services.tables.notes import Note

from dashboard.process.resources import open_session


@dataclass(frozen=True, slots=True)
class CustomerScreen:
    """One buyer, and what staff wrote about their payments."""

    customer: Customer
    notes: Sequence[Note]


def read(imp_uid: str, customer_uid: str, *, buyers: bool) -> CustomerScreen | None:
    """The buyer of a payment, or else of a billing key; None where neither is here."""
    with open_session() as session:
        buyer = buyer_of_payment(session, imp_uid) or buyer_of_key(session, customer_uid)
        if buyer is None:
            return None
        customer = read_customer(session, buyer, buyers=buyers)
        return CustomerScreen(customer, notes_on(session, [row.imp_uid for row in customer.payments]))
