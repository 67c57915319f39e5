"""Access tokens: thirty minutes, the same one again until it ends, five minutes more in its last one."""

from typing import Any

from services.sandbox.envelope import No

_LIFE = 1800
_LAST = 60
_MORE = 300


class Tokens:
    """The one token that is alive."""

    def __init__(self, imp_key: str, imp_secret: str) -> None:
        self._pair = (imp_key, imp_secret)
        self._number = 0
        self._expired_at = 0

    def issue(self, body: dict[str, Any], now: int) -> dict[str, Any]:
        """Answers POST /users/getToken."""
        if (body.get("imp_key"), body.get("imp_secret")) != self._pair:
            raise No(401, "imp_key 혹은 imp_secret이 올바르지 않습니다.", -1)
        if now >= self._expired_at:
            self._number += 1
            self._expired_at = now + _LIFE
        elif self._expired_at - now <= _LAST:
            self._expired_at += _MORE
        return {"access_token": self._name, "expired_at": self._expired_at, "now": now}

    def check(self, header: str, now: int) -> None:
        """Refuses a request without the live token."""
        if header.removeprefix("Bearer ") != self._name or now >= self._expired_at:
            raise No(401, "Unauthorized", -1)

    @property
    def _name(self) -> str:
        return f"sandbox-token-{self._number}"
