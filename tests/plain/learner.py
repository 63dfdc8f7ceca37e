"""A learner who answers every step by typing, told by the run what would be right or wrong."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tutor.engine.kinds import kind_of
from tutor.engine.kinds.choice import choice_order
from tutor.engine.kinds.graph import parts_of, pass_of
from tutor.engine.kinds.ordering import order_of
from tutor.engine.kinds.predict import true_answer
from tutor.engine.lesson.run import LessonRun, names_of
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import Lesson
from tutor.plain.console import Console
from tutor.plain.lesson import PlainLesson
from tutor.player.player import Player
from tutor.player.programs import Programs
from tutor.store.progress_store import ProgressStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Typing(io.TextIOBase):
    """An input whose lines are made up when they are asked for; it ends with them."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)

    def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]
        line = next(self._lines, None)
        return "" if line is None else f"{line}\n"


def player_of(lesson: Lesson, store: ProgressStore) -> Player:
    return Player(lesson, store, learner="ana", now=lambda: NOON, seed=5)


def play(
    player: Player,
    lines: Iterable[str],
    *,
    width: int = 80,
    spell: Callable[[str], str] = str,
    out: io.StringIO | None = None,
) -> str:
    """Play a lesson by these lines and return all that was said."""
    out = out or io.StringIO()
    console = Console(out, Typing(lines), fixed_width=width, spell=spell, echo=True)  # type: ignore[arg-type]
    PlainLesson(player, console, Programs(consented=True)).play()
    return out.getvalue()


def answers(player: Player, *, wrong_first: bool) -> Iterator[str]:
    """Yield what to type until the lesson ends: each step right, after a wrong try if wanted.

    A prediction is made once: with `wrong_first` it is a wrong one.
    """
    while True:
        run = player.run
        kind = run.step.kind
        if (run.may_continue and run.state.outcome != "open") or not run.step.is_question:
            yield ""
        elif wrong_first and run.state.tries == 0:
            yield from WRONG[kind](run)
            if player.run is run:
                raise AssertionError(f"{run.step.id} took no answer")
            if kind == "experiment":  # a setting that misses the goal is no attempt
                yield from _right(player)
        else:
            yield from _right(player)


def _right(player: Player) -> Iterator[str]:
    """Answer rightly; a step that is not done by that is at fault, else we typed for ever."""
    run = player.run
    yield from RIGHT[run.step.kind](run)
    if player.run.step is run.step and player.run.state.outcome == "open":
        raise AssertionError(f"{run.step.id} does not take the right answer")


def _choice(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    order = choice_order(run, step)
    place = next(n for n, at in enumerate(order, 1) if step.choices[at].correct == right)
    yield str(place)


def _selection(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    order = choice_order(run, step)
    wanted = [n for n, at in enumerate(order, 1) if step.choices[at].correct == right]
    yield " ".join(map(str, wanted))


def _arrangement(run: LessonRun, *, right: bool) -> Iterator[str]:
    """Type the rows as they are numbered: as they were found at first."""
    found = [int(number) for number in order_of(kind_of(run.step).start_values(run.step, run.seed))]
    wanted = sorted(found) if right else sorted(found, reverse=True)
    yield " ".join(str(found.index(number) + 1) for number in wanted)


def gradients(run: LessonRun, *, right: bool) -> Iterator[str]:
    """Type all gradients that are left, or one that nobody would take for right."""
    step: Any = run.step
    passed, parts = pass_of(step), parts_of(step)
    left = parts[int(run.state.values.get("filled", 0)) :]
    for part in left if right else left[:1]:
        rows = np.atleast_2d(passed.gradient(part) if right else np.array(1e6))
        yield "; ".join(" ".join(map(repr, row)) for row in rows.tolist())


def _number(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    value = evaluate_formula(step.answer, names_of(run.state))
    yield repr(value if right else value + 1e3 * (1 + abs(value)))


def _guess(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    assert run.state.result is not None
    controls = kind_of(step).controls(step)
    truth = true_answer(step, run.state.result)
    guess = truth if right or controls else truth[::-1]
    if not right and controls:  # the far end of the range is never the answer
        guess = tuple(
            c.low if abs(t - c.low) > abs(t - c.high) else c.high
            for c, t in zip(controls, truth, strict=True)
        )
    yield ", ".join(f"{part:.10g}" for part in guess)
    yield "2"


def _line(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    yield str(step.fault_line if right else 1 + step.fault_line % 2)


def _setting(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    if right:  # the witness is a change of the setting that the step begins with
        setting = kind_of(step).start_values(step, run.seed) | step.witness
        yield from (f"{name} = {value!r}" for name, value in setting.items())
        return
    control = next(control for control in kind_of(step).controls(step) if not control.locked)
    yield f"{control.name} = {control.moved(run.state.values[control.name], 1)!r}"


def _program(run: LessonRun, *, right: bool) -> Iterator[str]:
    step: Any = run.step
    yield from (step.solution if right else step.starter).splitlines()
    yield "."


WRONG: dict[str, Callable[[LessonRun], Iterator[str]]] = {
    "choice": lambda run: _choice(run, right=False),
    "select": lambda run: _selection(run, right=False),
    "order": lambda run: _arrangement(run, right=False),
    "match": lambda run: _arrangement(run, right=False),
    "number": lambda run: _number(run, right=False),
    "graph": lambda run: gradients(run, right=False),
    "bug": lambda run: _line(run, right=False),
    "code": lambda run: _program(run, right=False),
    "predict": lambda run: _guess(run, right=False),
    "experiment": lambda run: _setting(run, right=False),
}
RIGHT: dict[str, Callable[[LessonRun], Iterator[str]]] = {
    "choice": lambda run: _choice(run, right=True),
    "select": lambda run: _selection(run, right=True),
    "order": lambda run: _arrangement(run, right=True),
    "match": lambda run: _arrangement(run, right=True),
    "number": lambda run: _number(run, right=True),
    "graph": lambda run: gradients(run, right=True),
    "bug": lambda run: _line(run, right=True),
    "code": lambda run: _program(run, right=True),
    "predict": lambda run: _guess(run, right=True),
    "experiment": lambda run: _setting(run, right=True),
}
