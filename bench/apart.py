"""Runs a piece of a benchmark in a process of its own, so that its peak memory is its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Seconds of the work, its peak memory over the idle process in MiB, and what it answered."""

    seconds: float
    over_idle: float
    answer: Any


# The work is a function `work()` of the piece, whose value is JSON; what stands around it is the idle process.
_FRAME = """
import json, resource, sys, time
{setup}
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
answer = work()
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
json.dump([seconds, (peak - idle) / 1024, answer], sys.stdout)
"""


def run_apart(setup: str) -> Measured:
    """`setup` is Python that ends with a function `work`."""
    code = _FRAME.format(setup=setup)
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return Measured(*json.loads(done.stdout))
