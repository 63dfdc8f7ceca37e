"""The lab's settings on five pages: all at once where there is room, else one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.engine.descent.rules import rule_at
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.presets import preset
from tutor.engine.lesson.controls import Control
from tutor.i18n import Message, Text, message, render
from tutor.lesson.grading import parse_number
from tutor.tui import commands as cmd
from tutor.tui.widgets.lab_actions import LabActions
from tutor.tui.widgets.lab_choice import LabChoice, Option
from tutor.tui.widgets.lab_controls import (
    RULE_CONTROLS,
    STEPS_CONTROL,
    is_in_use,
    start_control,
)
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
)  # fmt: skip
_SCHEDULES: Final = (
    Option("constant", message("constant")), Option("step", message("step")),
    Option("cosine", message("cosine")),
)  # fmt: skip
_GRADIENTS: Final = (Option("exact", message("exact")), Option("numerical", message("numerical")))
_SCOPES: Final = (Option("run", message("whole run")), Option("here", message("from here on")))
VIEWS: Final = (
    Option("contour", message("contour")), Option("heat-map", message("heat map")),
    Option("slices", message("slices")), Option("basins", message("basins")),
)  # fmt: skip
CURVES: Final = (
    Option("loss", message("f")), Option("log-loss", message("log f")),
    Option("distance", message("distance")), Option("step-length", message("step length")),
    Option("sweep", message("η sweep")),
)  # fmt: skip
_HALF_LEGEND = 34
"""Columns that one entry of the legend needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabNow:
    """What the settings show."""

    lab: Lab
    window: tuple[tuple[float, float], ...]
    """(low, high) of each variable."""
    formula: str
    """In the formula language, of a named objective too."""
    rule_step: int
    """The step whose rule is shown."""
    from_here: bool
    preset: str = ""


