"""Every page, filled and empty, for every role, in both languages."""

import re
import time
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.settings import Role
from services.store.engine import writing
from services.store.lists.unreadable import note_unreadable
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.screens import (
    COMES_BY_ITSELF,
    empty_store,
    filled_store,
    payment,
    run_page,
    shows_markup_as_text,
    story,
    texts,
)

PAGES = ("overview", "payments", "payment", "system")
PARTLY = "imp_100000000002"
FULL = ("010-1234-5678", "hong@example.com", "홍길동", "서울시 중구", "110-222-333333")


@pytest.fixture(scope="module")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> None:
    filled_store(tmp_path_factory.mktemp("filled"))


def run(page: str, role: Role | None = None, language: str = "en", **query: str) -> AppTest:
    if page == "payment":
        query.setdefault("imp_uid", PARTLY)
    return run_page(page, role=role, language=language, query=query)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_an_empty_page_says_what_to_do(page: str, language: str, tmp_path: Path) -> None:
    empty_store(tmp_path)
    at = run(page, language=language)
    assert at.info or {"en": "No sync has run yet", "ko": "아직 동기화한 적이 없습니다"}[language] in texts(at)


@pytest.mark.parametrize("page", ["radar", "recovery"])
def test_a_desk_over_an_empty_store_says_what_to_do(page: str, tmp_path: Path) -> None:
    empty_store(tmp_path)
    assert COMES_BY_ITSELF["en"] in texts(run(page))


@pytest.mark.parametrize("page", ["overview", "payments"])
def test_a_list_over_an_empty_store_does_not_send_people_further_back(page: str, tmp_path: Path) -> None:
    empty_store(tmp_path)
    at = run(page)
    assert COMES_BY_ITSELF["en"] in at.info[0].value
    assert not [button for button in at.button if button.label.startswith("Look at")]


