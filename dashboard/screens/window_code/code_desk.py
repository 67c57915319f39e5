"""What the page for the shop's developer reads: channels that open a window, the merchant's contracts, the pack."""

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.checkout.channels import opens_window
from services.checkout.parameters.case import NAVERPAY, Merchant
from services.inspection.rows import Span
from services.people.access_log import Access
from services.store.lists.system import list_channels
from services.tables.staff.access import AccessKind, ExportReason
from services.tables.v1 import Channel

from dashboard.access import User
from dashboard.inspection.pack import Asked, zipped
from dashboard.locale import in_language
from dashboard.process.access_log.note import note, on_screen
from dashboard.process.checkout import merchant_now
from dashboard.process.resources import current_settings, open_session, open_store


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """What is known of the shop."""

    channels: Sequence[Channel]
    """Those that open a window: Naver Pay's first, live ones before test ones."""
    merchant: Merchant
    user_code: str
    """Empty where it is not set."""


def open_code() -> CodeDesk:
    """What code is written and checked for."""
    with open_session() as session:
        found = [one for one in list_channels(session) if opens_window(one)]
    found.sort(key=lambda one: (one.pg_provider != NAVERPAY, one.sandbox))
    return CodeDesk(found, merchant_now(), current_settings().user_code)


def pack(span: Span, language: str, user: User) -> tuple[str, bytes]:
    """The inspection pack's name and bytes, once it is written down who has it made. Raises NotSaved."""
    asked = Asked(open_store(checked=False), span, merchant_now(), current_settings().shop_name, time.time())
    out = io.BytesIO()
    with in_language(language):
        zipped(asked, out)
    note(on_screen(user), Access(AccessKind.EXPORTED, "inspection", reason=ExportReason.INSPECTION))
    return f"{asked.name()}.zip", out.getvalue()
