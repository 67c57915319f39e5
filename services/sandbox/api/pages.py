"""Pages `{total, previous, next, list}`; a page past the end is refused."""

from collections.abc import Sequence

from services.sandbox.api.bodies import Call
from services.sandbox.api.envelope import Json, No
from services.sandbox.world.shelf import Numbers, Shelf

_MOST = 1_000
_USUAL = 20
DAY = 86_400


def page(shelf: Shelf, slots: Sequence[int] | Numbers, call: Call) -> Json:
    """The page that the query asks for."""
    number, limit = _asked(call)
    begin, total = (number - 1) * limit, len(slots)
    if begin >= total and number > 1:
        raise No(400, "요청하신 page는 데이터 범위를 넘어섰습니다.")
    following = number + 1 if begin + limit < total else 0
    head = b'{"total":%d,"previous":%d,"next":%d,"list":' % (total, number - 1, following)
    return Json(head + shelf.array(slots[begin : begin + limit]) + b"}")


def plain_page(shelf: Shelf, slots: Sequence[int] | Numbers, call: Call) -> Json:
    """One page of rows as the description promises them: an array and nothing around it, empty past the end."""
    number, limit = _asked(call)
    return Json(shelf.array(slots[(number - 1) * limit : number * limit]))


def window(call: Call, names: tuple[str, str], most_days: int, *, defaults: bool = False) -> tuple[int, int]:
    """The window of a query in UNIX seconds. With defaults: the last `most_days` up to now."""
    first_name, last_name = names
    last = call.whole(last_name, call.now if defaults else None)
    first = call.whole(first_name, last - most_days * DAY if defaults else None)
    if first > last:
        raise No(400, f"조회 시작시각({first_name})이 종료시각({last_name})보다 늦습니다.")
    if last - first > most_days * DAY:
        raise No(400, f"조회기간은 최대 {most_days}일까지 가능합니다.")
    return first, last


def _asked(call: Call) -> tuple[int, int]:
    number, limit = call.whole("page", 1), call.whole("limit", _USUAL)
    if number < 1:
        raise No(400, "page는 1부터 시작합니다.")
    if not 1 <= limit <= _MOST:
        raise No(400, f"limit은 1 이상 {_MOST} 이하여야 합니다.")
    return number, limit
