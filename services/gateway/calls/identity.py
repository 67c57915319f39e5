"""Identity verifications (본인인증): read, erased, asked for by a one-time number and confirmed."""

import msgspec

from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import Verification
from services.gateway.pg_requests import OtpRequest
from services.gateway.unspoken import unspoken

_PATH = "/certifications"
_SHOWN = 4
"""Digits of a phone that stay."""


class _Raw(msgspec.Struct):
    """All that is read of an answer: what links a person (CI, DI) has no field here and never becomes an object."""

    imp_uid: str
    pg_provider: str | None = None
    merchant_uid: str | None = None
    name: str | None = None
    birthday: str | None = None
    phone: str | None = None
    certified: bool = False
    certified_at: int | None = None


class _Asked(msgspec.Struct):
    imp_uid: str


_raw = msgspec.json.Decoder(_Raw, strict=False).decode
_asked = msgspec.json.Decoder(_Asked).decode


class IdentityCalls(Caller):
    """A verification's imp_uid is no payment's. No words of a refusal bring what was typed, nor CI and DI."""

    def verification(self, imp_uid: str) -> Verification:
        """One verification, as little of it as a person has to see. Raises NotFound where it was erased, or never was.

        A 500 with words is the gateway's no.
        """
        with unspoken(known=imp_uid):
            return self._http.get(f"{_PATH}/{safe(imp_uid)}", {}, _verification, pg_answers=True)

    def delete_verification(self, imp_uid: str, *, still: Still = always) -> None:
        """Erases it at PortOne for good. Sent once. Raises NotFound where it is gone already."""
        with unspoken(known=imp_uid):
            self._http.send("DELETE", f"{_PATH}/{safe(imp_uid)}", _nothing, still, pg_answers=True)

    def request_otp(self, request: OtpRequest, *, still: Still = always) -> str:
        """Has a one-time number sent to a phone; the verification's imp_uid. Sent once."""
        with unspoken(request.told()):
            return self._http.send("POST", f"{_PATH}/otp/request", _uid_of, still, body=request.body(), pg_answers=True)

    def confirm_otp(self, imp_uid: str, otp: str, *, still: Still = always) -> bool:
        """Whether the person is certified by the number, "" where they confirm in an app. Sent once."""
        path, body = f"{_PATH}/otp/confirm/{safe(imp_uid)}", {"otp": otp} if otp else {}
        with unspoken((otp,), known=imp_uid):
            return self._http.send("POST", path, _verification, still, body=body, pg_answers=True).certified


def _nothing(_raw: bytes) -> None:
    return None


def _uid_of(raw: bytes) -> str:
    return _asked(raw).imp_uid


def _verification(raw: bytes) -> Verification:
    found = _raw(raw)
    return Verification(
        imp_uid=found.imp_uid,
        pg_provider=found.pg_provider or "",
        merchant_uid=found.merchant_uid,
        name=found.name,
        birth_year=(found.birthday or "")[:4] or None,
        phone=_masked(found.phone),
        certified=found.certified,
        certified_at=found.certified_at or 0,
    )


def _masked(phone: str | None) -> str | None:
    """`010-****-5678`: never whole, not in memory either."""
    digits = "".join(filter(str.isdecimal, phone or ""))
    return f"{digits[:3]}-****-{digits[-_SHOWN:]}" if len(digits) > _SHOWN + 3 else None
