"""What the gateway answers now: byte for byte, off the script run, and only for who may see buyers and read again."""

import time
from pathlib import Path

from dashboard.process.answers import as_it_came
from dashboard.process.resources import current_settings, use_settings
from dashboard.settings import Role
from services.errors import NotFound
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from tests.gateway.test_reads import Answering, ok
from tests.worlds.screens.answers import answered
from tests.worlds.screens.screens import filled_store, run_page, texts

UID, CARD, WORDS = "imp_100000000001", "5555-5555-5555-4444", "What the gateway answers now"
ODD = (
    b'{"zeta":1.50,  "imp_uid":"imp_1","amount":1e3,'
    b'"merchant_uid":"4111111111111111","name":"5555-5555-5555-4444 \\u3042"}'
)


def test_it_is_what_came_with_order_and_spelling_kept_and_no_card() -> None:
    told = Answering(200, ok(ODD)).gateway.payment_as_it_came("imp_1")
    assert told == ODD.decode().replace("5555-5555-5555-4444", "5555-55**-****-4444")


def test_who_may_asks_beside_the_page_and_reads_it_with_the_time(tmp_path: Path) -> None:
    sandbox = Sandbox(build_world(1, payments=5, days=10, until=time.time()))
    sandbox.world.put_payment(next(iter(sandbox.world.payments.values())) | {"imp_uid": UID, "name": CARD})
    filled_store(tmp_path, imp_key=IMP_KEY, imp_secret=IMP_SECRET)
    with served(sandbox) as url:
        use_settings(current_settings().model_copy(update={"imp_api_url": url}))
        seen = run_page("payment", role=Role.SUPPORT, query={"imp_uid": UID})
        assert "Asked at" not in texts(seen)
        seen.button(key="answer").click().run()
        told = answered(as_it_came, UID)
        text = told.found or ""
        assert (told.error, CARD in text, "5555-55**-****-4444" in text) == (None, False, True)
    seen = run_page("payment", role=Role.SUPPORT, query={"imp_uid": UID})
    assert told.found in [one.value for one in seen.code]
    assert "As it came" in texts(seen)
    for role in (Role.VIEWER, Role.MANAGER):
        other = run_page("payment", role=role, query={"imp_uid": UID})
        assert "As it came" not in texts(other)
        assert WORDS not in texts(other)


def test_a_refusal_is_said_word_for_word(tmp_path: Path) -> None:
    sandbox = Sandbox(build_world(1, payments=5, days=10, until=time.time()))
    filled_store(tmp_path, imp_key=IMP_KEY, imp_secret=IMP_SECRET)
    with served(sandbox) as url:
        use_settings(current_settings().model_copy(update={"imp_api_url": url}))
        as_it_came.begin(UID)
        told = answered(as_it_came, UID).error
    assert isinstance(told, NotFound)
    seen = run_page("payment", role=Role.SUPPORT, query={"imp_uid": UID})
    assert [one for one in seen.warning if (told.refusal.message or "-") in one.value.replace("\\", "")]
