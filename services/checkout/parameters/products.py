"""`naverProducts[]` of the payment window: what each of its fields may be.

The limits in bytes are those of Naver Pay's own clients (2025); categories are checked by their shape alone.
"""

from services.checkout.parameters import rules
from services.checkout.parameters.parameter import Parameter, Type
from services.errors import says

CATEGORIES = (
    ("PRODUCT", "GENERAL"),
    ("BOOK", "GENERAL"),
    ("MUSIC", "CD"),
    ("TRAVEL", "DOMESTIC"),
    ("FOOD", "DELIVERY"),
)
"""Pairs of categoryType and categoryId that Naver Pay is known to take, ordinary goods first: suggestions."""

PRODUCT = (
    Parameter(
        "categoryType",
        Type.ID,
        needed=lambda _: True,
        rules=(rules.shaped("[A-Z]{1,10}", says("Capital letters, 10 at most.")),),
    ),
    Parameter(
        "categoryId",
        Type.ID,
        needed=lambda _: True,
        rules=(rules.shaped("[A-Z_]{1,16}", says("Capital letters and _, 16 at most.")),),
    ),
    Parameter("uid", Type.ID, needed=lambda _: True, rules=(rules.at_most_bytes(100),)),
    Parameter("name", Type.TEXT, needed=lambda _: True, rules=(rules.at_most(128), rules.BARE_NAME)),
    Parameter("count", Type.NUMBER, needed=lambda _: True, rules=(rules.between(1, 999_999),)),
    Parameter(
        "payReferrer", Type.ID, rules=(rules.shaped("[A-Z_]{1,20}", says("Capital letters and _, 20 at most.")),)
    ),
    Parameter("startDate", Type.ID, also=Type.NUMBER, rules=(rules.DAY,)),
    Parameter("endDate", Type.ID, also=Type.NUMBER, rules=(rules.DAY, rules.AFTER_START)),
    Parameter(
        "sellerId",
        Type.ID,
        where=lambda case: case.merchant.broker,
        needed=lambda case: case.merchant.broker,
        rules=(rules.shaped("[A-Za-z0-9]{1,30}", says("Letters and digits, 30 at most.")),),
        elsewhere_template=says("Only who sells for others names the seller: leave it out."),
    ),
)
