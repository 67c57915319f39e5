"""`jangbu link`: an address by which a buyer pays or registers a key."""

from typing import Annotated, Any

import typer
from services.clock import system_clock
from services.errors import InvalidRequest, NotAllowed
from services.operations.journal.journal import saving
from services.store.engine import reading
from services.tables.checkouts import Checkout

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, answer, ready, tell
from dashboard.process.checkout import address_of, merchant_now, require_links
from dashboard.process.executor import cli_actor, commander_may
from dashboard.process.resources import open_gateway, open_store
from dashboard.words import formats

link = typer.Typer(no_args_is_help=True, help="Links by which buyers pay or register a billing key.")
Number = Annotated[int, typer.Argument(metavar="LINK", help="Its number.")]
_MOST = 50


@link.command()
def create(
    amount: Annotated[str, typer.Option(help="In won.")],
    name: Annotated[str, typer.Option(help="What is paid for, as the buyer reads it.")],
    channel: Annotated[str, typer.Option(help="Key of the channel; without it the first one of Naver Pay.")] = "",
    days: Annotated[int, typer.Option(min=1, help="How long it lasts.")] = 3,
    product: Annotated[str, typer.Option(help="The shop's own number of what is sold.")] = "LINK",
    uses: Annotated[int, typer.Option(min=1, help="How often it may be paid.")] = 1,
    memo: Annotated[str, typer.Option(help="For colleagues alone.")] = "",
    register: Annotated[str, typer.Option(help="A customer_uid: the buyer registers this billing key.")] = "",
    buyer_tel: Annotated[str, typer.Option(help="The buyer's phone number; a registration needs it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a link, and print its address."""
    from services.amounts import read_amount
    from services.checkout import checkouts
    from services.checkout.offers import OfferForm, offer_of, window_channels

    with ready(as_json):
        _require_may()
        require_links()
        channels = window_channels(row.fields for row in open_gateway().channels())
        chosen = channel or next((one.key for one in channels if one.pg_provider == "naverpay"), "")
        form = OfferForm(
            read_amount(amount, "KRW"), name, chosen, days,
            product=product, uses=uses, memo=memo, customer_uid=register, buyer_tel=buyer_tel,
        )  # fmt: skip
        now = system_clock()
        offer = offer_of(form, channels, merchant_now(), now)
        with saving(open_store()) as conn:
            made = checkouts.make(conn, offer, cli_actor(), now)
        _tell(made, as_json)


@link.command("list")
def list_links(as_json: AsJson = False) -> None:
    """The latest links, newest first."""
    from services.checkout import checkouts

    with ready(as_json):
        _require_may()
        with reading(open_store()) as conn:
            found = checkouts.latest(conn, _MOST)
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

    with ready(as_json):
        _require_may()
        with saving(open_store()) as conn:
            try:
                checkouts.get(conn, number)
            except LookupError:
                raise InvalidRequest("There is no link {number}.", field="link", number=number) from None
            checkouts.withdraw(conn, number, cli_actor(), system_clock())
            ended = checkouts.get(conn, number)
        _tell(ended, as_json)


def _require_may() -> None:
    with reading(open_store()) as conn:
        if not commander_may(conn, Permission.CHARGE):
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
