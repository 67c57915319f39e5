"""Fields of forms that move money: amounts as people write them, and each problem beside its field."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import streamlit as st
from services.amounts import read_amount
from services.clock import SEOUL, seoul
from services.errors import InvalidRequest, JangbuError
from streamlit.delta_generator import DeltaGenerator

from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.reason_labels import OTHER

Code = TypeVar("Code")


@dataclass
class Fields:
    """The fields of one form: where each one's problem is said, and what its widgets are called.

    Keys begin with the form's name: a new form has new, empty widgets.
    """

    form: str
    marks: bool = False
    """Whether a field drawn so far has to be filled in."""
    _beside: dict[str, DeltaGenerator] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """A widget's key, under which the session keeps what was typed."""
        return f"{self.form}.{name}"

    @contextmanager
    def place(self, name: str) -> Iterator[None]:
        """What is drawn inside stands above the place for the field's problem."""
        with st.container(gap="xsmall"):
            yield
            # One problem at most stands there: told while it is typed, and again once the person is done.
            self._beside[name] = st.empty()

    def say(self, problem: JangbuError) -> None:
        """Each mistake's sentence beside its field; at the end of the form where it has no such field, or is none."""
        for one in (problem, *(problem.also if isinstance(problem, InvalidRequest) else ())):
            place = self._beside.get(str(one.values.get("field")))
            (place or st).error(formats.told(one), icon=":material/error:")

    def marked(self, label: str) -> str:
        """The label of a field that has to be filled in."""
        self.marks = True
        return f"{label} *"

    def text(self, name: str, label: str, *, required: bool = False, **options: Any) -> str:
        """A line of text, kept as long as the session is; with `persist_state` "page" no longer than its page."""
        with self.place(name):
            value = st.text_input(
                self.marked(label) if required else label,
                key=self.key(name),
                **({"persist_state": "session"} | options),
            )
        return value or ""

    def choice(self, name: str, label: str, options: Sequence[str], words: Callable[[str], str]) -> str | None:
        """One of a few, none at first: it has to be chosen."""
        with self.place(name):
            return st.radio(
                self.marked(label),
                options,
                index=None,
                horizontal=True,
                format_func=words,
                key=self.key(name),
                persist_state="session",
            )

    def pick(self, name: str, label: str, words: Mapping[Code, str], **options: Any) -> Code | None:
        """One of many out of a list; a code that has no word is shown as it is."""
        with self.place(name):
            chosen: Code | None = st.selectbox(
                label,
                list(words),
                format_func=lambda code: words.get(code, code),
                key=self.key(name),
                persist_state="session",
                **options,
            )
        return chosen

    def switch(self, name: str, label: str, words: Mapping[str, str]) -> str:
        """One of a few side by side, the first of them at first: one is always chosen."""
        # As a default it would stand against what a page has filled in already.
        st.session_state.setdefault(self.key(name), next(iter(words)))
        return str(
            st.segmented_control(
                label,
                list(words),
                required=True,
                format_func=words.__getitem__,
                key=self.key(name),
                persist_state="session",
            )
        )

    def time(self, name: str, label: str, at: int | None, **options: Any) -> "TypedTime":
        """A day and a time in Korea, to the minute; `at` (UNIX seconds) stands there at first."""
        with self.place(name):
            value = st.datetime_input(
                label,
                value=seoul(at).replace(tzinfo=None, second=0, microsecond=0) if at else None,
                min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - a time of a clock on the wall
                max_value=datetime(2099, 12, 31, 23, 59),  # noqa: DTZ001
                format="YYYY-MM-DD",
                step=60,
                key=self.key(name),
                persist_state="session",
                width=320,
                **options,
            )
        return TypedTime(name, value, at)

    def number(self, name: str, label: str, first: int, *, most: int) -> int:
        """A small whole number from 1 on."""
        with self.place(name):
            value = st.number_input(
                label,
                min_value=1,
                max_value=most,
                value=first,
                key=self.key(name),
                persist_state="session",
                width=150,
            )
        return int(value)

    def day(self, name: str, label: str, first: date | None = None, **options: Any) -> date | None:
        """A day; `first` stands there at first."""
        with self.place(name):
            value = st.date_input(
                label,
                value=first,
                format="YYYY-MM-DD",
                key=self.key(name),
                persist_state="session",
                width=320,
                **options,
            )
        return value if isinstance(value, date) else None

    def reason(
        self, label: str, choose: Callable[[str], str], codes: Iterable[str], asked_by: Mapping[str, str]
    ) -> str:
        """The code of a reason, OTHER's where none was chosen; who wants it is filled in where the reason says so.

        `choose` has a code's words on this screen and OTHER's. A form would hide from it what was chosen beside it.
        """
        with self.place("reason"):
            chosen = st.pills(
                self.marked(label),
                [*codes, OTHER],
                format_func=choose,
                key=self.key("reason"),
                persist_state="session",
            )
        # By what stands there at each run, not by an event: a run that another one overtakes loses its events.
        asked, guess = asked_by.get(chosen or OTHER), self.key("guess")
        stands = st.session_state.get(self.key("requester"))
        if stands != asked and stands in (None, st.session_state.get(guess)):
            st.session_state[self.key("requester")] = st.session_state[guess] = asked
        return chosen or OTHER

    def told(self, reason: str | None, label: str) -> str:
        """Details, and with the words of the reason before them the one text that is sent."""
        # Where none was chosen and none written it is the choice that is missing.
        said = any(st.session_state.get(self.key(name)) for name in ("reason", "note"))
        with self.place("reason" if said else "note"):
            note = st.text_input(label, key=self.key("note"), persist_state="session")
        return ": ".join(part for part in (reason, (note or "").strip()) if part)

    def amount(self, name: str, label: str, currency: str, **options: Any) -> "Typed":
        """A line for an amount."""
        unit = _("won") if currency == "KRW" else currency
        return Typed(name, self.text(name, f"{label} ({unit})", **options), currency)


