"""Words: English in the source, catalogs for ko and en beside this file, compiled in memory at start.

Each script run says its language once (`set_language`); threads and sessions do not see each other's.
"""

import gettext
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from services.errors import JangbuError

from dashboard.locale.particles import with_particles

LANGUAGES = {"ko": "한국어", "en": "English"}
PICKED = "jangbu_language"
"""A cookie: the language that a person picked, which need not be the browser's."""

_PREFIX = re.compile("[a-z]+")
_FOLDER = Path(__file__).parent
_language: ContextVar[str] = ContextVar("language", default="en")


def language_of(locale: str | None) -> str:
    """The language to greet a browser with: `ko-KR` and `ko,en;q=0.9` are ko, everything unknown is en."""
    named = (_PREFIX.match(one.strip().lower()) for one in (locale or "").split(","))
    return next((found[0] for found in named if found and found[0] in LANGUAGES), "en")


def terminal_language() -> str:
    """The language of the terminal that a command runs in."""
    return language_of(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG"))


def language_for(cookies: Mapping[str, str], locale: str | None) -> str:
    """The language that was picked in this browser, else the one to greet it with."""
    picked = cookies.get(PICKED)
    return picked if picked in LANGUAGES else language_of(locale)


def set_language(language: str) -> None:
    """Sets the language of this script run or request."""
    _language.set(language if language in LANGUAGES else "en")


def current_language() -> str:
    """The language of this script run or request."""
    return _language.get()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Another language for the length of a block, for texts that are not for whoever runs it."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def _(message: str) -> str:
    """A message in the current language."""
    return with_particles(catalog(_language.get()).gettext(message))


def ngettext(singular: str, plural: str, n: int) -> str:
    """A message that depends on a number, in the current language; the caller fills in the number."""
    return catalog(_language.get()).ngettext(singular, plural, n)


def sentence(error: JangbuError, told: Callable[[str], str] = str) -> str:
    """An error of ours in the current language; what a gateway said stays word for word, unless `told` otherwise."""
    values = {name: told(value) if isinstance(value, str) else value for name, value in error.values.items()}
    return _(error.template).format(**values)


def help_word(text: str) -> str:
    """What `--help` says, in the current language: its catalog lies beside the other one."""
    return catalog(_language.get(), "commands").gettext(text) if text else text


def retell(kept: str) -> str:
    """A stored error in the current language; a plain sentence as the catalog has it, any other text as it is."""
    if error := JangbuError.of_kept(kept):
        return sentence(error)
    return _(kept) if kept else kept


@cache
def catalog(language: str, name: str = "messages") -> gettext.NullTranslations:
    """A compiled catalog of a language; where there is none, messages stay as they are."""
    compiled, file = io.BytesIO(), _FOLDER / language / f"{name}.po"
    if not file.exists():
        return gettext.NullTranslations()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
