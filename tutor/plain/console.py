"""Lines out, lines in: the only place of plain mode that touches the streams."""

from __future__ import annotations

import io
import shutil
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TextIO

from tutor.i18n import Text, render
from tutor.lesson.prose import parse_prose
from tutor.lesson.wrapping import Block, Paragraph, Span, wrap
from tutor.typed import folded
from tutor.visible import print_visible

NARROWEST, USUAL = 20, 80


class LeftError(Exception):
    """The learner is gone: the input ended, or `quit` was said."""


class StoppedError(LeftError):
    """The system or the terminal ends the program: nothing can be asked any more."""


@dataclass
class Console:
    """Speaks in lines of at most `width` cells, and asks for one line at a time."""

    out: TextIO
    lines_in: TextIO
    fixed_width: int | None = None
    """None: as wide as the terminal is when a line is said."""
    spell: Callable[[str], str] = str
    """What the terminal can show of a line that is laid out."""
    echo: bool = False
    """Whether to repeat what was typed: a pipe shows no typing."""

    @property
    def width(self) -> int:
        """The cells of a line."""
        if self.fixed_width is not None:
            return self.fixed_width
        return max(NARROWEST, shutil.get_terminal_size((USUAL, 24)).columns)

    def say(self, *sentences: Text) -> None:
        """Say sentences of the program, one after another in one paragraph."""
        words = " ".join(render(sentence) for sentence in sentences if sentence)
        self._blocks([Paragraph((Span(words),))])

    def say_markup(self, markup: Text) -> None:
        """Say an author's prose; nothing where there is none."""
        self._blocks(parse_prose(render(markup)))

    def say_lines(self, lines: Iterable[str]) -> None:
        """Say lines as they stand, such as code or a drawing."""
        for line in lines:
            print_visible(self.spell(line).rstrip(), to=self.out)

    def gap(self) -> None:
        """Leave a line empty."""
        print_visible(to=self.out)

    def ask(self, prompt: str) -> str:
        """Return the next line that is typed, folded, without the spaces around it.

        Raises:
            LeftError: There is none.
        """
        return folded(self.ask_raw(prompt)).strip()

    def ask_raw(self, prompt: str) -> str:
        """Return the next line that is typed as it stands: indentation means something in code.

        Raises:
            LeftError: There is none.
        """
        print_visible(self.spell(prompt), to=self.out, end=" ")
        self.out.flush()
        try:
            line = self.lines_in.readline()
        except OSError:  # the terminal is gone
            raise StoppedError from None
        if not line:
            self.gap()
            raise LeftError
        line = line.rstrip("\r\n")
        if self.echo:
            self.say_lines([line])
        return line

    def _blocks(self, blocks: Iterable[Block]) -> None:
        self.say_lines("".join(span.text for span in line) for line in wrap(blocks, self.width))


def take_any_bytes(stream: TextIO) -> None:
    """Let a stream read what is no UTF-8 as question marks instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


def leave_on_signals() -> None:
    """Leave in good order when the terminal or the system asks for it; asked again, at once."""
    for name in ("SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)


def _stop(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise StoppedError
