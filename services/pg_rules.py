"""Tables of what each PG can and wants: a TOML file beside its subject, a section `[pg.NAME]` a PG."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Rule = TypeVar("Rule")


def read_file(path: Path) -> dict[str, Any]:
    """A file of rules as it stands, with the day (`as_of`) on which they were known."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rules_of(
    sections: Mapping[str, Mapping[str, Any]], rule: type[Rule], notes: Mapping[str, str] | None = None
) -> dict[str, Rule]:
    """PG -> its rule; a `note` in a section names one of the sentences. Raises msgspec.ValidationError."""
    told = notes or {}
    named = {pg: {**one, "note": told[one["note"]]} if "note" in one else one for pg, one in sections.items()}
    return {pg: msgspec.convert(one, rule) for pg, one in named.items()}
