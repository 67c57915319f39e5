"""`jangbu link`: an address by which a buyer pays or registers a key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from services.checkout.parameters.case import NAVERPAY
from services.clock import system_clock
from services.errors import InvalidRequest, NotAllowed
from services.operations.journal.journal import saving
from services.store.engine import reading
from services.tables.checkouts import Checkout

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Status, answer, notes, ready, say, tell
from dashboard.locale import _, sentence
from dashboard.process.checkout import address_of, merchant_now, require_links, terms_of
from dashboard.process.executor import cli_actor, commander_may
from dashboard.process.resources import current_settings, known_tier, open_gateway, open_store
from dashboard.words import formats

if TYPE_CHECKING:
    from services.checkout.files.link_files import Made
    from services.checkout.files.link_rows import LinkRun

link = typer.Typer(no_args_is_help=True, help="Links by which buyers pay or register a billing key.")
Number = Annotated[int, typer.Argument(metavar="LINK", help="Its number.")]
_MOST = 50


@link.command()
def create(
    amount: Annotated[str, typer.Option(help="In won.")] = "",
    name: Annotated[str, typer.Option(help="What is paid for, as the buyer reads it.")] = "",
    channel: Annotated[str, typer.Option(help="Key of the channel; without it the first one of Naver Pay.")] = "",
    days: Annotated[int, typer.Option(min=1, help="How long it lasts.")] = 3,
    product: Annotated[str, typer.Option(help="The shop's own number of what is sold.")] = "LINK",
    uses: Annotated[int, typer.Option(min=1, help="How often it may be paid.")] = 1,
    memo: Annotated[str, typer.Option(help="For colleagues alone.")] = "",
    register: Annotated[str, typer.Option(help="A customer_uid: the buyer registers this billing key.")] = "",
    buyer_tel: Annotated[str, typer.Option(help="The buyer's phone number; a registration needs it.")] = "",
    tier: Annotated[str, typer.Option(help="Code of the sub-store that is paid, of JANGBU_TIERS.")] = "",
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A CSV with a row for each of many links.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Of a file: where its rows and their addresses are written.")] = None,
    reason: Annotated[
        str, typer.Option(help="Of a file: what the one that is written is for, as for `jangbu export`.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Of a file: say what each row would do, no more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a link and print its address, or the links of a file."""
    from services.amounts import read_amount
    from services.checkout import checkouts
    from services.checkout.offers import OfferForm, Product, offer_of, window_channels

    if file:
        _create_many(file, None if dry_run else out, channel, reason, dry_run=dry_run, as_json=as_json)
        return
    with ready(as_json, Permission.CHARGE):
        _require_may(known_tier(tier))
        require_links()
        channels = window_channels(row.fields for row in open_gateway().channels())
        chosen = channel or next((one.key for one in channels if one.pg_provider == "naverpay"), "")
        form = OfferForm(
            read_amount(amount, "KRW"), name, chosen, days,
            products=(Product(product),), uses=uses, memo=memo, customer_uid=register, buyer_tel=buyer_tel,
            tier=known_tier(tier),
        )  # fmt: skip
        now = system_clock()
        offer = offer_of(form, channels, merchant_now(), now)
        with saving(open_store()) as conn:
            made = checkouts.make(conn, offer, cli_actor(), now)
        _tell(made, as_json)


def _create_many(file: Path, out: Path | None, channel: str, reason: str, *, dry_run: bool, as_json: bool) -> None:
    """The links of a file, whole or not at all; the same file once more writes the same links."""
    from dashboard.commands.export import whole_or_nothing
    from dashboard.process.access_log.commands import note_file, said_reason
    from dashboard.words.links.link_results import RESULT

    with ready(as_json, Permission.CHARGE, require_gateway=False):
        _require_may()
        require_links()
        if out is None and not dry_run:
            raise InvalidRequest("Say where the addresses go: --out FILE.", field="out")
        why = said_reason(reason) if out else ""
        run = _looked_at(file, channel)
        wrong = [
            {"row": row.number, "column": one.values["field"], "message": sentence(one)}
            for row in run.rows
            for one in row.problems
        ]
        told: dict[str, Any] = {"rows": len(run.rows), "to_make": len(run.offers), "made_before": run.made}
        if run.sums:
            told["rows_that_add_up"] = run.sums
        if out and not wrong:
            with whole_or_nothing(out) as written:
                note_file("links", len(run.rows), RESULT, why)
                made = _make(run)
                written.write(_result(made.file_id).encode())
            told |= {"made": made.links, "left_out": made.left_out, "file": str(out)}
        if as_json:
            answer(told | {"wrong": wrong}, as_json=True)
        else:
            for one in wrong:
                say(_("Row {row}, {column}: {message}").format(**one))
            answer(told, as_json=False)
    if wrong:
        raise typer.Exit(Status.FAILED)


