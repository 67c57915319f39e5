"""Fields of a list's filter: each knows its parameter in an address, its default, its texts and its widget.

A field is declared once, in its list's form (filter_form.py). What the session keeps of it is its widget's value.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

import streamlit as st
from services.amounts import read_amount
from services.clock import date_to_day, day_to_date
from services.errors import InvalidRequest
from services.money import to_major

from dashboard.kit.kept import Kept
from dashboard.locale import _
from dashboard.words import formats, periods
from dashboard.words.periods import Periods

V = TypeVar("V")
E = TypeVar("E", bound=StrEnum)
Words = Callable[[Any], str]
Width = int | Literal["stretch"]


class Field(ABC):
    """Attributes of the filter: between an address's parameters, the session's widgets and the filter itself."""

    name: str
    """Its widget's in the session."""

    @property
    @abstractmethod
    def parameters(self) -> Mapping[str, str]:
        """The parameters of an address, each with the attribute that it gives."""

    @abstractmethod
    def read(self, params: Mapping[str, str]) -> dict[str, Any]:
        """The attributes that an address means; each its default where it means none."""

    @abstractmethod
    def write(self, chosen: object) -> dict[str, str]:
        """The parameters of a filter; the texts of defaults are empty."""

    @abstractmethod
    def remember(self, kept: Kept, chosen: object) -> None:
        """Puts a filter's values into the session, as the widgets will show them."""

    @abstractmethod
    def told(self, kept: Kept) -> dict[str, Any]:
        """The attributes that the widgets have. Raises InvalidRequest."""

    def used(self, kept: Kept) -> bool:
        """Whether it narrows the list."""
        return bool(kept[self.name])

    def draw(self, kept: Kept) -> None:  # noqa: B027 - a tile or a link sets those without a widget
        """Its widget."""


@dataclass(frozen=True, slots=True)
class Single(Field, Generic[V]):
    """One attribute under one parameter, which is called like the field where nothing else is said."""

    name: str
    attribute: str
    parameter: str = field(default="", kw_only=True)

    @property
    def parameters(self) -> Mapping[str, str]:
        return {self.parameter or self.name: self.attribute}

    @abstractmethod
    def decode(self, text: str) -> V:
        """The value that a text means; the default where it means none."""

    @abstractmethod
    def encode(self, value: V) -> str:
        """The text of a value; none for the default."""

    def read(self, params: Mapping[str, str]) -> dict[str, Any]:
        return {self.attribute: self.decode(params.get(self.parameter or self.name, ""))}

    def write(self, chosen: object) -> dict[str, str]:
        return {self.parameter or self.name: self.encode(getattr(chosen, self.attribute))}

    def remember(self, kept: Kept, chosen: object) -> None:
        kept[self.name] = getattr(chosen, self.attribute)

    def told(self, kept: Kept) -> dict[str, Any]:
        return {self.attribute: kept[self.name]}


@dataclass(frozen=True, slots=True)
class Word(Single[str | None]):
    """Any one code or id, or none; without a widget."""

    def decode(self, text: str) -> str | None:
        return text or None

    def encode(self, value: str | None) -> str:
        return value or ""


@dataclass(frozen=True, slots=True)
class Pick(Word):
    """One of what occurs, or any."""

    label: str
    options: Collection[str]
    words: Words = str
    width: Width = "stretch"
    choice_only: bool = False
    """Not drawn where one value occurs and none is chosen."""

    def draw(self, kept: Kept) -> None:
        if self.choice_only and len(self.options) < 2 and not kept[self.name]:
            return
        st.selectbox(
            self.label,
            _with_chosen(self.options, kept[self.name]),
            index=None,
            format_func=self.words,
            placeholder=_("Any"),
            width=self.width,
            **kept.widget(self.name),
        )