@pytest.mark.usefixtures("_filled")
class TestFilled:
    """With payments of every state in the store."""

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("page", PAGES)
    def test_a_page_is_drawn_in_the_readers_language(self, page: str, language: str) -> None:
        at = run(page, language=language)
        korean = {
            "overview": "홈",
            "payments": "결제 내역",
            "system": "시스템",
        }
        if page == "payment":
            assert at.title[0].value == "홍길동 · 유기농 사과 5kg"
            assert ("진행 과정" in texts(at)) == (language == "ko")
        else:
            assert (at.title[0].value == korean[page]) == (language == "ko")

    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("page", PAGES)
    def test_a_role_opens_its_pages_and_no_others(self, page: str, role: Role) -> None:
        allowed = page != "system" or Permission.SEE_SYSTEM in PERMISSIONS[role]
        if allowed:
            assert not run(page, role).exception
        else:
            with pytest.raises(ValueError, match="page"):
                run(page, role)

    @pytest.mark.parametrize("role", [role for role in Role if Permission.SEE_BUYERS not in PERMISSIONS[role]])
    @pytest.mark.parametrize("imp_uid", [PARTLY, "imp_100000000005"])
    def test_nothing_of_a_buyer_is_whole_for_roles_that_do_not_need_it(self, role: Role, imp_uid: str) -> None:
        for page in ("overview", "payments", "payment"):
            shown = texts(run(page, role, imp_uid=imp_uid) if page == "payment" else run(page, role))
            assert not [value for value in FULL if value in shown]

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
    def test_a_masked_buyer_can_still_be_told_from_another(self, role: Role) -> None:
        shown = texts(run("payment", role))
        assert all(masked in shown for masked in ("홍*동", "010-****-5678", "ho***@…"))

    @pytest.mark.parametrize("role", [Role.SUPPORT, Role.FINANCE, Role.ADMIN])
    def test_roles_that_help_buyers_see_them(self, role: Role) -> None:
        assert "010-1234-5678" in texts(run("payment", role))

    @pytest.mark.parametrize("role", Role)
    def test_buyers_are_found_only_by_those_who_see_them(self, role: Role) -> None:
        at = run("payments", role, q="홍길동")
        found = not at.info
        assert found == (Permission.SEE_BUYERS in PERMISSIONS[role])

    @pytest.mark.parametrize("role", Role)
    def test_only_some_roles_may_export(self, role: Role) -> None:
        at = run("payments", role)
        offered = any(popover.proto.popover.label == "Export" for popover in at.get("popover"))
        assert offered == (Permission.EXPORT in PERMISSIONS[role])

    def test_without_sign_in_nothing_but_the_way_in_is_shown(self) -> None:
        at = run_page("overview", role=Role.ADMIN)
        at.user = {"is_logged_in": False}
        at.run()
        assert [button.label for button in at.button] == ["Sign in"]
        assert not at.metric
        assert not at.dataframe

    def test_a_person_without_a_role_sees_a_sentence_and_no_figure(self) -> None:
        at = run_page("overview", role=Role.ADMIN)
        at.user = {"is_logged_in": True, "email": "stranger@example.com"}
        at.run()
        assert "No access yet" in at.title[0].value
        assert not at.metric

    def test_a_role_that_was_taken_away_ends_with_the_next_run(self) -> None:
        at = run_page("payments", role=Role.ADMIN)
        at.user = {"is_logged_in": True, "email": "stranger@example.com"}
        at.run()
        assert not at.dataframe

    @pytest.mark.parametrize("page", ["payments", "payment"])
    def test_buyers_text_is_never_markdown(self, page: str) -> None:
        shows_markup_as_text(run(page, imp_uid="imp_100000000008") if page == "payment" else run(page))

    def test_the_list_goes_by_state_when_its_tile_is_clicked(self) -> None:
        at = run("payments")
        at.button(key="tile_failed").click().run()
        assert list(at.dataframe[0].value["status"].str[0]) == ["✕ Failed"]

    def test_a_shared_address_narrows_the_list(self) -> None:
        at = run("payments", state="cancelled,partly_refunded")
        assert len(at.dataframe[0].value) == 2

    @pytest.mark.parametrize("days", [("1900-01-01", "2999-12-31"), ("2999-01-01", "2999-12-31")])
    def test_days_that_no_list_has_still_show_one(self, days: tuple[str, str]) -> None:
        at = run_page("payments", query={"from": days[0], "to": days[1]})
        assert len(at.dataframe[0].value) > 1

    def test_an_address_with_nonsense_still_shows_a_list(self) -> None:
        query = {"state": "x", "from": "y", "before": "'; DROP TABLE payment", "min": "-1"}
        at = run_page("payments", query=query)
        assert not at.exception

    def test_a_name_of_two_syllables_is_found_and_says_where(self) -> None:
        at = run("payments")
        at.text_input[0].set_value("길동").run()
        frame = at.dataframe[0].value
        assert len(frame) > 0
        assert set(frame["hits"]) == {"Buyer 홍‹길동›"}

    def test_a_name_does_not_get_into_the_address(self) -> None:
        at = run("payments")
        at.text_input[0].set_value("길동").run()
        assert "q" not in at.query_params

    def test_an_exact_id_ignores_the_dates_and_says_so(self) -> None:
        at = run("payments")
        at.text_input[0].set_value("imp_100000000009").run()
        assert list(at.dataframe[0].value["imp_uid"]) == ["imp_100000000009"]
        assert "exact id" in texts(at)

    def test_a_range_that_makes_no_sense_is_a_sentence_and_keeps_what_was_typed(self) -> None:
        at = run("payments", min="5000", max="100")
        assert at.warning[0].value == "The highest amount is below the lowest."
        at.session_state["payments.more"] = True
        assert [at.run().text_input(key=f"payments.{end}").value for end in ("min", "max")] == ["5000", "100"]

    @pytest.mark.parametrize(("typed", "rows"), [("₩10,000", 2), ("１０，０００원", 2), ("60,000", 0)])
    def test_amounts_of_a_filter_are_typed_as_everywhere(self, typed: str, rows: int) -> None:
        at = run("payments")
        at.session_state["payments.more"] = True
        for end in ("min", "max"):
            at.run().text_input(key=f"payments.{end}").set_value(typed)
        assert len(at.run().dataframe[0].value if rows else []) == rows

    def test_an_amount_that_is_none_is_said_beside_its_filter_and_no_list_stands_under_it(self) -> None:
        at = run("payments")
        at.session_state["payments.more"] = True
        at.run().text_input(key="payments.max").set_value("10.000").run()
        assert {one.value for one in (*at.error, *at.warning)} == {"Won have no decimals: 10,000?"}
        assert len(at.error) == 1
        assert not at.dataframe
        assert at.text_input(key="payments.max").value == "10.000"

    def test_an_empty_result_offers_a_longer_look(self) -> None:
        at = run("payments", state="pending")
        assert at.info
        labels = [button.label for button in at.button]
        assert "Look at 90 days" in labels
        assert "Clear filters" in labels

    def test_test_rows_are_left_out_until_asked_for(self) -> None:
        assert "imp_100000000006" not in texts(run("payments"))
        at = run("payments", live="all")
        assert "imp_100000000006" in texts(at)
        assert "Test rows shown" in texts(at)
        marks = dict(zip(at.dataframe[0].value["imp_uid"], at.dataframe[0].value["sandbox"], strict=True))
        assert [imp_uid for imp_uid, mark in marks.items() if mark == "Test"] == ["imp_100000000006"]

    def test_amounts_are_right_and_refunds_positive(self) -> None:
        frame = run("payments", state="partly_refunded").dataframe[0].value
        assert list(frame["amount"]) == [10_000]
        assert list(frame["cancel_amount"]) == [3_000]

    def test_a_figure_counts_the_rows_that_it_opens(self) -> None:
        counted = [one.proto for one in run("overview").get("page_link") if one.proto.page == "payments"]
        link = next(one for one in counted if not one.label.startswith("0 "))
        query = {name: values[0] for name, values in parse_qs(link.query_string).items()}
        assert query["currency"] == "KRW"
        at = run_page("payments", query=query)
        assert link.label == f"{len(at.dataframe[0].value)} payments"

    def test_a_list_says_its_days_basis_and_clock(self) -> None:
        shown = texts(run("payments", basis="started", **{"from": "2025-11-01", "to": "2025-11-30"}))
        assert "2025\\-11\\-01 – 2025\\-11\\-30" in shown
        assert "Time of the request · times in Korea" in shown

    def test_columns_come_with_the_address(self) -> None:
        at = run("payments", columns="amount,status_at,nonsense")
        assert list(at.dataframe[0].value.columns) == ["amount", "status_at"]

    def test_one_payment_tells_its_story_in_order(self) -> None:
        at = run("payment")
        told = [re.search(r"\*\*(.*?)\*\*", line) for line in story(at)]
        assert [found and found[1] for found in told] == ["Refund 1", "Paid", "Requested"]
        assert at.header[0].value.startswith("₩10,000 ")
        (bar,) = at.get("progress")
        assert (bar.proto.value, bar.proto.text) == (70, "₩3,000 refunded · ₩7,000 left")

    def test_a_payment_that_is_not_here_says_where_to_look(self) -> None:
        at = run("payment", imp_uid="imp_9")
        assert at.info
        assert not at.exception

    def test_a_failed_run_is_on_every_screen(self) -> None:
        for page in PAGES:
            assert "last try failed" in texts(run(page))


