"""Many links of a file on the screen and at the command line: looked at, made once, the addresses taken along."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner, Result

from dashboard.access import PERMISSIONS, Permission
from dashboard.cli import app
from dashboard.locale import LANGUAGES
from dashboard.screens.links import link_files_desk
from dashboard.screens.recovery.desk_filters import DeskFilter
from dashboard.settings import Role
from services.checkout import checkouts
from services.checkout.files.link_rows import COLUMNS
from services.store.engine import reading, writing
from services.store.lists.key_filters import KeyFilter
from services.store.writes.keys import replace_channels
from services.tables.checkouts import Checkout
from tests.worlds.rows.recurring_rows import recurring_store
from tests.worlds.screens.links import SETTINGS
from tests.worlds.screens.money_forms import money_store, press
from tests.worlds.screens.screens import NASTY, channel, run_page, texts

HEAD = "customer_uid,amount,name,buyer_name,buyer_tel,memo\n"
GOOD = HEAD + "key-1,,,김서연,010-1111-2222,\n,12000,추가 배송비,이민준,010-3333-4444,11월\n"
BAD = GOOD + ",12.5,,박서준,,\n"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return money_store(tmp_path, **SETTINGS)


def links(engine: Engine) -> list[Checkout]:
    with reading(engine) as conn:
        return sorted(checkouts.latest(conn, 100), key=lambda one: one.id)


def brought(content: str, *, language: str = "en", encoding: str = "utf-8") -> AppTest:
    at = run_page("bulk_links", role=Role.SUPPORT, language=language)
    return at.file_uploader[0].set_value(("11월.csv", content.encode(encoding), "text/csv")).run()


def would(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["What it would do"])


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("role", Role)
def test_only_who_may_charge_makes_links(engine: Engine, role: Role) -> None:
    if Permission.CHARGE in PERMISSIONS[role]:
        assert run_page("bulk_links", role=role).file_uploader
    else:
        with pytest.raises(ValueError, match="page"):
            run_page("bulk_links", role=role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_settings_of_links_it_says_which_one_lacks(tmp_path: Path, language: str) -> None:
    money_store(tmp_path)
    at = run_page("bulk_links", role=Role.SUPPORT, language=language)
    assert "JANGBU_USER_CODE" in texts(at)
    assert not at.file_uploader


def test_a_file_is_looked_at_and_its_links_are_made_by_one_click(engine: Engine) -> None:
    at = brought(GOOD, encoding="cp949")
    assert would(at) == ["✓ would register this key", "✓ would ask for this amount"]
    assert not links(engine)
    at = press(at, "make_links")
    key, payment = links(engine)
    assert (key.customer_uid, payment.amount, payment.made_by) == ("key-1", 12_000, "support@example.com")
    assert at.success[0].value.startswith("2 links were made")
    assert "2 links of 2 rows" in texts(at)
    assert not at.dataframe
    again = brought(GOOD, encoding="cp949")
    assert would(again) == [f"✓ has link {one.id} already" for one in (key, payment)]
    assert not [one for one in again.button if one.key == "make_links"]


def test_the_file_that_comes_back_has_the_rows_with_addresses_and_words(engine: Engine) -> None:
    press(brought(GOOD), "make_links")
    key, payment = links(engine)
    found = rows_of(link_files_desk.result_of(1).text)
    assert [one["address"] for one in found] == [
        f"https://pay.shop.example/pay/{link.token}" for link in (key, payment)
    ]
    assert [one["customer_uid"] for one in found] == ["key-1", ""]
    assert (found[1]["amount"], found[1]["days"], found[1]["product"], found[1]["memo"]) == (
        "12000",
        "7",
        "LINK",
        "11월",
    )
    assert {one["state"] for one in found} == {"open"}
    for one in found:
        assert all(one["address"] in one[f"message_{language}"] for language in LANGUAGES)
    assert "12,000원" in found[1]["message_ko"]


@pytest.mark.parametrize(("role", "taken"), [(Role.SUPPORT, 1), (Role.FINANCE, 2)])
def test_who_may_not_export_takes_along_only_what_they_brought(engine: Engine, role: Role, taken: int) -> None:
    press(brought(GOOD), "make_links")
    at = run_page("bulk_links", role=Role.FINANCE)
    press(
        at.file_uploader[0]
        .set_value(
            (
                "12월.csv",
                BAD[: -len(",12.5,,박서준,,\n")].replace("key-1", "key-2").replace("12000", "9000").encode(),
                "text/csv",
            )
        )
        .run(),
        "make_links",
    )
    at = run_page("bulk_links", role=role)
    assert len(links(engine)) == 4
    assert len([one for one in at.get("popover") if one.proto.popover.label == "Result (CSV)"]) == taken


def test_a_pg_that_asks_for_a_member_number_has_its_column(engine: Engine) -> None:
    with writing(engine) as conn:
        replace_channels(conn, [channel() | {"pg_provider": "nice_v2"}])
    head, *rows = GOOD.splitlines()
    assert all("customer_id: " in words for words in would(brought(GOOD)))
    press(brought("\n".join([f"{head},customer_id", *(f"{row},M-7" for row in rows)])), "make_links")
    assert [one["customer_id"] for one in rows_of(link_files_desk.result_of(1).text)] == ["M-7", "M-7"]


def test_a_wrong_row_stands_first_with_its_columns_and_may_be_left_out(engine: Engine) -> None:
    at = brought(BAD)
    first = would(at)[0]
    assert at.dataframe[0].value["Row"][0] == 4
    assert "amount: Won have no decimals." in first
    assert "name: Say what it is for" in first
    # What has to be mended is shown as it was typed.
    assert list(at.dataframe[0].value["Amount"]) == ["12.5"]
    assert at.button(key="make_links").disabled
    at.checkbox(key="links_fitting").check().run()
    press(at, "make_links")
    assert len(links(engine)) == 2
    assert "2 links of 3 rows" in texts(run_page("bulk_links", role=Role.SUPPORT))


def test_buyers_text_is_text(engine: Engine) -> None:
    at = brought(f'{HEAD},1000,"{NASTY}",,,\n')
    assert "![x]" not in "".join(one.value for one in at.markdown)


@pytest.mark.parametrize(("content", "sentence"), [("a,b\n", "lacks buyer_tel"), ("buyer_tel,price\n", "price")])
def test_a_file_of_something_else_is_a_sentence(engine: Engine, content: str, sentence: str) -> None:
    assert sentence in brought(content).error[0].value


def test_those_whose_cards_must_be_registered_again_are_a_file_that_can_be_brought(tmp_path: Path) -> None:
    with writing(recurring_store(tmp_path, **SETTINGS)) as conn:
        replace_channels(conn, [channel()])
    for role, offered in ((Role.FINANCE, 1), (Role.SUPPORT, 0), (Role.MANAGER, 0)):
        for page, query in (("recovery", {"action": "mend"}), ("billing_keys", {"state": "failing"})):
            at = run_page(page, role=role, query=query)
            files = [one for one in at.get("popover") if "re-registration" in one.proto.popover.label]
            assert len(files) == offered, (role, page)
    file = link_files_desk.renewals_of_failed(DeskFilter())
    assert len(rows_of(file.text)) == file.rows > 0
    assert set(rows_of(file.text)[0]) < set(COLUMNS)
    assert all(words.startswith("✓") for words in would(brought(file.text)))
    assert rows_of(link_files_desk.renewals_of_keys(KeyFilter(states=frozenset({"failing"}))).text)


def jangbu(engine: Engine, *words: str, language: str = "C") -> Result:
    names = {f"JANGBU_{name.upper()}": value for name, value in SETTINGS.items()}
    settings = {"JANGBU_DATABASE_URL": str(engine.url), "LC_ALL": language, **names}
    return CliRunner().invoke(app, ["link", "create", *words], env=settings)


def test_the_command_looks_makes_once_and_writes_the_result(engine: Engine, tmp_path: Path) -> None:
    file, out = tmp_path / "11월.csv", tmp_path / "result.csv"
    file.write_text(BAD)
    looked = jangbu(engine, "--file", str(file), "--dry-run", "--json")
    told = json.loads(looked.stdout)
    assert (looked.exit_code, told["rows"], told["to_make"]) == (1, 3, 2)
    assert {(one["row"], one["column"]) for one in told["wrong"]} == {(4, "amount"), (4, "name")}
    assert jangbu(engine, "--file", str(file), "--out", str(out)).exit_code == 1
    assert not out.exists()
    assert not links(engine)
    file.write_text(GOOD)
    lacks = jangbu(engine, "--file", str(file), "--out", str(out))
    assert (lacks.exit_code, "--reason" in lacks.stderr, out.exists(), links(engine)) == (1, True, False, [])
    given = ("--file", str(file), "--out", str(out), "--reason", "delivery", "--json")
    first = jangbu(engine, *given)
    assert (first.exit_code, json.loads(first.stdout)["made"]) == (0, 2)
    written = out.read_text()
    second = jangbu(engine, *given)
    assert (second.exit_code, json.loads(second.stdout)["made_before"], json.loads(second.stdout)["made"]) == (0, 2, 0)
    assert out.read_text() == written
    assert len(links(engine)) == len(rows_of(written)) == 2
    with reading(engine) as conn:
        taken = conn.exec_driver_sql("SELECT kind, what, row_count, column_names, reason FROM access_entry").fetchall()
    assert [tuple(one) for one in taken] == [("exported", "links", 2, ",".join(rows_of(written)[0]), "delivery")] * 2


def test_the_command_says_where_a_row_is_wrong(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(BAD)
    told = jangbu(engine, "--file", str(file), "--dry-run", language="ko_KR.UTF-8")
    assert "4행, amount:" in told.stderr
    assert jangbu(engine, "--file", str(file)).exit_code == 1
