"""`jangbu vbank` and `jangbu cvs`: issued once however often it is said, changed, revoked, listed."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.clock import seoul
from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.world import World
from tests.worlds.commands import Ended, Shop, make_shop

HOLDER = "장부상점"
_SECOND = 1.1
"""The gateway tells its clock to the second, to each command anew: what two of them read within one is in no order."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made


def issue(shop: Shop, folder: Path, order: str = "TEL1", *more: str) -> Ended:
    told = folder / "whose"
    told.write_text(f"vbank_holder={HOLDER}\nbuyer_name=홍길동\n")
    until = f"{seoul(time.time() + 3 * 86_400):%Y-%m-%d} 18:00"
    key = "channel-key-settle-api-payment"
    given = ("--order", order, "--channel", key, "--amount", "33,000", "--bank", "088", "--until", until)
    named = ("--name", "도자기 머그컵", "--fields-from", str(told))
    return shop.run("vbank", "issue", *given, *named, *more, "--json")


def test_an_account_is_issued_once_changed_listed_and_revoked(shop: Shop, tmp_path: Path) -> None:
    shop.sandbox.plans.append(Plan(Fault.LOST_AFTER, picks=calls("POST", "/vbanks")))
    first = issue(shop, tmp_path)
    assert first.status == 0, (first.told, first.stderr)
    assert (first.status, first.told["state"], first.told["amount"]) == (0, "succeeded", 33_000)
    again = issue(shop, tmp_path)
    assert (again.status, again.told["operation"]) == (0, first.told["operation"])
    imp_uid = first.told["imp_uid"]
    changed = shop.run("vbank", "change", imp_uid, "--amount", "40000", "--json")
    assert (changed.status, shop.sandbox.payments[imp_uid]["amount"]) == (0, 40_000)
    rows = shop.run("vbank", "list", "--text", "TEL1", "--json").told["waiting"]
    assert [(row["imp_uid"], row["state"], row["amount"]) for row in rows] == [(imp_uid, "open", 40_000)]
    revoked = shop.run("vbank", "revoke", imp_uid, "--json")
    assert (revoked.status, shop.sandbox.payments[imp_uid]["status"]) == (0, "cancelled")


def test_a_wish_of_before_is_told_only_while_the_account_is_as_wished(shop: Shop, tmp_path: Path) -> None:
    imp_uid = issue(shop, tmp_path, "TEL4").told["imp_uid"]
    done: dict[str, int] = {}
    for amount in ("40000", "50000", "40000"):
        time.sleep(_SECOND)
        ended = shop.run("vbank", "change", imp_uid, "--amount", amount, "--json")
        assert (ended.status, shop.sandbox.payments[imp_uid]["amount"]) == (0, int(amount)), ended.stderr
        assert ended.told["operation"] not in done.values()
        done[amount] = ended.told["operation"]
    for words in (("vbank", "change", imp_uid, "--amount", "40000"), ("vbank", "revoke", imp_uid)):
        time.sleep(_SECOND)
        first = shop.run(*words, "--json")
        again = shop.run(*words, "--json")
        assert (again.status, again.told["operation"]) == (0, first.told["operation"])
        assert f"operation {first.told['operation']}." in again.stderr
        assert "--again" not in again.stderr
    assert first.told["operation"] not in done.values()


def test_a_bank_that_the_pg_has_not_sends_nothing(shop: Shop, tmp_path: Path) -> None:
    ended = issue(shop, tmp_path, "TEL2", "--bank", "035")
    assert (ended.status, ended.told["error"]) == (1, "Choose one of the banks that issue accounts by this PG.")


def test_an_account_of_a_sub_store_is_another_wish_than_the_main_stores(shop: Shop, tmp_path: Path) -> None:
    strange = issue(shop, tmp_path, "TEL5", "--tier", "XYZ")
    assert (strange.status, "XYZ" in strange.told["error"]) == (1, True)
    shop.environment["JANGBU_TIERS"] = "ABC=강남점"
    shop.sandbox.worlds["ABC"] = World(channels=channel_rows())
    first, again = (issue(shop, tmp_path, "TEL5", "--tier", "ABC") for _ in range(2))
    assert (first.status, again.told["operation"]) == (0, first.told["operation"]), first.stderr
    assert shop.operation(first.told["operation"]).tier == "ABC"
    main = issue(shop, tmp_path, "TEL5", "--again")
    assert main.told["operation"] != first.told["operation"]
    assert shop.operation(main.told["operation"]).tier == ""


def test_a_store_number_is_issued_and_revoked(shop: Shop) -> None:
    key = "channel-key-galaxia-api-payment"
    given = ("--order", "TEL3", "--channel", key, "--amount", "9900", "--name", "생수")
    issued = shop.run("cvs", "issue", *given, "--json")
    assert (issued.status, issued.told["state"]) == (0, "succeeded")
    assert shop.run("cvs", "revoke", issued.told["imp_uid"], "--json").status == 0
