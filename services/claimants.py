"""How a process is called where it claims something, so that another can tell whether it still runs."""

import os
import secrets
import socket
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")
"""Those that share it mean the same process by a number."""
_LIFE = secrets.token_hex(4)


def place_name(host: str, boot: str, numbers: int) -> str:
    """Where processes are told apart by their number alone: two machines or containers may share a host name."""
    return f"{host}@{sha256(f'{boot}:{numbers}'.encode()).hexdigest()[:12]}"


def _place() -> str:
    host = socket.gethostname()
    with suppress(OSError):
        return place_name(host, _BOOT.read_text(), _NUMBERS.stat().st_ino)
    return host  # a machine that says no more of itself


_PLACE = _place()


def claimant_name() -> str:
    """This life of this process, so that another on the same machine can see whether it is over."""
    return f"{_PLACE}:{os.getpid()}:{_LIFE}"


def may_live(name: str, claimant: str) -> bool:
    """Whether the process that is called so may still run; of another machine's nobody here knows."""
    place, pid, _life = name.split(":")
    if name == claimant or place != _PLACE:
        return True
    if int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
