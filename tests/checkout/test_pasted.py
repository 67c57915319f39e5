"""A pasted snippet: what is right, wrong, missing, withdrawn or unknown of it, and what is wrong around it."""

import pytest

from services.checkout.javascript import syntax
from services.checkout.pasted import Pasted, check_pasted
from services.tables.checkouts import CheckoutKind
from tests.checkout.requests import ANYBODY, NOW
from tests.worlds.operations.refusals import refused_at

SEED = """
<script type="text/javascript" src="https://code.jquery.com/jquery-1.12.4.min.js"></script>
<script src="https://cdn.iamport.kr/js/iamport.payment-1.1.5.js"></script>
<script>
  var IMP = window.IMP;
  IMP.init('imp12345678');
  IMP.request_pay({
    pg : 'naverpay', /* the partner's */
    merchant_uid: 'merchant_' + new Date().getTime(),
    name : '한국사',
    amount : 1004,
    buyer_tel : buyer.tel, // of the form
    naverUseCfm : '20261231',
    naverPopupMode : true,
    naverChainId: "sAMplEChAINid",
    naverProducts : [{
      "categoryType": "BOOK", "categoryId": "general", "uid": "107922211", "name": '한국사', "count": quantity,
    }],
  }, function(rsp) {
    if ( rsp.success ) {
      done();
    } else {
      var msg = '결제에 실패하였습니다.';
      msg += '에러내용 : ' + rsp.error_msg;
    }
  });
</script>
"""
CALL = "IMP.init('imp12345678'); IMP.request_pay({%s}, function (rsp) { send(rsp.imp_uid, rsp.merchant_uid); });"
WHOLE = (
    "channelKey: 'k', merchant_uid: id, name: '책', amount: 1000, naverPopupMode: true, naverProducts: ["
    "{categoryType: 'BOOK', categoryId: 'GENERAL', uid: '1', name: '책', count: 1}]"
)


def check(text: str, pg: str | None = None) -> Pasted:
    return check_pasted(text, pg=pg, merchant=ANYBODY, now=NOW)


def verdicts(text: str, pg: str | None = None) -> dict[str, str]:
    return {one.name: one.verdict.value for one in check(text, pg).parameters}


def around(script: str) -> set[int | None]:
    """The lines of all that is found around the parameters."""
    return {one.values["line"] for one in check(script).findings}


def test_an_old_snippet_is_told_line_by_line() -> None:
    found = check(SEED)
    assert (found.kind, found.pg) == (CheckoutKind.PAYMENT, "naverpay")
    assert [(one.name, one.verdict.value, one.line) for one in found.parameters] == [
        ("pg", "right", 8),
        ("merchant_uid", "unread", 9),
        ("name", "right", 10),
        ("amount", "right", 11),
        ("buyer_tel", "unread", 12),
        ("naverUseCfm", "wrong", 13),
        ("naverPopupMode", "right", 14),
        ("naverChainId", "withdrawn", 15),
        ("naverProducts.0.categoryId", "wrong", 16),
    ]
    assert {one.values["line"] for one in found.findings} == {2, 3, 20, 24}
    assert all(one.because for one in found.parameters if one.verdict != "right")


@pytest.mark.parametrize(
    ("part", "name", "verdict"),
    [
        ("amount: '1000'", "amount", "wrong"),
        ("amount: 1000.5", "amount", "wrong"),
        ("amount: 1_000", "amount", "right"),
        ("amount: 1e3", "amount", "right"),
        ("amount: total()", "amount", "unread"),
        ("amount", "amount", "unread"),
        ("name: `책`", "name", "right"),
        ("name: `책 ${n}`", "name", "unread"),
        ("name: '\\ucc45'", "name", "right"),
        ("name: null", "name", "missing"),
        ("'merchant_uid': \"a\"", "merchant_uid", "right"),
        ("merchant_uid: 20240101", "merchant_uid", "wrong"),
        ("naverPopupMode: false", "m_redirect_url", "missing"),
        ("naverPopupMode: !!popup", "naverPopupMode", "unread"),
        ("naverProductCode: 'a'", "naverProductCode", "wrong"),
        ("channel_key: 'a'", "channel_key", "unknown"),
        ("pg: 'naverpay'", "pg", "wrong"),
        ("'a.b': 1", "a.b", "unknown"),
        ("naverProducts: [{'a.b': 1}]", "naverProducts.0.a.b", "unknown"),
        ("naverProducts: [null]", "naverProducts.0", "wrong"),
        ("custom_data: {a: [1, -2, {b: x}]}", "custom_data", "right"),
        ("naverProducts: [book]", "naverProducts", "right"),
        ("naverProducts: books.map(one)", "naverProducts", "unread"),
        ("naverProducts: [{name: '책', count: 1, price: 3}]", "naverProducts.0.price", "unknown"),
        ("naverProducts: [{name: '책', count: 1}]", "naverProducts.0.uid", "missing"),
        ("naverProducts: []", "naverProducts", "missing"),
    ],
)
def test_each_value_is_judged_as_far_as_it_can_be_read(part: str, name: str, verdict: str) -> None:
    key = part.split(":")[0].strip("'")
    others = WHOLE if key not in WHOLE else ", ".join(one for one in PARTS if not one.startswith(key))
    assert verdicts(CALL % f"{others}, {part}")[name] == verdict


