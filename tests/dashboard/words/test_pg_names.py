"""Every PG and pay method of the vendor's description has a name; collected where that lies near by."""

import json
import re
from typing import Any

import pytest

from dashboard.locale import in_language
from dashboard.words.names import pg_names
from tests.gateway.test_contract import FOUND


def codes(part: Any) -> set[str]:
    """All PGs of which any part of the description speaks."""
    if isinstance(part, list):
        return {code for one in part for code in codes(one)}
    if not isinstance(part, dict):
        return set()
    here = {*part.get("x-portone-supported-pgs", ()), *part.get("x-portone-per-pg", ())}
    return here | {code for one in part.values() for code in codes(one)}


if FOUND:

    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_every_pg_has_a_name_of_its_own(language: str) -> None:
        described = json.loads(FOUND.read_text("utf-8"))
        assert len(found := codes(described)) > 30
        with in_language(language):
            assert not found - pg_names.providers().keys()
            assert all(name != code for code, name in pg_names.providers().items())

    def test_every_pay_method_has_a_name() -> None:
        field = json.loads(FOUND.read_text("utf-8"))["definitions"]["PaymentAnnotation"]["properties"]["pay_method"]
        found = set(re.findall(r"- (\w+) :", field["x-portone-description"]))
        assert len(found) > 15
        assert not found - pg_names.methods().keys()
