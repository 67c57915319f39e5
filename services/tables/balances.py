"""What a payment is made up of, as V1 tells it where a PG does. Won; UNIX seconds."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


def _won() -> int:
    made: int = Field(sa_type=BigInteger)
    return made


class PaymentBalance(SQLModel, table=True):
    """By what it was paid and how that is taxed, after refunds (V1 PaymentBalanceResponseAnnotation)."""

    __tablename__ = "payment_balance"

    imp_uid: str = Field(primary_key=True)
    amount: int = _won()
    """What the payment was at first."""
    cash_receipt_tax_free: int = _won()
    """For what cash receipts were issued: a part of the others, not beside them."""
    cash_receipt_supply: int = _won()
    cash_receipt_vat: int = _won()
    cash_receipt_service: int = _won()
    primary_tax_free: int = _won()
    """By card, bank transfer, virtual account or phone."""
    primary_supply: int = _won()
    primary_vat: int = _won()
    primary_service: int = _won()
    secondary_tax_free: int = _won()
    """By points of the PG or of a card."""
    secondary_supply: int = _won()
    secondary_vat: int = _won()
    secondary_service: int = _won()
    discount_tax_free: int = _won()
    """What the PG or the card's company took off by itself, and bears."""
    discount_supply: int = _won()
    discount_vat: int = _won()
    discount_service: int = _won()
    cancel_amount: int = _won()
    """What stood refunded when it was asked for: another sum means that it is out of date."""
    read_at: int = _won()
