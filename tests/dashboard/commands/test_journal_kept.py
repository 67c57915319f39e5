"""Whatever is downloaded, whichever command runs beside it and whoever is killed: every refund stays in the journal."""

import json
from pathlib import Path

import pytest

from dashboard.settings import Settings
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.engine import reading
from tests.worlds.commands import Shop, make_shop
from tests.worlds.seeds import seeds
from tests.worlds.servers.journal_server import Served, serving

_COMMANDS = (
    ("operations", "list", "--json"),
    ("audit", "verify", "--json"),
    ("doctor", "--json"),
    ("export", "operations", "--reason", "closing", "--out", "operations.csv", "--json"),
    ("sync", "--json"),
    ("export", "payments", "--reason", "closing", "--format", "xlsx", "--out", "payments.xlsx", "--json"),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> object:
    with make_shop(tmp_path_factory.mktemp("kept")) as found:
        Path(found.engine.url.database or "").chmod(0o600)  # its log gets the mode of the file
        yield found


def refund_one(shop: Shop, served: Served, number: int) -> None:
    """A person refunds a new payment; it is in the journal for everybody, and the chain is whole."""
    uid = shop.pay(1_000 + number)
    assert shop.run("sync", "--json").status == 0
    asked = served.ask("refund", uid)
    shop.until(lambda: shop.refunds(uid) == [1_000 + number])
    shop.until(lambda: told(shop)[0] == [asked, "succeeded"])
    assert len(told(shop)) == number
    chain = shop.run("audit", "verify", "--json")
    assert (chain.status, chain.told["broken_at"]) == (0, None)
    with reading(shop.engine) as conn:
        # The others tell how far the access log reached, which each file that was taken along moves.
        sql = "SELECT count(*), count(operation_id) FROM audit_entry"
        every, of_refunds = conn.exec_driver_sql(sql).one()
    assert of_refunds == 3 * number
    assert chain.told["entries"] == every


def told(shop: Shop) -> list[list[object]]:
    """The journal as a process of its own reads it, the latest first."""
    listed = json.loads(shop.run("operations", "list", "--json", "--limit", "1000").stdout)["operations"]
    return [[row["operation"], row["state"]] for row in listed]


def test_every_refund_is_in_the_journal_after_every_step(shop: Shop) -> None:
    settings = Settings(
        database_url=shop.environment["JANGBU_DATABASE_URL"],
        imp_api_url=shop.environment["JANGBU_IMP_API_URL"],
        imp_key=IMP_KEY,
        imp_secret=IMP_SECRET,
    )
    assert shop.run("sync", "--json").status == 0
    rounds = seeds(100, least=len(_COMMANDS))
    done = 0
    while done < rounds:
        with serving(settings) as served:
            for _ in range(3):
                assert len(served.download("xlsx" if done % 3 == 2 else "csv")) > 1_000
                assert shop.run(*_COMMANDS[done % len(_COMMANDS)]).status == 0
                done += 1
                refund_one(shop, served, done)
            assert served.health() == 200
    assert len(told(shop)) == done
