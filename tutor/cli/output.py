"""How the command line speaks: lines, columns, one line for what went wrong."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import IO

from tutor.errors import UsageError
from tutor.i18n import Message, Text, message, render
from tutor.visible import print_visible, shows_signs, visible_line


def say(words: Text) -> None:
    """Print one line on stderr, in the program's name."""
    print_visible(visible_line(f"nabla: {render(words)}"), to=sys.stderr)


def print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as their widest cell on the screen."""
    from rich.cells import cell_len  # noqa: PLC0415 - not for --help

    rows = [tuple(map(visible_line, row)) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        print_visible("  ".join(cells).rstrip())


def have_terminal(*streams: IO[str] | None) -> bool:
    """Whether each of the streams is a terminal; one that the shell has closed is None."""
    return all(stream is not None and stream.isatty() for stream in streams)


def speaks_ascii(options: Namespace) -> bool:
    """Whether signs are to be spelt in ASCII: it was asked for, or the terminal lacks them."""
    terminal = os.environ.get("TERM") if have_terminal(sys.stdout) else None
    shows = shows_signs(terminal, getattr(sys.stdout, "encoding", None))
    return bool(options.ascii) or not shows


def require_terminal() -> None:
    """Refuse pipes, and what can only print lines: keys come by stdin, pictures go to stdout."""
    if os.environ.get("TERM") == "dumb":
        raise UsageError(
            message(
                "this terminal (TERM=dumb) only prints lines: add --plain for the lessons in lines"
            )
        )
    if not have_terminal(sys.stdin, sys.stdout):
        raise UsageError(
            message(
                "the lessons need a terminal for input and output: start Nabla in a terminal "
                "window, or add --plain for lines of text, which may be piped"
            )
        )


def is_confirmed(question: Message, without_terminal: Message) -> bool:
    """Ask for a yes at the terminal.

    Raises:
        UsageError: There is nobody to ask; `without_terminal` says how to say it at once.
    """
    if not have_terminal(sys.stdin, sys.stdout):
        raise UsageError(without_terminal)
    try:
        return input(f"{render(question)} ").strip().lower() in ("y", "yes")
    except EOFError:
        print_visible()
        return False


def accept_any_character(*streams: object) -> None:
    """Print a question mark, rather than fail, for what the terminal's encoding lacks."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def forget_output() -> None:
    """Keep the interpreter from complaining at its end about a pipe that was closed."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