class LabSettings(Container):
    """Takes a lab and shows its settings; what is turned comes out as the controls' messages."""

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

    page: reactive[int] = reactive(0)
    """The page that is shown where there is room for one."""

    def __init__(
        self, objectives: Sequence[Option], presets: Sequence[Option], now: LabNow
    ) -> None:
        super().__init__()
        self._objectives = objectives
        self._presets = presets
        self._now = now
        self._numbers: dict[str, ParameterControl] = {}
        self._choices: list[LabChoice] = []

    def compose(self) -> ComposeResult:
        """Lay out the pages."""
        makers = (self._function, self._rule, self._look, self._compare, self._share)
        for number, (title, make) in enumerate(zip(PAGES, makers, strict=True)):
            with Container(classes="page", id=f"page-{number}"):
                yield Static(render(title), classes="page-title", markup=False)
                yield from make()

    def _function(self) -> ComposeResult:
        setup, window = self._now.lab.setup, self._now.window
        yield LabChoice(
            "objective", message("function"), self._objectives, setup.objective,
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
        setup = self._now.lab.setup
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
        yield _choice("view", message("view"), VIEWS, self._now.lab.view)
        yield _choice("curve", message("curve"), CURVES, self._now.lab.curve)
        yield _choice("preset", message("preset"), self._presets, "")
        yield Static(id="preset-words", markup=False)

    def _compare(self) -> ComposeResult:
        yield LabActions((cmd.PIN, cmd.CLEAR_GHOSTS, cmd.BESIDE, cmd.SWAP, cmd.COMPARE))
        yield Static(id="legend", markup=False)

    def _share(self) -> ComposeResult:
        yield LabField("state", message("state"), label_width=LABEL_WIDTH)
        yield LabActions((cmd.COPY_STATE, cmd.EXPORT, cmd.UNDO_LAB, cmd.RESET_LAB))

    def on_resize(self) -> None:
        """The legend's entries may stand in pairs now, or no longer."""
        self._legend = ()

    def on_mount(self) -> None:
        """Fill in the state."""
        self._numbers = {row.spec.name: row for row in self.query(ParameterControl)}
        self._choices = list(self.query(LabChoice))
        self.show(self._now)
        self.watch_page(self.page)

    def watch_page(self, page: int) -> None:
        """Mark the page that a narrow terminal shows."""
        for number in range(len(PAGES)):
            self.query_one(f"#page-{number}").set_class(number == page, "-shown")

    def show(self, now: LabNow) -> None:
        """Show another lab."""
        old, self._now = self._now, now
        if old.window != now.window or not self._is_filled:
            self._follow_window(now)
        self._follow_choices(now)
        self._follow_numbers(now)
        if old.preset != now.preset:
            self._say_preset(preset(now.preset).sentence if now.preset else "")
        self.query_one("#field-formula", LabField).show(now.formula)
        self._is_filled = True

    _is_filled = False
    _legend_rows = 0
    _legend: tuple[str, ...] = ()
    """What the legend says: painting it again would repaint the whole screen with it."""

    def _follow_window(self, now: LabNow) -> None:
        """Let the start range over another function's window."""
        dimension = len(now.window)
        for index, window in enumerate(now.window):
            control = self._control(f"x{index}")
            control.spec = start_control(index, window, dimension)
            control.refresh()
        self._control("x1").set_class(dimension < 2, "-off")

    def _follow_choices(self, now: LabNow) -> None:
        setup, lab = now.lab.setup, now.lab
        rule = rule_at(setup, now.rule_step)
        values = {
            "objective": setup.objective, "scope": "here" if now.from_here else "run",
            "optimizer": rule.optimizer, "schedule": rule.schedule, "gradient": rule.gradient,
            "view": lab.view, "curve": lab.curve, "preset": now.preset,
        }  # fmt: skip
        for choice in self._choices:
            choice.value = values[choice.name or ""]

    def _follow_numbers(self, now: LabNow) -> None:
        setup = now.lab.setup
        rule = rule_at(setup, now.rule_step)
        for name in RULE_CONTROLS:
            control = self._control(name)
            control.value = getattr(rule, name)
            control.set_class(not is_in_use(name, rule), "-off")
        for index, value in enumerate(setup.start):
            self._control(f"x{index}").value = value
        self._control("steps").value = setup.steps

    def _control(self, name: str) -> ParameterControl:
        return self._numbers[name]

    def forget_problems(self) -> None:
        """Let every row show its track again: what was refused is past."""
        for row in self._numbers.values():
            row.problem = ""

    def say_legend(self, entries: Sequence[Content]) -> None:
        """Show what the ghosts and the run beside are: one a line, or two where it is wide."""
        shown = tuple(map(str, entries))
        if shown == self._legend:
            return
        self._legend = shown
        legend = self.query_one("#legend", Static)
        half = (self.size.width - 2) // 2
        lines = list(entries)
        if half >= _HALF_LEGEND and len(lines) > 1:
            left = [_fitted(entry, half) for entry in lines[::2]]
            pairs = zip_longest(left, lines[1::2], fillvalue=Content(""))
            lines = [first + second for first, second in pairs]
        grown = len(lines) != self._legend_rows
        self._legend_rows = len(lines)
        legend.update(Content("\n").join(lines), layout=grown)

    def _say_preset(self, words: Text) -> None:
        """Show what the preset is about."""
        self.query_one("#preset-words", Static).update(Content(render(words)))

    def first_of_page(self) -> Widget | None:
        """Return the first control of the page; a text field would swallow the letter keys."""
        for widget in self.query_one(f"#page-{self.page}").query("*"):
            if isinstance(widget, LabChoice | ParameterControl) and widget.display:
                return widget
        return None

    def first_field(self) -> Widget:
        """Return what is turned most: η."""
        return self._control("learning_rate")


class LabNumber(ParameterControl):
    """A number of the lab; a state code that is pasted on it is left to the lab."""

    ENTER_TYPES = True

    def on_paste(self, event: events.Paste) -> None:
        """Keep a state code out of the entry."""
        if event.text.strip().startswith("nabla"):
            event.prevent_default()


def _fitted(entry: Content, width: int) -> Content:
    return entry.truncate(width - 2, ellipsis=True, pad=True) + Content("  ")


def _choice(name: str, label: Text, options: Sequence[Option], value: str) -> LabChoice:
    return LabChoice(name, label, options, value, label_width=LABEL_WIDTH)


def _number(control: Control, value: float) -> ParameterControl:
    row = LabNumber(control, value, parse_number, label_width=LABEL_WIDTH)
    row.id = f"number-{control.name}"
    return row
