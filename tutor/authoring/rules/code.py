"""Programs: the starter fails, the solution passes every check, and no known miss is right.

The programs of all lessons run in one process of the sandbox: starting it is what takes time. It
starts while the other rules read and run the lessons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeAlias

from rich.cells import cell_len

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.code_grading import grade_code, is_as_expected, show_value
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.loader import LessonSource
from tutor.lesson.model import CodeStep, Step
from tutor.lesson.problem import Problem
from tutor.lesson.programs import Outcome, program_of

MOST_LINES: Final = 14
"""Of a starter and of a solution."""
WIDTH: Final = 72
"""Cells of a line, beside its number."""

_Place: TypeAlias = tuple[LessonSource, str, CodeStep]


def check_code(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what can be seen of a program without running it."""
    if not isinstance(step, CodeStep):
        return
    if step.experiment is not None or step.charts:
        what = message("a code step shows no experiment")
        yield f"{path}.experiment", what, message("give it a step of its own")
    for key, source in (("starter", step.starter), ("solution", step.solution)):
        lines = source.splitlines()
        if len(lines) > MOST_LINES:
            what = message("takes {count} lines", count=len(lines))
            yield f"{path}.{key}", what, message("cut it to {most}", most=MOST_LINES)
        widest = max(map(cell_len, lines), default=0)
        if widest > WIDTH:
            what = message("has a line of {widest} cells", widest=widest)
            yield f"{path}.{key}", what, message("break it before {width}", width=WIDTH)


@contextmanager
def running_programs(sources: Sequence[LessonSource]) -> Iterator[Iterator[Problem]]:
    """Run the starters and the solutions of all lessons beside what is done in the meantime.

    Gives what they show; whoever reads that waits for their end.
    """
    places: list[_Place] = [
        (source, path, step)
        for source in sources
        for path, step in source.steps()
        if isinstance(step, CodeStep)
    ]
    if not places:
        yield iter(())
        return
    with ThreadPoolExecutor(1, "sandbox") as thread:
        outcomes = thread.submit(_outcomes, [step for _, _, step in places])
        yield _program_problems(places, outcomes)


def _outcomes(steps: Sequence[CodeStep]) -> list[Outcome]:
    """Return what the starter and the solution of each step give."""
    from tutor.sandbox.run import Limits, run_all  # noqa: PLC0415 — for courses with programs

    limits = Limits(seconds=max(step.seconds for step in steps))
    texts = [(step, text) for step in steps for text in (step.starter, step.solution)]
    return run_all([program_of(step, text) for step, text in texts], limits)


def _program_problems(
    places: Sequence[_Place], running: Future[list[Outcome]]
) -> Iterator[Problem]:
    try:
        outcomes = running.result()
    except TutorError as error:
        source, path, _ = places[0]
        what = message("no program can be run: {error}", error=error)
        yield source.problem(path, what, message("mend that, and check again"))
        return
    pairs = zip(outcomes[::2], outcomes[1::2], strict=True)
    for (source, path, step), (starter, solution) in zip(places, pairs, strict=True):
        for where, what, mend in _faults(step, path, starter, solution):
            yield source.problem(where, what, mend)


def _faults(
    step: CodeStep, path: str, starter: Outcome, solution: Outcome
) -> Iterator[Inconsistency]:
    if solution.broken is not None:
        fault = solution.broken
        what = message(
            "its setup or an expected value fails ({kind}: {text})",
            kind=fault.kind,
            text=fault.text,
        )
        yield path, what, message("mend setup, expect and the values of misses")
        return
    if grade_code(step, starter).correct:
        what = message("passes every check before the learner writes anything")
        yield f"{path}.starter", what, message("take out what is to be written")
    verdict = grade_code(step, solution)
    if not verdict.correct:
        words = " ".join(str(verdict.feedback).split())
        what = message("does not pass: {words}", words=words)
        yield f"{path}.solution", what, message("mend it, or the check")
    yield from _miss_faults(step, path, solution)


def _miss_faults(step: CodeStep, path: str, solution: Outcome) -> Iterator[Inconsistency]:
    """Yield known misses that count as right, or that another one covers."""
    for number, (check, run) in enumerate(zip(step.checks, solution.checks, strict=False), 1):
        for place, miss in enumerate(run.misses, 1):
            here = f"{path}.checks[{number}].misses[{place}].value"
            shown = show_value(miss)
            if is_as_expected(check, miss, run.expected):
                what = message("{value} counts as right", value=shown)
                yield here, what, message("delete it, or lower the tolerance")
            elif any(is_as_expected(check, miss, other) for other in run.misses[: place - 1]):
                what = message("{value} is a miss already", value=shown)
                yield here, what, message("delete one of the two")
