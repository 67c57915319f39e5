"""Memory of a process that lives long or reads a lot."""

import ctypes
import gc
from contextlib import suppress

_M_ARENA_MAX = -8
"""malloc.h"""


def stay_lean() -> None:
    """What was imported stays: a tenth of a long sync went into looking at it again and again.

    All threads share one heap: glibc gives each its own, which keeps whatever one answer of the gateway took at most.
    """
    gc.freeze()
    with suppress(AttributeError):  # other C libraries have one heap
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
