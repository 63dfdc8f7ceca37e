"""What opens over the lab: the lists of objectives, presets and options, and the state code."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.engine.descent.objectives import lab_objectives, objective_of
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.presets import PRESETS
from tutor.i18n import Text, message, render
from tutor.tui.screens.pick import Pick, PickScreen
from tutor.tui.widgets.lab_choice import LabChoice, Option
from tutor.tui.widgets.lab_settings import FORMULA
from tutor.tui.widgets.plain_words import broken

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
