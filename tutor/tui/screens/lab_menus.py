"""The lists of the lab: objectives, presets, what to export, and the options of a choice."""

from __future__ import annotations

from typing import Final

from tutor.engine.descent.objectives import lab_objectives, objective_of
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.presets import PRESETS
from tutor.i18n import Text, message
from tutor.tui.screens.lab_export import EVERYTHING
from tutor.tui.screens.lab_pick import LabPickScreen, Pick
from tutor.tui.widgets.lab_choice import LabChoice, Option

FORMULA = "formula"
"""In the list of objectives: one of the learner's own."""


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


def objective_menu(picked: str) -> LabPickScreen:
    """Return the list of objectives, each with its formula."""
    own = Pick(FORMULA, message("a formula of your own …"), message("in x, or in x0 and x1"))
    named = [
        Pick(name, _words(name), objective_of(Setup(objective=name)).formula)
        for name in lab_objectives()
    ]
    return LabPickScreen(message("What shall be descended?"), [own, *named], picked)


def preset_menu(picked: str) -> LabPickScreen:
    """Return the list of presets, each with its sentence."""
    picks = [Pick(each.name, each.title, each.sentence) for each in PRESETS]
    return LabPickScreen(message("Failures worth seeing"), picks, picked)


def export_menu() -> LabPickScreen:
    """Return the list of what can be written into files."""
    picks = [
        Pick(EVERYTHING, message("everything"), message("the four files below")),
        Pick(".md", message("Markdown"), message("the run with its charts as text")),
        Pick(".py", message("NumPy script"), message("prints the same final point, without Nabla")),
        Pick(".csv", message("CSV"), message("every step: point, f, gradient, η")),
        Pick(".svg", message("SVG"), message("this screen as a picture")),
    ]
    return LabPickScreen(message("Write the run into the current folder"), picks)


def choice_menu(choice: LabChoice) -> LabPickScreen:
    """Return the list of a row's options."""
    picks = [Pick(option.key, option.words) for option in choice.options]
    return LabPickScreen(choice.label, picks, choice.value)
