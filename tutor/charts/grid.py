"""A sheet of terminal cells that pictures are put together on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from rich.cells import cell_len

from tutor.charts.palette import Ground, Ink, Palette
from tutor.charts.picture import Span

Cell: TypeAlias = tuple[int, int]
"""Column and row, from the top left."""


class Look(NamedTuple):
    """The ink of a cell and whether it is bold."""

    ink: Ink | Ground
    bold: bool = False


class Grid:
    """Cells of `width` by `height`, each with a character and a look, blank at first.

    A character of double width sits in its first cell and leaves "" in the second.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.touched: set[int] = set()
        """The rows written to since the grid was made or copied."""
        self._characters = [[" "] * width for _ in range(height)]
        self._looks: list[list[Look | None]] = [[None] * width for _ in range(height)]
        self._grounds: dict[int, list[Ground | None]] = {}

    def copy(self) -> Grid:
        """Return a grid of the same cells, nothing of it touched yet."""
        twin = Grid(self.width, 0)
        twin.height = self.height
        twin._characters = [row[:] for row in self._characters]
        twin._looks = [row[:] for row in self._looks]
        twin._grounds = {number: row[:] for number, row in self._grounds.items()}
        return twin

    def character(self, column: int, row: int) -> str:
        """Return what stands in a cell."""
        return self._characters[row][column]

    def look(self, column: int, row: int) -> Look | None:
        """Return the look of a cell; None for a blank one."""
        return self._looks[row][column]

    def written(self, row: int) -> Iterator[tuple[int, tuple[str, Look]]]:
        """Yield the columns of a row that something stands in, with it."""
        for column, look in enumerate(self._looks[row]):
            if look is not None:
                yield column, (self._characters[row][column], look)

    def put(self, column: int, row: int, character: str, look: Look | None) -> None:
        """Write one character of single width into a cell of the grid."""
        characters = self._characters[row]
        if characters[column] == "":
            characters[column - 1] = " "
        elif column + 1 < self.width and characters[column + 1] == "":
            characters[column + 1] = " "
        characters[column] = character
        self._looks[row][column] = look
        self.touched.add(row)

    def put_all(self, placed: Iterable[tuple[Cell, str, Look | None]]) -> None:
        """Put many characters, each into its cell."""
        for (column, row), character, look in placed:
            self.put(column, row, character, look)

    def write_all(self, texts: Iterable[tuple[Cell, str, Look | None]]) -> None:
        """Write many texts, each from its cell on."""
        for (column, row), text, look in texts:
            self.write(column, row, text, look)

    def shade(self, column: int, row: int, ground: Ground) -> None:
        """Give a cell a ground; whatever is written there later keeps it."""
        self._grounds.setdefault(row, [None] * self.width)[column] = ground
        self.touched.add(row)

    def shade_row(self, left: int, row: int, grounds: Sequence[Ground | None]) -> None:
        """Give the cells of a row from `left` on their grounds; None leaves a cell as it is."""
        if any(grounds):
            own = self._grounds.setdefault(row, [None] * self.width)
            for column, ground in enumerate(grounds, left):
                own[column] = ground or own[column]
            self.touched.add(row)

    def write(self, column: int, row: int, text: str, look: Look | None) -> None:
        """Write a text from `column` on; what does not fit the row is cut off."""
        for character in text:
            width = cell_len(character)
            if column < 0 or column + width > self.width:
                return
            if width:
                self.put(column, row, character, look)
            if width == 2:
                self.put(column + 1, row, " ", look)
                self._characters[row][column : column + 2] = [character, ""]
            column += width

    def spans(self, row: int, palette: Palette) -> tuple[Span, ...]:
        """Return a row as spans, as few as its looks allow: blanks join their neighbours."""
        characters, looks = self._characters[row], self._looks[row]
        if row in self._grounds:
            return self._shaded_spans(row, palette)
        spans: list[Span] = []
        start, current = 0, None
        for column, look in enumerate(looks):
            if look is not None and look != current:
                if current is not None:
                    spans.append(_span(characters[start:column], current, palette))
                    start = column
                current = look
        if characters:
            spans.append(_span(characters[start:], current, palette))
        return tuple(spans)

    def _shaded_spans(self, row: int, palette: Palette) -> tuple[Span, ...]:
        """The same for a row with grounds: blanks join their neighbours on the same ground."""
        characters, looks, grounds = self._characters[row], self._looks[row], self._grounds[row]
        spans: list[Span] = []
        start, current = 0, looks[0]
        for column in range(1, self.width + 1):
            ends = column == self.width or grounds[column] != grounds[start]
            look = None if ends else looks[column]
            if not ends and (look is None or look == current):
                continue
            if not ends and current is None:
                current = look
                continue
            spans.append(_span(characters[start:column], current, palette, grounds[start]))
            if column < self.width:
                start, current = column, looks[column]
        return tuple(spans)


def _span(
    characters: list[str], look: Look | None, palette: Palette, ground: Ground | None = None
) -> Span:
    text = "".join(characters)
    background = None if ground is None else _color(palette, ground)
    if look is None:
        return Span(text, background=background)
    return Span(text, _color(palette, look.ink), look.bold, background)


_color: Final = lru_cache(maxsize=1024)(Palette.color)
"""Asked for every span of every row."""
