"""A terminal that is sent only what changes shows what Textual paints."""

from __future__ import annotations

from collections.abc import Sequence

import pyte
from hypothesis import given, strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tutor.server.terminal.cells import ShownCells

WIDTH, HEIGHT = 12, 4
STYLES = [
    Style.parse(each)
    for each in ("none", "red", "bold red", "bold", "on blue", "underline #112233 on blue",
                 "reverse italic", "strike")
]  # fmt: skip
NO_WRAP = "\x1b[?7l"
"""As the driver puts the terminal."""
SIGNS = [*"ab ─⠁⣿é", "中", "数", "🙂", "e\u0301"]

Cell = tuple[str, Style]
Row = list[Cell]


def cells(row: Sequence[Cell]) -> int:
    return sum(Segment(text).cell_length for text, _ in row)


def fitted(row: Row) -> Row:
    """Return a row that is as wide as the screen."""
    while cells(row) > WIDTH:
        row = row[:-1]
    return row + [(" ", STYLES[0])] * (WIDTH - cells(row))


rows = st.lists(
    st.tuples(st.sampled_from(SIGNS), st.sampled_from(STYLES)), max_size=WIDTH
).map(fitted)  # fmt: skip
changes = st.tuples(st.integers(0, HEIGHT - 1), rows, st.integers(0, WIDTH), st.booleans())


def strip_of(row: Sequence[Cell]) -> Strip:
    return Strip([Segment(text, style) for text, style in row])


def pieces(y: int, row: Row, cut: int):
    """Yield a row in two pieces, as widgets beside each other make it."""
    x = 0
    for part in (row[:cut], row[cut:]):
        yield x, y, strip_of(part), cells(part)
        x += cells(part)


def shown(text: str) -> tuple[list[str], list[dict[int, object]]]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    pyte.Stream(screen).feed(NO_WRAP + text)
    return picture(screen)


def picture(screen: pyte.Screen) -> tuple[list[str], list[dict[int, object]]]:
    """Return what a screen shows: signs and looks."""
    looks = [{x: screen.buffer[y][x] for x in range(screen.columns)} for y in range(screen.lines)]
    return ["".join(cell.data for cell in row.values()) for row in looks], looks


def whole(content: list[Row]) -> str:
    """Return what Textual sends for a whole screen."""
    strips: list[list[Strip]] = [[strip_of(row)] for row in content]
    update = LayoutUpdate(strips, Region(0, 0, WIDTH, HEIGHT))  # type: ignore[arg-type]
    return update.render_segments(Console(color_system="truecolor"))


@given(st.lists(rows, min_size=HEIGHT, max_size=HEIGHT), st.lists(changes, max_size=8))
def test_changes_make_the_picture_that_a_whole_frame_makes(
    content: list[Row], changed: list[tuple[int, Row, int, bool]]
):
    screen, cells_of_screen = pyte.Screen(WIDTH, HEIGHT), ShownCells()
    stream = pyte.Stream(screen)
    stream.feed(NO_WRAP)
    every = [piece for y, row in enumerate(content) for piece in pieces(y, row, 3)]
    stream.feed(cells_of_screen.paint(every))
    for y, row, cut, is_lost in changed:
        content[y] = row
        data = cells_of_screen.paint(pieces(y, row, cut))
        if is_lost:
            cells_of_screen.forget()
            every = [piece for at, each in enumerate(content) for piece in pieces(at, each, 5)]
            data = cells_of_screen.paint(every)
        stream.feed(data)
    assert shown(whole(content)) == picture(screen)


def paint(cells_of_screen: ShownCells, row: Row) -> str:
    return cells_of_screen.paint(pieces(0, row, len(row)))


def plain(text: str) -> Row:
    return [(sign, STYLES[0]) for sign in text]


def test_what_is_shown_is_not_sent_again():
    terminal = ShownCells()
    paint(terminal, plain("ab ─⠁ 中数 a"))
    assert "" == paint(terminal, plain("ab ─⠁ 中数 a"))


def test_only_the_cells_that_change_are_sent():
    terminal = ShownCells()
    paint(terminal, plain("abcdefghijkl"))
    assert "\x1b[1;3HX\x1b[7CY" == paint(terminal, plain("abXdefghijYl"))


def test_a_short_way_between_changes_is_sent_rather_than_leapt_over():
    terminal = ShownCells()
    paint(terminal, plain("abcdefghijkl"))
    assert "\x1b[1;3HXdeY" == paint(terminal, plain("abXdeYghijkl"))


def test_only_what_differs_between_two_looks_is_told():
    terminal = ShownCells()
    red, bold = Style.parse("red on blue"), Style.parse("bold red on blue")
    assert "\x1b[1;1H\x1b[31;44ma\x1b[1mb\x1b[0;31;44mc\x1b[0m" == terminal.paint(
        [(0, 0, strip_of([("a", red), ("b", bold), ("c", red)]), 3)]
    )


def test_a_wide_sign_is_never_sent_by_half():
    terminal = ShownCells()
    paint(terminal, plain("a中b"))
    assert "\x1b[1;2H数" == paint(terminal, plain("a数b"))


def test_signs_of_doubtful_width_are_painted_whole_each_time():
    terminal = ShownCells()
    doubtful = [("a", STYLES[0]), ("e\u0301", STYLES[0]), ("b", STYLES[0])]
    first = terminal.paint([(0, 0, strip_of(doubtful), 3)])
    assert "\x1b[1;1Hae\u0301b" == first == terminal.paint([(0, 0, strip_of(doubtful), 3)])


def test_control_characters_reach_no_terminal():
    row = [Segment("a\x1b]0;gotcha\x07b")]
    assert "\x1b[1;1Ha]0;gotchab" == ShownCells().paint([(0, 0, row, 12)])


def test_looks_that_differ_in_nothing_visible_are_one():
    terminal = ShownCells()
    paint(terminal, plain("ab"))
    with_meta = Style.from_meta({"offset": (1, 2)})
    assert "" == terminal.paint([(0, 0, strip_of([("a", with_meta), ("b", with_meta)]), 2)])


def test_no_link_is_ever_begun():
    linked = Style(link="https://example.org")
    assert "\x1b[1;1Ha" == ShownCells().paint([(0, 0, strip_of([("a", linked)]), 1)])
