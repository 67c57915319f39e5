"""Have Naver Pay credit the points of an order: a last look, and what became of it."""

from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.naver.order_page import order_page
from services.tables.journal import OperationKind

order_page(OperationKind.NAVER_POINTS, open_screen(_("Credit Naver Pay points")))
