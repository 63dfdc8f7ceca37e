"""What argparse says of itself, in the language of the session.

argparse has words of its own (usage, options, what is wrong with an argument), translated once for
the whole process if at all; here they become messages like all others.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final, NoReturn

from tutor.errors import UsageError
from tutor.i18n import Message, message, render

_WIDEST: Final = 100
"""Cells of a line of help: longer ones are hard to read."""


def help_width() -> int:
    """Return the cells of a line of help in this terminal."""
    return min(_WIDEST, shutil.get_terminal_size().columns)


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Lays help out in terminal cells: a Chinese character takes two, and lines break beside it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=help_width() - 2)

    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        """Say `usage:` in the session's language."""
        super().add_usage(
            usage, actions, groups, f"{render(message('usage:'))} " if prefix is None else prefix
        )

    def _split_lines(self, text: str, width: int) -> list[str]:
        return list(wrapped(text, width))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(
            indent + line for each in text.splitlines() for line in wrapped(each, width) or [""]
        )


class BareFormatter(Formatter):
    """Begins with how a command is called, and no `usage:` before it."""

    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = ""
    ) -> None:
        """Say how the command is called."""
        super().add_usage(usage, actions, groups, "" if prefix is None else prefix)


_WORDS: Final = (argparse.PARSER, argparse.REMAINDER)
"""What takes a command with all that follows it."""
_NUMBER: Final = re.compile(r"-\.?\d.*")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error."""

    def __init__(self, *, help_option: bool = True, **settings: Any) -> None:
        settings = {"formatter_class": Formatter, "allow_abbrev": False, **settings}
        settings["exit_on_error"] = False
        super().__init__(add_help=False, **settings)
        # The groups' titles are set nowhere else, and `add_help` would say its own English.
        self._positionals.title = render(message("arguments"))
        self._optionals.title = render(message("options"))
        if help_option:
            self.add_argument("-h", "--help", action="help", help=render(message("show this help")))

    def options(self) -> dict[str, argparse.Action]:
        """Return the options by their names without dashes."""
        return {name.lstrip("-"): each for each in self._actions for name in each.option_strings}

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read options in any order: what may be left out is else decided before they are seen.

        Raises:
            UsageError: A word cannot be meant.
        """
        own, words = self._get_positional_actions(), list(args)
        if own and not any(each.nargs in _WORDS for each in own):
            words = self._options_first(words)
        try:
            return super().parse_known_args(words, namespace)
        except argparse.ArgumentError as error:
            raise self.refusal(self._mistake(error, words)) from None

    def _options_first(self, words: list[str]) -> list[str]:
        """Return the words with those that are no options last, behind a `--`."""
        options: list[str] = []
        others: list[str] = []
        ahead = iter(words)
        for word in ahead:
            if word == "--":
                others.extend(ahead)
            elif not word.startswith("-") or word == "-" or _NUMBER.fullmatch(word):
                others.append(word)
            else:
                action = self._option_string_actions.get(word)
                takes_value = action is not None and action.nargs is None
                options += [word, *(islice(ahead, 1) if takes_value else ())]
        return [*options, "--", *others] if others else options

    def error(self, text: str) -> NoReturn:
        """Raise what is wrong instead of leaving the program: something is missing."""
        raise self.refusal(_missing(text))

    def refusal(self, what: Message) -> UsageError:
        """Return the error that says what is wrong, and where to look."""
        return UsageError(
            message("{text}; `{prog} --help` shows what can be said", text=what, prog=self.prog)
        )

    def _mistake(self, error: argparse.ArgumentError, words: list[str]) -> Message:
        """Say what is wrong with an argument: argparse tells which one, in its fields."""
        what = error.argument_name
        if what is None:
            return _missing(error.message)
        action = self._option_string_actions.get(what.partition("/")[0])
        others = words[words.index("--") + 1 :] if "--" in words else words
        given = _last_value(action.option_strings, words) if action else next(iter(others), "")
        if isinstance(error.__context__, TypeError | ValueError):
            return message("{what}: {given} cannot be meant here", what=what, given=given)
        if action is not None and action.nargs == 0:
            return message("{what} takes no value, here {given}", what=what, given=given)
        if action is not None and not given:
            return message("{what} needs a value", what=what)
        choices = (action or self._get_positional_actions()[0]).choices or ()
        known = ", ".join(map(str, choices))
        return message(
            "{what}: {given} is not known; use one of: {known}",
            what=what, given=given, known=known,
        )  # fmt: skip


def _missing(text: str) -> Message:
    """Say what is missing: argparse names it behind a colon."""
    return message("{what} is missing", what=text.rpartition(": ")[2])


def _last_value(names: Sequence[str], words: Sequence[str]) -> str:
    """Return what was said last behind one of an option's names; empty where nothing was."""
    found = ""
    for word, following in zip(words, [*words[1:], "--"], strict=True):
        name, has_value, value = word.partition("=")
        if name in names:
            found = value if has_value else following.removeprefix("--")
    return found


def wrapped(text: str, width: int) -> Iterable[str]:
    """Return the text in lines of at most `width` cells; leading spaces are kept.

    >>> wrapped("中文 and English", 8)
    ['中文 and', 'English']
    """
    from rich.cells import cell_len  # noqa: PLC0415 - only for help

    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if line.strip() and cell_len(line) + cell_len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


_PIECES: Final = re.compile(
    r"\s*[\u3040-\u9fff][，。、；：！？）》”]*|[^\s\u3040-\u9fff]+[，。、；：！？）》”]*|\s+"
)
"""What a line may end after: a Chinese character, a word of letters, each with what closes it."""
