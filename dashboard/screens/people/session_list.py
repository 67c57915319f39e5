"""Sessions, one's own or everybody's, and the button that ends those that are chosen."""

from collections.abc import Sequence

from services.people.lasting import Lasting
from services.tables.people import PersonSession

from dashboard.kit.lists.columns import Column, whole_text
from dashboard.locale import _, ngettext
from dashboard.screens.people.browsers import browser_of
from dashboard.screens.people.ticked_list import End, ticked_list
from dashboard.words import formats, labels


def session_table(
    found: Sequence[PersonSession], here: str, lasting: Lasting, end: End[PersonSession], *, whose: bool
) -> None:
    """Sessions, the latest first; with `whose` those of different people."""
    columns: list[Column[PersonSession]] = [
        Column("browser", _("Browser"), lambda one: browser_of(one.agent)),
        Column("here", _("This one"), lambda one: _("this one") if one.id == here else ""),
        Column("begun_at", _("Signed in (KST)"), lambda one: formats.time(one.begun_at)),
        Column("seen_at", _("Last active (KST)"), lambda one: formats.time(one.seen_at)),
        Column("ends_at", _("Ends at the latest (KST)"), lambda one: formats.time(one.begun_at + lasting.longest)),
    ]
    if whose:
        columns.insert(0, Column("role", _("Role"), lambda one: labels.role(one.role)))
        columns.insert(0, Column("email", _("Person"), lambda one: one.email, whole_text))
    alt = _("Sessions of others, the latest first") if whose else _("Your sessions, the latest first")
    ticked_list(
        found,
        columns,
        [one.id for one in found],
        end,
        name="others_sessions" if whose else "own_sessions",
        alt=alt,
        hint=_("Tick sessions to end them."),
        button=lambda n: ngettext("End {n} session", "End {n} sessions", n).format(n=f"{n:,}"),
        icon=":material/logout:",
    )
