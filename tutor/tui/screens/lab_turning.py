"""The lab's settings at work: what is turned, chosen or typed there becomes events of the lab."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from textual import events, on

from tutor.engine.descent.rules import rule_at
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Curve, View
from tutor.engine.lab.lab_run import advance, step_of
from tutor.i18n import message
from tutor.tui.screens import lab_menus
from tutor.tui.screens.lab_base import LabBase
from tutor.tui.screens.lab_formula import remark_on
from tutor.tui.screens.lab_pick import LabPickScreen
from tutor.tui.screens.lab_scene import look_step
from tutor.tui.widgets.lab_choice import LabChoice
from tutor.tui.widgets.lab_controls import coordinate_moved, moved_steps
from tutor.tui.widgets.lab_field import LabField
from tutor.tui.widgets.parameter_control import ParameterControl


class LabTurning(LabBase):
    """Changes the lab by its settings; the charts, the playback and the keys come on top."""

    # --- the rule

    @property
    def _from_step(self) -> int | None:
        return step_of(self.state.lab) if self._from_here else None

    def _change(self, name: str, value: float | str) -> None:
        """Set what a control stands for."""
        if name in ("x0", "x1"):
            point = coordinate_moved(self.state.lab.setup, name, float(value))
            self.take(ev.StartMoved(point))
        elif name == "steps":
            self.take(ev.StepsChanged(int(value)))
        else:
            self.take(ev.RuleChanged(name, value, self._from_step))

    def _value(self, name: str) -> float:
        setup = self.state.lab.setup
        if name in ("x0", "x1"):
            return setup.start[int(name[1])]
        if name == "steps":
            return float(setup.steps)
        return float(getattr(rule_at(setup, look_step(self.state.lab)), name))

    @on(ParameterControl.Changed)
    def set_number(self, changed: ParameterControl.Changed) -> None:
        """A number was set."""
        self._change(changed.name, changed.value)
        changed.parameter.problem = self.state.problem

    @on(ParameterControl.Refused)
    def say_refusal(self, refused: ParameterControl.Refused) -> None:
        """What was typed is no number for this row: say so in full under the chart, too."""
        self._problem = refused.problem
        self._refresh()

    @on(ParameterControl.Turned)
    def turn_number(self, turned: ParameterControl.Turned) -> None:
        """A number was turned by key or wheel."""
        value = self._value(turned.name)
        if turned.name == "steps":
            self._change("steps", moved_steps(value, turned.ticks))
        else:
            self._change(turned.name, turned.parameter.spec.moved(value, turned.ticks))

    @on(LabChoice.Chosen)
    def choose(self, chosen: LabChoice.Chosen) -> None:
        """An option was chosen."""
        self._choose(chosen.name, chosen.key)

    def _choose(self, name: str, key: str) -> None:
        match name:
            case "objective":
                self._take_objective(key)
            case "scope":
                self._from_here = key == "here"
                self._refresh()
            case "view":
                self.take(ev.ViewChosen(cast(View, key)))
            case "curve":
                self.take(ev.CurveChosen(cast(Curve, key)))
            case "preset":
                self._take_preset(key)
            case _:
                self.take(ev.RuleChanged(name, key, self._from_step))

    @on(LabChoice.ListAsked)
    def open_list(self, asked: LabChoice.ListAsked) -> None:
        """All options of a row are to be seen."""
        if asked.name == "objective":
            self.action_pick_objective()
        elif asked.name == "preset":
            self.action_pick_preset()
        else:
            self._pick(lab_menus.choice_menu(asked.choice), partial(self._choose, asked.name))

    def _pick(self, menu: LabPickScreen, take: Callable[[str], object]) -> None:
        """Show a list and do with the pick what is to be done."""

        def taken(key: str | None) -> None:
            if key is not None:
                take(key)

        self.app.push_screen(menu, taken)

    def _take_objective(self, name: str) -> None:
        if name == lab_menus.FORMULA:
            self._turn_to_page(0)
            self.call_after_refresh(self._field("formula").input.focus)
        else:
            self.take(ev.ObjectiveChosen(name))

    def _take_preset(self, name: str) -> None:
        if self.take(ev.PresetChosen(name)):
            self._preset, self._from_here = name, False

    def action_pick_objective(self) -> None:
        """Show the list of objectives."""
        menu = lab_menus.objective_menu(self.state.lab.setup.objective)
        self._pick(menu, self._take_objective)

    def action_pick_preset(self) -> None:
        """Show the list of presets."""
        self._pick(lab_menus.preset_menu(self._preset), self._take_preset)

    # --- formula and state code

    @on(LabField.Typed)
    def check_entry(self, typed: LabField.Typed) -> None:
        """Say at once what is to be said of an entry."""
        field = typed.field
        if field.name == "formula":
            field.say(*remark_on(self.state, typed.entry))
        else:
            problem = advance(self.state, ev.SetupOpened(typed.entry)).problem
            field.say(problem or message("Enter opens this lab."), bool(problem))

    @on(LabField.Entered)
    def take_entry(self, entered: LabField.Entered) -> None:
        """Take a formula or a state code, if it can be read."""
        event = ev.FormulaTyped if entered.field.name == "formula" else ev.SetupOpened
        if self.take(event(entered.entry)):
            self._focus_first()
        else:
            entered.field.say(self.state.problem, is_problem=True)

    @on(LabField.Left)
    def restore_entry(self, left: LabField.Left) -> None:
        """Show what holds again."""
        left.field.say("")
        self._shown_ground = None
        self._refresh()

    def on_paste(self, event: events.Paste) -> None:
        """A state code may be pasted anywhere."""
        if event.text.strip().startswith("nabla"):
            event.stop()
            self.take(ev.SetupOpened(event.text))
