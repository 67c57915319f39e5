"""Names of banks and card companies by the codes that all of them share."""

from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class CodeKind(StrEnum):
    """Whose codes, as V1's calls are named."""

    BANKS = "banks"
    CARDS = "cards"


class CodeName(SQLModel, table=True):
    """One code as V1 names it (StandardCodeAnnotation); what V1 no longer lists stays."""

    __tablename__ = "code_name"

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    name: str
    read_at: int = Field(sa_type=BigInteger)
    """UNIX seconds (UTC)."""
