"""What was achieved in a lesson or a review, and what comes back when, as one value.

Every front end prints it at the end; none decides what is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from tutor.engine.lesson.events import CERTAINTY, SOLUTION_SEEN
from tutor.engine.lesson.review import ReviewItem
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import Message, message, plural
from tutor.lesson.model import ExperimentStep, Lesson, Step
from tutor.player.progress_report import calibration, misconceptions_met
from tutor.player.schedule import Review
from tutor.store.model import Attempt

Mark: TypeAlias = Literal["done", "left", "open", ""]
"""What a line tells of: what is done, what was not done alone, what is still open, or neither."""
Grade: TypeAlias = Literal["right", "missed", "skipped", "open"]

_MOST_MISCONCEPTIONS: Final = 3
"""So many are named: the last step of a lesson is no place for a list."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a heading."""

    heading: Message
    lines: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """What is said at the end."""

    ended: Message
    achieved: tuple[tuple[Mark, Message], ...]
    parts: tuple[Part, ...]
    """How sure and how right, misconceptions met, what comes back: those that have anything."""
    first_open: str | None = None
    """The first step that is not done."""
    following: Lesson | None = None
    """The next lesson of the course."""

    @property
    def next_words(self) -> Message | None:
        """What the next lesson is."""
        if self.following is None:
            return None
        return message("Next: {title}", title=self.following.title)


def lesson_recap(
    run: LessonRun,
    answers: Sequence[Attempt],
    review: Review,
    following: Lesson | None,
    view_of: Callable[[LessonRun], StepView],
) -> Recap:
    """Return what was achieved in a lesson.

    Args:
        run: the lesson as the learner left it.
        answers: given in the lesson since it was begun, oldest first; none of a review.
        review: what is under review; of this lesson alone would do.
        following: the next lesson.
        view_of: what may be seen of a step: what a class holds back is not told here either.
    """
    steps = run.lesson.steps
    held = {
        step.id for n, step in enumerate(steps) if view_of(replace(run, index=n)).holds_back
    }  # fmt: skip
    # A goal is reached in the end, whatever was turned before: that is no first try.
    judged = [step for step in steps if not isinstance(step, ExperimentStep)]
    told = [answer for answer in answers if answer.step not in held]
    own = [item for item in review.items if item.lesson.id == run.lesson.id]
    ended: dict[str, str] = {step.id: _standing(run, step) for step in steps}
    kept_back = len(held.intersection(answer.step for answer in answers))
    return Recap(
        ended=_end_of(run.lesson),
        achieved=tuple(_lesson_lines(ended, _grades(judged, told), kept_back)),
        parts=tuple(_parts(told, review.back_words(own))),
        first_open=next((step for step, outcome in ended.items() if outcome != "done"), None),
        following=following,
    )


def review_recap(
    run: LessonRun, answers: Sequence[Attempt], review: Review, items: Sequence[ReviewItem]
) -> Recap:
    """Return how a review went; `answers` by the ids of the run's own steps, as in `Playing`."""
    grades = Counter(_grades(run.lesson.steps, answers).values())
    return Recap(
        ended=_end_of(run.lesson),
        achieved=tuple(_review_lines(grades, len(review.due))),
        parts=tuple(_parts(answers, review.back_words(items))),
    )


def _end_of(lesson: Lesson) -> Message:
    return message("You have come to the end of “{title}”.", title=lesson.title)


def _standing(run: LessonRun, step: Step) -> str:
    return run.states[step.id].standing if step.id in run.states else "open"


def _grades(steps: Iterable[Step], answers: Iterable[Attempt]) -> Mapping[str, Grade]:
    """Return how each question went, by its first answer: what is mended later was missed."""
    first: dict[str, Attempt] = {}
    for answer in answers:
        first.setdefault(answer.step, answer)
    return {step.id: _grade(first.get(step.id)) for step in steps if step.is_question}


def _grade(first: Attempt | None) -> Grade:
    if first is None:
        return "open"
    if first.correct is None and first.answer != SOLUTION_SEEN:
        return "skipped"
    return "right" if first.correct else "missed"


def _lesson_lines(
    ended: Mapping[str, str], grades: Mapping[str, Grade], held: int
) -> Iterator[tuple[Mark, Message]]:
    count = Counter(ended.values())
    yield "done", message("{done} of {total} steps done", done=count["done"], total=len(ended))
    if count["skipped"]:
        yield "left", message("{n} skipped, or with the solution seen", n=count["skipped"])
    if count["open"]:
        yield "open", message("{n} still open", n=count["open"])
    went = Counter(grades.values())
    if went["right"] or went["missed"]:
        answered = went["right"] + went["missed"]
        yield "", message("{n} of {total} right at the first try", n=went["right"], total=answered)
    if held:
        yield "", plural("{count} prediction waits for the class: it is told later.",
                         "{count} predictions wait for the class: they are told later.",
                         held)  # fmt: skip


def _review_lines(grades: Mapping[Grade, int], due: int) -> Iterator[tuple[Mark, Message]]:
    total = sum(grades.values())
    yield "done", message("{n} of {total} right at the first try", n=grades["right"], total=total)
    if grades["missed"]:
        yield "left", message("{n} missed: back soon", n=grades["missed"])
    left = grades["skipped"] + grades["open"]
    if left:
        yield "open", message("{n} not answered", n=left)
    if due:
        yield "", message("{n} more are due: the review on the map goes on with them.", n=due)


def _parts(answers: Sequence[Attempt], back: tuple[Message, ...]) -> Iterator[Part]:
    sure = [
        message("{certainty}: {right} of {total} right", certainty=CERTAINTY[each.confidence],
                right=each.right, total=each.total)
        for each in calibration(answers) if each.total
    ]  # fmt: skip
    if sure:
        yield Part(message("How sure you were"), tuple(sure))
    met = [
        message("{words} ({count}×)", words=words, count=count)
        for words, count in misconceptions_met(answers)
    ]
    if met:
        yield Part(message("Misconceptions met"), tuple(_shortened(met)))
    if back:
        yield Part(message("What comes back in the review"), back)


def _shortened(met: Sequence[Message]) -> Iterator[Message]:
    yield from met[:_MOST_MISCONCEPTIONS]
    more = len(met) - _MOST_MISCONCEPTIONS
    if more > 0:
        yield message("and {count} more", count=more)
