"""What of a step may be seen now, for every front end: before a prediction, and after it."""

from __future__ import annotations

from tutor.charts.chart import Chart
from tutor.engine.descent.words import without_why
from tutor.engine.lesson_run import LessonRun, guess_of, is_ordering
from tutor.engine.ordering import quantity_name
from tutor.engine.predictions import predicted_chart, revealed_words
from tutor.i18n import Text, message
from tutor.lesson.model import ChartName, ChoiceStep, NetworkExperiment, PredictStep, Step


def is_revealed(run: LessonRun) -> bool:
    """Return whether the step is a prediction whose truth is on the screen."""
    return isinstance(run.step, PredictStep) and run.state.outcome != "open"


def is_hidden(run: LessonRun) -> bool:
    """Return whether the step is a prediction that has not been made."""
    return isinstance(run.step, PredictStep) and run.state.outcome == "open"


def shown_words(run: LessonRun) -> tuple[Text, Text]:
    """Return what the experiment says now, a sentence and the worked line; empty while hidden.

    What would answer a choice is not said before the learner has answered it. The step of a network
    is told beside the table of its weights alone: it names the entry that a question may be about.
    """
    step, result = run.step, run.state.result
    if result is None or is_hidden(run) or _is_unanswered_choice(run):
        return "", ""
    if isinstance(step, PredictStep):
        guess = None if run.state.outcome == "skipped" else guess_of(step, run.state)
        words = revealed_words(step, result, guess)
    else:
        words = result.sentence, result.update_line
    return _that_may_be_said(step, *words)


def _that_may_be_said(step: Step, sentence: Text, update: Text) -> tuple[Text, Text]:
    """Return the words without the parts that the lesson silences."""
    if not step.says("why"):
        sentence = without_why(sentence)
    is_of_entry = isinstance(step.experiment, NetworkExperiment)
    has_update = step.says("update") and not (is_of_entry and "weight-gradient" not in step.charts)
    return sentence if step.says("sentence") else "", update if has_update else ""


def _is_unanswered_choice(run: LessonRun) -> bool:
    return isinstance(run.step, ChoiceStep) and run.state.outcome == "open"


def how_to_guess(run: LessonRun) -> Text:
    """Return how a prediction is made; empty where there is none to make."""
    if not is_hidden(run):
        return ""
    if is_ordering(run.step):
        return message(
            "Smallest first, by {quantity}: ↑ ↓ choose, Shift+↑ ↓ move, then Enter.",
            quantity=quantity_name(run.step),
        )
    return message("Place your guess with the arrow keys or a click, then press Enter.")


def shown_chart(run: LessonRun, name: ChartName) -> Chart | None:
    """Return a picture of the step as the learner may see it now; None without an experiment."""
    step, state = run.step, run.state
    if state.result is None:
        return None
    if isinstance(step, PredictStep):
        guess = None if state.outcome == "skipped" else guess_of(step, state)
        return predicted_chart(step, state.result, name, guess, revealed=is_revealed(run))
    return state.result.chart(name)
