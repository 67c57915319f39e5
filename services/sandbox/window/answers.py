"""What the shop's page is told, in a callback or behind its address."""

from services.sandbox.window.asked import Asked, Stopped
from services.sandbox.window.attempts import Attempt
from services.sandbox.window.switches import Switches
from services.sandbox.world.shelf import Row

_TOLD = (
    "pay_method", "status", "name", "pg_provider", "pg_tid", "buyer_name", "buyer_email", "buyer_tel", "custom_data",
    "paid_at", "currency", "receipt_url", "apply_num",
)  # fmt: skip
_INTERRUPTED = "F0005"


def stopped(asked: Asked, stop: Stopped, switches: Switches) -> Row:
    """No window was opened; the old SDK misspells one name."""
    code = "error_coe" if asked.old and stop.code == "F1001" else "error_code"
    told = {"imp_uid": None, "merchant_uid": asked.param.get("merchant_uid"), code: stop.code, "error_msg": stop.words}
    return _with_success(told, asked, switches, held=False)


def approved(attempt: Attempt, row: Row, switches: Switches) -> Row:
    """Both ids; the old SDK tells the payment as well."""
    told = {name: row[name] for name in ("imp_uid", "merchant_uid")}
    if attempt.asked.old:
        told |= {"paid_amount": row["amount"]} | {name: row[name] for name in _TOLD}
    return _with_success(told, attempt.asked, switches, held=True)


def failed(attempt: Attempt, code: str, words: str, switches: Switches) -> Row:
    """Both ids, the PG's code, and the words for the buyer."""
    ids = {"imp_uid": attempt.imp_uid, "merchant_uid": attempt.asked.param["merchant_uid"]}
    return _with_success(ids | {"error_code": code, "error_msg": words}, attempt.asked, switches, held=False)


def interrupted(attempt: Attempt, switches: Switches) -> Row:
    """The buyer closed the window or pressed its button for it."""
    words = f"{_INTERRUPTED}:결제가 중단되었습니다({attempt.imp_uid}).|사용자가 결제를 취소 하였습니다."
    return failed(attempt, _INTERRUPTED, words, switches)


def for_address(answer: Row) -> Row:
    """What of an answer stands behind the shop's address."""
    told = {name: answer.get(name) for name in ("imp_uid", "merchant_uid", "error_code", "error_msg")}
    return told | ({"imp_success": answer["success"]} if "success" in answer else {})


def _with_success(told: Row, asked: Asked, switches: Switches, *, held: bool) -> Row:
    return told | {"success": held} if asked.old or switches.success_told else told