@dataclass(frozen=True, slots=True)
class Typed:
    """An amount as it was typed."""

    field: str
    text: str
    currency: str

    def read(self) -> int | None:
        """In the smallest unit, None where nothing was typed. Raises InvalidRequest."""
        return read_amount(self.text, self.currency, self.field)


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time as it was typed, and what stood there before."""

    field: str
    value: datetime | None
    first: int | None

    def read(self) -> int:
        """UNIX seconds; the seconds of what stood there stay where nobody changed it. Raises InvalidRequest."""
        if self.value is None:
            raise InvalidRequest("Choose a day and a time.", field=self.field)
        at = int(self.value.replace(tzinfo=SEOUL).timestamp())
        return self.first if self.first is not None and self.first // 60 == at // 60 else at


@dataclass(frozen=True, slots=True)
class Typing:
    """What stands in the fields of a form at this moment."""

    fields: Fields
    done: bool
    """Whether the person is done and wants to look at it."""


def review_button(fields: Fields, cancel: Callable[[], None] | None = None) -> bool:
    """The form's button, right and last, which leads to the last look; `cancel` draws the way out, left of it."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if fields.marks:
            st.caption(formats.escape(_("* has to be filled in")), width="stretch")
        # A link: the Enter key presses a form's first button.
        if cancel:
            cancel()
        return st.form_submit_button(_("Review"), type="primary", icon=":material/visibility:", key="review_it")


def request_block(body: Mapping[str, object]) -> None:
    """The request as it will be sent, behind a fold."""
    with st.expander(_("The request as it will be sent"), icon=":material/data_object:"):
        st.json(_plain(body), expanded=True)


def _plain(value: object) -> object:
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_plain(one) for one in value]
    number = float(str(value))
    return int(number) if number.is_integer() else number
