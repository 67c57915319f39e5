"""`jangbu limits`: from which amount on a second person approves, kept in the database."""

from typing import Annotated

import typer
from services.clock import system_clock
from services.errors import InvalidRequest, SettingsError
from services.operations.journal.limits import kept_limit, set_limit
from services.people.staff import checked_reason
from services.store.engine import reading

from dashboard.commands.answer import AsJson, answer, ready, say, sentence_of, tell
from dashboard.locale import _
from dashboard.process.executor import cli_actor, limit_now
from dashboard.process.resources import current_settings, open_store
from dashboard.process.roster import require_admin, require_approver, signs_in
from dashboard.words import formats

limits = typer.Typer(no_args_is_help=True, help="From which amount on a second person approves a refund.")
_NEVER = "never"


@limits.command()
def show(as_json: AsJson = False) -> None:
    """What holds: the stricter one of the database's limit and of this environment's."""
    with ready(as_json, None, require_gateway=False):
        _tell(as_json)


@limits.command("set")
def change(
    refund_approval_from: Annotated[str, typer.Option(help="Whole won, 0 for all, or never.")],
    reason: Annotated[str, typer.Option(help="Why; wanted where people sign in.")] = "",
    as_json: AsJson = False,
) -> None:
    """Change the database's limit; with sign-in an administrator's, by the app's roles. It stands in the audit."""
    with ready(as_json, None, require_gateway=False):
        actor = cli_actor()
        with reading(open_store()) as conn:
            require_admin(conn, actor.name)
            why = checked_reason(reason) if reason or signs_in(conn) else ""
        set_limit(open_store(), _typed(refund_approval_from), actor, system_clock(), reason=why)
        _tell(as_json)
        with reading(open_store()) as conn:
            try:
                require_approver(conn, limit_now(conn))
            except SettingsError as error:
                say(sentence_of(error))


def _typed(text: str) -> int | None:
    if text.strip() == _NEVER:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise InvalidRequest("A limit is a whole number of won, or never.", field="refund_approval_from")
    return int(text)


def _tell(as_json: bool) -> None:
    with reading(open_store()) as conn:
        kept, holds = kept_limit(conn)[1], limit_now(conn)
    told = {"database": kept, "setting": current_settings().refund_approval_from, "holds": holds}
    if as_json:
        answer(told, as_json=True)
        return
    words = {"database": _("The database keeps"), "setting": _("JANGBU_REFUND_APPROVAL_FROM says"),
             "holds": _("In force, the stricter of both")}  # fmt: skip
    for name, limit in told.items():
        amount = _("never") if limit is None else _("from {amount} on").format(amount=formats.money(limit, "KRW"))
        tell(f"{words[name]}: {amount}")
