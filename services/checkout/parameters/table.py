"""The parameters of the payment window (`IMP.request_pay`): where each belongs, when it is needed, what it may be.

From PortOne's pages of V1's JavaScript SDK and of each PG (2026-08-06); lengths of the buyer's data as V1 keeps them.
"""

from services.checkout.parameters import rules
from services.checkout.parameters.case import Case
from services.checkout.parameters.naver import NAVER, registers_at_naver
from services.checkout.parameters.parameter import Parameter, Type
from services.errors import says

METHODS = ("card", "trans", "vbank", "phone")
"""What pay_method mostly says."""
IGNORES_METHOD = ("naverpay", "kakaopay", "paymentwall")
CALLS_BACK = ("payco", "danal", "danal_tpay", "paypal_v2")
"""PGs whose result comes to the page itself, on a phone as well."""
NO_REGISTRATION = ("tosspay", "paypal")
"""PGs whose window registers no billing key."""
WANTS_PHONE = ("html5_inicis", "kicc", "payco", "smilepay", "welcome")
WANTS_MEMBER = ("tosspay_v2", "smartro_v2", "nice_v2", "galaxia", "mobilians", "mobilians_v2")
_LONGEST_MEMBER = {"tosspay_v2": 50, "smartro_v2": 20}
_CONFIRMS_NOTHING = ("naverco", "daou", "eximbay")

_MEMBER = rules.Rule(
    says("At most {n} characters."),
    lambda value, case: len(value) <= _LONGEST_MEMBER.get(case.pg, len(value)),
    lambda case: {"n": _LONGEST_MEMBER.get(case.pg)},
)
_REGISTERS = rules.Rule(
    says("This PG registers no billing key in the payment window."), lambda _, case: case.pg not in NO_REGISTRATION
)
_OWN_CODE = rules.Rule(
    says("This names another PG than the one that was chosen."), lambda value, case: value.split(".")[0] == case.pg
)
_NOT_BOTH = rules.Rule(
    says("The channel is named by channelKey already: leave pg out."), lambda _, case: not case.has("channelKey")
)
_SAMSUNG = rules.Rule(
    says("The window's word for Samsung Pay is samsungpay; only its answer says samsung."),
    lambda value, _: value != "samsung",
)
_TOSS = rules.Rule(
    says("Toss Pay is asked for with card."), lambda value, case: case.pg != "tosspay" or value == "card"
)
_OF_CURRENCY = rules.Rule(
    says("Naver Pay takes won only."), lambda value, case: not case.at_naver or value == "KRW"
)  # fmt: skip
_FOREIGN = rules.Rule(says("PayPal takes no won."), lambda value, case: _not_at_paypal(value, case))


def _not_at_paypal(value: object, case: Case) -> bool:
    return not case.pg.startswith("paypal") or value != "KRW"


def _always(_: Case) -> bool:
    return True


def _elsewhere(case: Case) -> bool:
    return not case.at_naver


def _by_card(case: Case) -> bool:
    return not case.at_naver and (case.pays_by("card") or case.pg == "kakaopay")


def _comes_back(case: Case) -> bool:
    """Whether the buyer may come back by an address: at Naver Pay as it is asked for, elsewhere on every phone."""
    if case.at_naver:
        return case.values.get("naverPopupMode") is False
    return case.pg not in CALLS_BACK


def _wants_phone(case: Case) -> bool:
    return registers_at_naver(case) or case.pg in WANTS_PHONE


def _wants_name(case: Case) -> bool:
    return case.pg in ("welcome", "paymentwall") or (case.pg == "kcp" and case.pays_by("phone"))


