"""A terminal's screen: what a program has written, as a learner sees it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

import pyte

_ALTERNATE_SCREEN: Final = 1049
_SYNCHRONIZED: Final = 2026
_SUPPORTED_AND_OFF: Final = 2

_TOKEN: Final = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)(?P<intermediate>[ -/]*)(?P<final>[@-~])"
    r"|(?P<string>\x1b[P_\]^X].*?(?:\x1b\\|\x07))"
    r"|(?P<escape>\x1b(?:[()#%][0-9A-Za-z]|[^\[P_\]^X()#%]))"
    r"|(?P<text>[^\x1b]+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the screen. Colours are six hexadecimal digits, or a name, or `default`."""

    text: str
    foreground: str
    background: str
    bold: bool
    reverse: bool


class Emulator:
    """Keeps the screen of a program; `type` is how it answers and how a learner types."""

    def __init__(self, columns: int, rows: int) -> None:
        self.modes: set[int] = set()
        """The private modes (mouse 1000, alternate screen 1049, ...) that are on now."""
        self._main = pyte.Screen(columns, rows)
        self._alternate = pyte.Screen(columns, rows)
        self._streams = {screen: pyte.Stream(screen) for screen in (self._main, self._alternate)}
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unread = ""
        self._display: list[str] | None = None

    def type(self, text: str) -> None:
        """Send text to the program."""
        raise NotImplementedError

    def resize_screen(self, columns: int, rows: int) -> None:
        """Change the size of the screen."""
        for screen in self._streams:
            screen.resize(rows, columns)
        self._display = None

    # --- what a learner sees

    @property
    def screen(self) -> pyte.Screen:
        """The emulator's screen that is shown."""
        return self._alternate if _ALTERNATE_SCREEN in self.modes else self._main

    @property
    def display(self) -> list[str]:
        """The rows of the screen: made once for all that is asked between two writings.

        The second cell of a wide character is empty.
        """
        if self._display is None:
            buffer, columns = self.screen.buffer, range(self.screen.columns)
            rows = [buffer[y] for y in range(self.screen.lines)]
            self._display = ["".join([row[x].data for x in columns]) for row in rows]
        return self._display

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without the blanks at their ends."""
        return [line.rstrip() for line in self.display]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines)

    def shows(self, text: str) -> bool:
        """Whether the text is on the screen, on one row or (with line breaks) over several."""
        return text in "\n".join(self.display) or text in self.text

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row of the cursor, None while it is hidden."""
        cursor = self.screen.cursor
        return None if cursor.hidden else (cursor.x, cursor.y)

    def cell(self, column: int, row: int) -> Cell:
        """Return one cell with its colours."""
        char = self.screen.buffer[row][column]
        return Cell(char.data, char.fg, char.bg, char.bold, char.reverse)

    def find(self, text: str) -> tuple[int, int]:
        """Return column and row of the first cell of `text` on the screen."""
        for row in range(self.screen.lines):
            cells = [self.screen.buffer[row][x].data for x in range(self.screen.columns)]
            at = "".join(cells).find(text)
            if at >= 0:
                return _column_of(cells, at), row
        raise AssertionError(f"{text!r} is not on the screen:\n{self.picture()}")

    def picture(self) -> str:
        """Return the screen in a frame, for people."""
        edge = "+" + "-" * self.screen.columns + "+"
        return "\n".join([edge, *(f"|{line}|" for line in self.display), edge])

    @property
    def is_whole_frame(self) -> bool:
        """Whether the program is not in the middle of a frame."""
        return _SYNCHRONIZED not in self.modes

    # --- the emulator

    def take(self, output: bytes) -> None:
        """Take in what the program has written."""
        self._display = None
        self._unread += self._decoder.decode(output)
        position = 0
        while match := _TOKEN.match(self._unread, position):
            position = match.end()
            if match["final"]:
                self._take_control(match)
            elif not match["string"]:
                self._streams[self.screen].feed(match[0])
        self._unread = self._unread[position:]

    def _take_control(self, match: re.Match[str]) -> None:
        """Carry out one control sequence; leave out what pyte would print as text."""
        parameters, final = match["parameters"], match["final"]
        if parameters.startswith("?") and final in "hl" and not match["intermediate"]:
            self._set_modes(parameters, on=final == "h")
        elif match[0] == f"\x1b[?{_SYNCHRONIZED}$p":
            # Say that whole frames are understood, so that no wait sees half of one.
            self.type(f"\x1b[?{_SYNCHRONIZED};{_SUPPORTED_AND_OFF}$y")
            return
        elif match["intermediate"] or parameters[:1] in ("<", "=", ">", "?"):
            return
        self._streams[self.screen].feed(match[0])

    def _set_modes(self, parameters: str, *, on: bool) -> None:
        modes = {int(number) for number in parameters[1:].split(";") if number}
        if on and _ALTERNATE_SCREEN in modes - self.modes:
            self._alternate.reset()
        self.modes = self.modes | modes if on else self.modes - modes


def _column_of(cells: list[str], index: int) -> int:
    """Return the cell where the character `index` of the row begins: wide ones take two cells."""
    length = 0
    for column, text in enumerate(cells):
        if length == index and text:
            return column
        length += len(text)
    raise IndexError(index)
