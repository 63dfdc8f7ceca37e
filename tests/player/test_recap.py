"""What is said at the end: computed from the answers, and nothing of what a class holds back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.engine.lessons import CHOOSE, COUNT, GUESS, LESSON, TUNE
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import render
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Course
from tutor.player.player import Player
from tutor.player.recap import Recap
from tutor.player.review import ReviewPlayer
from tutor.player.schedule import review_of
from tutor.store.progress_store import ProgressStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUESTIONS = replace(LESSON, steps=(CHOOSE, COUNT, GUESS, TUNE))
SECOND = replace(LESSON, id="sample/second", title="The second", steps=(CHOOSE,))
CATALOG = Catalog((Course(id="sample", lessons=(QUESTIONS, SECOND)),))


def played(
    store: ProgressStore,
    *events: ev.Event,
    view_of: Callable[[LessonRun], StepView] = StepView,
    lesson=QUESTIONS,
) -> Recap:
    player = Player(lesson, store, learner="ana", now=lambda: NOON, seed=1)
    for event in events:
        player.send(event)
    return player.recap(CATALOG, view_of)


def lines(recap: Recap) -> list[str]:
    return [render(words) for _, words in recap.achieved]


def under(recap: Recap, heading: str) -> list[str]:
    found = [part for part in recap.parts if render(part.heading) == heading]
    return [render(line) for part in found for line in part.lines]


ALL = (
    ev.ChoiceAnswered(0), ev.ChoiceAnswered(1), ev.NextAsked(),
    ev.NumberAnswered("0.8"), ev.NextAsked(),
    ev.Predicted("high"), ev.NextAsked(),
    ev.StepSkipped(),
)  # fmt: skip


def test_it_counts_steps_and_first_tries_and_not_what_was_mended_or_reached(store: ProgressStore):
    recap = played(store, *ALL)
    assert lines(recap) == [
        "3 of 4 steps done",
        "1 skipped, or with the solution seen",
        "1 of 3 right at the first try",
    ]
    assert recap.first_open == "tune"


def test_a_goal_is_done_and_no_first_try(store: ProgressStore):
    recap = played(store, ev.StepOpened("tune"), ev.ParameterChanged("learning_rate", 0.3))
    assert lines(recap) == ["1 of 4 steps done", "3 still open"]


def test_a_solution_that_was_looked_at_first_is_no_first_try(store: ProgressStore):
    seen = (ev.StepOpened("count"), ev.NumberAnswered("5"), ev.SolutionAsked())
    assert "0 of 1 right at the first try" in lines(played(store, *seen))


def test_it_says_how_sure_and_what_was_mistaken_and_what_comes_back(store: ProgressStore):
    recap = played(store, *ALL)
    assert under(recap, "How sure you were") == ["certain: 0 of 1 right"]
    assert under(recap, "Misconceptions met") == ["The gradient points downhill. (1×)"]
    assert under(recap, "What comes back in the review") == ["2 × tomorrow"]


def test_a_lesson_where_nothing_was_answered_has_no_headings(store: ProgressStore):
    assert () == played(store).parts


def test_what_a_class_holds_back_is_not_told_at_the_end_either(store: ProgressStore):
    recap = played(store, *ALL, view_of=lambda run: StepView(run, is_held=True))
    assert "1 of 2 right at the first try" in lines(recap)
    assert "1 prediction waits for the class: it is told later." in lines(recap)
    assert [] == under(recap, "How sure you were")


def test_the_next_lesson_is_that_of_the_course_and_the_last_has_none(store: ProgressStore):
    assert "Next: The second" == render(played(store).next_words or "")
    assert played(store, lesson=SECOND).next_words is None


def test_a_review_says_how_it_went_and_leads_nowhere(store: ProgressStore):
    played(store, *ALL)
    at = NOON + timedelta(days=4)
    items = review_of(CATALOG, store, "ana", at).due
    player = ReviewPlayer(items, store, learner="ana", now=lambda: at, seed=1, title="Review")
    player.send(ev.StepOpened(f"{LESSON.id}#choose"))
    player.send(ev.ChoiceAnswered(1))
    recap = player.recap(CATALOG)
    asked = len(items)
    assert lines(recap)[0] == f"1 of {asked} right at the first try"
    assert lines(recap)[1] == f"{asked - 1} not answered"
    assert "in 3 days" in "".join(under(recap, "What comes back in the review"))
    assert (None, None) == (recap.following, recap.first_open)
