"""The lab's settings on five pages: all at once where there is room, else one at a time.

What is turned, chosen or typed there becomes what is wanted of the lab.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.engine.descent.objectives import Window, objective_of, window_of
from tutor.engine.descent.rules import rule_at
from tutor.engine.lab import events as ev
from tutor.engine.lab.controls import RULE_CONTROLS, STEPS_CONTROL, is_in_use, start_control
from tutor.engine.lab.formula import gradient_words, remark_on
from tutor.engine.lab.lab import Curve, Lab, LabState, View, rule_step_of
from tutor.engine.lab.lab_run import advance
from tutor.engine.lab.presets import preset
from tutor.engine.lab.state_code import encode
from tutor.engine.lesson.controls import Control
from tutor.i18n import Message, Text, message, render
from tutor.tui import commands as cmd
from tutor.tui.widgets.lab_bars import LabActions, LabLegend, LabTabs
from tutor.tui.widgets.lab_choice import LabChoice, Option
from tutor.tui.widgets.lab_field import LabField
from tutor.tui.widgets.parameter_control import ParameterControl

PAGES: Final[tuple[Message, ...]] = (
    message("Function"), message("Rule"), message("Look"), message("Compare"), message("Share"),
)  # fmt: skip
LABEL_WIDTH: Final = 9
_OPTIMIZERS: Final = (
    Option("gradient-descent", message("descent")), Option("momentum", message("momentum")),
    Option("nesterov", message("Nesterov")), Option("adagrad", message("AdaGrad")),
    Option("rmsprop", message("RMSProp")), Option("adam", message("Adam")),
    Option("adamw", message("AdamW")),
)  # fmt: skip
_SCHEDULES: Final = (
    Option("constant", message("constant")), Option("step", message("step")),
    Option("cosine", message("cosine")),
)  # fmt: skip
_GRADIENTS: Final = (Option("exact", message("exact")), Option("numerical", message("numerical")))
_SCOPES: Final = (Option("run", message("whole run")), Option("here", message("from here on")))
_VIEWS: Final = (
    Option("contour", message("contour")), Option("surface", message("surface")),
    Option("heat-map", message("heat map")), Option("slices", message("slices")),
    Option("basins", message("basins")),
)  # fmt: skip
_CURVES: Final = (
    Option("loss", message("f")), Option("log-loss", message("log f")),
    Option("distance", message("distance")), Option("step-length", message("step length")),
    Option("sweep", message("η sweep")),
)  # fmt: skip
FORMULA: Final = "formula"
"""Among the objectives: one of the learner's own."""


def _nothing(_problem: Text) -> None:
    """Nobody waits for the answer."""


@dataclass
class LabWanted(TextualMessage):
    """A part of the lab's screen wants something of the lab."""

    event: ev.Event
    answer: Callable[[Text], None] = _nothing
    """Called with why it could not be had; with nothing where it could."""


class Ground(NamedTuple):
    """What a lab descends, and the window on it."""

    objective: str
    formula: str
    window: Window