REQUEST = (
    Parameter(
        "channelKey",
        Type.ID,
        needed=lambda case: not case.has("pg"),
        rules=(rules.shaped(r"\S+", says("A channel key has no spaces in it.")),),
        missing_template=says("Name the channel by its key: it stands in PortOne's console."),
    ),
    Parameter(
        "pg",
        Type.ID,
        rules=(
            _NOT_BOTH,
            rules.shaped(r"[a-z0-9_]+(\.\S+)?", says("A PG's code, alone or with its MID, as in naverpay.MID.")),
            _OWN_CODE,
        ),
    ),
    Parameter(
        "pay_method",
        Type.ID,
        needed=lambda case: case.pg not in IGNORES_METHOD,
        rules=(
            rules.shaped("[a-z0-9_-]+", says("A method in V1's words, as card, trans, vbank or phone.")),
            _SAMSUNG,
            _TOSS,
        ),
    ),
    Parameter("merchant_uid", Type.ID, needed=_always, rules=(rules.at_most(40),)),
    Parameter(
        "name",
        Type.TEXT,
        needed=_always,
        rules=(rules.at_most(40), rules.BARE_NAME, rules.FIRST_PRODUCT),
        missing_template=says("Say what it is for: the buyer sees this name."),
    ),
    Parameter(
        "amount",
        Type.AMOUNT,
        needed=_always,
        rules=(rules.ABOVE_NOTHING, rules.NOT_NEGATIVE, rules.ENOUGH),
        missing_template=says("Type an amount."),
    ),
    Parameter(
        "currency",
        Type.ID,
        needed=lambda case: case.pg == "paymentwall",
        rules=(
            rules.shaped("[A-Z]{3}", says("A currency's code in three capital letters, as KRW.")),
            _OF_CURRENCY,
            _FOREIGN,
        ),
    ),
    Parameter("tax_free", Type.AMOUNT, rules=(rules.WITHIN_AMOUNT,)),
    Parameter(
        "vat_amount",
        Type.AMOUNT,
        where=lambda case: case.pg in ("nice", "nice_v2", "tosspay_v2", "html5_inicis"),
        rules=(rules.WITHIN_AMOUNT,),
    ),
    Parameter(
        "customer_uid",
        Type.ID,
        where=lambda case: case.registers,
        needed=lambda case: case.registers,
        rules=(_REGISTERS, rules.at_most(80)),
        missing_template=says("Name the billing key that is registered."),
        elsewhere_template=says("With it the window registers a billing key instead of a payment: leave it out."),
    ),
    Parameter("customer_id", Type.ID, needed=lambda case: case.pg in WANTS_MEMBER, rules=(_MEMBER,)),
    Parameter("buyer_name", Type.TEXT, needed=_wants_name, rules=(rules.at_most(16),)),
    Parameter("buyer_tel", Type.TEXT, needed=_wants_phone, rules=(rules.at_most(16), rules.PHONE)),
    Parameter(
        "buyer_email",
        Type.TEXT,
        needed=lambda case: case.pg == "paymentwall",
        rules=(rules.at_most(64), rules.MAIL),
    ),
    Parameter("buyer_addr", Type.TEXT, rules=(rules.at_most(128),)),
    Parameter("buyer_postcode", Type.TEXT, rules=(rules.at_most(8),)),
    Parameter(
        "m_redirect_url",
        Type.ID,
        needed=_comes_back,
        rules=(rules.ADDRESS,),
        missing_template=says("The buyer comes back by this address: without it the result is lost."),
    ),
    Parameter(
        "app_scheme",
        Type.ID,
        rules=(rules.shaped(r"[A-Za-z][A-Za-z0-9+.-]*(://)?", says("An app's scheme, as myshop://.")),),
    ),
    Parameter("popup", Type.FLAG, where=lambda case: case.pg in ("payco", "eximbay", "settle", "settle_acc")),
    Parameter("notice_url", Type.ID, also=Type.LIST, rules=(rules.REACHED,)),
    Parameter(
        "confirm_url",
        Type.ID,
        where=lambda case: case.pg not in _CONFIRMS_NOTHING and not registers_at_naver(case),
        rules=(rules.REACHED,),
    ),
    Parameter("custom_data", Type.OBJECT),
    Parameter("digital", Type.FLAG, where=_elsewhere, needed=lambda case: case.values.get("pay_method") == "phone"),
    Parameter(
        "vbank_due",
        Type.ID,
        where=lambda case: case.pays_by("vbank"),
        needed=lambda case: case.pg in ("smartro", "smartro_v2"),
        rules=(rules.DUE,),
    ),
    Parameter(
        "biz_num",
        Type.ID,
        where=lambda case: case.pg == "danal" and case.pays_by("vbank"),
        needed=lambda case: case.values.get("pay_method") == "vbank",
        rules=(rules.shaped("[0-9]{10}", says("A business number has ten digits, without dashes.")),),
    ),
    Parameter("escrow", Type.FLAG),
    Parameter("language", Type.ID, rules=(rules.one_of("ko", "en", "zh"),)),
    Parameter("display", Type.OBJECT, where=_by_card, rules=(rules.QUOTAS, rules.AFFORDED)),
    Parameter("card", Type.OBJECT, where=_by_card, rules=(rules.CARD,)),
    Parameter("useFreeInterestFromMall", Type.FLAG, where=_by_card),
    Parameter("bypass", Type.OBJECT),
    *NAVER,
)
"""In the order in which they are written and told."""
BY_NAME = {parameter.name: parameter for parameter in REQUEST}
