"""Tables of the System page: sync runs, rows, what the gateway sent that is new to us."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from services.store.lease import Lease
from services.store.lists.system import Freshness
from services.store.lists.unreadable import Told
from services.tables.v1 import Oddity, SyncRun

from dashboard.locale import _, retell
from dashboard.words import formats, labels
from dashboard.words.unreadable_words import NO_ID, row_kind, why_unreadable


def run_kind(kind: str) -> str:
    """A kind of sync run in words."""
    return {
        "sync": _("Sync"),
        "full": _("Full sync"),
    }.get(kind, kind)


def runs_table(runs: Sequence[SyncRun]) -> None:
    """Sync runs, the latest first; errors as they were."""
    data = {
        _("Started (KST)"): [formats.time(run.started_at) for run in runs],
        _("Kind"): [run_kind(run.kind) for run in runs],
        _("Took"): [
            formats.seconds(run.finished_at - run.started_at) if run.finished_at else _("running") for run in runs
        ],
        _("Read"): [run.payments for run in runs],
        _("Changed"): [run.changed for run in runs],
        _("Drift"): [run.drift for run in runs],
        _("Requests"): [run.requests for run in runs],
        _("Error"): [retell(run.error or "") for run in runs],
    }
    counts = (_("Read"), _("Changed"), _("Drift"), _("Requests"))
    config = {name: st.column_config.NumberColumn(format="%,d") for name in counts}
    st.dataframe(
        pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, alt=_("Sync runs, the latest first")
    )


def at_work(lease: Lease) -> None:
    """Which process of several reads and sends, or that none does."""
    if not lease.is_held:
        st.warning(_("No process does the background work: nothing is read or sent."), icon=":material/sync_problem:")
        return
    words = _("Background work: by process {process} on {machine}, since {time} (KST).")
    told = words.format(process=lease.process, machine=lease.machine, time=formats.time(int(lease.since)))
    st.caption(formats.escape(told))


def rows_table(counts: Mapping[str, int]) -> None:
    """How many rows each table has."""
    data = {_("Table"): [labels.table(name) for name in counts], _("Rows"): list(counts.values())}
    config = {_("Rows"): st.column_config.NumberColumn(format="%,d")}
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, alt=_("Rows in the store"))


def oddities_table(oddities: Sequence[Oddity]) -> None:
    """What the gateway sent that this version does not know: kept as it came."""
    kinds = {
        "unknown_field": _("Unknown field"),
        "unknown_value": _("Unknown value"),
        "unreadable_field": _("Unreadable field"),
    }
    data = {
        _("Kind"): [kinds.get(row.kind, row.kind) for row in oddities],
        _("Name"): [row.name for row in oddities],
        _("Seen"): [row.seen for row in oddities],
        _("First (KST)"): [formats.time(row.first_at) for row in oddities],
        _("Last (KST)"): [formats.time(row.last_at) for row in oddities],
    }
    config = {_("Seen"): st.column_config.NumberColumn(format="%,d")}
    words = _("Fields and values that this version does not know")
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, alt=words)


def unreadable_table(rows: Sequence[Told]) -> None:
    """Rows that came and could not be kept: which, why, and whether an earlier version of each is shown elsewhere."""
    data = {
        _("Kind"): [row_kind(row.kind) for row in rows],
        _("Id"): [row.uid or NO_ID for row in rows],
        _("What is wrong"): [why_unreadable(row.reason) for row in rows],
        _("Shown"): [_("as it was before") if row.earlier else _("nowhere") for row in rows],
        _("First (KST)"): [formats.time(row.first_at) for row in rows],
        _("Last (KST)"): [formats.time(row.last_at) for row in rows],
    }
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, alt=_("Rows that could not be read"))


def raw_rows(rows: Sequence[bytes]) -> None:
    """Rows as they came; what is not UTF-8 shows as U+FFFD."""
    for row in rows:
        st.code(row.decode("utf-8", "replace"), language=None, wrap_lines=True)


def filled_back(fresh: Freshness) -> str:
    """Whether the whole span is here, or how many of its months are."""
    if fresh.filling:
        done, months = fresh.filling.months
        return _("{done} of {months} months").format(done=done, months=months)
    return _("yes") if fresh.backfilled else _("not yet")
