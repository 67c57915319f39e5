"""A number to pay an order by at a convenience store: how much and what for; a last look."""

from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.vbanks.new_page import new_page
from services.tables.journal import OperationKind

new_page(OperationKind.ISSUE_CVS, open_screen(_("New convenience store number")))
