"""What no call of V1 shows of a channel, and a person says is done."""

from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class ChannelPart(StrEnum):
    """What Naver Pay needs besides a channel that opens a window."""

    CLIENT_ID = "client_id"
    CLIENT_SECRET = "client_secret"  # noqa: S105 - the name of a part
    CHAIN_ID = "chain_id"
    SETTLEMENT_KEY = "settlement_key"
    TAX = "tax"
    INSPECTION = "inspection"


class ChannelTick(SQLModel, table=True):
    """A part that a person says is done; without a row it is not. Channels are written anew by each sync."""

    __tablename__ = "channel_tick"

    pg_provider: str = Field(primary_key=True)
    pg_id: str = Field(primary_key=True)
    sandbox: bool = Field(primary_key=True)
    part: str = Field(primary_key=True)
    ticked_by: str
    ticked_at: int = Field(sa_type=BigInteger)
    """UNIX seconds (UTC)."""
