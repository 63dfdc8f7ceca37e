"""What the learner did: lessons, review, certainty, misconceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.i18n import message, render
from tutor.lesson.catalog import Catalog
from tutor.player.progress_report import ProgressReport, Table, report_tables
from tutor.tui.commands import PROGRESS_COMMANDS, Command, bindings
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar


class ProgressScreen(TutorScreen[None]):
    """The report on one page that scrolls."""

    DEFAULT_CSS = """
    ProgressScreen > VerticalScroll { padding: 1 2; height: 1fr; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(PROGRESS_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = PROGRESS_COMMANDS

    def __init__(
        self, report: ProgressReport, report_of: Callable[[Catalog], ProgressReport]
    ) -> None:
        super().__init__()
        self._report = report
        self._report_of = report_of

    def compose(self) -> ComposeResult:
        """Lay out the tables and the footer."""
        yield TooSmall()
        with VerticalScroll():
            title = Content.styled(render(message("Your progress")), "bold $text-primary")
            parts = [title, *(_drawn(table) for table in report_tables(self._report))]
            yield Static(Content("\n\n").join(parts), markup=False)
        yield KeyBar()

    def use_catalog(self, catalog: Catalog) -> None:
        """Tell of the lessons in another language."""
        self._report = self._report_of(catalog)

    def action_open_map(self) -> None:
        """Back to the map."""
        self.dismiss(None)


def _drawn(table: Table) -> Content:
    lines = [Content.styled(render(table.title), "bold"), *_rows(table)]
    if table.words is not None:
        lines.append(Content("  " + render(table.words)))
    return Content("\n").join(lines)


def _rows(table: Table) -> Iterator[Content]:
    """Yield the rows with their cells in columns; the last cell is as long as it is."""
    rows = [[render(cell) for cell in row] for row in table.rows]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)][:-1]
    for number, row in enumerate(rows):
        padded = [
            cell + " " * (width - cell_len(cell) + 2)
            for cell, width in zip(row, widths, strict=False)
        ]
        line = Content("  " + "".join([*padded, row[-1]]))
        yield line.stylize("$text-muted") if table.has_header and number == 0 else line
