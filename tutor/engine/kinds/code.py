"""A program that the learner writes, and its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import Program
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, answered, with_state
from tutor.i18n import Text, message, render
from tutor.lesson.code_grading import fault_line, grade_code, too_long
from tutor.lesson.grading import Verdict
from tutor.lesson.model import CodeStep
from tutor.lesson.programs import MAX_SOURCE, Program as LimitedProgram, gaps, program_of


@dataclass(frozen=True, slots=True)
class WantedProgram:
    """A program to run in the sandbox; the event `CodeChecked` or `CodeRunEnded` follows."""

    step: str
    program: LimitedProgram
    seconds: float


def wanted_program(run: LessonRun) -> WantedProgram | None:
    """Return the program that is to be running now, None if there is none.

    The run's state says it, so that nothing is asked twice or lost.
    """
    step, state = run.step, run.state
    if not isinstance(step, CodeStep) or not state.running or run.finished:
        return None
    return WantedProgram(step.id, program_of(step, _source(step, state)), step.seconds)


class CodeKind(Kind[CodeStep]):
    """The program is kept as it reads; only the answer of a run of it is judged."""

    keeps_solution = True

    def take(self, step: CodeStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take what is typed, begin a run, or judge what it gave."""
        match event:
            case ev.CodeChanged(source):
                return self._changed(step, source, run)
            case ev.CodeSubmitted(source):
                return self._submitted(source, run)
            case ev.CodeChecked(name) if name == step.id and run.state.running:
                return self._checked(step, event, run)
            case ev.CodeRunEnded(name, problem) if name == step.id and run.state.running:
                return with_state(run, running=False, problem=problem), ()
            case _:
                return run, ()

    def _changed(self, step: CodeStep, source: str, run: LessonRun) -> Advanced:
        if source == _source(step, run.state):
            return run, ()
        if len(source) > MAX_SOURCE:
            return with_state(run, problem=too_long()), ()
        return with_state(run, code=source), (ev.ResumeMoved(at_once=False),)

    def _submitted(self, source: str, run: LessonRun) -> Advanced:
        if run.state.running:
            return run, ()
        if len(source) > MAX_SOURCE:
            return with_state(run, problem=too_long()), ()
        run = with_state(run, code=source, running=True, verdict=None, checked=None)
        return run, (ev.ResumeMoved(at_once=True),)

    def _checked(self, step: CodeStep, event: ev.CodeChecked, run: LessonRun) -> Advanced:
        state, verdict = run.state, grade_code(step, event.outcome)
        source = _source(step, state)
        gap = _untouched_gap(step, source)
        if gap is not None and not verdict.correct and event.outcome.broken is None:
            words = message("Line {line} still has `...`: write your own code in its place.",
                            line=gap)  # fmt: skip
            verdict = Verdict(False, words)
        run = with_state(run, running=False, checked=event.outcome)
        if state.outcome == "done":  # it has been solved: what is tried now is for its own sake
            return with_state(run, verdict=verdict), ()
        return answered(run, verdict, source, settles=verdict.correct)

    def event_of(self, _answer: str, _confidence: ev.Confidence) -> None:
        """A program is not run again."""

    def answered_again(
        self, step: CodeStep, saved: Mapping[str, object], run: LessonRun
    ) -> LessonRun:
        """Return the run with what is said to a program that was right."""
        was_right = isinstance(saved.get("answer"), str) and saved.get("outcome") == "done"
        if not was_right:
            return run
        state = replace(run.state, verdict=Verdict(True, step.right))
        return replace(run, states={**run.states, step.id: state})

    def kept_program(self, saved: object) -> str | None:
        """Return the program as it read, unless it is too long."""
        return saved if isinstance(saved, str) and len(saved) <= MAX_SOURCE else None

    def missing(self, _step: CodeStep, state: StepState) -> Text:
        """Return what to do first."""
        if state.tries:
            return message("Your program does not do all it should yet.")
        return message("Run your program first.")

    def question(self, step: CodeStep, run: LessonRun) -> Program:
        """Return the program as it reads, and what its last run gave."""
        state = run.state
        checked = state.checked
        return Program(
            starter=step.starter,
            source=_source(step, state),
            solution=str(step.solution),
            solution_shown=state.solution_shown,
            running=state.running,
            checked=checked,
            fault_line=None if checked is None else fault_line(step, checked),
        )

    def right_answer(self, step: CodeStep, _names: Mapping[str, float]) -> Text:
        """Return the author's program."""
        return message("\n\n```python\n{code}\n```", code=step.solution)

    def in_markdown(self, _step: CodeStep, _answer: str) -> str:
        """Return that it was a program: it stands beside the question."""
        return render(message("a program"))


def _source(step: CodeStep, state: StepState) -> str:
    """Return the learner's program as it reads now."""
    return step.starter if state.code is None else state.code


def _untouched_gap(step: CodeStep, source: str) -> int | None:
    """Return the first line that is as the starter has it, with something to be filled in."""
    starter, lines = step.starter.splitlines(), source.splitlines()
    return next((row for row, _ in gaps(source) if lines[row - 1] in starter), None)
