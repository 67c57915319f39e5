"""What a field of a list's filter is: it is declared once, in its list's form (form.py)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.query import Part, Typed

V = TypeVar("V")


class Field(ABC):
    """Attributes of the filter: between an address's parameters, the session's widgets and the filter itself."""

    name: str
    """Its widget's in the session."""
    typed: Typed | None
    """How it is set in the search box; None where it is not."""

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

    def chip(self, kept: Kept) -> str:  # noqa: ARG002 - a tile or the line itself shows those without one
        """What it narrows the list to, in words; empty where that stands elsewhere."""
        return ""

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes that are meant by what is typed under its names, beside the others. Raises InvalidRequest."""
        raise NotImplementedError(parts)

    def narrows(self, _given: Mapping[str, Any], _meant: Mapping[str, Any]) -> bool:
        """Whether what it means (`given`) is a part of what another typed name means."""
        return False

    def offers(self) -> Mapping[str, str]:
        """Codes that can be typed, each with its word."""
        return {}

    def sample(self) -> str:
        """A value that shows how others are typed; empty where it would show nothing new."""
        return ""

    def draw(self, kept: Kept) -> None:  # noqa: B027 - a tile or a link sets those without a widget
        """Its widget."""


@dataclass(frozen=True, slots=True)
class Single(Field, Generic[V]):
    """One attribute under one parameter, which is called like the field where nothing else is said."""

    name: str
    attribute: str
    parameter: str = field(default="", kw_only=True)
    typed: Typed | None = field(default=None, kw_only=True)

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
