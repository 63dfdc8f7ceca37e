"""A program with a fault: its lines, and what it prints.

The core's bug museum runs its own programs; of those of a lesson's own the linter proved it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tutor.core.museum import exhibit
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import FaultyLine, Listing
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, answered
from tutor.engine.numbers import whole_number
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.lesson.grading import Verdict, grade_line
from tutor.lesson.markdown import escaped
from tutor.lesson.model import BugStep, OwnSymptom


def program_lines(step: BugStep, *, mended: bool) -> tuple[str, ...]:
    """Return the lines of the program; once mended, with the mend in place of the faulty one."""
    lines = step.code.splitlines()
    if mended and step.fault_line <= len(lines):
        faulty = lines[step.fault_line - 1]
        indent = faulty[: len(faulty) - len(faulty.lstrip())]
        lines[step.fault_line - 1] = indent + step.mend.strip()
    return tuple(lines)


def printed_lines(step: BugStep, *, mended: bool) -> tuple[str, ...]:
    """Return what the program prints, with its fault or without, line by line."""
    if isinstance(step.symptom, OwnSymptom):
        return tuple((step.symptom.mended if mended else step.symptom.prints).splitlines())
    try:
        return _printed(step.symptom.run, mended)
    except TutorError as error:
        return (render(error.text),)


@lru_cache(maxsize=128)
def _printed(name: str, mended: bool) -> tuple[str, ...]:
    shown = exhibit(name)
    printed = shown.show_mended() if mended else shown.show()
    return tuple(line for part in printed for line in part.splitlines())


class BugKind(Kind[BugStep]):
    """The number of the line is kept, from 1."""

    def take(self, step: BugStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take a line of the program, until the right one is known."""
        state = run.state
        if not isinstance(event, ev.LinePicked) or state.outcome == "done" or state.solution_shown:
            return run, ()
        if not 1 <= event.line <= len(step.code.splitlines()):
            return run, ()
        verdict = grade_line(step, event.line)
        return answered(run, verdict, str(event.line), settles=verdict.correct)

    def event_of(self, answer: str, _confidence: ev.Confidence) -> ev.Event | None:
        """Return the line that was taken."""
        line = whole_number(answer)
        return None if line is None else ev.LinePicked(line)

    def missing(self, _step: BugStep, _state: StepState) -> Text:
        """Return how to pick a line."""
        return message("Go to the line at fault and press Enter.")

    def question(self, step: BugStep, run: LessonRun) -> FaultyLine:
        """Return the line that was taken, or is the solution."""
        state = run.state
        if state.solution_shown:
            return FaultyLine((step.fault_line, True))
        if state.verdict is None:
            return FaultyLine(None)
        return FaultyLine((int(state.answer or 0), state.verdict.correct))

    def listing(self, step: BugStep, state: StepState) -> Listing:
        """Return the program and what it prints: with its fault, or mended."""
        mended = state.outcome == "done" or state.solution_shown
        lines, printed = program_lines(step, mended=mended), printed_lines(step, mended=mended)
        return Listing(lines, (), printed, mended, tuple(step.code.splitlines()))

    def has_solution(self, _step: BugStep) -> bool:
        """Return that there always is one."""
        return True

    def computed(self, step: BugStep, _names: Mapping[str, float]) -> Text:
        """Return the line and its mend."""
        mend = step.mend.strip()
        return message("line {line} should be `{mend}`.", line=step.fault_line, mend=mend)

    def in_markdown(self, _step: BugStep, answer: str) -> str:
        """Return the number of the line."""
        return escaped(render(message("line {number}", number=answer)))

    def judged(self, step: BugStep, answer: str, _names: Mapping[str, float]) -> Verdict | None:
        """Return the verdict on a line of the lesson as it is now."""
        line = whole_number(answer)
        return None if line is None else grade_line(step, line)
