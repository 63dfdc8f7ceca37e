"""A sheet of cells keeps its width, whatever is written."""

from hypothesis import given, strategies as st
from rich.cells import cell_len

from tutor.charts.grid import Grid, Look
from tutor.charts.palette import DARK, MONO, Ground

_LOOK = Look("curve")
_WRITES = st.lists(
    st.tuples(st.integers(-2, 12), st.text("ab学习é̂\u200b ", max_size=6)), max_size=8
)


@given(_WRITES)
def test_a_row_is_always_as_wide_as_the_grid(writes):
    """Wide characters cut in two by a later text leave no half behind."""
    grid = Grid(10, 1)
    for column, text in writes:
        grid.write(column, 0, text, _LOOK)
    assert 10 == sum(cell_len(span.text) for span in grid.spans(0, MONO))


def test_neighbours_of_one_look_are_one_span():
    grid = Grid(6, 1)
    grid.write(0, 0, "ab", _LOOK)
    grid.write(3, 0, "c", _LOOK)
    grid.write(4, 0, "d", Look("path", bold=True))
    spans = grid.spans(0, DARK)
    assert [("ab c", DARK.color("curve"), False), ("d ", DARK.color("path"), True)] == [
        (span.text, span.color, span.bold) for span in spans
    ]


def test_a_copy_leaves_the_first_alone():
    grid = Grid(3, 1)
    grid.copy().write(0, 0, "abc", _LOOK)
    assert "   " == grid.spans(0, MONO)[0].text


def test_what_is_written_on_a_shaded_cell_keeps_its_ground():
    grid = Grid(4, 1)
    for column in (1, 2):
        grid.shade(column, 0, Ground("heat", 5))
    grid.write(2, 0, "ab", _LOOK)
    spans = [(span.text, span.color, span.background) for span in grid.spans(0, DARK)]
    ground = DARK.heat[5]
    assert [
        (" ", None, None), (" a", DARK.color("curve"), ground), ("b", DARK.color("curve"), None),
    ] == spans  # fmt: skip


def test_a_copy_keeps_grounds_and_shades_its_own():
    grid = Grid(2, 1)
    grid.shade(0, 0, Ground("region", 0))
    grid.copy().shade(1, 0, Ground("region", 1))
    assert [DARK.regions[0], None] == [span.background for span in grid.spans(0, DARK)]


def test_a_grid_tells_which_rows_were_written():
    grid = Grid(3, 4).copy()
    grid.write(0, 2, "a", _LOOK)
    assert {2} == grid.touched
