"""What operations on accounts and store numbers did at the gateway."""

import json

from services.sandbox.world.world import World
from services.tables.journal import Operation, OperationKind

ISSUES = (OperationKind.ISSUE_VBANK, OperationKind.ISSUE_CVS)
WAITING_FOR_MONEY = (*ISSUES, OperationKind.CHANGE_VBANK, OperationKind.REVOKE_VBANK, OperationKind.REVOKE_CVS)


def waiting_made(world: World, operation: Operation) -> list[str]:
    """Accounts and numbers under an order's number, an account that is as it was to be, or that is revoked."""
    if operation.kind in ISSUES:
        rows = [world.payments[uid] for uid in world.attempts.get(operation.merchant_uid or "", ())]
        return [row["imp_uid"] for row in rows if row["vbank_num"] or row["pay_method"] == "cvs"]
    row, asked = world.payments[operation.imp_uid or ""], json.loads(operation.request)
    if operation.kind == OperationKind.CHANGE_VBANK:
        wanted = asked.get("amount", asked["was_amount"]), asked.get("vbank_due", asked["was_due"])
        return [f"{row['imp_uid']} {wanted}"] if (row["amount"], row["vbank_date"]) == wanted else []
    return [row["imp_uid"]] if row["status"] == "cancelled" and not row["paid_at"] else []
