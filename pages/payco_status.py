"""What PAYCO is told of an order: shipped, then confirmed; a last look, and what became of it."""

from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.deliveries.pg_page import steps_page
from services.tables.journal import OperationKind

steps_page(OperationKind.PAYCO_STATUS, open_screen(_("State of a PAYCO order")))
