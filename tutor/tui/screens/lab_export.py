"""What the lab writes into files: Markdown with charts as text, a NumPy script, CSV, a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from textual.app import App

from tutor.charts.chart import Chart
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.descent.run import Run
from tutor.engine.lab.export import to_csv, to_markdown, to_script
from tutor.engine.lab.lab import Lab
from tutor.i18n import Message, message
from tutor.player.files import write_files
from tutor.tui.long_work import LongWork
from tutor.tui.screens.lab_scene import Scene
from tutor.tui.screens.pick import Pick, PickScreen

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


def ask_what_to_export(app: App[Any], work: LongWork, scene: Scene) -> None:
    """Show the list of what can be written into files; write what is picked, beside the screen."""

    def write(kind: str) -> None:
        picture = app.export_screenshot(title="Nabla")
        work.want("export", object(), export_pieces(kind, scene.lab, scene.run, picture))

    def picked(kind: str | None) -> None:
        if kind is not None:
            app.screen.call_after_refresh(write, kind)  # the picture is of the lab without the list

    app.push_screen(_export_menu(), picked)


def _export_menu() -> PickScreen:
    picks = [
        Pick(EVERYTHING, message("everything"), message("the four files below")),
        Pick(".md", message("Markdown"), message("the run with its charts as text")),
        Pick(".py", message("NumPy script"), message("prints the same final point, without Nabla")),
        Pick(".csv", message("CSV"), message("every step: point, f, gradient, η")),
        Pick(".svg", message("SVG"), message("this screen as a picture")),
    ]
    return PickScreen(message("Write the run into the current folder"), picks)


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
