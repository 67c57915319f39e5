"""Saved views of lists, and the columns that a list begins with for a person. Times in UNIX seconds (UTC)."""

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where


class SavedView(SQLModel, table=True):
    """A list as somebody saved it; a shared one that was deleted stays, with who did it."""

    __tablename__ = "saved_view"

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    list_name: str
    name: str
    """Empty: no view, but the columns that the list begins with for its owner."""
    owner: str
    shared: bool
    address: str = Field(sa_type=Text)
    """Filter and order, as the list's address writes them; periods by their names."""
    columns: str = Field(sa_type=Text)
    """Names in their order, with commas; empty: those of the list itself."""
    made_at: int = Field(sa_type=BigInteger)
    changed_by: str | None = None
    changed_at: int | None = Field(default=None, sa_type=BigInteger)
    deleted_by: str | None = None
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)

    __table_args__ = (
        Index("saved_view_own", "list_name", "owner", "name", unique=True, **where("deleted_at IS NULL")),
        Index("saved_view_shared", "list_name", **where("shared AND deleted_at IS NULL")),
    )
