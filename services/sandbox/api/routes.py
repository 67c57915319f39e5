"""From method and path to the function that answers."""

from services.sandbox.api import billing_keys, cards, charges, naver, payments, prepared, receipts, schedules
from services.sandbox.api.bodies import Call
from services.sandbox.api.cancel import cancel
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.pg import balance, cvs, deliveries, escrow, identity, kcp, vbanks
from services.sandbox.window.switches import STRICT, Switches
from services.sandbox.world.codes import BANKS, CARDS
from services.sandbox.world.world import World


def route(world: World, call: Call, *, paged_schedules: bool, switches: Switches = STRICT) -> Json:
    """Answers a call that carries a live token. Raises No."""
    match call.path:
        case ("payments", "prepare", *order):
            return _prepare(world, call, order, switches)
        case ("payments", imp_uid, "naver", what):
            return _naver(world, call, imp_uid, what)
        case ("payments", *rest):
            return _payments(world, call, rest)
        case ("subscribe", *rest):
            return _subscribe(world, call, rest, paged_schedules)
        case ("users", "pg") if call.method == "GET":
            return answer(world.channels)
        case ("banks" | "cards" as kind, *code) if call.method == "GET":
            return _codes(BANKS if kind == "banks" else CARDS, code)
    return _of_some_pgs(world, call)


def _of_some_pgs(world: World, call: Call) -> Json:
    match call.path:
        case ("receipts", "external", order):
            return _external_receipts(world, call, order)
        case ("receipts", imp_uid):
            return _receipts(world, call, imp_uid)
        case ("escrows" | "payco" | "paymentwall", *_rest):
            return _deliveries(world, call)
        case ("vbanks" | "cvs", *imp_uid):
            return _waiting(world, call, imp_uid)
        case ("certifications" | "kcpquick" | "benepia" | "kakao", *_rest):
            return _of_single_pgs(world, call)
    raise _unknown()


def _payments(world: World, call: Call, rest: list[str]) -> Json:
    match call.method, rest:
        case "POST", ["cancel"]:
            return cancel(world, call)
        case "GET", []:
            return payments.several(world, call)
        case "GET", ["status", status]:
            return payments.by_status(world, call, status)
        case "GET", ["find", order, *status]:
            return payments.find(world, call, order, *status[:1])
        case "GET", ["findAll", order, *status]:
            return payments.find_all(world, call, order, *status[:1])
        case "GET", [imp_uid, "balance"]:
            return balance.balance(world, imp_uid)
        case "GET", [imp_uid]:
            return payments.one(world, call, imp_uid)
    raise _unknown()


def _subscribe(world: World, call: Call, rest: list[str], paged: bool) -> Json:
    match rest:
        case ["customers", *rest]:
            return _customers(world, call, rest, paged)
        case ["payments", "schedule", *rest]:
            return _schedules(world, call, rest, paged)
        case ["payments", "again"] if call.method == "POST":
            return charges.again(world, call)
        case ["payments", "onetime"] if call.method == "POST":
            return cards.onetime(world, call)
        case ["payments", "unschedule"] if call.method == "POST":
            return schedules.unschedule(world, call)
    raise _unknown()


def _naver(world: World, call: Call, imp_uid: str, what: str) -> Json:
    match call.method, what:
        case "POST", "confirm":
            return naver.confirm(world, call, imp_uid)
        case "POST", "point":
            return naver.credit_points(world, imp_uid)
        case "GET", "cash-amount":
            return naver.cash_amount(world, imp_uid)
    raise _unknown()


def _prepare(world: World, call: Call, order: list[str], switches: Switches) -> Json:
    match call.method, order:
        case "POST" | "PUT", []:
            return prepared.prepare(world, call, switches)
        case "GET", [known]:
            return prepared.show(world, known, switches)
    raise _unknown()


def _customers(world: World, call: Call, rest: list[str], paged: bool) -> Json:
    match call.method, rest:
        case "GET", []:
            return billing_keys.several(world, call)
        case "GET", [uid]:
            return billing_keys.one(world, uid)
        case "POST", [uid]:
            return cards.register(world, call, uid)
        case "DELETE", [uid]:
            return billing_keys.delete(world, call, uid)
        case "GET", [uid, "payments"]:
            return billing_keys.payments(world, call, uid)
        case "GET", [uid, "schedules"]:
            return schedules.of_customer(world, call, uid, paged=paged)
    raise _unknown()


