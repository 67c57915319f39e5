"""Fields that are typed: the search box, and an end of the amounts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from services.amounts import read_amount
from services.errors import InvalidRequest
from services.money import to_major

from dashboard.kit.filters.field import Single
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.query import Part, plain, verbatim
from dashboard.locale import _
from dashboard.words import formats


@dataclass(frozen=True, slots=True)
class Search(Single[str]):
    """The search box; `placeholder` says what it takes."""

    placeholder: str

    def decode(self, text: str) -> str:
        return text

    def encode(self, value: str) -> str:
        return value

    def remember(self, kept: Kept, chosen: object) -> None:
        kept[self.name] = verbatim(getattr(chosen, self.attribute))

    def told(self, kept: Kept) -> dict[str, Any]:
        return {self.attribute: plain((kept[self.name] or "").strip())}

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
    lowest: bool
    """Whether it is the lower end."""
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

    def of_parts(self, parts: Sequence[Part], now: Mapping[str, Any]) -> dict[str, Any]:
        ends = [end for part in parts if (end := self._end(part, now.get(self.currency) or "KRW")) is not None]
        return {self.attribute: (max if self.lowest else min)(ends) if ends else None}

    def sample(self) -> str:
        return ">10000"

    def _end(self, part: Part, currency: str) -> int | None:
        """Its end of what a part says, None where that is open."""
        if part.ends:
            return read_amount(part.ends[0 if self.lowest else 1], currency, self.name)
        if part.sign and part.sign.startswith(">") != self.lowest:
            return None
        amount = read_amount(part.value, currency, self.name)
        beyond = 0 if part.sign not in ("<", ">") else 1 if self.lowest else -1
        return None if amount is None else amount + beyond

    def chip(self, kept: Kept) -> str:
        typed = kept[self.name]
        try:
            amount = self.told(kept)[self.attribute]
        except InvalidRequest:
            return f"{self.label} {typed}"
        return "" if amount is None else f"{self.label} {formats.money(amount, kept[self.currency] or 'KRW')}"

    def draw(self, kept: Kept) -> None:
        with st.container(gap="xsmall", width=200):
            hint = _("In won, or in the currency chosen above.")
            st.text_input(self.label, help=hint, **kept.widget(self.name))
            try:
                self.told(kept)
            except InvalidRequest as problem:
                st.error(formats.told(problem), icon=":material/error:")
