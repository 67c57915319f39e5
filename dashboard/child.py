"""Another process of this Jangbu, whatever lies in the folder that it was started from."""

import os
import sys
from pathlib import Path

_ABOVE = str(Path(__file__).resolve().parent.parent)


def own_command(*words: str) -> list[str]:
    """`jangbu …` as this process runs it."""
    # Without -P a folder called services, as shops have them, would be taken for ours.
    return [sys.executable, "-P", "-m", "dashboard", *words]


def own_environment() -> dict[str, str]:
    """The environment in which that finds the code that this process runs."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (_ABOVE, os.environ.get("PYTHONPATH"))))}