def _looked_at(file: Path, channel: str) -> "LinkRun":
    from services.checkout.files.link_rows import dry_run
    from services.checkout.offers import window_channels
    from services.store.lists.system import list_channels

    with reading(open_store()) as conn:
        channels = window_channels(row.model_dump() for row in list_channels(conn))
        wanted = (one for one in channels if one.key == channel or (not channel and one.pg_provider == NAVERPAY))
        if (chosen := next(wanted, None)) is None:
            raise InvalidRequest("Choose a channel that opens a payment window.", field="channel")
        return dry_run(conn, file.name, file.read_bytes(), terms_of(chosen), system_clock())


def _make(run: "LinkRun") -> "Made":
    from rich.progress import Progress
    from services.checkout.files.link_files import make_links

    now = system_clock()
    with Progress(console=notes, disable=not notes.is_terminal, transient=True) as bar:
        task = bar.add_task(run.name, total=None)
        return make_links(
            open_store(),
            run.begun_at(now),
            cli_actor(),
            now,
            lambda done, of: bar.update(task, completed=done, total=of),
        )


def _result(file_id: int) -> str:
    from services.checkout.files.link_files import links_of_file

    from dashboard.words.links.link_results import result_file

    with reading(open_store()) as conn:
        return result_file(links_of_file(conn, file_id), address_of, current_settings().shop_name)


@link.command("list")
def list_links(as_json: AsJson = False) -> None:
    """The latest links, newest first."""
    from services.checkout import checkouts

    from dashboard.process.access_log.commands import note_shown

    with ready(as_json, Permission.CHARGE):
        _require_may()
        with reading(open_store()) as conn:
            found = checkouts.latest(conn, _MOST)
        note_shown("links", len(found))
        if as_json:
            answer({"links": [_as_json(one) for one in found]}, as_json=True)
        for one in () if as_json else found:
            _tell(one, as_json=False)


@link.command()
def withdraw(
    number: Annotated[int, typer.Argument(metavar="LINK", help="Its number.")], as_json: AsJson = False
) -> None:
    """End a link; what is paid by it nevertheless goes back."""
    from services.checkout import checkouts

    with ready(as_json, Permission.CHARGE):
        _require_may()
        with saving(open_store()) as conn:
            try:
                checkouts.get(conn, number)
            except LookupError:
                raise InvalidRequest("There is no link {number}.", field="link", number=number) from None
            _require_may(checkouts.get(conn, number).tier)
            checkouts.withdraw(conn, number, cli_actor(), system_clock())
            ended = checkouts.get(conn, number)
        _tell(ended, as_json)


def _require_may(tier: str = "") -> None:
    with reading(open_store()) as conn:
        if not commander_may(conn, Permission.CHARGE, tier):
            raise NotAllowed("Your role does not charge, so it makes no links either.")


def _as_json(made: Checkout) -> dict[str, Any]:
    return {
        "link": made.id, "address": address_of(made.token), "kind": made.kind, "state": made.state, "name": made.name,
        "amount": made.amount, "currency": made.currency, "used": made.used, "uses": made.uses,
        "expires_at": made.expires_at, "customer_uid": made.customer_uid,
    }  # fmt: skip


def _tell(made: Checkout, as_json: bool) -> None:
    if as_json:
        answer(_as_json(made), as_json=True)
        return
    amount = formats.money(made.amount, made.currency)
    tell(f"{made.id} · {made.state} · {amount} · {made.name} · {address_of(made.token)}")