def test_an_order_number_leads_to_the_shop_where_a_setting_says_how(tmp_path: Path) -> None:
    engine = filled_store(tmp_path, order_url="https://shop.example/orders/{merchant_uid}?by=jangbu")
    order = payment("imp_100000000011", int(time.time()), "paid", 1_000, merchant_uid="A 1/2)")
    with writing(engine) as conn:
        upsert_payments(conn, [order], as_of=int(time.time() * 1000))
    links = [one.value for one in run("payment", imp_uid="imp_100000000011").markdown if "shop.example" in one.value]
    assert links == [r"[A 1\/2\)](https://shop.example/orders/A%201%2F2%29?by=jangbu)"]


def test_a_text_without_end_is_cut_in_title_and_facts(tmp_path: Path) -> None:
    engine = filled_store(tmp_path)
    endless = payment("imp_100000000012", int(time.time()), "paid", 1_000, name="나" * 4_000)
    with writing(engine) as conn:
        upsert_payments(conn, [endless], as_of=int(time.time() * 1000))
    at = run("payment", imp_uid="imp_100000000012")
    assert at.title[0].value == f"홍길동 · {'나' * 40}…"
    assert "나" * 300 + "…" in [one.value for one in at.text]


def test_without_that_setting_an_order_number_is_no_link_and_what_is_empty_is_not_drawn(tmp_path: Path) -> None:
    filled_store(tmp_path)
    at = run("payment")
    assert "](http" not in texts(at)
    assert "Instalments" not in texts(at)
    assert not at.get("link_button")


@pytest.mark.parametrize(("role", "raw"), [(Role.FINANCE, True), (Role.MANAGER, False)])
def test_system_names_what_could_not_be_read_and_shows_its_bytes_to_who_may_see_buyers(
    tmp_path: Path, role: Role, raw: bool
) -> None:
    engine = filled_store(tmp_path)
    with writing(engine) as conn:
        note_unreadable(conn, [("payment", "imp_odd", "amount", b'{"imp_uid":"imp_odd"}')], at=int(time.time()))
    app = run("system", role, language="ko")
    told = [list(frame.value.iloc[0]) for frame in app.dataframe if "imp_odd" in frame.value.to_string()]
    assert told[0][:4] == ["결제", "imp_odd", "해당 통화에 없는 금액입니다", "표시되지 않음"]
    assert ("받은 그대로" in [box.label for box in app.expander]) == raw


def test_every_screen_says_how_many_rows_are_in_no_figure_and_leads_there(tmp_path: Path) -> None:
    engine = filled_store(tmp_path)

    def told(page: str, role: Role) -> str:
        at = run(page, role)
        links = [one.proto.label for one in at.get("page_link") if one.proto.page == "system"]
        return " ".join([*links, *(one.value for one in at.caption if "could not be read" in one.value)])

    assert told("overview", Role.SUPPORT) == ""
    with writing(engine) as conn:
        odd = [("payment", "imp_odd", "amount", b"{}"), ("schedule", "", "no_id", b"[]")]
        note_unreadable(conn, [*odd, ("payment", PARTLY, "amount", b"{}")], at=int(time.time()))
    words = "2 rows could not be read and are in no figure · 1 row could not be read again and counts as it was"
    for page in ("overview", "payments", "revenue", "month_end", "refunds"):
        assert told(page, Role.FINANCE) == words, page
    # Who may not open System is told as well, without a way that ends at a closed door.
    assert told("payments", Role.VIEWER) == words
    assert not [one for one in run("payments", Role.VIEWER).get("page_link") if one.proto.page == "system"]
