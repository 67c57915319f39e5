"""The table of threats: each has its own file of tests, which is there and tests something."""

import re

from tests.docs.test_pages import DOCS
from tests.worlds.screens.screens import ROOT

_ROW = re.compile(r"^\| (.+) \| (.+) \| `(tests/\S+\.py)` \|$", re.M)


def test_each_threat_has_a_file_of_its_own_that_tests_something() -> None:
    section = (DOCS / "development.md").read_text("utf-8").partition("## Threats")[2].partition("\n## ")[0]
    rows = _ROW.findall(section)
    assert len(rows) == section.count("\n| ") - 1 >= 12, "a row that names no file"
    files = [file for _threat, _control, file in rows]
    assert len(set(files)) == len(files)
    assert [file for file in files if "\ndef test_" not in (ROOT / file).read_text("utf-8")] == []
