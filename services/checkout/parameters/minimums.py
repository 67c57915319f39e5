"""The smallest payment that each PG takes, from a dated file; the merchant's setting goes before it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("minimums.toml")


def minimum(pg: str, method: object, own: Mapping[str, int]) -> int:
    """The smallest payment in won at a PG by a method; 1 where nothing is known. `own` is Merchant.minimums."""
    if pg in own:
        return own[pg]
    known = _least().get(pg, {})
    return known.get(str(method), known.get("any", 1))


@cache
def _least() -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["least"]
    return found
