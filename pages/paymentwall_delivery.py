"""What Paymentwall is told of a delivery, at each of its states; a last look, and what became of it."""

from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.deliveries.pg_page import steps_page
from services.tables.journal import OperationKind

steps_page(OperationKind.PAYMENTWALL_DELIVERY, open_screen(_("Delivery told to Paymentwall")))