class LabSettings(Container):
    """Takes a lab and shows its settings; what is turned comes out as what is wanted of it."""

    DEFAULT_CSS = """
    LabSettings {
        height: auto; width: 1fr;
        & > .page { height: auto; width: 1fr; }
        & .page-title {
            height: 1; width: 1fr; padding: 0 1; color: $text-primary; text-style: bold;
        }
        & .-off { display: none; }
        & #legend { height: 5; padding: 0 1; }
        & #preset-words { height: 2; padding: 0 1; color: $text-muted; }
    }
    """

    legend = query_one(LabLegend)

    page: reactive[int] = reactive(0)
    """The page that is shown where there is room for one."""

    def __init__(
        self,
        objectives: Sequence[Option],
        presets: Sequence[Option],
        menu: Callable[[LabChoice], Screen[str | None]],
        state: LabState,
    ) -> None:
        """`menu` makes the list of a row's options, which gives the key of the one picked."""
        super().__init__()
        self._menu = menu
        self._named = objectives, presets
        self._state = state
        self._ground: Ground | None = None
        self._numbers: dict[str, ParameterControl] = {}
        self._choices: tuple[LabChoice, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the names of the pages, and the pages."""
        yield LabTabs(PAGES)
        makers = (self._function, self._rule, self._look, self._compare, self._share)
        for number, (title, make) in enumerate(zip(PAGES, makers, strict=True)):
            with Container(classes="page", id=f"page-{number}"):
                yield Static(render(title), classes="page-title", markup=False)
                yield from make()

    def _function(self) -> ComposeResult:
        setup = self._state.lab.setup
        window = window_of(setup)
        yield LabChoice(
            "objective", message("function"), self._named[0], setup.objective,
            label_width=LABEL_WIDTH,
        )  # fmt: skip
        yield _number(start_control(0, window[0], 2), setup.start[0])
        yield LabActions((cmd.PICK_OBJECTIVE, cmd.CURSOR))
        yield _number(start_control(1, window[-1], 2), setup.start[-1])
        yield LabField(
            "formula", message("formula"), message("in x, or in x0 and x1"),
            label_width=LABEL_WIDTH,
        )  # fmt: skip

    def _rule(self) -> ComposeResult:
        setup = self._state.lab.setup
        rule = setup.rule
        yield _choice("scope", message("changes"), _SCOPES, "run")
        yield _choice("optimizer", message("optimizer"), _OPTIMIZERS, rule.optimizer)
        for name in ("learning_rate", "momentum", "alpha", "beta1", "beta2"):
            yield _number(RULE_CONTROLS[name], getattr(rule, name))
        yield _choice("schedule", message("schedule"), _SCHEDULES, rule.schedule)
        yield _choice("gradient", message("gradient"), _GRADIENTS, rule.gradient)
        yield _number(RULE_CONTROLS["h"], rule.h)
        yield _number(STEPS_CONTROL, setup.steps)

    def _look(self) -> ComposeResult:
        yield _choice("view", message("view"), _VIEWS, self._state.lab.view)
        yield _choice("curve", message("curve"), _CURVES, self._state.lab.curve)
        yield _choice("preset", message("preset"), self._named[1], "")
        yield Static(id="preset-words", markup=False)

    def _compare(self) -> ComposeResult:
        yield LabActions((cmd.PIN, cmd.CLEAR_GHOSTS, cmd.BESIDE, cmd.SWAP, cmd.COMPARE))
        yield LabLegend()

    def _share(self) -> ComposeResult:
        yield LabField("state", message("state"), label_width=LABEL_WIDTH)
        yield LabActions((cmd.COPY_STATE, cmd.EXPORT, cmd.UNDO_LAB, cmd.RESET_LAB))

    def on_mount(self) -> None:
        """Fill in the state."""
        self._choices = tuple(self.query(LabChoice))
        self._numbers = {row.spec.name: row for row in self.query(ParameterControl)}
        self.show(self._state)

    def watch_page(self, page: int) -> None:
        """Mark the page that a narrow terminal shows."""
        self.query_one(LabTabs).page = page
        for number in range(len(PAGES)):
            self.query_one(f"#page-{number}").set_class(number == page, "-shown")

    def show(self, state: LabState, *, is_playing: bool = False) -> None:
        """Show another lab; code and gradient only where no frames are played: they take long."""
        self._state = state
        self.page = state.page
        setup = state.lab.setup
        ground = Ground(setup.objective, setup.formula, window_of(setup))
        if ground != self._ground:
            self._follow_window(ground.window)
        self._follow_choices(state)
        self._follow_numbers(state.lab)
        if not state.problem:
            self.forget_problems()
        self._say_preset(preset(state.preset).sentence if state.preset else "")
        self.field("formula").show(objective_of(setup).source_formula)
        if not is_playing:
            self.field("state").suggest(encode(state.lab))
            if ground != self._ground:
                self._ground = ground
                self.field("formula").say(gradient_words(objective_of(setup), setup.start))

    def _follow_window(self, window: Window) -> None:
        """Let the start range over another function's window."""
        for index, ends in enumerate(window):
            control = self.number(f"x{index}")
            control.spec = start_control(index, ends, len(window))
            control.refresh()
        self.number("x1").set_class(len(window) < 2, "-off")

    def _follow_choices(self, state: LabState) -> None:
        setup, lab = state.lab.setup, state.lab
        rule = rule_at(setup, rule_step_of(lab))
        values = {
            "objective": setup.objective, "scope": "here" if state.from_here else "run",
            "optimizer": rule.optimizer, "schedule": rule.schedule, "gradient": rule.gradient,
            "view": lab.view, "curve": lab.curve, "preset": state.preset,
        }  # fmt: skip
        for choice in self._choices:
            choice.value = values[choice.name or ""]

    def _follow_numbers(self, lab: Lab) -> None:
        setup = lab.setup
        rule = rule_at(setup, rule_step_of(lab))
        for name in RULE_CONTROLS:
            control = self.number(name)
            control.value = getattr(rule, name)
            control.set_class(not is_in_use(name, rule), "-off")
        for index, value in enumerate(setup.start):
            self.number(f"x{index}").value = value
        self.number("steps").value = setup.steps

    def number(self, name: str) -> ParameterControl:
        """Return the row of a number."""
        return self._numbers[name]

    def choice(self, name: str) -> LabChoice:
        """Return the row of a choice."""
        return self.query_one(f"#choice-{name}", LabChoice)

    def field(self, name: str) -> LabField:
        """Return a field to type in."""
        return self.query_one(f"#field-{name}", LabField)

    def forget_problems(self) -> None:
        """Let every row show its track again: what was refused is past."""
        for row in self._numbers.values():
            row.problem = ""

    def _say_preset(self, words: Text) -> None:
        """Show what the preset is about; saying the same again would repaint the whole screen."""
        line = self.query_one("#preset-words", Static)
        if str(line.content) != (said := render(words)):
            line.update(Content(said))

    def first_of_page(self) -> Widget | None:
        """Return the first control of the page; a text field would swallow the letter keys."""
        for widget in self.query_one(f"#page-{self.page}").query("*"):
            if isinstance(widget, LabChoice | ParameterControl) and widget.display:
                return widget
        return None

    def first_field(self) -> Widget:
        """Return what is turned most: η."""
        return self.number("learning_rate")

    # --- what is turned, chosen or typed

    @on(ParameterControl.Turned)
    def turn_number(self, turned: ParameterControl.Turned) -> None:
        """A number was turned by key or wheel."""
        self.post_message(LabWanted(ev.PartTurned(turned.name, turned.ticks)))

    @on(ParameterControl.Changed)
    def set_number(self, changed: ParameterControl.Changed) -> None:
        """A number was set; where it cannot be taken the row says why."""
        answer = partial(setattr, changed.parameter, "problem")
        self.post_message(LabWanted(ev.PartSet(changed.name, changed.value), answer))

    @on(ParameterControl.Refused)
    def say_refusal(self, refused: ParameterControl.Refused) -> None:
        """What was typed is no number for this row: say so in full under the chart, too."""
        self.post_message(LabWanted(ev.Refused(refused.problem)))

    @on(LabChoice.Chosen)
    def take_choice(self, chosen: LabChoice.Chosen) -> None:
        """An option was chosen."""
        self.choose(chosen.name, chosen.key)

    def choose(self, name: str, key: str) -> None:
        """Ask for an option of a row; for a formula of the learner's own, open its field."""
        if (name, key) == ("objective", FORMULA):
            self.page = 0
            self.post_message(LabWanted(ev.PageOpened(0)))
            self.call_after_refresh(self.field("formula").input.focus)
        else:
            self.post_message(LabWanted(_chosen(name, key)))

    @on(LabChoice.ListAsked)
    def open_asked_list(self, asked: LabChoice.ListAsked) -> None:
        """All options of a row are to be seen."""
        self.open_list(asked.choice)

    def open_list(self, choice: LabChoice) -> None:
        """Show the list of a row's options, and take the one that is picked."""

        def take(key: str | None) -> None:
            if key is not None:
                self.choose(choice.name or "", key)

        self.app.push_screen(self._menu(choice), take)

    @on(LabTabs.PagePicked)
    def open_picked_page(self, picked: LabTabs.PagePicked) -> None:
        """A page was clicked."""
        self.open_page(picked.page)

    def open_page(self, page: int) -> None:
        """Show a page, after the last the first, and focus what stands on it first."""
        self.page = page % len(PAGES)
        self.post_message(LabWanted(ev.PageOpened(self.page)))
        self.call_after_refresh(lambda: self.screen.set_focus(self.first_of_page()))

    @on(LabField.Typed)
    def check_entry(self, typed: LabField.Typed) -> None:
        """Say at once what is to be said of an entry."""
        if typed.field.name == "formula":
            typed.field.say(*remark_on(self._state, typed.entry))
        else:
            problem = advance(self._state, ev.SetupOpened(typed.entry)).problem
            typed.field.say(problem or message("Enter opens this lab."), bool(problem))

    @on(LabField.Entered)
    def take_entry(self, entered: LabField.Entered) -> None:
        """Ask for a formula or a state code; where it cannot be read, the field says why."""
        event = ev.FormulaTyped if entered.field.name == "formula" else ev.SetupOpened

        def answer(problem: Text) -> None:
            if problem:
                entered.field.say(problem, is_problem=True)
            else:
                self.screen.set_focus(self.first_field())

        self.post_message(LabWanted(event(entered.entry), answer))

    @on(LabField.Left)
    def restore_entry(self, left: LabField.Left) -> None:
        """Show what holds again."""
        left.field.say("")
        self._ground = None
        self.show(self._state)


def _chosen(name: str, key: str) -> ev.Event:
    match name:
        case "objective":
            return ev.ObjectiveChosen(key)
        case "scope":
            return ev.ScopeChosen(key == "here")
        case "view":
            return ev.ViewChosen(cast(View, key))
        case "curve":
            return ev.CurveChosen(cast(Curve, key))
        case "preset":
            return ev.PresetChosen(key)
        case _:
            return ev.PartSet(name, key)


def _choice(name: str, label: Text, options: Sequence[Option], value: str) -> LabChoice:
    return LabChoice(name, label, options, value, label_width=LABEL_WIDTH)


def _number(control: Control, value: float) -> ParameterControl:
    row = ParameterControl(control, value, label_width=LABEL_WIDTH)
    row.enter_types = True
    row.id = f"number-{control.name}"
    return row
