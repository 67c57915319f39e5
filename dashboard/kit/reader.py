"""For whom a script run draws: in which language, and whether words of others may lead to a buyer."""

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.locale import set_language
from dashboard.process.sessions import colleagues
from dashboard.words.formats import hide_persons_but


def read_by(user: User) -> None:
    """Hides phones and mail addresses in text of others where the person may not see buyers; colleagues' stay."""
    session.USER.put(user)
    hide_persons_but(None if user.may(Permission.SEE_BUYERS) else colleagues())


def resume() -> None:
    """Draws for the person of the session, in a fragment's own run."""
    set_language(session.LANGUAGE.get())
    read_by(session.USER.get())
