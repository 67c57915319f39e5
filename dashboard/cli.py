"""The `jangbu` command: which commands there are; each is in dashboard/commands/, by its idea."""

import os
from importlib.metadata import version
from typing import Annotated

import typer

from dashboard.commands.alarms import alarms
from dashboard.commands.answer import Commands
from dashboard.commands.backups.backup import backup
from dashboard.commands.backups.restore import restore
from dashboard.commands.export import export
from dashboard.commands.inspection import inspection
from dashboard.commands.journal import audit, operations
from dashboard.commands.keys import key
from dashboard.commands.limits import limits
from dashboard.commands.links import link
from dashboard.commands.money import charge, refund
from dashboard.commands.people.access import access
from dashboard.commands.pg.deliveries import payco, paymentwall
from dashboard.commands.pg.escrow import escrow
from dashboard.commands.pg.identity import identity, kcpquick
from dashboard.commands.pg.naver import naver
from dashboard.commands.pg.vbanks import cvs, vbank
from dashboard.commands.privacy.buyer import buyer
from dashboard.commands.receipts.receipt import receipt
from dashboard.commands.revenue import revenue
from dashboard.commands.schedules import schedule
from dashboard.commands.servers import demo, sandbox, serve
from dashboard.commands.sessions import sessions
from dashboard.commands.sync import sync
from dashboard.commands.upkeep import doctor, migrate
from dashboard.process.lean import stay_lean
from dashboard.process.logs import log_to_stderr

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Jangbu: payments of i'mport, kept and shown.",
)
log_to_stderr()


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"jangbu {version('jangbu')}")
        raise typer.Exit


@app.callback()
def _begin(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Which version this is.")
    ] = False,
) -> None:
    os.umask(0o077)  # what a command makes holds buyers: it is for the one who runs it
    stay_lean()


app.command()(demo)
app.command()(serve)
app.command()(sync)
app.command()(refund)
app.command()(charge)
app.add_typer(schedule, name="schedule")
app.add_typer(key, name="key")
app.add_typer(link, name="link")
app.add_typer(receipt, name="receipt")
app.add_typer(naver, name="naver")
app.add_typer(escrow, name="escrow")
app.add_typer(payco, name="payco")
app.add_typer(paymentwall, name="paymentwall")
app.add_typer(vbank, name="vbank")
app.add_typer(cvs, name="cvs")
app.add_typer(identity, name="identity")
app.add_typer(kcpquick, name="kcpquick")
app.add_typer(buyer, name="buyer")
app.add_typer(operations, name="operations")
app.add_typer(audit, name="audit")
app.add_typer(limits, name="limits")
app.add_typer(sessions, name="sessions")
app.add_typer(alarms, name="alarms")
app.add_typer(access, name="access")
app.command()(export)
app.command()(inspection)
app.command()(revenue)
app.command()(sandbox)
app.command()(backup)
app.command()(restore)
app.command()(migrate)
app.command()(doctor)
