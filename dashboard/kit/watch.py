"""Things that end elsewhere: a fragment looks again by itself, and draws the whole page anew once they have."""

from collections.abc import Callable, Sequence
from itertools import count

import streamlit as st
from services.operations.journal.states import OPEN
from services.tables.journal import Operation

from dashboard.kit.reader import resume
from dashboard.locale import _


def looks_again() -> Callable[[], bool]:
    """False in the page's own run, where a rerun would swallow the click that began it; then True."""
    turns = count()
    return lambda: next(turns) > 0


def watch_reading(is_reading: Callable[[], bool], words: str) -> None:
    """Says that something is being read, until it has been."""
    _reading(is_reading, words, looks_again())


@st.fragment(run_every=0.3)
def _reading(is_reading: Callable[[], bool], words: str, again: Callable[[], bool]) -> None:
    resume()
    if again() and not is_reading():
        st.rerun()
    st.info(words, icon=":material/sync:")


def watch_list(read: Callable[[], object], shown: object) -> None:
    """Draws the page anew once what `read` says is no longer what is shown."""
    st.fragment(_list, run_every=2.0)(read, shown, looks_again())


def _list(read: Callable[[], object], shown: object, again: Callable[[], bool]) -> None:
    if again() and read() != shown:
        st.rerun()


def watch_operation(
    shown: Operation, read: Callable[[], Operation], draw: Callable[[Operation], None], *, every: float = 1.0
) -> None:
    """Draws an operation, and again every second while its outcome is open."""
    watch_steps([shown], lambda: [read()], lambda steps: draw(steps[0]), every=every)


def watch_steps(
    shown: Sequence[Operation],
    read: Callable[[], Sequence[Operation]],
    draw: Callable[[Sequence[Operation]], None],
    *,
    every: float = 1.0,
) -> None:
    """Draws operations of which one waits for the other, and again every second while an outcome is open."""
    _watch(shown, read, draw, lambda now: [one.state for one in now] != [one.state for one in shown], every)


def watch_operations(
    read: Callable[[], Sequence[Operation]], draw: Callable[[Sequence[Operation]], None], *, every: float = 1.0
) -> None:
    """Draws several operations, and again every second until each of them has ended."""
    _watch(read(), read, draw, lambda now: not _any_open(now), every)


def _watch(
    shown: Sequence[Operation],
    read: Callable[[], Sequence[Operation]],
    draw: Callable[[Sequence[Operation]], None],
    moved_on: Callable[[Sequence[Operation]], bool],
    every: float,
) -> None:
    """Draws what is shown; while one of it is open it looks again, and draws the page anew once it has moved on."""
    if _any_open(shown):
        st.fragment(_operations, run_every=every)(read, draw, moved_on, looks_again())
    else:
        draw(shown)


def _operations(
    read: Callable[[], Sequence[Operation]],
    draw: Callable[[Sequence[Operation]], None],
    moved_on: Callable[[Sequence[Operation]], bool],
    again: Callable[[], bool],
) -> None:
    resume()
    now = read()
    if again() and moved_on(now):
        st.rerun()
    draw(now)
    st.caption(_("This looks again by itself. You may leave: nothing is lost."))


def _any_open(operations: Sequence[Operation]) -> bool:
    return any(one.state in OPEN for one in operations)
