"""Fields that are chosen: one of some, several of some, on or off."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeVar

import streamlit as st

from dashboard.kit.filters.field import Field, Single
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.query import Part, Typed, codes_of, only_one
from dashboard.locale import _
from dashboard.words.states import States

E = TypeVar("E", bound=StrEnum)
Words = Callable[[Any], str]
Width = int | Literal["stretch"]


@dataclass(frozen=True, slots=True)
class Word(Single[str | None]):
    """Any one code or id, or none; without a widget."""

    label: str

    def decode(self, text: str) -> str | None:
        return text or None

    def encode(self, value: str | None) -> str:
        return value or ""

    def chip(self, kept: Kept) -> str:
        return _chip(self.label, [kept[self.name] or ""])

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        return {self.attribute: only_one(parts, [part.value for part in parts])}


@dataclass(frozen=True, slots=True)
class Pick(Word):
    """One of what occurs, or any."""

    options: Collection[str]
    words: Words = str
    width: Width = "stretch"

    def chip(self, kept: Kept) -> str:
        return _chip(self.label, [self.words(kept[self.name]) if kept[self.name] else ""])

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        return {self.attribute: only_one(parts, codes_of(parts, self.offers))}

    def offers(self) -> Mapping[str, str]:
        return {code: self.words(code) for code in self.options}

    def draw(self, kept: Kept) -> None:
        st.selectbox(
            self.label,
            _with_chosen(self.options, kept[self.name]),
            index=None,
            format_func=self.words,
            placeholder=_("Any") if self.width == "stretch" else self.label,
            label_visibility="visible" if self.width == "stretch" else "collapsed",
            width=self.width,
            **kept.widget(self.name),
        )


@dataclass(frozen=True, slots=True)
class Codes(Single[frozenset[str]]):
    """Any of some codes, or all of them for none."""

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

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        return {self.attribute: frozenset(codes_of(parts, self.offers))}

    def sample(self) -> str:
        return next(iter(self.offers().values()), "")


@dataclass(frozen=True, slots=True)
class Tiles(Codes):
    """Any of some states: tiles set it."""

    states: States

    def offers(self) -> Mapping[str, str]:
        return {code: self.states(code) for code in self.states}


@dataclass(frozen=True, slots=True)
class Shorthand(Field):
    """Another name for codes of a field that is one itself: nothing but the search box knows it."""

    name: str
    typed: Typed
    attribute: str
    codes: Mapping[str, Sequence[str]]
    """The field's code by what it is called here, and the codes whose rows it is a kind of too."""
    words: Words

    @property
    def parameters(self) -> Mapping[str, str]:
        return {}

    def read(self, _params: Mapping[str, str]) -> dict[str, Any]:
        return {}

    def write(self, _chosen: object) -> dict[str, str]:
        return {}

    def remember(self, kept: Kept, chosen: object) -> None:
        """Its codes' field does."""

    def told(self, _kept: Kept) -> dict[str, Any]:
        return {}

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        return {self.attribute: frozenset(self.codes[code][0] for code in codes_of(parts, self.offers))}

    def narrows(self, given: Mapping[str, Any], meant: Mapping[str, Any]) -> bool:
        kinds = [set(codes) for codes in self.codes.values() if codes[0] in given[self.attribute]]
        return all(codes & meant[self.attribute] for codes in kinds) and meant[self.attribute] <= set().union(*kinds)

    def offers(self) -> Mapping[str, str]:
        return {code: self.words(code) for code in self.codes}


@dataclass(frozen=True, slots=True)
class Several(Codes):
    """Any of what occurs."""

    label: str
    options: Collection[str]
    words: Words = str

    def chip(self, kept: Kept) -> str:
        return _chip(self.label, map(self.words, kept[self.name]))

    def offers(self) -> Mapping[str, str]:
        return {code: self.words(code) for code in self.options}

    def draw(self, kept: Kept) -> None:
        st.multiselect(
            self.label,
            _with_chosen(self.options, *kept[self.name]),
            format_func=self.words,
            placeholder=_("Any"),
            **kept.widget(self.name),
        )


@dataclass(frozen=True, slots=True)
class AnyOf(Codes):
    """Any of a few that are always the same."""

    label: str
    words: Words

    def chip(self, kept: Kept) -> str:
        return _chip(self.label, map(self.words, kept[self.name]))

    def offers(self) -> Mapping[str, str]:
        return {code: self.words(code) for code in self.known or ()}

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

    def chip(self, kept: Kept) -> str:
        return _chip(self.label, [self.words(kept[self.name])]) if kept[self.name] != self.first else ""

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        return {self.attribute: self.options[only_one(parts, codes_of(parts, self.offers))]}

    def offers(self) -> Mapping[str, str]:
        return {code: self.words(value) for code, value in self.options.items()}

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

    def chip(self, kept: Kept) -> str:
        return self.label if kept[self.name] else ""

    def draw(self, kept: Kept) -> None:
        st.toggle(self.label, help=self.hint, **kept.widget(self.name))


def _chip(label: str, words: Iterable[str]) -> str:
    told = ", ".join(word for word in words if word)
    return f"{label}: {told}" if told else ""


def codes(values: Iterable[E]) -> dict[str, E]:
    """Codes of ours as the options of a OneOf."""
    return {value.value: value for value in values}


def _with_chosen(options: Collection[str], *chosen: str | None) -> list[str]:
    """The options, and what an address asked for though no row has it."""
    return [*options, *(value for value in chosen if value and value not in options)]
