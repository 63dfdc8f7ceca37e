"""The verdict on an answer in its first words, for every front end."""

from __future__ import annotations

from math import isfinite

from tutor.engine.lesson_run import LessonRun, guess_of
from tutor.engine.numbers import show
from tutor.engine.ordering import pairs_sentence, wrong_pairs
from tutor.engine.predictions import true_answer
from tutor.i18n import Text, message
from tutor.lesson.model import PredictStep


def verdict_words(run: LessonRun) -> Text:
    """Return whether the last answer was right and, of a guess, by how much it was off."""
    verdict = run.state.verdict
    if verdict is None:
        return ""
    if isinstance(run.step, PredictStep):
        return _of_guess(run, run.step, correct=verdict.correct, miss=verdict.miss)
    return message("Right.") if verdict.correct else message("Not yet.")


def _of_guess(run: LessonRun, step: PredictStep, *, correct: bool, miss: float | None) -> Text:
    if step.ask == "ordering":
        guess = guess_of(step, run.state)
        return pairs_sentence(step, guess) if wrong_pairs(step, guess) else message("Right.")
    if step.ask == "quantity" and run.state.result is not None:
        return _of_quantity(true_answer(step, run.state.result)[0], correct=correct, miss=miss)
    if correct or miss is None or not isfinite(miss):
        return message("Right.") if correct else message("Not yet.")
    return message("Off by {miss}.", miss=show(miss, 2))


def _of_quantity(truth: float, *, correct: bool, miss: float | None) -> Text:
    if correct:
        return message("Right: it is {truth}.", truth=show(truth))
    if miss is None or not isfinite(miss):
        return message("Not yet: it is {truth}.", truth=show(truth))
    return message("Off by {miss}: it is {truth}.", miss=show(miss, 2), truth=show(truth))