def _schedules(world: World, call: Call, rest: list[str], paged: bool) -> Json:
    match call.method, rest:
        case "GET", []:
            return schedules.every(world, call, paged=paged)
        case "POST", []:
            return schedules.book(world, call)
        case "GET", ["customers", uid]:
            return schedules.of_customer(world, call, uid, paged=paged)
        case "GET", [order]:
            return schedules.one(world, order)
        case "PUT", [order]:
            return schedules.move(world, call, order)
        case "POST", [order, "reschedule"]:
            return schedules.reschedule(world, call, order)
        case "POST", [order, "retry"]:
            return schedules.retry(world, call, order)
    raise _unknown()


def _receipts(world: World, call: Call, imp_uid: str) -> Json:
    match call.method:
        case "GET":
            return receipts.one(world, imp_uid)
        case "POST":
            return receipts.issue(world, call, imp_uid)
        case "DELETE":
            return receipts.cancel(world, call, imp_uid)
    raise _unknown()


def _external_receipts(world: World, call: Call, order: str) -> Json:
    match call.method:
        case "GET":
            return receipts.one_external(world, order)
        case "POST":
            return receipts.issue_external(world, call, order)
        case "DELETE":
            return receipts.cancel_external(world, call, order)
    raise _unknown()


def _deliveries(world: World, call: Call) -> Json:
    match call.method, call.path:
        case "GET", ("escrows", "logis", imp_uid):
            return escrow.one(world, call, imp_uid)
        case "POST", ("escrows", "logis", imp_uid):
            return escrow.enter(world, call, imp_uid)
        case "PUT", ("escrows", "logis", imp_uid):
            return escrow.change(world, call, imp_uid)
        case "POST", ("payco", "orders", "status", imp_uid):
            return deliveries.payco_status(world, call, imp_uid)
        case "POST", ("paymentwall", "delivery"):
            return deliveries.paymentwall(world, call)
    raise _unknown()


def _waiting(world: World, call: Call, imp_uid: list[str]) -> Json:
    match call.method, call.path[0], imp_uid:
        case "POST", "vbanks", []:
            return vbanks.issue(world, call)
        case "PUT", "vbanks", [uid]:
            return vbanks.change(world, call, uid)
        case "DELETE", "vbanks", [uid]:
            return vbanks.revoke(world, call, uid)
        case "POST", "cvs", []:
            return cvs.issue(world, call)
        case "DELETE", "cvs", [uid]:
            return cvs.revoke(world, call, uid)
    raise _unknown()


def _certifications(world: World, call: Call, rest: list[str]) -> Json:
    match call.method, rest:
        case "POST", ["otp", "request"]:
            return identity.request_otp(world, call)
        case "POST", ["otp", "confirm", imp_uid]:
            return identity.confirm_otp(world, call, imp_uid)
        case "GET", [imp_uid]:
            return identity.one(world, imp_uid)
        case "DELETE", [imp_uid]:
            return identity.erase(world, imp_uid)
    raise _unknown()


def _of_single_pgs(world: World, call: Call) -> Json:
    match call.method, call.path:
        case _, ("certifications", *rest):
            return _certifications(world, call, rest)
        case "DELETE", ("kcpquick", "members", member_id):
            return kcp.delete_member(world, call, member_id)
        case "POST", ("benepia", "point"):
            return kcp.points(world, call)
        case "POST", ("benepia", "payment"):
            return kcp.pay(world, call)
        case _, ("kakao", "payment", "orders"):
            raise No(410, "제공이 종료된 API입니다. (카카오페이 주문내역 조회)", -1)
    raise _unknown()


def _codes(table: dict[str, str], code: list[str]) -> Json:
    if not code:
        return answer([{"code": one, "name": name} for one, name in table.items()])
    if code[0] not in table:
        raise No(404, "존재하지 않는 코드입니다.")
    return answer({"code": code[0], "name": table[code[0]]})


def _unknown() -> No:
    return No(404, "요청하신 경로를 찾을 수 없습니다.", -1)
