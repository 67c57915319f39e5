"""What KCP alone can: a member of KCP Quick erased, Benepia's welfare points read and paid with."""

import msgspec

from services.gateway import decoder
from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import PaymentPayload
from services.gateway.pg_requests import BenepiaRequest, QuickMember
from services.gateway.unspoken import unspoken

_ACCEPT = {"accept": "application/json"}
"""Without it the call is refused."""


class _Points(msgspec.Struct):
    point: int


_points = msgspec.json.Decoder(_Points, strict=False).decode


class KcpCalls(Caller):
    """Each is sent once. What a buyer's account at Benepia is opened by stands in no words of a refusal."""

    def delete_quick_member(self, member: QuickMember, *, still: Still = always) -> None:
        """Erases a buyer's data at KCP Quick for good. Raises NotFound for a member that there is not."""
        path = f"/kcpquick/members/{safe(member.member_id)}"
        self._http.send("DELETE", path, bytes, still, params=member.params(), headers=_ACCEPT, pg_answers=True)

    def benepia_points(self, channel_key: str, account: tuple[str, str]) -> int:
        """How many points a buyer has, by their user name and password. Changes nothing."""
        user, password = account
        body = {"benepia_user": user, "benepia_password": password, "channel_key": channel_key}
        with unspoken(account):
            return self._http.send("POST", "/benepia/point", _point, always, body=body, pg_answers=True)

    def pay_by_benepia(self, request: BenepiaRequest, *, still: Still = always) -> PaymentPayload:
        """A payment by points. A 500 with words is the PG's no."""
        with unspoken(request.account):
            return self._http.send(
                "POST", "/benepia/payment", decoder.payment, still, body=request.body(), pg_answers=True
            )


def _point(raw: bytes) -> int:
    return _points(raw).point
