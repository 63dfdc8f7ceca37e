"""Something to read."""

from __future__ import annotations

from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import Listing
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import Advanced, LessonRun, StepState
from tutor.i18n import Text
from tutor.lesson.model import TextStep


class TextKind(Kind[TextStep]):
    """A step without a question, with a program to look at or none."""

    def take(self, _step: TextStep, _event: ev.Event, run: LessonRun) -> Advanced:
        """Take nothing."""
        return run, ()

    def event_of(self, _answer: str, _confidence: ev.Confidence) -> None:
        """Nothing is answered."""

    def missing(self, _step: TextStep, _state: StepState) -> Text:
        """Nothing is missing."""
        return ""

    def question(self, _step: TextStep, _run: LessonRun) -> None:
        """Ask nothing."""

    def listing(self, step: TextStep, _state: StepState) -> Listing | None:
        """Return the program, with the lines to look at."""
        return None if step.code is None else Listing(tuple(step.code.splitlines()), step.focus)
