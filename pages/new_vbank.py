"""A virtual account for an order by telephone: which channel, how much, which bank, until when; a last look."""

from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.vbanks.new_page import new_page
from services.tables.journal import OperationKind

new_page(OperationKind.ISSUE_VBANK, open_screen(_("New virtual account")))
