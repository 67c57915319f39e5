"""Stores on the screens: filter, column, facts and files say which, and none of it stands where there is one store."""

import csv
import io
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.process.resources import current_settings, use_settings
from dashboard.settings import load_settings
from services.checkout import checkouts
from services.errors import SettingsError
from services.exports.export import export
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.totals import MoneyTotal, filter_totals
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.worlds.commands import make_shop
from tests.worlds.screens.money_forms import key
from tests.worlds.screens.screens import empty_store, payment, run_page, schedule, texts

TIERS = {"ABC": "강남점", "DEF": "DEF"}
AMOUNTS = {"": 1_000, "ABC": 20_000, "DEF": 300_000}


def shop(folder: Path, *stores: str, **settings: Any) -> Engine:
    """One payment in each of these stores."""
    engine, at = empty_store(folder, **settings), int(time.time()) - 3_000
    rows = [payment(f"imp_{tier or 'MAIN'}", at, "paid", AMOUNTS[tier], tier=tier) for tier in stores]
    with writing(engine) as conn:
        upsert_payments(conn, rows, as_of=1)
    return engine


def test_payments_are_narrowed_to_a_store_and_their_sums_with_them(tmp_path: Path) -> None:
    engine = shop(tmp_path, "", "ABC", "DEF", tiers=TIERS)
    at = run_page("payments", query={"tier": "ABC"})
    assert set(at.dataframe[0].value["imp_uid"]) == {"imp_ABC"}
    assert "₩20,000" in texts(at)
    assert [one for one in at.button if "강남점" in one.label]
    at = run_page("payments", query={"tier": "main,DEF"})
    assert set(at.dataframe[0].value["imp_uid"]) == {"imp_MAIN", "imp_DEF"}
    with engine.connect() as conn:
        chosen = PaymentFilter(tiers=frozenset({"main", "DEF"}))
        assert filter_totals(conn, chosen) == [MoneyTotal("KRW", 2, 301_000, 0, 301_000)]


def test_a_payment_says_its_store_and_a_file_has_a_column_of_it(tmp_path: Path) -> None:
    engine = shop(tmp_path, "", "ABC", tiers=TIERS)
    assert "강남점" in texts(run_page("payment", query={"imp_uid": "imp_ABC"}))
    assert "Main store" in texts(run_page("payment", query={"imp_uid": "imp_MAIN"}))
    assert {row["imp_uid"]: row["tier"] for row in exported(engine)} == {"imp_MAIN": "", "imp_ABC": "ABC"}


def test_schedules_and_billing_keys_say_their_store(tmp_path: Path) -> None:
    engine, now = shop(tmp_path, "", tiers=TIERS), int(time.time())
    with writing(engine) as conn:
        for tier in ("", "ABC"):
            upsert_billing_keys(conn, [key(f"c{tier}", "nice_v2") | {"tier": tier}], checked_at=now)
            upsert_schedules(
                conn, [schedule(now, merchant_uid=f"s{tier}", customer_uid=f"c{tier}", tier=tier)], as_of=now
            )
    rows = run_page("schedules").dataframe[0].value
    assert dict(zip(rows["merchant_uid"], rows["tier"], strict=True)) == {"s": "Main store", "sABC": "강남점"}
    rows = run_page("billing_keys").dataframe[0].value
    assert dict(zip(rows["customer_uid"], rows["tier"], strict=True)) == {"c": "Main store", "cABC": "강남점"}
    use_settings(current_settings().model_copy(update={"tiers": {}}))
    for page in ("schedules", "billing_keys"):
        assert "tier" not in run_page(page).dataframe[0].value


def test_a_workbook_has_the_names_of_stores_and_a_command_narrows_it_to_one(tmp_path: Path) -> None:
    shop(tmp_path, "", "ABC", "DEF", tiers=TIERS)
    settings = {"JANGBU_DATABASE_URL": f"sqlite:///{tmp_path}/screens.db", "JANGBU_TIERS": "ABC=강남점,DEF"}
    for narrowed, stores in ((("main", "ABC"), {"대표 상점", "강남점"}), (("DEF",), {"DEF"})):
        words = ["export", "payments", "--reason", "closing", "--out", str(tmp_path / "f.xlsx"), "--columns", "tier"]
        given = [*words, *(word for tier in narrowed for word in ("--tier", tier))]
        ended = CliRunner().invoke(app, given, env=settings | {"LC_ALL": "ko_KR.UTF-8"})
        assert ended.exit_code == 0, ended.output
        rows, conditions = openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets
        assert {cell.value for cell in rows["A"][1:]} == stores
        said = {line[0].value: str(line[1].value).split(", ") for line in conditions}
        assert set(said["하위 상점"]) == stores


def test_where_there_is_one_store_nothing_tells_of_stores(tmp_path: Path) -> None:
    engine = shop(tmp_path, "")
    at = run_page("payments")
    assert [one for one in at.multiselect if one.label == "Sub-store"] == []
    at = run_page("payment", query={"imp_uid": "imp_MAIN"})
    assert "Main store" not in texts(at)
    assert "tier" not in exported(engine)[0]


def test_a_link_is_for_a_store_where_there_are_several(tmp_path: Path) -> None:
    from tests.worlds.screens.screens import channel

    engine = shop(tmp_path, "", tiers=TIERS, user_code="imp00000000", public_url="https://pay.shop.example")
    from services.store.writes.keys import replace_channels

    with writing(engine) as conn:
        replace_channels(conn, [channel() | {"type": "payment", "channel_key": "key"}])
    at = run_page("new_link")
    (choice,) = [one for one in at.selectbox if one.label == "Sub-store"]
    assert (choice.options, choice.value) == (["Main store", "강남점", "DEF"], "")


def test_a_link_of_the_command_is_for_the_store_that_it_names(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        shop.environment |= {"JANGBU_TIERS": "ABC=강남점", "JANGBU_USER_CODE": "imp00000000"}
        shop.environment |= {"JANGBU_PUBLIC_URL": "https://pay.shop.example"}
        words = ("link", "create", "--amount", "12000", "--name", "추가 배송비", "--json", "--tier")
        strange, made = (shop.run(*words, tier) for tier in ("XYZ", "ABC"))
        assert (strange.status, "XYZ" in strange.told["error"], made.status) == (1, True, 0), made.stderr
        with reading(shop.engine) as conn:
            assert [one.tier for one in checkouts.latest(conn, 10)] == ["ABC"]


@pytest.mark.parametrize("wrong", ["abc", "ABCD", "A-B", "ABC,ABC=강남점", "=강남점"])
def test_a_code_that_is_none_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_TIERS", wrong)
    with pytest.raises(SettingsError, match="JANGBU_TIERS"):
        load_settings(require_gateway=False)


def test_codes_have_names_or_stand_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_TIERS", "ABC=강남점, DEF")
    assert load_settings(require_gateway=False).tiers == TIERS
    monkeypatch.setenv("JANGBU_TIERS", "")
    assert load_settings(require_gateway=False).tiers == {}


def exported(engine: Engine) -> list[dict[str, str]]:
    """The rows of a CSV with every column."""
    chunks = export(engine, "payments", PaymentFilter(), fmt="csv", labels=None, with_buyers=True)
    return list(csv.DictReader(io.StringIO(b"".join(chunks).decode("utf-8-sig"))))
