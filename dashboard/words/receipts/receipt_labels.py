"""Cash receipts in words: how one stands, what it is for, which kind of number it went to."""

from collections.abc import Mapping

from services.tables.receipts import ReceiptState, ReceiptType

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


@States
def state() -> Mapping[str, Look]:
    """How a receipt stands."""
    return {
        ReceiptState.LIVE: Look("✓", "green", _("Issued")),
        ReceiptState.DIFFERS: Look("!", "orange", _("Differs from the money")),
        ReceiptState.CANCELLED: Look("↩", "gray", _("Cancelled")),
    }


@once_a_language
def type_of() -> Words:
    """What it is for."""
    return {ReceiptType.PERSON.value: _("Income deduction"), ReceiptType.COMPANY.value: _("Proof of expense")}


@once_a_language
def number_kind() -> Words:
    """Which kind of number it goes to."""
    return {
        "phone": _("Mobile phone"),
        "business": _("Business number"),
        "taxcard": _("Cash receipt card"),
        "person": _("Resident registration number"),
    }


@once_a_language
def origin() -> Words:
    """Where the sale was made."""
    return {"payment": _("A payment here"), "sale": _("A sale made elsewhere")}


@once_a_language
def pg_field() -> Words:
    """What some PGs want besides."""
    return {
        "buyer_name": _("Buyer"),
        "buyer_tel": _("Phone"),
        "buyer_email": _("E-mail"),
        "corp_reg_no": _("The shop's business number"),
        "company_name": _("The shop's registered name"),
        "company_tel": _("The shop's phone for customers"),
        "product_type": _("What was sold"),
        "pay_method": _("How it was paid"),
    }


@once_a_language
def product() -> Words:
    """Kinds of goods."""
    return {"real": _("Goods"), "digital": _("Digital content")}


def ended_in(kind: str | None, end: str | None) -> str:
    """The number that it went to, by its end: `휴대전화 ····5678`."""
    if not kind:
        return ""
    return f"{number_kind(kind)} ····{end}" if end else number_kind(kind)
