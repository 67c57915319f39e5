"""The files of the pack: violations first, the gateway's words as they are, and no text of others is markup."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.inspection.pack import Asked, write_pack, zipped
from dashboard.locale import in_language
from dashboard.words.formats import persons_shown
from services.gateway import Gateway
from services.inspection.rows import Span
from services.sandbox.sandbox import Sandbox
from tests.inspection.planted import MERCHANT, Shop
from tests.worlds.commands import make_shop

CALL = "010-8765-4321 번호로  연락하세요\n"
WORDS = "[한도초과] <b>카드</b>  한도\n1544-0000 "


class Page(HTMLParser):
    """Elements, and texts with the class of their cell."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.inputs = 0
        self.words: list[str] = []
        self._in_words = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "td":
            self._in_words = dict(attrs).get("class") == "words"

    def handle_data(self, data: str) -> None:
        if self._in_words and self.tags[-1] == "bdi":
            self.words.append(data)
            self._in_words = False


@pytest.fixture
def asked(sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox) -> Asked:
    shop = Shop(sqlite_store, gateway, sandbox)
    shop.refund(20_000, "</td><script>alert(1)</script> 010-1234-5678")
    shop.refund(20_000, "환불")
    shop.order(shop.link(), 12_000, status="failed", paid_at=0, fail_reason=WORDS)
    shop.order(shop.link(), 12_000, status="failed", paid_at=0, fail_reason=CALL)
    span = Span(int(shop.now) - 86_400, int(shop.now) + 60)
    return Asked(sqlite_store, span, MERCHANT, "장부상점 <b>", shop.now)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_holds_words_and_no_markup_of_others(asked: Asked, language: str) -> None:
    page, table = io.BytesIO(), io.BytesIO()
    with in_language(language):
        write_pack(asked, page, table)
    found = Page(page.getvalue())
    assert WORDS in found.words
    assert {"script", "b", "img", "a", "link"}.isdisjoint(found.tags)
    assert found.tags.count("input") == 20
    text = page.getvalue().decode()
    assert f'<html lang="{language}">' in text
    assert "1234-5678" not in text + table.getvalue().decode()
    assert not re.findall(r"https?://", text)
    assert bool(re.search("[가-힣]", re.sub(r"<(td|bdi|pre|strong)\b.*?</\1>", "", text, flags=re.S))) == (
        language == "ko"
    )


@pytest.mark.parametrize("whole", [True, False])
def test_phones_in_words_of_others_are_whole_for_who_sees_buyers_alone(asked: Asked, whole: bool) -> None:
    page, table = io.BytesIO(), io.BytesIO()
    with persons_shown(whole=whole):
        write_pack(asked, page, table)
    for file in (page, table):
        text = file.getvalue().decode()
        assert [phone in text for phone in ("010-1234-5678", "010-8765-4321")] == [whole, whole]
    words = Page(page.getvalue()).words
    assert (WORDS in words, CALL in words) == (True, whole)


def test_violations_come_first_in_the_csv_and_no_text_is_a_formula(asked: Asked) -> None:
    out = io.BytesIO()
    zipped(asked, out)
    with zipfile.ZipFile(out) as pack:
        names = sorted(pack.namelist())
        rows = list(csv.reader(io.StringIO(pack.read(names[0]).decode("utf-8-sig"), newline="")))
    assert [Path(name).suffix for name in names] == [".csv", ".html"]
    results = [row[1] for row in rows[1:]]
    assert results == sorted(results, key=["Violation", "Not shown yet", "Proven"].index)
    assert results[0] == "Violation"
    assert WORDS in [row[-1] for row in rows]


def test_the_command_writes_both_files_and_tells_what_is_in_them(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        imp_uid = shop.pay(10_000)
        assert shop.run("sync", "--days", "2", "--json").status == 0
        assert shop.refund(imp_uid, "--full", reason="test").status == 0
        told = shop.run("inspection", "--out", str(tmp_path / "pack"), "--json").told
        assert sorted(Path(name).suffix for name in told["files"]) == [".csv", ".html"]
        assert all(Path(name).stat().st_size for name in told["files"])
        found = {one["check"]: one for one in told["checks"]}
        assert [one["imp_uid"] for one in found["refunds"]["findings"] if one["result"] == "violation"] == [imp_uid]
        assert told["violations"] == 1
        refused = shop.run("inspection", "--out", str(tmp_path / "pack.pdf"))
        assert (refused.status, "ends with .zip" in refused.stderr) == (1, True)
        zipped_to = tmp_path / "pack.zip"
        assert shop.run("inspection", "--out", str(zipped_to), "--from", "2026-01-01", "--to", "2099-01-01").status == 0
        assert zipfile.is_zipfile(zipped_to)
