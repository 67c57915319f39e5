"""`make bench`, or `python -m bench lists files …` for some groups, in a folder that is removed afterwards.

Ends with 1 where a wanted figure falls short.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import crowd, directory, files, hooks, idle, journal, lists, mirror, pull, recovery, reruns, revenue
from bench.table import print_figures

_GROUPS = {
    "pull": pull.measure,
    "mirror": mirror.measure,
    "lists": lists.measure,
    "journal": journal.measure,
    "keys": directory.measure,
    "recovery": recovery.measure,
    "revenue": revenue.measure,
    "files": files.measure,
    "hooks": hooks.measure,
    "reruns": reruns.measure,
    "crowd": crowd.measure,
    "idle": idle.measure,
}


def main() -> int:
    """Measures group after group and prints one table. Returns how the command ends."""
    with TemporaryDirectory() as folder:
        figures = []
        for name in sys.argv[1:] or _GROUPS:
            print(f"{name} …", file=sys.stderr)
            figures += _GROUPS[name](Path(folder))
        print_figures(figures)
    return 0 if all(one.reached for one in figures) else 1


sys.exit(main())
