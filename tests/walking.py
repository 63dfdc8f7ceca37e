"""An automated learner who works through a lesson in the real program, by keys alone.

The program runs in a terminal. Beside it, the same lesson run (same seed, same events) tells what
a learner must see after each answer: it has to stand on the screen whole.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.on_screen import cut_cells, rows_of, shortened, stands, words_of
from tests.plain.learner import gradients
from tests.server.workshop import Workshop
from tests.terminal import Terminal
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.choice import choice_order
from tutor.engine.kinds.experiment import goal_sentence
from tutor.engine.kinds.ordering import order_of
from tutor.engine.kinds.predict import guess_of, true_answer
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.resume import snapshot
from tutor.engine.lesson.run import LessonRun, names_of
from tutor.engine.numbers import show
from tutor.i18n import Session, begin_session, message, render, session_language
from tutor.lesson.grading import evaluate_formula, parse_number
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    ExperimentStep,
    Lesson,
    NumberStep,
    PredictStep,
    SelectStep,
    TextStep,
)
from tutor.lesson.programs import program_of
from tutor.sandbox.run import Limits, run_all
from tutor.store.model import LOCAL_LEARNER, ResumePoint
from tutor.store.opening import open_store
from tutor.store.settings import change_settings
from tutor.store.shared_store import open_shared_store
from tutor.tui.commands import NEXT as NEXT_COMMAND

SEED: Final = 5
NEXT: Final = "ctrl+n"
_LONGEST_PROGRAM: Final = 60


@dataclass(frozen=True)
class Move:
    """Keys to press at once, and what comes of them.

    A key that is a character does its work before a bound key that was pressed shortly before it
    (Textual looks for bindings last): whatever mixes them is two moves.
    """

    keys: Sequence[str] = ()
    events: Sequence[ev.Event] = ()
    paste: str = ""
    """Pasted after the keys."""
    shows: tuple[str, ...] = ()
    """Stands on one row, in this order, once the keys have done their work."""
    hides: Sequence[tuple[str, ...]] = ()
    """None of these stands on a row then."""


Moves = Iterator[Move]


@dataclass
class Walker:
    """A learner in front of a terminal that shows the first step of a lesson."""

    screen: Terminal
    run: LessonRun
    faults: list[str] = field(default_factory=list)
    """What was wrong with what was seen."""
    screens: int = 0
    """How many screens were read."""
    errs: bool = True
    """Whether each answer is given wrong first (a prediction is given once: wrong, or right)."""

    def walk(self) -> None:
        """Go through the lesson: each step wrong, where it can be, then right."""
        self._look()
        self.screen.wait_for(render(NEXT_COMMAND.label))  # the footer comes with the focus
        while not self.run.finished:
            if self.run.step.is_question:
                if self.errs:
                    self._answer(right=False)
                if self.run.state.outcome == "open":
                    self._answer(right=True)
                if self.run.state.outcome != "done" and not self.run.state.verdict:
                    raise AssertionError(f"{self.place} was never answered")
            self._do(Move((NEXT,), (ev.NextAsked(),)))

    def _answer(self, *, right: bool) -> None:
        for move in answer(self.run, right=right):
            if right and self.run.state.outcome == "done":
                break  # a goal may be reached by the first of several parameters
            self._do(move)

    def _do(self, move: Move) -> None:
        self.screen.press(*move.keys)
        if move.paste:
            self.screen.paste(move.paste)
        for event in move.events:
            self.run, _ = advance(self.run, event)
        if move.shows:
            self.screen.wait_for(lambda shown: _is_on_a_row(shown, move.shows))
        if move.hides:
            self.screen.wait_for(
                lambda shown: not any(_is_on_a_row(shown, parts) for parts in move.hides)
            )
        if move.events:
            self._look()

    def _look(self) -> None:
        """Wait until all is on the screen that must be, and note what is not, or is cut."""
        self.screens += 1
        texts = list(seen(self.run, compact=self.screen.screen.columns < 100))
        wanted = [words_of(text) for text in texts]
        try:
            self.screen.wait_for(
                lambda shown: all(stands(words, rows_of(shown)) for words in wanted), timeout=20
            )
        except AssertionError:
            rows = rows_of(self.screen)
            missing = [words for words in wanted if not stands(words, rows)]
            self.faults += [f"{self.place}: {words} is not seen whole" for words in missing]
            self.faults.append(self.screen.picture())
        rows = rows_of(self.screen)
        found = [*cut_cells(rows), *shortened(rows, texts)]
        self.faults += [f"{self.place}: {fault}" for fault in found]

    @property
    def place(self) -> str:
        """Where the learner is."""
        size = f"{self.screen.screen.columns}×{self.screen.screen.lines}"
        return f"{self.run.lesson.id}#{self.run.step.id} at {size}"


def _is_on_a_row(screen: Terminal, parts: Sequence[str]) -> bool:
    sign = re.compile(".*".join(map(re.escape, parts)))
    return any(map(sign.search, screen.lines))


def seen(run: LessonRun, *, compact: bool) -> Iterator[str]:
    """Yield the texts that a learner must see now, as an author writes them."""
    total = len(run.lesson.steps)
    if run.finished:
        done = message("{done} of {total} steps done", done=run.completed, total=total)
        yield render(done)
        return
    step, state = run.step, run.state
    yield render(message("step {k} of {total}", k=run.index + 1, total=total))
    yield step.body
    if isinstance(step, TextStep) and step.code is not None:
        yield f"```\n{step.code}\n```"
    if isinstance(step, BugStep) and state.outcome == "open":
        yield from (f"```\n{line}\n```" for line in step.code.splitlines() if line.strip())
    if isinstance(step, ChoiceStep | SelectStep):
        is_right = state.verdict is not None and state.verdict.correct
        choices = [c for c in step.choices if c.correct or not (compact and is_right)]
        yield from (choice.text for choice in choices)
    if not isinstance(step, NumberStep):
        yield render(state.problem)
    if isinstance(step, ExperimentStep):
        yield from _seen_of_experiment(run, step)
    elif state.verdict is not None:
        yield _verdict(run)


def _seen_of_experiment(run: LessonRun, step: ExperimentStep) -> Iterator[str]:
    if step.goal is None:
        return
    is_done = run.state.outcome == "done"
    sentence = render(goal_sentence(step.goal, step.experiment))
    goal = render(message("Goal: {goal}", goal=sentence))
    yield f"```\n{'✓' if is_done else '◇'} {goal}\n```"
    if is_done:
        yield step.debrief or ""


def _verdict(run: LessonRun) -> str:
    """Return what is said to the answer: the mark, the verdict, the feedback, the explanation."""
    verdict = run.state.verdict
    assert verdict is not None
    mark = "✓" if verdict.correct else "✗"
    words = kind_of(run.step).verdict_words(run.step, run.state)
    said = f"**{mark} {render(words)}** {render(verdict.feedback).strip()}"
    explained = run.step.explain if run.state.outcome != "open" else None
    return f"{said}\n\n{explained}" if explained else said


def answer(run: LessonRun, *, right: bool) -> Moves:
    """Yield what answers the step on the screen."""
    yield from _ANSWERS[run.step.kind](run, right)


def _choice(run: LessonRun, right: bool) -> Moves:
    step: Any = run.step
    order = choice_order(run, step)
    place = next(n for n, at in enumerate(order) if step.choices[at].correct == right)
    yield Move((str(place + 1),), (ev.ChoiceAnswered(order[place]),))


def _selection(run: LessonRun, right: bool) -> Moves:
    """Mark what is right, or what is wrong, and nothing else."""
    step: Any = run.step
    order = choice_order(run, step)
    wanted = [at for at in order if step.choices[at].correct == right]
    for at in order:
        if (f"choice{at}" in run.state.values) != (at in wanted):
            yield Move((str(order.index(at) + 1),), (ev.ChoiceToggled(at),))
    yield Move(("enter",), (ev.SelectionAnswered(tuple(sorted(wanted))),))


def _arrangement(run: LessonRun, right: bool) -> Moves:
    """Move each row to its place, from the first; a wrong arrangement is the right one reversed."""
    order = list(map(int, order_of(run.state.values)))
    wanted = sorted(order) if right else sorted(order, reverse=True)
    yield Move(["up"] * len(order))
    for place, item in enumerate(wanted):
        by = order.index(item) - place
        keys = [*["down"] * by, *["<"] * by, *["down"] * (place + 1 < len(wanted))]
        yield Move(keys, (ev.ItemMoved(item, -1),) * by)
        order.insert(place, order.pop(place + by))
    yield Move(("enter",), (ev.ArrangementAnswered(tuple(wanted)),))


def _gradients(run: LessonRun, right: bool) -> Moves:
    """Type one gradient after the other, or one that is wrong."""
    label = render(message("Your answer"))
    if run.state.answer:
        yield Move(("ctrl+u",), shows=(label, render(message("a number, then Enter"))))
    for entry in gradients(run, right=right):
        yield Move((entry[0],), shows=(f"{label} {entry[0]}",))
        yield Move((*entry[1:], "enter"), (ev.NumberAnswered(entry),))


def _number(run: LessonRun, right: bool) -> Moves:
    step: Any = run.step
    value = evaluate_formula(step.answer, names_of(run.state))
    entry = repr(value if right else value + 1e3 * (1 + abs(value)))
    label = render(message("Your answer"))
    if run.state.answer:
        yield Move(("ctrl+u",), shows=(label, render(message("a number, then Enter"))))
    yield Move((entry[0],), shows=(f"{label} {entry[0]}",))
    yield Move(entry[1:], shows=(f"{label} {entry}",))
    yield Move(("enter",), (ev.NumberAnswered(entry),))


def _line(run: LessonRun, right: bool) -> Moves:
    step: Any = run.step
    line = step.fault_line if right else 1 + step.fault_line % 2
    if run.state.verdict is None:
        yield Move(("down",), shows=("▸ ",))
    yield Move(("home", *["down"] * (line - 1), "enter"), (ev.LinePicked(line),))


def _setting(run: LessonRun, right: bool) -> Moves:
    step: Any = run.step
    if not right:
        yield Move((NEXT,), (ev.NextAsked(),))
        return
    controls = [control for control in kind_of(step).controls(step) if not control.locked]
    for place, control in enumerate(controls):
        if control.name in step.witness:
            yield from _turn(control, place, repr(step.witness[control.name]))


def _turn(control: Control, place: int, entry: str) -> Moves:
    """Go to a control from the first one, type a value, and come back."""
    label = render(control.label)
    value = control.accept(parse_number(entry))
    yield Move(["down"] * place, shows=(label, "●"))
    turned = ev.ParameterChanged(control.name, value)
    yield Move((*entry, "enter"), (turned,), shows=(label, show(value)))
    yield Move(["up"] * place)


def _guess(run: LessonRun, right: bool) -> Moves:
    """A prediction is made once: with `right` False it is a wrong one."""
    step: Any = run.step
    assert run.state.result is not None
    truth = true_answer(step, run.state.result)
    if step.ask == "ordering":
        yield from _order(run, step, truth if right else truth[::-1])
    else:
        controls = kind_of(step).controls(step)
        for place, (control, true) in enumerate(zip(controls, truth, strict=True)):
            low, high = control.low, control.high
            far = low if abs(true - low) > abs(true - high) else high
            yield from _turn(control, place, f"{true if right else far:.10g}")
        yield Move(shows=(render(controls[0].label), "●"))
    yield Move(("enter",), shows=(render(message("Press 1, 2 or 3:")),))
    yield Move(("1",), (ev.Predicted("low"),))


def _order(run: LessonRun, step: PredictStep, wanted: Sequence[float]) -> Moves:
    """Bring one item after the other to its place."""
    present = [int(item) for item in guess_of(step, run.state)]
    chosen = 0
    yield Move(shows=("▸ 1",))
    for place, item in enumerate(map(int, wanted)):
        at = present.index(item)
        to_it = ["down"] * (at - chosen) if at > chosen else ["up"] * (chosen - at)
        chosen = place
        present.insert(place, present.pop(at))
        moves = at - place
        keys = (*to_it, *["shift+up"] * moves)
        row = f"▸ {place + 1}  {words_of(step.items[item - 1].label)}"
        yield Move(keys, [ev.ItemMoved(item, -1)] * moves, shows=(row,))


def _program(run: LessonRun, right: bool) -> Moves:
    step: Any = run.step
    source = step.starter
    if right:
        source = step.solution
        yield Move(("pageup", "pageup", "home", "home"))
        select = *["shift+down"] * _LONGEST_PROGRAM, "shift+end"
        starter = [(f"{at} ", line) for at, line in enumerate(step.starter.splitlines(), 1) if line]
        yield Move((*select, "backspace"), hides=starter)
        yield Move(paste=source, shows=("1 ", source.splitlines()[0]))
    (outcome,) = run_all([program_of(step, source)], Limits(seconds=step.seconds))
    ended = ev.CodeChanged(source), ev.CodeSubmitted(source), ev.CodeChecked(step.id, outcome)
    yield Move(("ctrl+r",), ended)


_ANSWERS: Final[dict[str, Callable[[LessonRun, bool], Moves]]] = {
    "choice": _choice,
    "select": _selection,
    "order": _arrangement,
    "match": _arrangement,
    "number": _number,
    "graph": _gradients,
    "bug": _line,
    "code": _program,
    "predict": _guess,
    "experiment": _setting,
}


Size = tuple[int, int]
Seat = Callable[[LessonRun, str, Size], AbstractContextManager[Terminal]]
"""Opens a terminal of a size on the first step of a lesson, in a language."""


@contextmanager
def learner(
    lesson: Lesson, language: str, size: Size, seat: Seat, *, errs: bool = True
) -> Iterator[Walker]:
    """Begin a lesson in a terminal; it ends with the block.

    What this process says is in the same language until then.
    """
    before = Session(session_language())
    begin_session(Session(language))
    run = begin(lesson, SEED)
    try:
        with seat(run, language, size) as screen:
            yield Walker(screen, run, errs=errs)
    finally:
        begin_session(before)


def own_computer(home: Path) -> Seat:
    """Return a seat at the learner's own computer; programs run where nothing guards them, too."""

    @contextmanager
    def seat(run: LessonRun, language: str, size: Size) -> Iterator[Terminal]:
        folder = home / "nabla"
        folder.mkdir(parents=True, exist_ok=True)
        change_settings(folder / "settings.json", run_programs=True)
        store = open_store(folder / "progress.sqlite3").store
        store.save_resume(_beginning(run, LOCAL_LEARNER))
        store.close()
        command = [sys.executable, "-m", "tutor", "--lang", language, "run", run.lesson.id]
        with Terminal(command, home=home, columns=size[0], rows=size[1], warm=True) as screen:
            yield screen

    return seat


def in_workshop(workshop: Workshop, name: str) -> Seat:
    """Return a seat in a workshop, to which somebody new comes by the stock ssh client."""

    @contextmanager
    def seat(run: LessonRun, language: str, size: Size) -> Iterator[Terminal]:
        store = open_shared_store(workshop.database)
        store.progress.save_resume(_beginning(run, name))
        store.close()
        columns, rows = size
        spoken = {"LANG": f"{language}.UTF-8"}
        with workshop.enter(name, columns=columns, rows=rows, env=spoken) as screen:
            screen.press("enter")  # the first row of the map: continue
            yield screen

    return seat


def _beginning(run: LessonRun, name: str) -> ResumePoint:
    """Return the place of somebody who has begun the lesson with the walker's seed."""
    return ResumePoint(
        learner=name,
        lesson=run.lesson.id,
        step=run.step.id,
        state=snapshot(run),
        completed=0,
        total=len(run.lesson.steps),
        done=False,
        at=datetime.now(UTC),
    )
