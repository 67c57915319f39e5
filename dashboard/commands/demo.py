"""`jangbu demo`: a sandbox process, a fresh mirror of it, and the dashboard in front."""

import fcntl
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from typing import IO

from services.errors import SettingsError

from dashboard.child import own_command, own_environment
from dashboard.settings import load_settings

DATABASE = Path("var/demo.db")
_FOR_COMMANDS = (
    "JANGBU_IMP_API_URL", "JANGBU_IMP_KEY", "JANGBU_IMP_SECRET", "JANGBU_DATABASE_URL",
    "JANGBU_PUBLIC_URL", "JANGBU_USER_CODE", "JANGBU_SHOP_NAME",
)  # fmt: skip


def run(*, port: int, payments: int, odd: bool) -> None:
    """Serves until Ctrl-C or SIGTERM. The sandbox forgets what it was told when it ends, so its mirror starts anew."""
    from services.sandbox.credentials import IMP_KEY, IMP_SECRET, PG_API_KEY

    from dashboard.commands.answer import notes
    from dashboard.commands.serve import require_free_port, serve
    from dashboard.commands.sync import run_sync
    from dashboard.locale import _

    require_free_port("127.0.0.1", port)
    held = hold_folder()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the sandbox's process ends with this one either way
    _forget(DATABASE)
    gateway_port = free_port()
    os.environ.update(
        JANGBU_IMP_API_URL=f"http://127.0.0.1:{gateway_port}",
        JANGBU_IMP_KEY=IMP_KEY,
        JANGBU_IMP_SECRET=IMP_SECRET,
        JANGBU_INICIS_API_KEY=PG_API_KEY,
        JANGBU_DATABASE_URL=f"sqlite:///{DATABASE.absolute()}",
        JANGBU_HOST="127.0.0.1",
        JANGBU_PORT=str(port),
        JANGBU_PUBLIC_URL=f"http://127.0.0.1:{port}",
        JANGBU_USER_CODE="imp00000000",
        JANGBU_SHOP_NAME=_("A made-up shop"),
        JANGBU_HOOK_SECRET=(secret := token_urlsafe(16)),
    )
    notes.print(_("1/3 Starting a sandbox of PortOne: a made-up shop, no real money …"))
    with _sandbox(gateway_port, payments, f"http://127.0.0.1:{port}/webhook/{secret}", odd=odd):
        notes.print(_("2/3 Reading its payments into a new database …"))
        settings = load_settings()
        result = run_sync(settings, days=settings.mirror_days, full=False)
        read = _("    {n} payments in {seconds} s. Commands from another terminal work on it with:")
        notes.print(read.format(n=f"{result['payments']:,}", seconds=round(result["seconds"], 1)), highlight=False)
        given = " ".join(f"{name}={shlex.quote(os.environ[name])}" for name in _FOR_COMMANDS)
        notes.print(f"    export {given}", soft_wrap=True, markup=False, highlight=False)
        notes.print(_("3/3 Starting the dashboard …"))
        serve(settings)
    held.close()


def hold_folder() -> IO[str]:
    """Held as long as a demo runs. Raises SettingsError where one does already: its database would be taken away."""
    DATABASE.parent.mkdir(exist_ok=True)
    held = DATABASE.with_suffix(".lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SettingsError("A demo is running in this folder already: end it first.") from None
    return held


def _forget(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".head"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _sandbox(port: int, payments: int, webhook_url: str, *, odd: bool) -> Iterator[None]:
    command = own_command("sandbox", "--port", str(port), "--payments", str(payments), "--webhook-url", webhook_url)
    command += ["--odd"] * odd
    # A session of its own: Ctrl-C reaches only the parent, which ends the child after the dashboard.
    child = subprocess.Popen(  # noqa: S603 - our own command
        command, env=own_environment(), start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        _wait_until_it_listens(child, port)
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_it_listens(child: subprocess.Popen[bytes], port: int, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if child.poll() is not None:
            raise SettingsError("The sandbox ended before it listened, with status {status}.", status=child.returncode)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SettingsError("The sandbox did not listen within {seconds} seconds.", seconds=seconds)
