"""What an answer stands for: what is asked again, what is not, and what a 404 has to look like to mean "gone"."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stamina

from services.errors import GatewayError, NotFound, OutcomeUnknown, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET


@pytest.fixture(autouse=True)
def _quick_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


class Answering:
    """A gateway that gives a token and then one answer; notes what it was asked."""

    def __init__(self, status: int, content: bytes = b"", **more: Any) -> None:
        self.answer = {"status_code": status, "content": content, **more}
        self.paths: list[str] = []
        transport = httpx.MockTransport(self)
        self.gateway = Gateway("http://gateway", IMP_KEY, IMP_SECRET, transport=transport)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            token = {"access_token": "t", "expired_at": time.time() + 1800, "now": time.time()}
            return httpx.Response(200, json={"code": 0, "response": token})
        self.paths.append(request.url.raw_path.decode())
        return httpx.Response(**self.answer)


def ok(response: bytes) -> bytes:
    return b'{"code":0,"message":null,"response":' + response + b"}"


@pytest.mark.parametrize(
    "response",
    [b"null", b"[]", b'"text"', b"{}", b'{"imp_uid":"imp_1"}', b'{"amount":100}', b'{"imp_uid":"imp_1","amount":null}'],
)
def test_a_payment_that_cannot_be_understood_is_not_asked_for_again(response: bytes) -> None:
    answering = Answering(200, ok(response))
    with pytest.raises(UnreadableAnswer):
        answering.gateway.payment("imp_1")
    assert len(answering.paths) == 1


@pytest.mark.parametrize("response", [b"{}", b'"text"', b"7"])
def test_a_list_that_is_none_is_not_asked_for_again(response: bytes) -> None:
    answering = Answering(200, ok(response))
    with pytest.raises(UnreadableAnswer):
        answering.gateway.channels()
    assert len(answering.paths) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"<html>", ok(b'{"imp_uid":"imp_1","amo')[:-1], b"\xff\xfe"])
def test_an_answer_that_broke_on_the_way_is_asked_for_again(content: bytes) -> None:
    answering = Answering(200, content)
    with pytest.raises(OutcomeUnknown) as caught:
        answering.gateway.payment("imp_1")
    assert not isinstance(caught.value, UnreadableAnswer)
    assert len(answering.paths) == 4


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b'{"detail":"Not Found"}', b"[]", b"null"])
def test_a_404_without_the_envelope_does_not_say_that_a_thing_is_gone(content: bytes) -> None:
    answering = Answering(404, content)
    for ask in (
        answering.gateway.payment,
        answering.gateway.billing_key,
        lambda uid: answering.gateway.billing_keys([uid]),
    ):
        with pytest.raises(Refused) as caught:
            ask("one")
        assert not isinstance(caught.value, NotFound)
    assert len(answering.paths) == 3


@pytest.mark.parametrize("content", [b'{"code":1,"message":null,"response":null}', b'{"code":"-1"}', b'{"code":0}'])
def test_a_404_in_the_envelope_does(content: bytes) -> None:
    with pytest.raises(NotFound):
        Answering(404, content).gateway.billing_key("one")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 502, 503, 504, 302, 207])
@pytest.mark.parametrize("content", [b"", b"<html></html>", b"{}", b'{"code":[],"message":{"a":1}}', ok(b"null")])
def test_every_answer_that_is_none_is_one_of_our_errors(status: int, content: bytes) -> None:
    with pytest.raises(GatewayError) as caught:
        Answering(status, content).gateway.payment("one")
    assert "<html" not in str(caught.value)


def test_unreadable_rows_of_a_batch_are_missing_and_counted() -> None:
    answering = Answering(207, ok(b'[{"customer_uid":"a"},{"customer_uid":null},{"card_name":"b"},7]'))
    batch = answering.gateway.billing_keys(["a", "b", "c"])
    assert [key.fields["customer_uid"] for key in batch.found] == ["a"]
    assert (batch.missing, len(batch.unreadable)) == (("b", "c"), 3)


def test_all_attempts_are_asked_for_whatever_their_status() -> None:
    answering = Answering(200, ok(b'{"total":0,"previous":0,"next":0,"list":[]}'))
    assert answering.gateway.find_all_payments("order 1").items == ()
    assert answering.paths == ["/payments/findAll/order%201?page=1&limit=1000"]


ROW = b'{"merchant_uid":"m","amount":1}'


@pytest.mark.parametrize(
    ("response", "following"),
    [
        (b'{"total":5,"list":[%b]}' % ROW, 2),
        (b'{"total":"5","next":null,"list":[%b]}' % ROW, 2),
        (b'{"total":2,"list":[%b]}' % ROW, 0),
        (b'{"total":5,"next":0,"list":[%b]}' % ROW, 0),
        (b'{"total":1,"next":"3","list":[%b]}' % ROW, 3),
        (b"[%b,%b]" % (ROW, ROW), 2),
        (b"[%b,%b,%b]" % (ROW, ROW, ROW), 0),
        (b"[%b]" % ROW, 0),
        (b"[]", 0),
    ],
)
def test_where_no_next_page_is_named_the_total_says_whether_there_is_one(response: bytes, following: int) -> None:
    page = Answering(200, ok(response)).gateway.schedules(0, 1, page=1, limit=2)
    assert page.next == following


def test_a_gateway_that_tells_no_channels_still_tells_the_time() -> None:
    answering = Answering(404, b'{"code":1,"message":"no","response":null}')
    assert abs(answering.gateway.now() - time.time()) < 5
