"""`--help` in the language of the terminal: Typer reads its words out of the code, so they have their own catalog."""

from typing import Any

from rich.cells import cell_len
from rich.text import Text
from typer import rich_utils
from typer._click import Context
from typer.core import TyperGroup

from dashboard.locale import help_word


def _rstrip_end(text: Text, size: int) -> None:
    while cell_len(text.plain) > size and text.plain[-1].isspace():
        text.right_crop(1)


def translate(command: Any) -> None:
    """Puts a command, its options and whatever stands below it into the current language."""
    # Rich's own counts letters where a width is meant: the blank at the end of a Korean line took a letter along.
    setattr(Text, "rstrip_end", _rstrip_end)  # noqa: B010
    command.help = help_word(command.help or "")
    for one in command.get_params(Context(command)):
        one.help = help_word(getattr(one, "help", None) or "")
    for below in command.commands.values() if isinstance(command, TyperGroup) else ():
        translate(below)
    rich_utils.ARGUMENTS_PANEL_TITLE = help_word("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = help_word("Options")
    rich_utils.COMMANDS_PANEL_TITLE = help_word("Commands")
