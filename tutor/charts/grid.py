"""A sheet of terminal cells that pictures are put together on."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from tutor.charts.picture import Span

if TYPE_CHECKING:
    from tutor.charts.palette import Ink, Palette


class Look(NamedTuple):
    """The ink of a cell and whether it is bold."""

    ink: Ink
    bold: bool = False


class Grid:
    """Cells of `width` by `height`, each with one character and a look.

    A character of double width sits in its first cell and leaves "" in the second.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.characters = [[" "] * width for _ in range(height)]
        self.looks: list[list[Look | None]] = [[None] * width for _ in range(height)]
        self.touched: set[int] = set()

    def copy(self) -> Grid:
        """Return a grid of the same cells, nothing of it touched yet."""
        twin = Grid(0, 0)
        twin.width, twin.height = self.width, self.height
        twin.characters = [row[:] for row in self.characters]
        twin.looks = [row[:] for row in self.looks]
        return twin

    def put(self, column: int, row: int, character: str, look: Look | None) -> None:
        """Write one single-width character into a cell of the grid."""
        characters = self.characters[row]
        if characters[column] == "":
            characters[column - 1] = " "
        elif column + 1 < self.width and characters[column + 1] == "":
            characters[column + 1] = " "
        characters[column] = character
        self.looks[row][column] = look
        self.touched.add(row)

    def write(self, column: int, row: int, text: str, look: Look | None) -> None:
        """Write a text from `column` on; what does not fit the row is cut off."""
        for character in text:
            width = cell_len(character)
            if column + width > self.width:
                return
            if width == 0:
                continue
            self.put(column, row, character, look)
            if width == 2:
                self.put(column + 1, row, " ", look)
                self.characters[row][column + 1] = ""
            column += width

    def is_blank(self, column: int, row: int, width: int) -> bool:
        """Whether `width` cells from `column` on are all blank and inside the grid."""
        return 0 <= column and column + width <= self.width and all(
            character == " " for character in self.characters[row][column : column + width]
        )

    def spans(self, row: int, palette: Palette) -> tuple[Span, ...]:
        """Return a row as spans, neighbours of one look joined."""
        cells = zip(self.characters[row], self.looks[row], strict=True)
        return tuple(
            _span("".join(character for character, _ in run), look, palette)
            for look, run in groupby(cells, key=lambda cell: None if cell[0] == " " else cell[1])
        )


def _span(text: str, look: Look | None, palette: Palette) -> Span:
    return Span(text) if look is None else Span(text, palette.color(look.ink), look.bold)


def shorten(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Return `text` cut to `width` cells, with an ellipsis where something was cut."""
    if cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room < 0:
        return ""
    kept = ""
    for character in text:
        if cell_len(kept + character) > room:
            break
        kept += character
    return kept.rstrip() + ellipsis


def one_line(text: str) -> str:
    """Return `text` without control characters and line breaks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


_SPELT = str.maketrans(
    {
        "∇": "grad ", "∂": "d", "η": "eta", "λ": "lambda", "α": "alpha", "β": "beta", "θ": "theta",
        "ε": "eps", "δ": "delta", "Δ": "Delta", "π": "pi", "−": "-", "–": "-", "—": "-", "×": "x",
        "·": "*", "∞": "inf", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "←": "<-", "…": "...",
        "’": "'", "‘": "'", "“": '"', "”": '"', "√": "sqrt", "‖": "||", "½": "1/2", "′": "'",
    }
)  # fmt: skip


def to_ascii(text: str) -> str:
    """Spell mathematics in ASCII (x₀ as x0, η as eta); letters that it lacks stay as they are."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT)).translate(_SPELT)
    return "".join(
        character if character.isascii() or unicodedata.category(character)[0] == "L" else "?"
        for character in plain
        if not unicodedata.combining(character)
    )
