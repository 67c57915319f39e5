"""Confirm a Naver Pay order: who asks for it, a last look at what cannot be undone, and what became of it."""

from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.naver.order_page import order_page
from services.tables.journal import OperationKind

order_page(OperationKind.NAVER_CONFIRM, open_screen(_("Confirm a Naver Pay order")))
