"""Runs a piece of a benchmark in a process of its own, so that its peak memory is its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Seconds of the work, and its peak memory over the idle process in MiB."""

    seconds: float
    over_idle: float
    answer: Any


_FRAME = """
import json, resource, sys, time
{setup}
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
answer = {work}
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
json.dump([seconds, (peak - idle) / 1024, answer], sys.stdout)
"""


def run_apart(setup: str, work: str) -> Measured:
    """`setup` is imports and preparation (idle), `work` one expression whose value is JSON."""
    code = _FRAME.format(setup=setup, work=work)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return Measured(*json.loads(done.stdout))
