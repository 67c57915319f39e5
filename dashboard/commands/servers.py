"""`jangbu demo`, `serve` and `sandbox`: what runs until Ctrl-C."""

from typing import Annotated

import typer

from dashboard.commands.answer import sentences
from dashboard.locale import _
from dashboard.settings import load_settings

_ODD = "Plants rows as PGs, shops and PHP really write them: cut emoji, EUC-KR, floats, nulls, late approvals, …"


def demo(
    port: Annotated[int | None, typer.Option(help="Port of the dashboard; JANGBU_PORT if left out.")] = None,
    payments: Annotated[int, typer.Option(help="Size of the sandbox's world.")] = 24_000,
    odd: Annotated[bool, typer.Option("--odd", help=_ODD)] = False,
) -> None:
    """Sandbox gateway, mirror and dashboard in one go; Ctrl-C ends all of it."""
    from dashboard.commands import demo as demo_run

    with sentences():
        demo_run.run(port=port or load_settings(require_gateway=False).port, payments=payments, odd=odd)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; JANGBU_HOST if left out.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen on; JANGBU_PORT if left out.")
    ] = None,
    without_sign_in: Annotated[
        bool, typer.Option("--without-sign-in", help="People signed in until now, and need not from now on.")
    ] = False,
) -> None:
    """The dashboard, against the gateway and the database that the settings name."""
    from dashboard.commands.serve import serve as serve_app

    with sentences():
        given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        serve_app(load_settings().model_copy(update=given), without_sign_in=without_sign_in)


def sandbox(
    port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 8600,
    payments: Annotated[int, typer.Option(min=1, help="How many payments its world holds.")] = 24_000,
    days: Annotated[int, typer.Option(min=1, help="How many days its world goes back.")] = 400,
    seed: Annotated[int, typer.Option(help="Same seed and time, same world.")] = 1,
    latency: Annotated[float, typer.Option(min=0, help="Milliseconds that every answer is held back.")] = 0,
    odd: Annotated[bool, typer.Option("--odd", help=_ODD)] = False,
    webhook_url: Annotated[str | None, typer.Option(help="Address that gets its webhooks; none if left out.")] = None,
) -> None:
    """A V1 gateway with a made-up merchant, on loopback, until Ctrl-C."""
    from services.sandbox.credentials import IMP_KEY, IMP_SECRET
    from services.sandbox.server import run

    address = f"JANGBU_IMP_API_URL=http://127.0.0.1:{port} JANGBU_IMP_KEY={IMP_KEY} JANGBU_IMP_SECRET={IMP_SECRET}"
    typer.echo(_("The sandbox comes up for: {address}").format(address=address))
    run(
        port=port, payments=payments, days=days, seed=seed, latency=latency / 1000, odd=odd, webhook_url=webhook_url
    )  # fmt: skip
