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


# The work is a function `work()` of the piece, whose value is JSON; what stands around it is the idle process, as a
# command leaves it.
# Linux counts a process's peak from when it was started (getrusage would begin with its parent's), and anew when told.
_FRAME = """
import json, pathlib, re, sys, time
from dashboard.process.lean import stay_lean
{setup}
stay_lean()
def kib(name):
    return int(re.search(name + r":\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
pathlib.Path("/proc/self/clear_refs").write_text("5")
idle = kib("VmRSS")
begun = time.perf_counter()
answer = work()
seconds = time.perf_counter() - begun
json.dump([seconds, (kib("VmHWM") - idle) / 1024, answer], sys.stdout)
"""


def run_apart(setup: str) -> Measured:
    """`setup` is Python that ends with a function `work`."""
    code = _FRAME.format(setup=setup)
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return Measured(*json.loads(done.stdout))
