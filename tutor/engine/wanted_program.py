"""What a front end must run: the run's state says it, so that nothing is asked twice or lost."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.engine.lesson_run import LessonRun, code_of
from tutor.lesson.model import CodeStep
from tutor.lesson.programs import Program, program_of


@dataclass(frozen=True, slots=True)
class WantedProgram:
    """A program to run in the sandbox; the event `CodeChecked` or `CodeRunEnded` follows."""

    step: str
    program: Program
    seconds: float


def wanted_program(run: LessonRun) -> WantedProgram | None:
    """Return the program that is to be running now, None if there is none."""
    step, state = run.step, run.state
    if not isinstance(step, CodeStep) or not state.running or run.finished:
        return None
    return WantedProgram(step.id, program_of(step, code_of(step, state)), step.seconds)
