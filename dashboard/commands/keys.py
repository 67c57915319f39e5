"""`jangbu key`: a billing key is deleted, which cannot be undone, alone or after what is booked on it."""

from typing import Annotated

import typer
from services.plain_text import harmless

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, notes, ready
from dashboard.commands.money import Again, Requester

key = typer.Typer(no_args_is_help=True, help="Billing keys.")
Key = Annotated[str, typer.Argument(metavar="CUSTOMER_UID", help="The billing key.")]
Reason = Annotated[str, typer.Option(help="The real one: Naver Pay is told.")]
Who = Annotated[Requester, typer.Option(help="Who asked for it.")]


@key.command()
def delete(
    customer_uid: Key, reason: Reason, requester: Who, again: Again = False, wait: Wait = 30, as_json: AsJson = False
) -> None:
    """Delete a billing key for good; not while payments are booked on it."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.schedules import ask_deletion

    with ready(as_json, Permission.DELETE_KEY):
        carry_out(ask_deletion(customer_uid, reason, requester.value, again=again), wait, as_json)


@key.command()
def end(
    customer_uid: Key, reason: Reason, requester: Who, again: Again = False, wait: Wait = 30, as_json: AsJson = False
) -> None:
    """End a subscription: cancel what is booked on the key, exactly what is listed, then delete the key."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.schedules import ask_ending, booked_now
    from dashboard.words import formats

    with ready(as_json, Permission.DELETE_KEY):
        booked = booked_now(customer_uid)
        for one in booked:
            line = (one.merchant_uid, f"{formats.time(one.schedule_at)} KST", formats.money(one.amount, one.currency))
            notes.print(harmless(" · ".join(line)), markup=False, highlight=False, soft_wrap=True)
        carry_out(ask_ending(customer_uid, booked, reason, requester.value, again=again), wait, as_json)