PARTS = (
    "channelKey: 'k'",
    "merchant_uid: id",
    "name: '책'",
    "amount: 1000",
    "naverPopupMode: true",
    "naverProducts: [{categoryType: 'BOOK', categoryId: 'GENERAL', uid: '1', name: '책', count: 1}]",
)


def test_what_a_registration_lacks_is_missing() -> None:
    found = verdicts(
        CALL % "channelKey: 'k', customer_uid: uid, merchant_uid: id, name: '책', amount: 0, naverPopupMode: true"
    )
    assert {name for name, verdict in found.items() if verdict == "missing"} == {
        "buyer_tel", "naverProductCode", "naverProductCount"
    }  # fmt: skip


def test_nothing_is_missing_where_other_names_are_spread_in() -> None:
    assert "missing" not in verdicts(CALL % "...base, amount: 1000").values()


def test_a_name_that_is_nearly_one_says_which() -> None:
    (unknown,) = (one for one in check(CALL % f"{WHOLE}, naverPopupmode: true").parameters if one.verdict == "unknown")
    assert unknown.because
    assert unknown.because.values["meant"] == "naverPopupMode"


def test_the_object_may_have_a_name_of_its_own() -> None:
    text = f"const data = {{{WHOLE}}};\nIMP.init(code);\nIMP.request_pay(data, cb);"
    assert verdicts(text)["amount"] == "right"


@pytest.mark.parametrize(
    "text",
    [
        "const data = ({%s}); window.IMP.init(c); window.IMP?.request_pay(data, cb);",
        "const Pay = () => <button onClick={() => { IMP.init(c); IMP.request_pay({%s}, cb); }}>Pay</button>;",
        "$(function () { $('#pay').click(function () { IMP.init(c); IMP.request_pay(({%s}), cb); }); });",
        "<template><b></b></template>\n<script setup>IMP.init(c); IMP.request_pay({%s}, cb);</script>",
    ],
)
def test_it_is_read_in_whatever_a_shop_is_written(text: str) -> None:
    found = check(text % WHOLE)
    assert {one.name: one.verdict.value for one in found.parameters} == {
        "channelKey": "right", "merchant_uid": "unread", "name": "right", "amount": "right", "naverPopupMode": "right",
        "naverProducts": "right",
    }  # fmt: skip
    assert found.findings == ()


@pytest.mark.parametrize("written", ["<?= $a['x'] ?>", "<%= a %>", "${order.a}", "{{ order.a }}", "<?php\necho 1;\n?>"])
def test_what_the_server_writes_into_it_cannot_be_read_here(written: str) -> None:
    found = check(CALL % f"{WHOLE},\ntax_free: {written},\nbuyer_name: '{written}', buyer_tel: 5")
    told = {one.name: one.verdict.value for one in found.parameters}
    assert (told["tax_free"], told["buyer_name"], told["buyer_tel"]) == ("unread", "unread", "wrong")
    assert found.findings == ()


def test_nothing_is_missing_where_a_part_could_not_be_read() -> None:
    found = verdicts(CALL % "channelKey: 'k', amount: @ 5, naverPopupMode: true")
    assert "missing" not in found.values()


