"""The parameters of Naver Pay alone, of its payments and of its billing keys."""

from services.checkout.parameters import rules
from services.checkout.parameters.case import Case
from services.checkout.parameters.parameter import Parameter, Type
from services.checkout.parameters.products import PRODUCT
from services.errors import says

_BY_CONTRACT = rules.Rule(
    says("It is sent only where the contract with Naver Pay asks for it, and the settings say that it does not."),
    lambda _, case: case.merchant.use_confirm_day,
)
_HIGH_RISK = rules.Rule(
    says("Only a high-risk business sends this to Naver Pay, and the settings say that this is none."),
    lambda _, case: case.merchant.high_risk,
)
CHAIN_ID_WITHDRAWN = rules.Rule(
    says(
        "It is withdrawn: a channel has its Chain ID in PortOne's console. Only an old snippet with pg still names it."
    ),
    lambda _, case: not case.has("channelKey"),
)


def _at_naver(case: Case) -> bool:
    return case.at_naver


def _naver_payment(case: Case) -> bool:
    return case.at_naver and not case.registers


def _high_risk(case: Case) -> bool:
    return _naver_payment(case) and case.merchant.high_risk


def registers_at_naver(case: Case) -> bool:
    return case.at_naver and case.registers


NAVER = (
    Parameter(
        "naverPopupMode",
        Type.FLAG,
        where=_at_naver,
        needed=_at_naver,
        missing_template=says("Say whether Naver Pay opens as a popup or in the page's place."),
    ),
    Parameter(
        "naverProducts",
        Type.LIST,
        where=_naver_payment,
        needed=_naver_payment,
        parts=PRODUCT,
        missing_template=says("Naver Pay's inspection wants the products: name one at least."),
        elsewhere_template=says("Only a payment at Naver Pay names products; a registration has naverProductCode."),
    ),
    Parameter(
        "naverUseCfm",
        Type.ID,
        where=_naver_payment,
        needed=lambda case: case.merchant.use_confirm_day,
        rules=(_BY_CONTRACT, rules.DAY, rules.FUTURE),
    ),
    Parameter("naverPurchaserName", Type.TEXT, where=_naver_payment, needed=_high_risk, rules=(_HIGH_RISK,)),
    Parameter(
        "naverPurchaserBirthday",
        Type.ID,
        where=_naver_payment,
        needed=_high_risk,
        rules=(_HIGH_RISK, rules.DAY, rules.BORN),
    ),
    Parameter(
        "naverMerchantUserKey",
        Type.ID,
        where=_naver_payment,
        needed=_high_risk,
        rules=(_HIGH_RISK, rules.NOBODY),
    ),
    Parameter("naverCultureBenefit", Type.FLAG, where=_naver_payment),
    Parameter(
        "naverProductCode",
        Type.ID,
        where=registers_at_naver,
        needed=registers_at_naver,
        missing_template=says("Without it the same buyer can register twice: a code that stays with the product."),
    ),
    Parameter(
        "naverProductCount",
        Type.NUMBER,
        where=registers_at_naver,
        needed=registers_at_naver,
        rules=(rules.between(1, 999_999),),
    ),
    Parameter("naverChainId", Type.ID, where=_at_naver, rules=(CHAIN_ID_WITHDRAWN,)),
)