@dataclass(frozen=True, slots=True)
class Codes(Single[frozenset[str]]):
    """Any of some codes, or all of them for none; without a widget."""

    known: Collection[str] | None = field(default=None, kw_only=True)
    """Codes beside which an address can name no others."""

    def decode(self, text: str) -> frozenset[str]:
        return frozenset(name for name in text.split(",") if name and (self.known is None or name in self.known))

    def encode(self, value: frozenset[str]) -> str:
        return ",".join(sorted(value))

    def remember(self, kept: Kept, chosen: object) -> None:
        kept[self.name] = sorted(getattr(chosen, self.attribute))

    def told(self, kept: Kept) -> dict[str, Any]:
        return {self.attribute: frozenset(kept[self.name])}


@dataclass(frozen=True, slots=True)
class Several(Codes):
    """Any of what occurs."""

    label: str
    options: Collection[str]
    words: Words = str
    width: Width = "stretch"

    def draw(self, kept: Kept) -> None:
        st.multiselect(
            self.label,
            _with_chosen(self.options, *kept[self.name]),
            format_func=self.words,
            placeholder=_("Any"),
            width=self.width,
            **kept.widget(self.name),
        )


@dataclass(frozen=True, slots=True)
class AnyOf(Codes):
    """Any of a few that are always the same."""

    label: str
    words: Words

    def draw(self, kept: Kept) -> None:
        kinds = list(self.known or ())
        st.pills(self.label, kinds, selection_mode="multi", format_func=self.words, **kept.widget(self.name))


@dataclass(frozen=True, slots=True)
class OneOf(Single[Any]):
    """One of a few values that are always the same; none at first where `first` is None."""

    label: str
    options: Mapping[str, Any]
    """Values by their codes in an address."""
    words: Words
    first: Any
    hidden_label: bool = False

    def decode(self, text: str) -> Any:
        return self.options.get(text, self.first)

    def encode(self, value: Any) -> str:
        return next((code for code, one in self.options.items() if one == value and value != self.first), "")

    def used(self, kept: Kept) -> bool:
        return bool(kept[self.name] != self.first)

    def draw(self, kept: Kept) -> None:
        st.segmented_control(
            self.label,
            list(self.options.values()),
            required=self.first is not None,
            format_func=self.words,
            label_visibility="collapsed" if self.hidden_label else "visible",
            **kept.widget(self.name),
        )


@dataclass(frozen=True, slots=True)
class Toggle(Single[bool]):
    """On or off."""

    label: str
    hint: str

    def decode(self, text: str) -> bool:
        return text == "1"

    def encode(self, value: bool) -> str:
        return "1" if value else ""

    def draw(self, kept: Kept) -> None:
        st.toggle(self.label, help=self.hint, **kept.widget(self.name))


@dataclass(frozen=True, slots=True)
class Search(Single[str]):
    """The search box; `placeholder` says what it takes."""

    placeholder: str

    def decode(self, text: str) -> str:
        return text

    def encode(self, value: str) -> str:
        return value

    def told(self, kept: Kept) -> dict[str, Any]:
        return {self.attribute: (kept[self.name] or "").strip()}

    def draw(self, kept: Kept) -> None:
        st.text_input(
            _("Search"),
            type="search",
            icon=":material/search:",
            placeholder=self.placeholder,
            label_visibility="collapsed",
            **kept.widget(self.name),
        )


@dataclass(frozen=True, slots=True)
class Amount(Single[int | None]):
    """An end of the amounts, as people write them, in the currency of another field or in won."""

    label: str
    currency: str = "currency"

    def decode(self, text: str) -> int | None:
        return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None

    def encode(self, value: int | None) -> str:
        return "" if value is None else str(value)

    def remember(self, kept: Kept, chosen: object) -> None:
        amount = getattr(chosen, self.attribute)
        kept[self.name] = "" if amount is None else f"{to_major(amount, getattr(chosen, self.currency) or 'KRW'):f}"

    def told(self, kept: Kept) -> dict[str, Any]:
        return {self.attribute: read_amount(kept[self.name] or "", kept[self.currency] or "KRW", self.name)}

    def draw(self, kept: Kept) -> None:
        with st.container(gap="xsmall", width=200):
            hint = _("In won, or in the currency chosen above.")
            st.text_input(self.label, help=hint, **kept.widget(self.name))
            try:
                self.told(kept)
            except InvalidRequest as problem:
                st.error(formats.told(problem), icon=":material/error:")


