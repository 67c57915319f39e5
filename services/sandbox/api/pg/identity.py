"""Identity verifications: shown, erased, asked for by a one-time number and confirmed."""

import re
from hashlib import sha256

from services.sandbox.api.bodies import Call
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_BY_OTP = ("danal", "kcp_v2")
_CARRIERS, _METHODS = ("SKT", "KT", "LGT"), ("SMS", "APP")
_REFUSED = "0404"
"""The last four digits of a phone that no carrier knows."""
_CENTURIES = {"1": 19, "2": 19, "3": 20, "4": 20, "5": 19, "6": 19, "7": 20, "8": 20}
_FOREIGN = "5678"


def one(world: World, imp_uid: str) -> Json:
    """GET /certifications/{imp_uid}."""
    return answer(_found(world, imp_uid))


def erase(world: World, imp_uid: str) -> Json:
    """DELETE /certifications/{imp_uid}: what it was, for the last time."""
    found = _found(world, imp_uid)
    del world.verifications[imp_uid]
    return answer(found)


def request_otp(world: World, call: Call) -> Json:
    """POST /certifications/otp/request: the carrier sends the number, unless it knows nobody of these data."""
    key = call.text("channel_key")
    channel = next((one for one in world.channels if one["channel_key"] == key), None)
    if channel is None or channel["type"] != "certification" or channel["pg_provider"] not in _BY_OTP:
        raise No(400, "channel_key에 해당하는 본인인증 채널을 찾을 수 없습니다.")
    name, phone, birth, digit = (call.text(one) for one in ("name", "phone", "birth", "gender_digit"))
    phone, birth = re.sub(r"\D", "", phone), re.sub(r"\D", "", birth)
    known = call.text("carrier") in _CARRIERS and digit in _CENTURIES and len(birth) == 6
    method = str(call.body.get("verification_method") or "SMS")
    if not known or method not in _METHODS or (method == "APP" and channel["pg_provider"] != "kcp_v2"):
        raise No(400, "대상자 개인정보가 올바르지 않습니다.")
    if phone.endswith(_REFUSED):
        raise No(500, f"[{channel['pg_provider']}] {name}({birth})님의 휴대폰번호({phone})를 확인할 수 없습니다.")
    imp_uid = world.new_imp_uid()
    world.verifications[imp_uid] = _row(imp_uid, channel["pg_provider"], call.body.get("merchant_uid")) | {
        "name": name, "gender": "male" if digit in "1357" else "female", "foreigner": digit in _FOREIGN,
        "birthday": f"{_CENTURIES[digit]}{birth[:2]}-{birth[2:4]}-{birth[4:]}",
        "phone": phone, "carrier": f"{call.body['carrier']}{'_MVNO' if call.body.get('is_mvno') else ''}",
    }  # fmt: skip
    world.otps[imp_uid] = "" if method == "APP" else f"{int(sha256(imp_uid.encode()).hexdigest(), 16) % 10**6:06d}"
    return answer({"imp_uid": imp_uid})


def confirm_otp(world: World, call: Call, imp_uid: str) -> Json:
    """POST /certifications/otp/confirm/{imp_uid}."""
    found = world.verifications.get(imp_uid)
    if found is None or imp_uid not in world.otps:
        raise No(404, "imp_uid에 해당하는 본인인증 요청건을 찾을 수 없습니다.")
    if found["certified"]:
        raise No(400, "이미 인증처리가 완료된 건입니다.")
    sent, otp = world.otps[imp_uid], str(call.body.get("otp") or "")
    if sent and not otp:
        raise No(400, "인증번호(otp)가 누락되었습니다.")
    if otp != sent:
        raise No(500, f"[{found['pg_provider']}] 인증번호({otp})가 일치하지 않습니다. ({found['phone']})")
    linking = sha256(str(found["phone"]).encode()).hexdigest()
    done = {"certified": True, "certified_at": call.now, "unique_key": f"CI{linking}{linking[:22]}"}
    world.verifications[imp_uid] = found | done | {"unique_in_site": f"DI{linking[:62]}"}
    return answer(world.verifications[imp_uid])


def _found(world: World, imp_uid: str) -> Row:
    if imp_uid not in world.verifications:
        raise No(404, "존재하지 않는 본인인증 결과입니다.")
    return world.verifications[imp_uid]


def _row(imp_uid: str, pg: str, order: object) -> Row:
    return {
        "imp_uid": imp_uid, "merchant_uid": order, "pg_tid": None, "pg_provider": pg, "certified": False,
        "certified_at": 0, "unique_key": None, "unique_in_site": None, "origin": "https://shop.example/join",
        "foreigner_v2": None,
    }  # fmt: skip
