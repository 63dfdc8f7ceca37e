"""Programs: the starter fails, the solution passes every check, and no known miss is right.

The programs of all lessons run in one process of the sandbox: starting it is what takes time. It
starts while the other rules read and run the lessons.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeAlias

from rich.cells import cell_len

from tutor.authoring.rules.bugs import printing_faults, programs_of_bug
from tutor.authoring.rules.proofs import program_faults, program_of_proof
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.code_grading import grade_code, is_as_expected, show_value
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.loader import LessonSource
from tutor.lesson.model import BugStep, CodeStep, NumberStep, Step
from tutor.lesson.problem import Problem
from tutor.lesson.programs import Outcome, Program, program_of
from tutor.lesson.variants import variant, variant_count

MOST_LINES: Final = 14
"""Of a starter and of a solution."""
WIDTH: Final = 72
"""Cells of a line, beside its number."""

_Place: TypeAlias = tuple[LessonSource, str, Step]
_Run: TypeAlias = Future[list[list[Outcome]]]


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
def running_programs(
    sources: Sequence[LessonSource], due: Container[tuple[str, str]]
) -> Iterator[Iterator[Problem]]:
    """Run the starters and the solutions of all lessons beside what is done in the meantime.

    Gives what they show; whoever reads that waits for their end.
    """
    places: list[_Place] = [
        (source, path, step)
        for source in sources
        for path, step in source.steps()
        if (source.file, path) in due and _programs(step)
    ]
    if not places:
        yield iter(())
        return
    with ThreadPoolExecutor(1, "sandbox") as thread:
        outcomes = thread.submit(_outcomes, [step for _, _, step in places])
        yield _program_problems(places, outcomes)


def _programs(step: Step) -> list[Program]:
    """Return what is to be run for a step: starter and solution, a bug, proofs of variants."""
    if isinstance(step, CodeStep):
        return [program_of(step, text) for text in (step.starter, step.solution)]
    if isinstance(step, BugStep):
        return programs_of_bug(step)
    if not isinstance(step, NumberStep):
        return []
    problems = (variant(step, number) for number in range(variant_count(step)))
    return [program for problem in problems for program in program_of_proof(problem)]


def _outcomes(steps: Sequence[Step]) -> list[list[Outcome]]:
    """Return what the programs of each step give."""
    from tutor.sandbox.run import Limits, run_all  # noqa: PLC0415 — for courses with programs

    seconds = [step.seconds for step in steps if isinstance(step, CodeStep)]
    programs = [_programs(step) for step in steps]
    found = iter(run_all([each for own in programs for each in own], Limits(max([5.0, *seconds]))))
    return [[next(found) for _ in own] for own in programs]


def _program_problems(places: Sequence[_Place], running: _Run) -> Iterator[Problem]:
    try:
        outcomes = running.result()
    except TutorError as error:
        source, path, _ = places[0]
        what = message("no program can be run: {error}", error=error)
        yield source.problem(path, what, message("mend that, and check again"))
        return
    for (source, path, step), own in zip(places, outcomes, strict=True):
        for where, what, mend in _step_faults(step, path, own):
            yield source.problem(where, what, mend)


def _step_faults(step: Step, path: str, outcomes: Sequence[Outcome]) -> Iterator[Inconsistency]:
    if isinstance(step, CodeStep):
        yield from _faults(step, path, *outcomes)
    elif isinstance(step, BugStep):
        yield from printing_faults(step, path, outcomes)
    elif isinstance(step, NumberStep):
        for number, outcome in enumerate(outcomes):
            yield from program_faults(variant(step, number), path, outcome)


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