@dataclass(frozen=True, slots=True)
class Days(Field):
    """A range of Seoul days, both inside: one of some named periods, or from a day to a day."""

    label: str
    periods: Periods
    today: int
    earliest: int
    latest: int
    name: str = "period"

    @property
    def parameters(self) -> Mapping[str, str]:
        return {"from": "from_day", "to": "to_day"}

    def read(self, params: Mapping[str, str]) -> dict[str, Any]:
        days = self._asked(params) or self.periods.first(self.today)
        return {"from_day": days[0], "to_day": days[1]}

    def write(self, chosen: object) -> dict[str, str]:
        return {} if self._range(chosen) == self.periods.first(self.today) else self.written(chosen)

    def written(self, chosen: object) -> dict[str, str]:
        """The days of a filter, those that a list starts with too."""
        first, last = (day_to_date(day).isoformat() for day in self._range(chosen))
        return {"from": first, "to": last}

    def remember(self, kept: Kept, chosen: object) -> None:
        days = self._range(chosen)
        kept[self.name] = self.periods.name_of(days, self.today)
        kept["days"] = (day_to_date(days[0]), day_to_date(days[1]))

    def told(self, kept: Kept) -> dict[str, Any]:
        if kept[self.name] != periods.CUSTOM:
            from_day, to_day = self.periods.days(kept[self.name], self.today)
        else:
            # While a range is being picked it has one end.
            ends: Sequence[date] = kept["days"] or (day_to_date(self.today),)
            from_day, to_day = date_to_day(ends[0]), date_to_day(ends[-1])
        return {"from_day": from_day, "to_day": to_day}

    def draw(self, kept: Kept) -> None:
        words = periods.period_label
        names = list(self.periods.names)
        st.segmented_control(self.label, names, required=True, format_func=words, **kept.widget(self.name))
        if kept[self.name] == periods.CUSTOM:
            st.date_input(
                _("Days in Korea"),
                min_value=day_to_date(self.earliest),
                max_value=day_to_date(self.latest),
                format="YYYY-MM-DD",
                width=250,
                **kept.widget("days"),
            )

    def _asked(self, params: Mapping[str, str]) -> tuple[int, int] | None:
        """Both ends of an address, brought into what the list can show; None where they are no range."""
        from_day, to_day = read_day(params.get("from")), read_day(params.get("to"))
        if from_day is None or to_day is None:
            return None
        from_day, to_day = max(from_day, self.earliest), min(to_day, self.latest)
        return (from_day, to_day) if from_day <= to_day else None

    def _range(self, chosen: Any) -> tuple[int, int]:
        return chosen.from_day or self.today, chosen.to_day or self.today


def show_days(kept: Kept, from_day: int, to_day: int, period: str = periods.CUSTOM) -> None:
    """The list's next run shows these days, `period` if they have that name."""
    kept["period"], kept["days"] = period, (day_to_date(from_day), day_to_date(to_day))
    kept.turn_page()


def read_day(text: str | None) -> int | None:
    """A Seoul day out of an address; None where it is none."""
    try:
        return date_to_day(date.fromisoformat(text or ""))
    except ValueError:
        return None


def codes(values: Iterable[E]) -> dict[str, E]:
    """Codes of ours as the options of a OneOf."""
    return {value.value: value for value in values}


def _with_chosen(options: Collection[str], *chosen: str | None) -> list[str]:
    """The options, and what an address asked for though no row has it."""
    return [*options, *(value for value in chosen if value and value not in options)]
