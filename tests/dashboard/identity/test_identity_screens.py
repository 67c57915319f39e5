"""Screens for personal data: each look is written down first, what is typed leaves with the click, roles hold."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.navigation import ENTRIES, Place
from dashboard.process.answers import lookups
from dashboard.screens.identity import identity_desk
from dashboard.settings import Role
from services.operations import held
from services.store.engine import reading
from services.store.lists.records import Record, RecordFilter, list_records
from tests.dashboard.identity.conftest import Office
from tests.operations.identity.desks import MEMBER, PASSWORD, PERSON, USER, VERIFIED
from tests.worlds.screens.money_forms import field, fill, operations, press, settled
from tests.worlds.screens.screens import run_page, texts

TYPED = {name: PERSON[name] for name in ("name", "phone", "birth", "gender_digit", "carrier")}
PRIVATE = (Place.IDENTITY, Place.IDENTITY_OTP, Place.QUICK_MEMBER)
ON = {"allow_identity_otp": True, "allow_benepia": True}


def in_session(at: AppTest) -> str:
    return json.dumps([repr(value) for value in at.session_state._state.filtered_state.values()], ensure_ascii=False)


def kept(engine: Engine) -> str:
    """The bytes of the database and of its log of writes."""
    file = Path(str(engine.url.database))
    return "".join(one.read_bytes().decode("utf-8", "replace") for one in file.parent.glob(f"{file.name}*"))


def looks(engine: Engine) -> list[Record]:
    with reading(engine) as conn:
        return [one for one in list_records(conn, RecordFilter()).rows if one.action == "identity_seen"]


def identity_page(
    uid: str = VERIFIED, reason: str = "고객 문의", button: str = "look", role: Role | None = None
) -> AppTest:
    at = run_page("identity", role=role)
    return press(fill(at, verification_uid=uid, reason=reason), button)


def test_a_look_is_written_down_before_it_and_shows_little(office: Office) -> None:
    at = identity_page(role=Role.ADMIN)
    shown = texts(at)
    assert all(part in shown for part in ("김서연", "1992", "010-****-8471", "Certified"))
    assert not [one for one in ("1992-04-17", "01055328471", "CI1", "DI1") if one in shown + in_session(at)]
    (record,) = looks(office.engine)
    assert (record.actor, record.detail) == ("admin@example.com", {"verification_uid": VERIFIED, "reason": "고객 문의"})
    assert "김서연" not in kept(office.engine)
    hidden = press(at, "hide")
    assert "김서연" not in texts(hidden) + in_session(hidden)


def test_nothing_is_asked_without_a_reason_or_for_a_payment(office: Office) -> None:
    at = identity_page(reason=" ")
    assert [one.value for one in at.error] == ["Say why: it is kept, with your name and the time."]
    at = identity_page("imp_100000000001")
    assert [one.value for one in at.error] == ["This is a payment's: look for it in the list of payments."]
    assert not looks(office.engine)


def test_another_session_sees_nothing_of_a_look(office: Office) -> None:
    identity_page()
    assert "김서연" not in texts(run_page("identity"))


def test_what_the_gateway_says_of_one_that_is_gone_stands_in_its_words(office: Office) -> None:
    at = identity_page("imp_990000000009")
    assert "존재하지 않는 본인인증 결과입니다." in " ".join(one.value for one in at.warning).replace("\\", "")
    assert len(looks(office.engine)) == 1


def test_it_is_erased_after_a_last_look_which_says_that_it_cannot_be_undone(office: Office) -> None:
    at = identity_page(button="erase", reason="고객의 삭제 요청")
    assert "It cannot be undone" in texts(at)
    at = office.carry_out(press(at, "send"))
    (operation,) = operations(office.engine)
    assert (operation.state, operation.verification_uid, operation.imp_uid) == ("succeeded", VERIFIED, None)
    assert VERIFIED not in office.sandbox.world.verifications


def test_only_whoever_answers_for_personal_data_sees_them() -> None:
    needs = {entry.permission for entry in ENTRIES if entry.name in PRIVATE}
    assert needs == {Permission.IDENTITY}
    assert {role for role in Role if Permission.IDENTITY in PERMISSIONS[role]} == {Role.ADMIN}


def test_a_verifications_id_is_not_looked_for_among_payments(office: Office) -> None:
    identity_page()
    assert lookups.ask(VERIFIED) is None
    assert lookups.ask("imp_880000000001") is not None


@pytest.mark.parametrize("name", ["identity_otp", "benepia"])
def test_what_is_not_switched_on_has_no_form(office: Office, name: str) -> None:
    at = run_page(name)
    assert "This is off" in [one.proto.title for one in at.info] or "can switch it on" in texts(at)
    assert not at.text_input


def test_a_number_is_sent_and_confirmed_and_nothing_of_it_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.switch(monkeypatch, **ON)
    at = run_page("identity_otp")
    assert "fraudsters" in texts(at)
    at = press(fill(at, **TYPED), "review_it")
    secrets = [PERSON["name"], PERSON["phone"], "01073415678", PERSON["birth"]]
    assert not [one for one in secrets if one in texts(at) + in_session(at)]
    at = office.carry_out(press(at, "send"))
    (asked,) = operations(office.engine)
    uid = asked.verification_uid or ""
    assert asked.state == "succeeded", (asked.message, asked.why)
    assert (asked.state, office.sandbox.world.verifications[uid]["phone"]) == ("succeeded", "01073415678")
    otp = office.sandbox.world.otps[uid]
    at = press(fill(at, otp=otp), "review_it")
    assert otp not in texts(at) + in_session(at)
    at = office.carry_out(press(at, "send"))
    assert office.sandbox.world.verifications[uid]["certified"]
    assert {"Certified", uid} <= {one.value for one in at.text} | set(texts(at).split("\n"))
    found = kept(office.engine) + in_session(at) + texts(at)
    assert not [one for one in (*secrets, "9204172") if one in found]
    assert not re.search(rf"(?<![0-9a-f]){otp}(?![0-9a-f])", found)


def test_a_wrong_number_is_typed_again_without_another_being_sent(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.switch(monkeypatch, **ON)
    at = press(fill(run_page("identity_otp"), **TYPED), "review_it")
    at = office.carry_out(press(at, "send"))
    (sent,) = operations(office.engine)
    wrong = f"{(int(office.sandbox.world.otps[sent.verification_uid or '']) + 1) % 10**6:06d}"
    at = office.carry_out(press(press(fill(at, otp=wrong), "review_it"), "send"))
    assert "nobody is verified" in texts(at) + "".join(one.value for one in at.error)
    assert at.query_params["sent"] in ([str(sent.id)], str(sent.id))
    assert f"id={sent.id}" in str([one.proto for one in at.get("page_link")])


def test_a_number_that_is_none_is_said_beside_its_field_and_gone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.switch(monkeypatch, **ON)
    at = press(fill(run_page("identity_otp"), **TYPED | {"birth": "921341"}), "review_it")
    assert [one.value for one in at.error] == ["There is no such day."]
    assert field(at, "name").value == PERSON["name"]
    assert not operations(office.engine)


def test_a_member_is_erased_after_a_last_look(office: Office) -> None:
    at = press(fill(run_page("quick_member"), **MEMBER, reason="고객의 삭제 요청"), "review_it")
    assert "Erase the member quick_1" in texts(at).replace("\\", "")
    office.carry_out(press(at, "send"))
    assert operations(office.engine)[0].state == "succeeded"
    assert "quick_1" not in office.sandbox.world.quick_members


def test_after_a_refusal_the_form_has_what_was_typed_but_whose_id_it_was(office: Office) -> None:
    given = {**MEMBER, "member_id": "nobody"}
    at = press(press(fill(run_page("quick_member"), **given, reason="고객의 삭제 요청"), "review_it"), "send")
    office.carry_out(at)
    at = press(at.run(), "anew")
    assert {name: field(at, name).value for name in (*given, "reason")} == given | {
        "member_id": "",
        "reason": "고객의 삭제 요청",
    }


def buyer(at: AppTest, password: str = PASSWORD) -> AppTest:
    return fill(
        at, amount="9,900", name="도자기 머그컵", benepia_member_code="M1", benepia_user=USER + "!",
        benepia_password=password,
    )  # fmt: skip


def test_points_are_read_and_paid_with_and_the_password_is_typed_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.switch(monkeypatch, **ON)
    office.sandbox.world.benepia[USER + "!"] = ("geheim-4711", 50_000)
    at = press(buyer(run_page("benepia"), "geheim-4711"), "see_points")
    assert "The buyer has 50,000 points." in " ".join(one.value for one in at.success).replace("\\", "")
    assert (field(at, "benepia_password").value, "geheim" in in_session(at)) == ("", False)
    at = press(fill(at, benepia_user=USER + "!", benepia_password="geheim-4711"), "review_it")
    assert not [one for one in ("geheim", USER + "!") if one in texts(at) + in_session(at)]
    office.carry_out(press(at, "send"))
    (paid,) = operations(office.engine)
    assert (paid.state, paid.amount, office.sandbox.world.benepia[USER + "!"][1]) == ("succeeded", 9_900, 40_100)
    assert "geheim" not in kept(office.engine)


def test_a_form_with_a_mistake_is_shown_without_the_password(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.switch(monkeypatch, **ON)
    at = press(fill(buyer(run_page("benepia"), "geheim-4711"), benepia_member_code=""), "review_it")
    assert [one.value for one in at.error] == ["Without the shop's member code it would be a test payment."]
    assert (field(at, "benepia_password").value, field(at, "amount").value) == ("", "9,900")
    assert "geheim" not in in_session(at)


def test_back_at_the_fields_nothing_is_held(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.switch(monkeypatch, **ON)
    at = press(buyer(run_page("benepia")), "review_it")
    token = next(one.token for one in at.session_state["drafts"].values() if one.wanted)
    assert held.held(token) is not None
    press(at, "change")
    assert held.held(token) is None


def test_what_is_switched_off_meanwhile_is_not_sent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.switch(monkeypatch, **ON)
    at = press(press(buyer(run_page("benepia")), "review_it"), "send")
    office.switch(monkeypatch, allow_benepia=False)
    office.carry_out(at)
    assert (operations(office.engine)[0].state, operations(office.engine)[0].why) == ("refused", "not_allowed")


def test_a_minute_later_nothing_is_shown_any_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    at = identity_page()
    monkeypatch.setattr("dashboard.process.answers._SHOWN_FOR", -1.0)
    assert identity_desk.answers.told("no such ticket") is None
    assert "김서연" not in texts(settled(at.run()))
