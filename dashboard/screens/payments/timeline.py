"""A story, the latest first: a line an event with who and the words that came; our own unfold into their steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

import streamlit as st
from services.tables.notes import Note

from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.operation_labels import person
from dashboard.words.told_labels import told


class Turn(IntEnum):
    """What comes first of one second: times are whole seconds, and a quick answer comes within one."""

    HAPPENED = 0
    ENDED = 1
    """An operation of ours that made no refund."""
    REFUNDED = 2
    REFUND_ENDED = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `amount` in the smallest unit, negative for a refund."""

    at: int
    what: str
    amount: int | None = None
    detail: str = ""
    currency: str | None = None
    """Where it is not the story's own."""
    gateway_says: str = ""
    turn: Turn = Turn.HAPPENED
    who: str = ""
    steps: Sequence["Event"] = ()
    """Of an operation of ours: asked for, approved, sent, done."""


def note_events(notes: Iterable[Note]) -> list[Event]:
    """What staff wrote, and that they told the buyer, each a line."""
    return [Event(one.written_at, _written(one), detail=one.text, who=person(one.written_by)) for one in notes]


def _written(note: Note) -> str:
    return _("Buyer told: {what}").format(what=told(note.told)) if note.told else _("Note")


def newest_first(events: Iterable[Event]) -> list[Event]:
    """The latest on top; of one second what came of something stands above it."""
    return sorted(events, key=lambda event: (event.at, event.turn))[::-1]


def timeline(events: Iterable[Event], currency: str) -> None:
    """The events, newest first; words from outside are escaped."""
    with st.container(gap="xxsmall", key="story"):
        for unfolds, some in groupby(newest_first(events), key=lambda event: bool(event.steps)):
            if not unfolds:
                st.markdown("\n\n".join(_line(event, currency) for event in some))
                continue
            for event in some:
                with st.expander(_line(event, currency), type="compact"):
                    st.markdown("\n".join(f"- {_line(step, currency)}" for step in event.steps))


def _line(event: Event, currency: str) -> str:
    parts = [f":gray[{formats.escape(formats.short_time(event.at))}] **{_words(event.what)}**"]
    if event.amount is not None:
        money = _words(formats.money(event.amount, event.currency or currency))
        parts[0] += f" :red[{money}]" if event.amount < 0 else f" {money}"
    told = (f"“{event.gateway_says}”" if event.gateway_says else "", event.detail, event.who)
    return " · ".join([*parts, *(_words(one) for one in told if one)])


def _words(text: str) -> str:
    """Escaped, and on one line: an indented one would be code."""
    return formats.escape(" ".join(text.split("\n")))
