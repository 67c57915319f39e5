"""What each parameter of the payment window is, in a few words; its name stands beside them as the window calls it."""

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language


@once_a_language
def parameter() -> Words:
    """A parameter of `IMP.request_pay`, or of one of its products, by its name."""
    return {
        "merchant_uid": _("Order number, new for each attempt"),
        "name": _("What is paid for"),
        "amount": _("Amount"),
        "currency": _("Currency, KRW if left out"),
        "tax_free": _("Tax-free part of it"),
        "vat_amount": _("VAT of it"),
        "customer_uid": _("The billing key that is made"),
        "customer_id": _("The buyer's number in the shop"),
        "buyer_name": _("The buyer's name"),
        "buyer_tel": _("The buyer's phone"),
        "buyer_email": _("The buyer's e-mail"),
        "buyer_addr": _("The buyer's address"),
        "buyer_postcode": _("The buyer's postcode"),
        "m_redirect_url": _("Where the buyer comes back to"),
        "app_scheme": _("The app that the buyer comes back to"),
        "popup": _("Whether it opens as a popup"),
        "notice_url": _("Webhooks of this payment; several with commas"),
        "confirm_url": _("Asked just before the approval"),
        "custom_data": _("The shop's own data, as JSON"),
        "digital": _("Nothing is delivered"),
        "vbank_due": _("Until when a virtual account takes a deposit"),
        "biz_num": _("Business number"),
        "escrow": _("Paid by escrow"),
        "language": _("Language of the window"),
        "display": _("Instalments that are offered, as JSON"),
        "card": _("Cards that are offered, as JSON"),
        "useFreeInterestFromMall": _("The shop pays the interest of instalments"),
        "bypass": _("The PG's own parameters, as JSON"),
        "naverUseCfm": _("Day of use, yyyyMMdd"),
        "naverPurchaserName": _("The buyer's name, of high-risk shops"),
        "naverPurchaserBirthday": _("The buyer's birthday, of high-risk shops"),
        "naverMerchantUserKey": _("The buyer's number, of high-risk shops"),
        "naverCultureBenefit": _("Deductible as culture expenses"),
        "naverProductCode": _("Number of the product, always the same"),
        "naverProductCount": _("How many products"),
        "naverChainId": _("Chain ID, of old contracts only"),
        "categoryType": _("Kind of product"),
        "categoryId": _("Kind within it"),
        "uid": _("Number of the product"),
        "count": _("Quantity"),
        "payReferrer": _("Where the buyer came from, by contract"),
        "startDate": _("First day of use, yyyyMMdd"),
        "endDate": _("Last day of use, yyyyMMdd"),
        "sellerId": _("The seller, of those who sell for others"),
    }
