"""Words: every string that a person reads has its translation, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from dashboard import locale
from dashboard.words.export_labels import labels_of
from services.errors import InvalidFilter, JangbuError, OutcomeUnknown, Refusal, Refused
from services.exports.columns import BY_KIND

ROOT = Path(__file__).parents[3]
# The first argument of these is a sentence; screens pass it through locale.sentence.
ERRORS = (
    "JangbuError",
    "SettingsError",
    "SignInRefused",
    "StoreError",
    "WrongRevision",
    "NoStore",
    "BackupError",
    "DamagedContents",
    "OtherAccount",
    "InvalidFilter",
    "NotSaved",
    "Restored",
    "Displaced",
    "Outdated",
    "Superseded",
    "OperationError",
    "InvalidRequest",
    "Busy",
    "NotAllowed",
    "Moved",
    "NotShown",
    "GatewayError",
    "NotSent",
    "Unauthorized",
    "OutcomeUnknown",
    "UnreadableAnswer",
    "says",
)


def catalog(language: str, name: str = "messages") -> Catalog:
    with (ROOT / "dashboard" / "locale" / language / f"{name}.po").open("rb") as file:
        return read_po(file, locale=language)


def messages_in_code() -> Iterator[tuple[str, str]]:
    """Every message with the file it stands in; of a plural its singular."""
    errors = dict.fromkeys(ERRORS)
    keywords = {"_": None, "ngettext": (1, 2), **errors}
    for folder, words in (("dashboard", keywords), ("pages", keywords), ("services", errors)):
        for file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=words
        ):
            yield (message[0] if isinstance(message, tuple) else message), f"{folder}/{file}"


def test_no_error_hides_its_sentence_in_a_variable() -> None:
    """What is no literal is in no catalog; the template of another error is, and what a table marks with `says`."""
    raised = set(ERRORS) - {"says"}
    for path in (one for room in ("services", "dashboard", "pages") for one in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        marked = {
            ast.unparse(one.targets[0])
            for one in tree.body
            if isinstance(one, ast.Assign) and "says(" in ast.unparse(one)
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in raised and call.args:
                first = call.args[0]
                names = {one.id for one in ast.walk(first) if isinstance(one, ast.Name)}
                copied = "template" in ast.unparse(first) or bool(names & marked)
                assert copied or isinstance(first, ast.Constant), f"{path}:{call.lineno}"


def strings_of(message: Message) -> tuple[str, ...]:
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_every_message_in_the_code_is_in_the_catalog(language: str) -> None:
    known = catalog(language)
    missing = {text: where for text, where in messages_in_code() if text not in known}
    assert not missing


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_no_translation_is_missing_or_guessed(language: str) -> None:
    messages = [message for message in catalog(language) if message.id]
    assert len(messages) > 150
    assert not [message.id for message in messages if message.fuzzy or not all(strings_of(message))]


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_no_translation_outlives_its_message(language: str) -> None:
    used = {text for text, _where in messages_in_code()}
    ids = {message.id if isinstance(message.id, str) else message.id[0] for message in catalog(language) if message.id}
    assert ids <= used


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_a_translation_fills_in_the_same_values(language: str) -> None:
    for message in catalog(language):
        ids = (message.id,) if isinstance(message.id, str) else message.id
        wanted = fields(ids[-1])
        for text in strings_of(message) if message.id else ():
            assert fields(text) == wanted, text


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_a_stored_error_is_told_in_the_language_of_the_reader() -> None:
    locale.set_language("ko")
    kept = OutcomeUnknown("The gateway answered HTTP {status}.", status=502).kept()
    assert locale.retell(kept) == "포트원이 HTTP 502로 답했습니다."
    assert locale.retell("카드 한도 초과") == "카드 한도 초과"
    assert locale.retell(Refused(Refusal(400, 1, "한도 초과 {n}")).kept()) == "한도 초과 {n}"
    locale.set_language("en")
    assert locale.retell(kept) == "The gateway answered HTTP 502."


def test_an_error_that_an_older_version_stored_as_a_sentence_is_still_shown() -> None:
    locale.set_language("ko")
    assert locale.retell("The gateway answered HTTP 502.") == "The gateway answered HTTP 502."
    assert locale.retell("This is not an amount: type it like 12,000.") == "금액이 아닙니다. 12,000처럼 입력하세요."
    assert locale.retell('{"code": 1}') == '{"code": 1}'
    assert locale.retell("") == ""


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize("kind", BY_KIND)
def test_every_heading_of_an_export_is_a_word(kind: str, language: str) -> None:
    locale.set_language(language)
    bare = [name for name, heading in labels_of(kind).items() if heading == name]
    assert set(bare) <= {"imp_uid"}


def test_korean_is_korean() -> None:
    same = [message.id for message in catalog("ko") if message.id and message.id == message.string]
    assert set(same) <= {"NHN KCP", "L.pay", "{message}"}


@pytest.mark.parametrize(
    ("browser", "language"), [("ko-KR", "ko"), ("ko", "ko"), ("en-US", "en"), ("fr", "en"), (None, "en")]
)
def test_the_browser_chooses_first(browser: str | None, language: str) -> None:
    assert locale.language_of(browser) == language


def test_an_error_of_ours_is_said_in_the_language_of_the_reader() -> None:
    error = InvalidFilter("The last day is before the first.", field="to_day")
    locale.set_language("ko")
    assert locale.sentence(error) == "마지막 날이 첫날보다 앞섭니다."
    locale.set_language("en")
    assert locale.sentence(error) == str(error)


def test_every_kind_of_error_is_looked_for() -> None:
    """Those of `Refused` hold the gateway's words, not ours."""
    assert {kind.__name__ for kind in below(JangbuError) if not issubclass(kind, Refused)} <= set(ERRORS)


def below(kind: type[JangbuError]) -> Iterator[type[JangbuError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from below(one)
