"""A till to move money at: a sandbox served over HTTP, its mirror, a dashboard in front, and people signed in to it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from dashboard.commands.demo import free_port
from dashboard.words.formats import money
from services.clock import seoul
from services.gateway import Gateway
from services.mirror.sync import sync
from services.operations.journal.states import OPEN
from services.sandbox.api.charges import execute_due
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import reading
from services.store.lists.operations import operations_of_payment
from services.tables.journal import Operation
from tests.browser.servers import serving
from tests.browser.tabs import Tabs
from tests.worlds.stores import new_store

SECRET = "c" * 32
APPROVAL_FROM = 100_000
SPAN = 90
"""Days that the mirror goes back."""
PEOPLE = {f"{role}@example.com": role for role in ("support", "finance", "viewer", "manager", "admin")}
LOCALES = {"ko": "ko-KR", "en": "en-US"}
WORDS = {
    "ko": {
        "amount": "환불 금액 (원)",
        "buyer": "구매자 요청",
        "note": "사유 상세 (구매자·은행에 전달)",
        "review": "내용 확인",
        "last": "마지막 확인",
    },
    "en": {
        "amount": "Amount of this refund (won)",
        "buyer": "Asked for by the buyer",
        "note": "Details (passed on to the buyer and the bank)",
        "review": "Review",
        "last": "Is this right?",
    },
}


@dataclass
class Till:
    """The dashboard's address, the gateway behind it, the store between them."""

    url: str
    sandbox: Sandbox
    engine: Engine
    tabs: Tabs
    gateway_url: str

    def signed_in(self, email: str, *, language: str = "ko") -> Page:
        """A page in a browser of somebody who has signed in, with nothing open yet."""
        claims: dict[str, Any] = {"origin": self.url, "is_logged_in": True, "email": email, "sub": email}
        claims |= {"iss": "https://login.example.com", "email_verified": True}
        cookie = URLSafeTimedSerializer(SECRET, salt="_streamlit_user").dumps(json.dumps(claims))
        page = self.tabs.take(locale=LOCALES[language], viewport={"width": 1280, "height": 1100})
        page.context.add_cookies([{"name": "_streamlit_user", "value": str(cookie), "url": self.url}])
        return page

    def open(self, path: str, email: str = "support@example.com", *, language: str = "ko") -> Page:
        """A page in a browser of somebody's."""
        page = self.signed_in(email, language=language)
        page.goto(f"{self.url}/{path}")
        return page

    def clock_runs_to(self, at: float) -> None:
        """The gateway's clock goes ahead of everybody's; what is due by then is charged."""
        ahead = at - time.time()
        self.sandbox.clock = lambda: time.time() + ahead
        execute_due(self.sandbox.world, int(at))

    def paid(self, amount: int, **fields: Any) -> str:
        """A new Naver Pay payment at the gateway; its imp_uid."""
        known = {"pg_provider": "naverpay", "pay_method": "naverpay", "name": "유기농 사과 5kg", "buyer_name": "홍길동"}
        return str(self.sandbox.add_payment(amount, **(known | fields))["imp_uid"])

    def naver_keys(self) -> list[str]:
        """Naver Pay billing keys that are not for trying out."""
        keys = self.sandbox.world.billing_keys.items()
        return [uid for uid, key in keys if key["pg_provider"] == "naverpay" and not key["sandbox"]]

    def operations(self, imp_uid: str) -> list[Operation]:
        """What the journal holds on a payment, the latest first."""
        with reading(self.engine) as conn:
            return operations_of_payment(conn, imp_uid)

    def ended(self, imp_uid: str, seconds: float = 90) -> list[Operation]:
        """The same once nothing is open any more."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.operations(imp_uid)
            if not [one for one in found if one.state in OPEN]:
                return found
            time.sleep(0.1)
        raise TimeoutError(imp_uid)

    def refunds(self, imp_uid: str) -> list[tuple[int, str]]:
        """Amount and reason of each refund that the gateway has made."""
        return [(one["amount"], one["reason"]) for one in self.sandbox.payments[imp_uid]["cancel_history"]]


@contextmanager
def opened(folder: Path, tabs: Tabs) -> Iterator[Till]:
    """A till for the length of a block."""
    sandbox = Sandbox(build_world(7, payments=300, days=60, until=time.time()))
    engine = new_store(folder / "screens.db")
    port = free_port()
    url = f"http://localhost:{port}"
    _configure(folder, url)
    with served(sandbox) as gateway_url:
        gateway = Gateway(gateway_url, IMP_KEY, IMP_SECRET)
        sync(gateway, engine, days=SPAN)
        gateway.close()
        settings = {
            "JANGBU_IMP_API_URL": gateway_url,
            "JANGBU_MIRROR_DAYS": str(SPAN),
            "JANGBU_IMP_KEY": IMP_KEY,
            "JANGBU_IMP_SECRET": IMP_SECRET,
            "JANGBU_REFUND_APPROVAL_FROM": str(APPROVAL_FROM),
            "JANGBU_USER_CODE": "imp00000000",
            "JANGBU_PUBLIC_URL": url,
            "JANGBU_SHOP_NAME": "장부 상점",
            "JANGBU_ROLES": ",".join(f"{email}={role}" for email, role in PEOPLE.items()),
        }
        with serving(port, folder, JANGBU_SECRETS_FILE=str(folder / ".streamlit" / "secrets.toml"), **settings):
            yield Till(url, sandbox, engine, tabs, gateway_url)
    engine.dispose()


def _configure(folder: Path, url: str) -> None:
    settings = folder / ".streamlit"
    settings.mkdir()
    (settings / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "{url}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "jangbu"
client_secret = "of no use elsewhere"
server_metadata_url = "{url}/nowhere"
"""
    )


def fill_part(page: Page, amount: str, note: str = "색상이 달라요", *, language: str = "ko") -> None:
    """A part of a payment back for the buyer, up to the last look."""
    words = WORDS[language]
    page.get_by_label(words["amount"]).fill(amount)
    page.get_by_text(words["buyer"], exact=True).click()
    page.get_by_label(words["note"]).fill(note)
    page.get_by_role("button", name=words["review"]).click()
    expect(page.get_by_text(words["last"])).to_be_visible()


def won(amount: int) -> str:
    """As the screens write it, in the language of the walk."""
    return money(amount, "KRW")


def press(page: Page, words: str) -> None:
    """A button by its words."""
    page.get_by_role("button", name=words).click()


def type_time(page: Page, label: str, at: float) -> None:
    """A day and a time in Korea, digit by digit as a person types them."""
    page.get_by_role("spinbutton", name=f"year, {label}").click(timeout=60_000)
    page.keyboard.type(f"{seoul(at):%Y%m%d%H%M}", delay=20)
    page.keyboard.press("Escape")


def verbatim(page: Page) -> list[str]:
    """The texts of all blocks that show something untouched."""
    blocks = page.get_by_test_id("stCode").locator("code")
    blocks.first.wait_for()  # the browser loads what draws them when the first one comes
    return [block or "" for block in blocks.all_text_contents()]
