"""The process from which tests fork others: it has everything imported, so that each costs milliseconds, not seconds.

A process has one such server, and the last list of modules that it is told is the one it takes: here is the only one.
"""

import multiprocessing

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(
    [
        "dashboard.cli",
        "dashboard.commands.follow",
        "tests.worlds.commands",
        "tests.worlds.operations.executor_process",
        "tests.worlds.operations.gate",
        "tests.worlds.operations.invariants",
        # What these import only when they are used.
        "_strptime",
        "certifi",
        "encodings.idna",
        "httpcore",
        "numpy.ma",
        "pytest",
        "services.mirror.sync",
        "services.operations.journal.restoration",
        "services.revenue.forecast",
        "services.subscriptions.keep",
        "statistics",
    ]
)
