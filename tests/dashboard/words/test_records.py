"""What the audit has of links is told in words, amounts in their currency."""

from typing import Any

import pytest

from dashboard.words import record_labels

MADE = {"link": 7, "kind": "payment", "amount": 1_050, "currency": "USD"}


@pytest.mark.parametrize(
    ("code", "detail", "told"),
    [
        ("link_made", MADE, "Link 7 · A payment · USD 10.50"),
        ("link_withdrawn", {"link": 7}, "Link 7"),
        ("link_expired", {"link": 7}, "Link 7"),
        ("link_file", {"file": 2, "digest": "ab12", "name": "11월.csv", "rows": 3}, "File 2 · 11월.csv · 3 rows"),
    ],
)
def test_entries_of_links_are_told_in_words(code: str, detail: dict[str, Any], told: str) -> None:
    assert record_labels.particulars(code, detail) == told
    assert record_labels.action(code) != code
