"""`jangbu alarms`: what is the matter, who was told, and whether alarms arrive."""

import time

import typer
from services.alarms.matters import lasting
from services.alarms.tellings import state_of
from services.store.engine import reading

from dashboard.alarms.people import receivers
from dashboard.alarms.try_out import try_out
from dashboard.alarms.words import kind_word, line_of, why_word
from dashboard.commands.answer import AsJson, Status, answer, ready, say, tell
from dashboard.locale import _
from dashboard.process.executor import cli_actor
from dashboard.process.resources import open_store
from dashboard.process.roster import require_admin
from dashboard.words import formats

alarms = typer.Typer(help="What is the matter, who was told of it, and whether alarms arrive.")


@alarms.callback(invoke_without_command=True)
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """What is the matter as the app found it, and who is told."""
    if context.invoked_subcommand:
        return
    with ready(as_json, None, require_gateway=False):
        with reading(open_store()) as conn:
            matters = [one for one in lasting(conn) if one.gone_at is None]
            states = {one: state_of(conn, one.name) for one in receivers(conn)}
        if as_json:
            told = [{"kind": one.kind, "key": one.key, "since": one.since, "text": line_of(one)} for one in matters]
            to = [{"receiver": one.name, "kinds": [kind.value for kind in one.kinds], "told_at": state.told_at,
                   "failing": state.failing, "error": state.error} for one, state in states.items()]  # fmt: skip
            answer({"matters": told, "receivers": to}, as_json=True)
            return
        for matter in matters:
            tell(f"{formats.time(matter.since)}  {kind_word(matter.kind)}: {line_of(matter)}")
        if not matters:
            tell(_("Nothing is the matter."))
        for receiver, state in states.items():
            last = _("told last: {time}").format(time=formats.time(state.told_at))
            tell(f"{receiver.name}: {why_word(state.error) if state.error else last}")
        if not states:
            tell(_("Nobody is told: JANGBU_ALARM_SMTP, JANGBU_ALARM_SLACK and JANGBU_ALARM_WEBHOOK say where to."))


@alarms.command("test")
def send_test(as_json: AsJson = False) -> None:
    """Tell every receiver that this is a test, and wait for each; with sign-in an administrator's."""
    with ready(as_json, None, require_gateway=False):
        engine, actor = open_store(), cli_actor()
        with reading(engine) as conn:
            require_admin(conn, actor.name)
            to = receivers(conn)
        arrived = try_out(to, time.time())
        if as_json:
            answer({"receivers": [{"receiver": one.name, "error": why} for one, why in arrived.items()]}, as_json=True)
        else:
            for receiver, why in arrived.items():
                tell(f"{receiver.name}: {why_word(why) if why else _('arrived')}")
        if not arrived:
            say(_("Nobody is told: JANGBU_ALARM_SMTP, JANGBU_ALARM_SLACK and JANGBU_ALARM_WEBHOOK say where to."))
        if not arrived or any(arrived.values()):
            raise typer.Exit(Status.FAILED)
