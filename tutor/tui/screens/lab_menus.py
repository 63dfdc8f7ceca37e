"""What opens over the lab: lists of objectives, presets and options, the state code, the export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.charts.chart import Chart
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.descent.objectives import lab_objectives, objective_of
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.export import to_csv, to_markdown, to_script
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.presets import PRESETS
from tutor.i18n import Message, Text, message, render
from tutor.lesson.wrapping import broken
from tutor.player.files import write_files
from tutor.tui.long_work import LongWork
from tutor.tui.screens.lab_scene import Scene
from tutor.tui.screens.pick import Pick, PickScreen
from tutor.tui.widgets.lab_choice import LabChoice, Option
from tutor.tui.widgets.lab_settings import FORMULA

_NAMES: Final = (
    message("square"), message("shallow-parabola"), message("cubic"), message("exp"),
    message("sin"), message("abs"), message("double-well"), message("sphere"),
    message("elongated-bowl"), message("saddle"), message("monkey-saddle"), message("plateau"),
    message("rosenbrock"), message("himmelblau"), message("beale"), message("booth"),
    message("rastrigin"), message("ackley"), message("softmax-loss"),
)  # fmt: skip
"""The objectives as lessons name them; in other languages a learner reads what each looks like."""


def _words(name: str) -> Text:
    return next((words for words in _NAMES if words.template == name), name)


def choices() -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Return the options of the rows `function` and `preset`."""
    objectives = tuple(Option(name, _words(name)) for name in lab_objectives())
    return objectives, tuple(Option(each.name, each.title) for each in PRESETS)


def menu(choice: LabChoice) -> PickScreen:
    """Return the list of a row's options, with what there is to say of each."""
    if choice.name == "objective":
        return _objective_menu(choice.value)
    if choice.name == "preset":
        presets = [Pick(each.name, each.title, each.sentence) for each in PRESETS]
        return PickScreen(message("Failures worth seeing"), presets, choice.value)
    picks = [Pick(option.key, option.words) for option in choice.options]
    return PickScreen(choice.label, picks, choice.value)


def _objective_menu(picked: str) -> PickScreen:
    """Return the list of objectives, each with its formula."""
    own = Pick(FORMULA, message("a formula of your own …"), message("in x, or in x0 and x1"))
    named = [
        Pick(name, _words(name), objective_of(Setup(objective=name)).formula)
        for name in lab_objectives()
    ]
    return PickScreen(message("What shall be descended?"), [own, *named], picked)


class LabCodeScreen(ModalScreen[None]):
    """The whole state code, to copy by hand where the terminal takes no clipboard.

    Any of its keys closes it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,y", "close", "Close")]

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def on_mount(self) -> None:
        """Copy it."""
        self.app.copy_to_clipboard(self._code)

    def compose(self) -> ComposeResult:
        """Lay out the code and what to do with it."""
        width = min(110, self.app.size.width) - 8
        code = self._code
        lines = [code[start : start + width] for start in range(0, len(code), width)]
        words = message(
            "Copied, if the terminal allows it; else mark the lines with Shift and the mouse. "
            "Paste it into any lab, line breaks and all, or start with: nabla lab 'CODE'"
        )
        with Vertical(id="code"):
            yield Static(
                Content.styled(render(message("State code")), "bold $text-primary"), markup=False
            )
            yield Static("\n".join(lines), id="code-lines", markup=False)
            yield Static(Content.styled(broken(render(words), width), "$text-muted"), markup=False)

    def action_close(self) -> None:
        """Back to the lab."""
        self.dismiss(None)


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
