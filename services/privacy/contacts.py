"""Phones and e-mail addresses that a row names: of a billing key that several people share, whose a row is."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.store.fold import folded, phone_digits

_TELS = ("buyer_tel", "customer_tel")
_EMAILS = ("buyer_email", "customer_email")


@dataclass(frozen=True, slots=True)
class Contacts:
    """As they are compared, whatever way they were written."""

    tels: frozenset[str]
    emails: frozenset[str]

    def may_be(self, person: "Contacts") -> bool:
        """Whether nothing here is of somebody else; what names nobody may be anybody's."""
        return self.tels <= person.tels and self.emails <= person.emails

    def has(self, text: str) -> bool:
        """Whether this phone or this address is among them."""
        return folded(text) in self.emails if "@" in text else phone_digits(text) in self.tels


def contacts_of(row: Mapping[str, Any]) -> Contacts:
    """What a row names, also in what was asked for."""
    return _contacts([*_values(row), *_values(json.loads(row.get("request") or "{}"))])


def all_contacts(found: Iterable[Contacts]) -> Contacts:
    """Those of one person's rows together."""
    many = [*found]
    none: frozenset[str] = frozenset()
    return Contacts(none.union(*(one.tels for one in many)), none.union(*(one.emails for one in many)))


def _contacts(named: Iterable[tuple[str, str]]) -> Contacts:
    told = [*named]
    return Contacts(
        frozenset(phone_digits(text) for name, text in told if name in _TELS),
        frozenset(folded(text) for name, text in told if name in _EMAILS),
    )


def _values(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if isinstance(one, str) and one.strip():
                yield name, one
            else:
                yield from _values(one)
    elif isinstance(value, list):
        for one in value:
            yield from _values(one)
