"""How every command answers: results on stdout (one object with --json), notes on stderr, one of five exit statuses."""

import errno
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from rich.console import Console
from services.errors import JangbuError
from services.plain_text import harmless
from services.typed_text import is_storable
from sqlalchemy.exc import SQLAlchemyError
from typer.core import TyperGroup
from typer.exceptions import TyperException

from dashboard.access import Permission
from dashboard.locale import _, sentence, set_language, terminal_language
from dashboard.process.logs import place_of
from dashboard.process.machine_errors import cause_of
from dashboard.process.resources import use_settings
from dashboard.settings import load_settings

notes = Console(stderr=True, emoji=False)
results = Console(emoji=False)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, everything else on stderr.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait until it is known what became of it.")]
_WORDS = "message"
# A Decimal is written as the number it is: money never becomes a float, not even on its way out.
_encoder = msgspec.json.Encoder(decimal_format="number")


class Status(IntEnum):
    """Exit statuses, which scripts go by."""

    DONE = 0
    FAILED = 1
    """Also bad usage."""
    REFUSED = 2
    UNKNOWN = 3
    AWAITING_APPROVAL = 4


class Commands(TyperGroup):
    """Bad usage ends with 1, since 2 is a refusal; sentences are in the language of the terminal."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        """As Typer does it."""
        set_language(terminal_language())
        with _usage():
            words = args[1] if len(args) > 1 else more.get("args", ())
            _require_readable(words)
            if len(words) < 2 or not {"--help"}.isdisjoint(words):
                self._speak()
            return super().make_context(*args, **more)

    def _speak(self) -> None:
        from dashboard.commands.help_words import translate

        translate(self)

    def invoke(self, ctx: Any) -> Any:
        """As Typer does it."""
        with _usage():
            return super().invoke(ctx)


@contextmanager
def sentences(as_json: bool = False) -> Iterator[None]:
    """Whatever goes wrong ends the command with a sentence and status 1, never with a traceback or a value.

    With `as_json` the sentence is on stdout too, as `{"error": …}`.
    """
    try:
        yield
    except (typer.Exit, typer.Abort, TyperException):
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        _fail(error, as_json)
    except Exception as error:
        _fail(error, as_json)


@contextmanager
def ready(as_json: bool, may: Permission | None, *, require_gateway: bool = True) -> Iterator[None]:
    """The settings in use, and `sentences` around all of it; without the gateway's key where that need not be known.

    What the person at the command line has to be allowed where people sign in; None: upkeep, which shows no buyer and
    moves no money, or asks for an administrator itself.
    """
    with sentences(as_json):
        use_settings(load_settings(require_gateway=require_gateway))
        if may is not None:
            # Here, since it loads what --help needs not.
            from dashboard.process.executor import require_right

            require_right(may)
        yield


def _fail(error: Exception, as_json: bool) -> NoReturn:
    told = sentence_of(error)
    say(told)
    if as_json:
        answer({"error": told}, as_json=True)
    raise typer.Exit(Status.FAILED) from None


def sentence_of(error: Exception) -> str:
    """An error for a terminal: our own sentence; of others the kind and place, since their words may hold a row."""
    if known := cause_of(error):
        return sentence(known)
    if isinstance(error, JangbuError):
        return sentence(error)
    if isinstance(error, SQLAlchemyError):
        kind = type(getattr(error, "orig", None) or error).__name__
        return _("The database cannot be used ({kind}): is JANGBU_DATABASE_URL right?").format(kind=kind)
    return _("Something went wrong ({kind}, {place}).").format(kind=type(error).__name__, place=place_of(error))


def say(text: str) -> None:
    """A sentence for the person at the terminal."""
    notes.print(harmless(text), markup=False, highlight=False, soft_wrap=True, style="red")


def tell(text: str) -> None:
    """A line of a result, for a person."""
    results.print(harmless(text), markup=False, highlight=False, soft_wrap=True)


def answer(result: Mapping[str, Any], as_json: bool) -> None:
    """What a command found out: as one line of JSON in UTF-8, or for a person."""
    if as_json:
        sys.stdout.flush()
        sys.stdout.buffer.write(msgspec.json.format(_encoder.encode(result), indent=0) + b"\n")
        sys.stdout.buffer.flush()
    else:
        told = " · ".join(f"{name} {value}" for name, value in result.items() if value is not None and name != _WORDS)
        tell(told)
        if words := result.get(_WORDS):
            # Not through the console, which takes more signs away than those that steer a terminal.
            sys.stdout.write(f"{harmless(words)}\n")


def _require_readable(words: Sequence[str]) -> None:
    """Raises BadParameter for what a terminal in another encoding made of a text."""
    if not all(map(is_storable, words)):
        raise typer.BadParameter(_("There is a sign in it that nobody can type: take it out."))


@contextmanager
def _usage() -> Iterator[None]:
    try:
        yield
    except TyperException as error:
        error.exit_code = Status.FAILED
        raise
