"""What the search of every screen reads of the store."""

from services.store.search.anything import Anything, find_anything

from dashboard.process.resources import open_session


def read_anything(text: str, *, buyers: bool) -> Anything:
    """The first rows of each list that hold a text. Raises InvalidFilter."""
    with open_session() as session:
        return find_anything(session, text, buyers=buyers)
