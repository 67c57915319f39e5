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
        # What a dashboard of browser tests needs, but for its app, which reads its settings when it is imported.
        "dashboard.kit.plots",
        "dashboard.menu",
        "dashboard.process.after_sync",
        "dashboard.process.auth_checks",
        "dashboard.process.doors",
        "dashboard.routes.export",
        "dashboard.routes.first_page",
        "dashboard.routes.guard",
        "dashboard.routes.metrics",
        "dashboard.routes.pay.pay",
        "dashboard.routes.sign_in",
        "dashboard.screens.payments.payment_list",
        "dashboard.screens.payments.timeline",
        "tests.browser.servers",
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
