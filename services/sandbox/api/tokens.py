"""Access tokens: one at a time, thirty minutes, five more when asked for in the last one."""

from hashlib import sha1

from services.sandbox.api.bodies import Call
from services.sandbox.api.envelope import Json, No, answer

_LIFE = 1_800
_LAST = 60
_MORE = 300


class Tokens:
    """The one token that is alive."""

    def __init__(self, imp_key: str, imp_secret: str) -> None:
        self._pair = (imp_key, imp_secret)
        self._number = 0
        self._expired_at = 0

    def issue(self, call: Call) -> Json:
        """Answers POST /users/getToken; `now` is our clock, which the caller's may differ from."""
        if (call.body.get("imp_key"), call.body.get("imp_secret")) != self._pair:
            raise No(401, "인증에 실패하였습니다. API키와 secret을 확인하세요.", -1)
        if call.now >= self._expired_at:
            self._number += 1
            self._expired_at = call.now + _LIFE
        elif self._expired_at - call.now <= _LAST:
            self._expired_at += _MORE
        return answer({"access_token": self._name(), "expired_at": self._expired_at, "now": call.now})

    def check(self, header: str, now: int) -> None:
        """Refuses a request without the live token; the word Bearer in front is optional. Raises No."""
        if header.removeprefix("Bearer ") != self._name() or now >= self._expired_at:
            raise No(401, "Unauthorized", -1)

    def expire(self) -> None:
        """Ends the live token before its time."""
        self._expired_at = 0

    def _name(self) -> str:
        return sha1(f"{self._pair}{self._number}".encode(), usedforsecurity=False).hexdigest()
