"""Cash receipts as V1 tells of them, and what was sent for each. Won; UNIX seconds. Never whose number it went to."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from services.tables.indexes import where_known


class ReceiptType(StrEnum):
    """What it is for, in V1's words."""

    PERSON = "person"
    """Income deduction."""
    COMPANY = "company"
    """Proof of expense."""


class ReceiptState(StrEnum):
    """How a receipt stands; read of the row and of its payment, never kept."""

    LIVE = "live"
    DIFFERS = "differs"
    """Live, over another amount than is left of its payment."""
    CANCELLED = "cancelled"


class CashReceipt(SQLModel, table=True):
    """One cash receipt: of a payment, or of a sale made elsewhere, which only has an order number."""

    __tablename__ = "cash_receipt"

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    external: bool
    """Whether the sale was made elsewhere."""
    about: str
    """The payment's imp_uid, or the order number of a sale made elsewhere."""
    imp_uid: str | None = None
    merchant_uid: str
    name: str | None = None
    pg_provider: str | None = None
    sandbox: bool = False
    type: str
    identifier_kind: str | None = None
    """phone, business, taxcard or person: which kind of number it went to; null where it was issued elsewhere."""
    identifier_end: str | None = None
    """The last four digits, to tell two apart; of a resident number none."""
    amount: int = Field(sa_type=BigInteger)
    vat: int = Field(sa_type=BigInteger)
    tax_free: int | None = Field(default=None, sa_type=BigInteger)
    """As it was sent: V1 does not tell it."""
    apply_num: str
    """The tax office's number."""
    receipt_tid: str | None = None
    receipt_url: str | None = None
    applied_at: int = Field(sa_type=BigInteger)
    cancelled_at: int = Field(default=0, sa_type=BigInteger)
    """0 as long as it is live."""
    operation_id: int | None = None
    """The operation that issued it."""
    issued_by: str | None = None
    read_at: int = Field(sa_type=BigInteger)

    __table_args__ = (
        Index("cash_receipt_one", "external", "about", "apply_num", unique=True),
        Index("cash_receipt_time", "applied_at", "id"),
        Index("cash_receipt_payment", "imp_uid", **where_known("imp_uid")),
        Index("cash_receipt_order", "merchant_uid"),
    )
