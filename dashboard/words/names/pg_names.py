"""PGs and pay methods by their names."""

from dashboard.locale import _


def providers() -> dict[str, str]:
    """PGs by V1's codes."""
    return {
        "": _("(none)"),
        "naverpay": _("Naver Pay (payment)"),
        "naverco": _("Naver Pay (order)"),
        "nice": _("NICE"),
        "nice_v2": _("NICE (new)"),
        "html5_inicis": _("KG Inicis"),
        "kcp": _("NHN KCP"),
        "kcp_billing": _("NHN KCP (billing)"),
        "tosspayments": _("Toss Payments"),
        "tosspay_v2": _("Toss Pay"),
        "kakaopay": _("Kakao Pay"),
        "danal": _("Danal"),
        "danal_tpay": _("Danal"),
        "paypal_v2": _("PayPal"),
        "payco": _("PAYCO"),
        "uplus": _("LG U+"),
        "settle": _("Hecto Financial"),
        "smilepay": _("SmilePay"),
        "eximbay": _("Eximbay"),
        "chai": _("CHAI"),
        "daou": _("Kiwoom Pay (Daou)"),
        "galaxia": _("Galaxia Moneytree"),
        "inicis": _("KG Inicis (old)"),
        "inicis_unified": _("KG Inicis (identity)"),
        "kcp_quick": _("NHN KCP Quick Pay"),
        "kcp_v2": _("NHN KCP (new)"),
        "kicc": _("KICC"),
        "ksnet": _("KSNET"),
        "mobilians": _("KG Mobilians"),
        "mobilians_v2": _("KG Mobilians (new)"),
        "nice_V2": _("NICE (new)"),  # so written in a place of the vendor's description
        "paymentwall": _("Paymentwall"),
        "paypal": _("PayPal (old)"),
        "settle_acc": _("Hecto Financial (account)"),
        "settle_firm": _("Hecto Financial (firm banking)"),
        "smartro": _("Smartro (old)"),
        "smartro_v2": _("Smartro (new)"),
        "toss_brandpay": _("Toss BrandPay"),
        "tosspay": _("Toss Pay (old)"),
        "welcome": _("Welcome Payments"),
    }


def methods() -> dict[str, str]:
    """Pay methods by V1's codes."""
    return {
        "": _("(none)"),
        "card": _("Card"),
        "trans": _("Bank transfer"),
        "vbank": _("Virtual account"),
        "cvs": _("Convenience store"),
        "phone": _("Mobile phone"),
        "point": _("Points"),
        "naverpay": _("Naver Pay"),
        "naverpay_card": _("Naver Pay card"),
        "naverpay_point": _("Naver Pay points"),
        "kakaopay": _("Kakao Pay"),
        "tosspay": _("Toss Pay"),
        "payco": _("PAYCO"),
        "paypal": _("PayPal"),
        "samsung": _("Samsung Pay"),
        "samsungpay": _("Samsung Pay"),
        "applepay": _("Apple Pay"),
        "lpay": _("L.pay"),
        "ssgpay": _("SSG Pay"),
        "cultureland": _("Culture voucher"),
        "smartculture": _("Smart culture voucher"),
        "happymoney": _("Happy Money"),
        "booknlife": _("Book voucher"),
        "culturegift": _("Culture gift card"),
    }