def test_another_pg_s_rules_are_that_pg_s() -> None:
    assert verdicts(CALL % WHOLE, "html5_inicis")["naverPopupMode"] == "wrong"
    assert verdicts(CALL % "pg: 'kakaopay.MID', merchant_uid: id, name: '책 외 2개', amount: 100")["name"] == "right"


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("\nIMP.request_pay({}, cb);", None),
        ("IMP.init('imp12345678');\nIMP.init('imp12345678'); IMP.request_pay({}, cb);", 2),
        ("\nIMP.init('shop'); IMP.request_pay({}, cb);", 2),
        ("IMP.init(c); async function f() {\nawait prepare();\nIMP.request_pay({}, cb); }", 2),
        ("IMP.init(c);\nfetch('/prepare').then(() => {\nIMP.request_pay({}, cb); });", 2),
        ("IMP.init(c); IMP.request_pay({}, rsp => {\nif (rsp.success) done(); });", 2),
        ("IMP.init(c); IMP.request_pay({}, rsp => {\nrsp.error_code ? no() : yes(); });", 2),
        ("IMP.init(c); IMP.request_pay({}, ({success}) => {\nsuccess && done(); });", 2),
        ("IMP.init(c); IMP.request_pay({}, after); function after(r) {\nif (!r.imp_success === true) no(); }", 2),
        ("IMP.init(c); IMP.request_pay({}, rsp => {\nalert(`실패: ${rsp.error_msg}`); });", 2),
        ("IMP.init(c); IMP.request_pay({}, rsp => {\nbox.innerHTML = rsp.error_msg; });", 2),
        ("IMP.init(c);\nIMP.request_pay({a: @ 1}, cb);", 2),
    ],
)
def test_what_is_wrong_around_the_parameters_has_its_line(script: str, line: int | None) -> None:
    assert around(script) == {line}


@pytest.mark.parametrize(
    "script",
    [
        "IMP.init(c); IMP.request_pay({}, rsp => { box.textContent = rsp.error_msg || ''; send(rsp.imp_uid); });",
        "IMP.init(c); IMP.request_pay({}, async rsp => { await send(rsp.imp_uid); });",
        "IMP.init(c); button.onclick = async () => { IMP.request_pay({}, cb); await log(); };",
        "IMP.init(c); async function a() { await b(); } function pay() { IMP.request_pay({}, cb); }",
        "IMP.init(c); IMP.request_pay({}, rsp => { send(rsp).then(answer => { if (answer.success) done(); }); });",
        "const {IMP} = window; IMP.agency('imp12345678', 'ABC'); window.IMP.request_pay({}, cb);",
    ],
)
def test_what_is_fine_is_left_alone(script: str) -> None:
    assert around(script) == set()


NOTHING_IN_IT = (
    "",
    "alert(1)",
    "IMP.request_pay({[[[",
    "IMP.request_pay(order(), cb)",
    "IMP.request_pay()",
    "a" * 100_001,
)
TOO_MUCH = (
    "[" * 5_000 + "]" * 5_000,
    "{a:" * 5_000 + "1" + "}" * 5_000,
    "- " * 5_000 + "1",
    "9" * 5_000,
    "1e999999999",
    "'\\u{999999}'",
    "'\\ud800'",
)


@pytest.mark.parametrize("text", NOTHING_IN_IT)
def test_what_holds_no_parameters_is_refused(text: str) -> None:
    with refused_at("snippet"):
        check(text)


@pytest.mark.parametrize("value", TOO_MUCH)
def test_no_value_is_too_much_for_it(value: str) -> None:
    assert verdicts(CALL % f"custom_data: {value}")["custom_data"] in ("unread", "wrong")


def test_a_text_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "_LONGEST", -1)
    with refused_at("snippet"):
        check(f"{'f(1);' * 5_000} {SEED}")


def test_a_long_snippet_is_read_to_its_end() -> None:
    found = check(CALL % f"custom_data: {{a: '{'가나다' * 5_000}'}}, amount: 1000, merchant_uid: '{'가' * 41}'")
    assert {one.name: one.verdict.value for one in found.parameters if one.line} == {
        "custom_data": "right", "amount": "right", "merchant_uid": "wrong"
    }  # fmt: skip


@pytest.mark.parametrize("sign", ["<?", "<%"])
def test_what_a_server_begins_to_write_again_and_again_keeps_nobody_waiting(sign: str) -> None:
    """Each sign looked for its end through all of the text: the whole dashboard stood still for most of a minute."""
    with refused_at("snippet"):
        check(sign * 50_000)
    with refused_at("snippet"):
        check(f"<script>{sign}</script>" + "<script " * 9_000)
    assert verdicts(CALL % WHOLE.replace("'k'", f"{sign} key('a', 'b') {sign[1]}>"))["channelKey"] == "unread"


def test_more_parameters_than_any_window_has_are_not_compared_with_all_names() -> None:
    names = ", ".join(f"a{n}: 1" for n in range(12_000))
    with refused_at("snippet"):
        check(CALL % names)


def test_a_script_that_is_commented_out_of_its_page_is_none() -> None:
    page = f"<!-- <script>{CALL % 'name: 1'}</script> -->\n<SCRIPT type='a'>\n{CALL % WHOLE}\n</SCRIPT>\n<p>x</p>"
    [name] = [one for one in check(page).parameters if one.name == "name"]
    assert (name.verdict, name.line) == ("right", 3)
