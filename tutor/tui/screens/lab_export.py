"""What the lab writes into files: Markdown with charts as text, a NumPy script, CSV, a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from tutor.charts.chart import Chart
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.descent.run import Run
from tutor.engine.lab.export import to_csv, to_markdown, to_script
from tutor.engine.lab.lab import Lab
from tutor.i18n import Message
from tutor.player.files import write_files

EVERYTHING: Final = "everything"

Maker: TypeAlias = Callable[[Lab, Run, str], str]
"""(lab, its run, the picture of the screen) -> what goes into the file."""

MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        ".md": lambda lab, run, _: to_markdown(lab, run, draw_text),
        ".py": lambda lab, _run, _picture: to_script(lab.setup),
        ".csv": lambda _lab, run, _: to_csv(run),
        ".svg": lambda _lab, _run, picture: picture,
    }
)
"""What makes each kind of file, by its ending."""


def export_pieces(kind: str, lab: Lab, run: Run, picture: str) -> Callable[[], Iterator[Message]]:
    """Return the work of writing one kind of file, or everything; its one piece says where."""
    wanted = MAKERS if kind == EVERYTHING else {kind: MAKERS[kind]}
    return partial(_pieces, wanted, lab, run, picture)


def _pieces(wanted: Mapping[str, Maker], lab: Lab, run: Run, picture: str) -> Iterator[Message]:
    contents = {ending: make(lab, run, picture) for ending, make in wanted.items()}
    yield write_files(Path.cwd(), contents)


def draw_text(chart: Chart, columns: int, rows: int) -> str:
    """Return a chart as plain text."""
    return ChartRenderer().render(chart, columns, rows, MONO).to_text()
