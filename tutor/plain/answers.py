"""How each kind of question is asked and answered in lines: one function for each.

A kind that is built later adds its two functions to the two tables at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from tutor.charts.ascii_art import to_ascii
from tutor.engine.kinds.ordering import moved
from tutor.engine.kinds.questions import (
    Arrangement,
    Choices,
    FaultyLine,
    GradientEntry,
    Guess,
    NumberEntry,
    Ordering,
    Program,
    Selection,
    Settings,
)
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.view import StepView
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.lesson.grading import parse_number
from tutor.lesson.prose import parse_line
from tutor.plain.console import Console
from tutor.typed import folded

_AFTER_NAME = frozenset(" =:")
_SEPARATORS = re.compile(r"[,;\s]+")
_BRACKETS = str.maketrans("", "", "()[]")
_CONFIDENCES: Final[Mapping[str, ev.Confidence]] = {"1": "low", "2": "medium", "3": "high"}
_END_OF_PROGRAM: Final = "."
_RUN: Final = "run"

Events: TypeAlias = Iterator[ev.Event]


def question_of(view: StepView) -> tuple[Text, ...]:
    """Return what is asked in this step, and how it is answered."""
    return _QUESTIONS[type(view.question)](view, view.question)


def answered(view: StepView, line: str, console: Console) -> Events:
    """Yield the events that an answer means, one at a time.

    Raises:
        TutorError: It means nothing here; it says what would.
    """
    return _ANSWERS[type(view.question)](view, view.question, line, console)


def assignment(view: StepView, line: str) -> tuple[Control, str] | None:
    """Return the control that `name = value` (or `set name value`) names, with the value.

    A label does as well as a name, and its ASCII spelling as well as the label.
    """
    said = line.removeprefix("set ").lstrip()
    for control, _ in view.controls:
        label = render(control.label)
        for name in (control.name, folded(label), to_ascii(label)):
            rest = said.removeprefix(name)
            if rest != said and rest[:1] in _AFTER_NAME:
                value = rest.strip().lstrip("=:").strip()
                return (control, value) if value else None
    return None


# --- what is asked


def _ask_nothing(_view: StepView, _asked: None) -> tuple[Text, ...]:
    return (message("Enter goes on."),)


def _ask_for_choice(_view: StepView, asked: Choices) -> tuple[Text, ...]:
    return *_listed(asked.texts), message("Type the number of your choice.")


def _ask_for_selection(_view: StepView, asked: Selection) -> tuple[Text, ...]:
    return *_listed(asked.texts), message("Type the numbers of all that apply, such as 1 2.")


def _listed(texts: Iterable[str]) -> Iterator[Text]:
    for number, text in enumerate(texts, start=1):
        yield message("{number}. {text}", number=number, text=one_line(text))


def _ask_for_number(_view: StepView, asked: NumberEntry) -> tuple[Text, ...]:
    if not asked.unit:
        return (message("Type a number."),)
    return (message("Type a number, in {unit}.", unit=asked.unit),)


def _ask_for_gradient(_view: StepView, asked: GradientEntry) -> tuple[Text, ...]:
    return (asked.asked,)


def _ask_for_line(_view: StepView, _asked: FaultyLine) -> tuple[Text, ...]:
    return (message("Type the number of the line at fault."),)


def _ask_for_order(_view: StepView, asked: Ordering) -> tuple[Text, ...]:
    return *_listed(label for _, label in sorted(asked.items)), message(
        "Type the numbers in order, the smallest first, by {quantity}.", quantity=asked.quantity
    )


def _ask_for_arrangement(_view: StepView, asked: Arrangement) -> tuple[Text, ...]:
    texts = (*_listed(text for _, text in asked.at_first),)
    if not asked.beside:
        return *texts, message("Type the numbers in the right order, the first one first.")
    names = ", ".join(map(one_line, asked.beside))
    return *texts, message("Type the numbers of what belongs to: {names}.", names=names)


def _ask_for_guess(view: StepView, _asked: Guess) -> tuple[Text, ...]:
    return (message("Type your guess: {labels}.", labels=_labels(view)),)


def _labels(view: StepView) -> str:
    return ", ".join(render(control.label) for control, _ in view.controls)


def _ask_for_settings(view: StepView, asked: Settings) -> tuple[Text, ...]:
    free = _free(view)
    if not free:
        return ()
    presets = [
        message("`preset {number}` sets: {name}.", number=number, name=name)
        for number, name in enumerate(asked.presets, start=1)
    ]
    example = f"{free[0].label} = {free[0].start:g}"
    return message("Set a value by typing, for instance, {example}", example=example), *presets


def _ask_for_program(_view: StepView, _asked: Program) -> tuple[Text, ...]:
    return (
        message("Type it line by line, anew; a line with a dot alone ends and runs it."),
        message("`run` runs it as it stands."),
    )


# --- what is answered


def _take_nothing(_view: StepView, _asked: None, line: str, _console: Console) -> Events:
    raise TutorError(message("“{line}” is not known here; `help` lists what is.", line=line))
    yield  # a generator, as the others


def _take_choice(view: StepView, asked: Choices, line: str, _console: Console) -> Events:
    _refuse_answered(view)
    yield ev.ChoiceAnswered(asked.positions[_place(line, len(asked.positions)) - 1])


def _take_selection(view: StepView, asked: Selection, line: str, _console: Console) -> Events:
    _refuse_answered(view)
    places = {_place(part, len(asked.positions)) for part in _parts(line) or [line]}
    yield ev.SelectionAnswered(tuple(asked.positions[place - 1] for place in sorted(places)))


def _take_number(view: StepView, _asked: NumberEntry, line: str, _console: Console) -> Events:
    _refuse_answered(view)
    yield ev.NumberAnswered(line)


def _take_line(view: StepView, _asked: FaultyLine, line: str, _console: Console) -> Events:
    _refuse_answered(view)
    listing = view.words.listing
    yield ev.LinePicked(_place(line, len(listing.lines) if listing else 0))


def _place(line: str, count: int) -> int:
    """Return the number that was typed for one of `count` things that are listed."""
    if not (line.isdecimal() and 1 <= int(line) <= count):
        raise TutorError(message("Type a number from 1 to {count}; `help` lists the commands.",
                                 count=count))  # fmt: skip
    return int(line)


def _take_order(view: StepView, asked: Ordering, line: str, console: Console) -> Events:
    _refuse_made(view)
    wanted = _each_once(line, len(asked.items))
    order: tuple[float, ...] = tuple(item for item, _ in asked.items)
    for place, item in enumerate(wanted):
        by = place - order.index(item)
        order = moved(order, item, by)
        yield ev.ItemMoved(item, by)
    yield ev.Predicted(_ask_how_sure(console))


def _take_arrangement(view: StepView, asked: Arrangement, line: str, _console: Console) -> Events:
    _refuse_answered(view)
    places = _each_once(line, len(asked.items))
    yield ev.ArrangementAnswered(tuple(asked.at_first[place - 1][0] for place in places))


def _each_once(line: str, count: int) -> list[int]:
    """Return the numbers from 1 to `count` in the order in which they were typed."""
    wanted = _parts(line)
    numbers = [str(number) for number in range(1, count + 1)]
    if sorted(wanted) != numbers:
        raise TutorError(message("Type each number from 1 to {count} once, such as {example}.",
                                 count=count, example=" ".join(numbers)))  # fmt: skip
    return list(map(int, wanted))


def _take_guess(view: StepView, _asked: Guess, line: str, console: Console) -> Events:
    _refuse_made(view)
    controls = [control for control, _ in view.controls]
    parts = _parts(line)
    if len(parts) != len(controls):
        raise TutorError(message("Type {labels}, with a comma between two numbers; "
                                 "`help` lists the commands.", labels=_labels(view)))  # fmt: skip
    values = [c.accept(parse_number(part)) for c, part in zip(controls, parts, strict=True)]
    for control, value in zip(controls, values, strict=True):
        yield ev.ParameterChanged(control.name, value)
    yield ev.Predicted(_ask_how_sure(console))


def _refuse_answered(view: StepView) -> None:
    if view.outcome == "done":
        raise TutorError(message("This step is answered: `next` goes on."))


def _refuse_made(view: StepView) -> None:
    if view.outcome == "done":
        raise TutorError(message("This guess is made; `next` goes on."))


def _parts(line: str) -> list[str]:
    return [part for part in _SEPARATORS.split(line.translate(_BRACKETS)) if part]


def _ask_how_sure(console: Console) -> ev.Confidence:
    console.say(message("How sure are you? 1 just guessing, 2 fairly sure, 3 certain:"))
    while (typed := console.ask(">")) not in _CONFIDENCES:
        console.say(message("Type 1, 2 or 3."))
    return _CONFIDENCES[typed]


def _take_setting(view: StepView, _asked: Settings, line: str, _console: Console) -> Events:
    free = _free(view)
    named = assignment(view, line)
    if named is None and len(free) == 1:
        named = free[0], line
    if named is None:
        raise TutorError(_how_to_set(free))
    control, typed = named
    if control.locked:
        raise TutorError(message("{label} stays as it is.", label=control.label))
    yield ev.ParameterChanged(control.name, parse_number(typed))


def _free(view: StepView) -> list[Control]:
    return [control for control, _ in view.controls if not control.locked]


def _how_to_set(free: list[Control]) -> Text:
    if not free:
        return message("Nothing can be set here.")
    return message(
        "Type a name and a value, such as {name} = {value}. Names: {names}",
        name=free[0].name,
        value=f"{free[0].start:g}",
        names=", ".join(control.name for control in free),
    )


def _take_program(_view: StepView, asked: Program, line: str, console: Console) -> Events:
    if line == _RUN:
        yield ev.CodeSubmitted(asked.source)
        return
    lines = [line]
    while lines[-1].strip() != _END_OF_PROGRAM:
        lines.append(console.ask_raw("..."))
    yield ev.CodeSubmitted("\n".join([*lines[:-1], ""]))


def one_line(markup: str) -> str:
    """Return prose that stands on one line, as the terminal shows it."""
    return "".join(span.text for span in parse_line(markup))


_QUESTIONS: Final[Mapping[type, Callable[[StepView, Any], tuple[Text, ...]]]] = {
    type(None): _ask_nothing,
    FaultyLine: _ask_for_line,
    Program: _ask_for_program,
    Choices: _ask_for_choice,
    Selection: _ask_for_selection,
    NumberEntry: _ask_for_number,
    GradientEntry: _ask_for_gradient,
    Ordering: _ask_for_order,
    Arrangement: _ask_for_arrangement,
    Guess: _ask_for_guess,
    Settings: _ask_for_settings,
}
_ANSWERS: Final[Mapping[type, Callable[[StepView, Any, str, Console], Events]]] = {
    type(None): _take_nothing,
    FaultyLine: _take_line,
    Program: _take_program,
    Choices: _take_choice,
    Selection: _take_selection,
    NumberEntry: _take_number,
    GradientEntry: _take_number,
    Ordering: _take_order,
    Arrangement: _take_arrangement,
    Guess: _take_guess,
    Settings: _take_setting,
}
