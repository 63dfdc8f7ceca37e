"""How each kind of step is asked and answered in lines: one function for each.

A kind that is built later adds its two functions to the two tables at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from tutor.charts.ascii_art import to_ascii
from tutor.engine import events as ev
from tutor.engine.controls import Control
from tutor.engine.lesson_run import LessonRun, choice_order, controls_of, guess_of, is_ordering
from tutor.engine.ordering import moved, quantity_name
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.lesson.grading import parse_number
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NumberStep,
    PredictStep,
    TextStep,
)
from tutor.plain.code import ask_for_program, take_program
from tutor.plain.console import Console

_AFTER_NAME = frozenset(" =:＝")
_SEPARATORS = re.compile(r"[,;，、\s]+")
_BRACKETS = str.maketrans("", "", "()[]（）")
_CONFIDENCES: Final[Mapping[str, ev.Confidence]] = {"1": "low", "2": "medium", "3": "high"}

Events: TypeAlias = Iterator[ev.Event]


def question_of(run: LessonRun) -> tuple[Text, ...]:
    """Return what is asked in this step, and how it is answered."""
    return _QUESTIONS[type(run.step)](run, run.step)


def answered(run: LessonRun, line: str, console: Console) -> Events:
    """Yield the events that an answer means, one at a time.

    Raises:
        TutorError: It means nothing here; it says what would.
    """
    return _ANSWERS[type(run.step)](run, run.step, line, console)


def assignment(run: LessonRun, line: str) -> tuple[Control, str] | None:
    """Return the control that `name = value` (or `set name value`) names, with the value.

    A label does as well as a name, and its ASCII spelling as well as the label.
    """
    said = line.removeprefix("set ").lstrip()
    for control in controls_of(run.step):
        label = render(control.label)
        for name in (control.name, label, to_ascii(label)):
            rest = said.removeprefix(name)
            if rest != said and rest[:1] in _AFTER_NAME:
                value = rest.strip().lstrip("=＝:").strip()
                return (control, value) if value else None
    return None


# --- what is asked


def _ask_nothing(_run: LessonRun, _step: TextStep) -> tuple[Text, ...]:
    return (message("Enter goes on."),)


def _ask_for_choice(run: LessonRun, step: ChoiceStep) -> tuple[Text, ...]:
    listed = (
        message("{number}. {text}", number=number, text=one_line(step.choices[position].text))
        for number, position in enumerate(choice_order(run, step), start=1)
    )
    return *listed, message("Type the number of your choice.")


def _ask_for_number(_run: LessonRun, step: NumberStep) -> tuple[Text, ...]:
    if step.unit is None:
        return (message("Type a number."),)
    return (message("Type a number, in {unit}.", unit=step.unit),)


def _ask_for_line(_run: LessonRun, _step: BugStep) -> tuple[Text, ...]:
    return (message("Type the number of the line at fault."),)


def _ask_for_order(step: PredictStep) -> tuple[Text, ...]:
    listed = (
        message("{number}. {text}", number=number, text=one_line(item.label))
        for number, item in enumerate(step.items, start=1)
    )
    quantity = quantity_name(step)
    return *listed, message("Type the numbers in order, the smallest first, by {quantity}.",
                            quantity=quantity)  # fmt: skip


def _ask_for_guess(_run: LessonRun, step: PredictStep) -> tuple[Text, ...]:
    if is_ordering(step):
        return _ask_for_order(step)
    labels = ", ".join(render(control.label) for control in controls_of(step))
    return (message("Type your guess: {labels}.", labels=labels),)


def _ask_for_settings(_run: LessonRun, step: ExperimentStep) -> tuple[Text, ...]:
    free = [control for control in controls_of(step) if not control.locked]
    if not free:
        return ()
    presets = [
        message("`preset {number}` sets: {name}.", number=number, name=preset.name)
        for number, preset in enumerate(step.presets, start=1)
    ]
    example = f"{free[0].label} = {free[0].start:g}"
    return message("Set a value by typing, for instance, {example}", example=example), *presets


# --- what is answered


def _take_nothing(_run: LessonRun, _step: TextStep, line: str, _console: Console) -> Events:
    raise TutorError(message("“{line}” is not known here; `help` lists what is.", line=line))
    yield  # a generator, as the others


def _take_choice(run: LessonRun, step: ChoiceStep, line: str, _console: Console) -> Events:
    order = choice_order(run, step)
    yield ev.ChoiceAnswered(order[_place(line, len(order)) - 1])


def _take_number(_run: LessonRun, _step: NumberStep, line: str, _console: Console) -> Events:
    yield ev.NumberAnswered(line)


def _take_line(_run: LessonRun, step: BugStep, line: str, _console: Console) -> Events:
    yield ev.LinePicked(_place(line, len(step.code.splitlines())))


def _place(line: str, count: int) -> int:
    """Return the number that was typed for one of `count` things that are listed."""
    if not (line.isdecimal() and 1 <= int(line) <= count):
        raise TutorError(message("Type a number from 1 to {count}; `help` lists the commands.",
                                 count=count))  # fmt: skip
    return int(line)


def _take_order(run: LessonRun, step: PredictStep, line: str, console: Console) -> Events:
    wanted = [part for part in _SEPARATORS.split(line.translate(_BRACKETS)) if part]
    numbers = [str(number) for number in range(1, len(step.items) + 1)]
    if sorted(wanted) != numbers:
        raise TutorError(message("Type each number from 1 to {count} once, such as {example}.",
                                 count=len(numbers), example=" ".join(numbers)))  # fmt: skip
    order = guess_of(step, run.state)
    for place, item in enumerate(map(int, wanted)):
        by = place - order.index(item)
        order = moved(order, item, by)
        yield ev.ItemMoved(item, by)
    yield ev.Predicted(_ask_how_sure(console))


def _take_guess(run: LessonRun, step: PredictStep, line: str, console: Console) -> Events:
    if run.state.outcome == "done":
        raise TutorError(message("This guess is made; `next` goes on."))
    if is_ordering(step):
        yield from _take_order(run, step, line, console)
        return
    controls = controls_of(step)
    parts = [part for part in _SEPARATORS.split(line.translate(_BRACKETS)) if part]
    if len(parts) != len(controls):
        labels = ", ".join(render(control.label) for control in controls)
        raise TutorError(message("Type {labels}, with a comma between two numbers; "
                                 "`help` lists the commands.", labels=labels))  # fmt: skip
    values = [c.accept(parse_number(part)) for c, part in zip(controls, parts, strict=True)]
    for control, value in zip(controls, values, strict=True):
        yield ev.ParameterChanged(control.name, value)
    yield ev.Predicted(_ask_how_sure(console))


def _ask_how_sure(console: Console) -> ev.Confidence:
    console.say(message("How sure are you? 1 just guessing, 2 fairly sure, 3 certain:"))
    while (typed := console.ask(">")) not in _CONFIDENCES:
        console.say(message("Type 1, 2 or 3."))
    return _CONFIDENCES[typed]


def _take_setting(run: LessonRun, step: ExperimentStep, line: str, _console: Console) -> Events:
    free = [control for control in controls_of(step) if not control.locked]
    named = assignment(run, line)
    if named is None and len(free) == 1:
        named = free[0], line
    if named is None:
        raise TutorError(_how_to_set(free))
    control, typed = named
    if control.locked:
        raise TutorError(message("{label} stays as it is.", label=control.label))
    yield ev.ParameterChanged(control.name, parse_number(typed))


def _how_to_set(free: list[Control]) -> Text:
    if not free:
        return message("Nothing can be set here.")
    return message(
        "Type a name and a value, such as {name} = {value}. Names: {names}",
        name=free[0].name,
        value=f"{free[0].start:g}",
        names=", ".join(control.name for control in free),
    )


def one_line(markup: str) -> str:
    """Return prose that stands on one line, as the terminal shows it."""
    from tutor.lesson.prose import parse_line  # noqa: PLC0415 — as the console does

    return "".join(span.text for span in parse_line(markup))


_QUESTIONS: Final[Mapping[type, Callable[[LessonRun, Any], tuple[Text, ...]]]] = {
    TextStep: _ask_nothing,
    BugStep: _ask_for_line,
    CodeStep: ask_for_program,
    ChoiceStep: _ask_for_choice,
    NumberStep: _ask_for_number,
    PredictStep: _ask_for_guess,
    ExperimentStep: _ask_for_settings,
}
_ANSWERS: Final[Mapping[type, Callable[[LessonRun, Any, str, Console], Events]]] = {
    TextStep: _take_nothing,
    BugStep: _take_line,
    CodeStep: take_program,
    ChoiceStep: _take_choice,
    NumberStep: _take_number,
    PredictStep: _take_guess,
    ExperimentStep: _take_setting,
}
