"""A guess on the chart before it is shown: its controls, the truth, both on the chart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from tutor.charts.chart import AxisRange, Chart, Layer, Role
from tutor.engine.descent.maps import edges
from tutor.engine.descent.setup import setup_of_descent
from tutor.engine.descent.words import about_edge
from tutor.engine.experiments import Answer, Result, run_experiment
from tutor.engine.experiments.network import COLUMNS, ROWS, weight_to_turn
from tutor.engine.kinds.experiment import first_step
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.ordering import (
    first_order,
    kept_order,
    labels_in,
    moved,
    order_of,
    pairs_sentence,
    placed,
    quantity_name,
    side_by_side,
    true_order,
    values_sentence,
    wrong_pairs,
)
from tutor.engine.kinds.picking import direction_of, quantity_layers
from tutor.engine.kinds.questions import Guess, Ordering
from tutor.engine.kinds.stationary import Ground, about_stationary, stationary_marks, wanted
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.controls import SUBSCRIPTS, Control, round_step
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, answered, names_of
from tutor.engine.numbers import show
from tutor.engine.settings import window_of
from tutor.i18n import Text, message
from tutor.lesson.abilities import POINT_ASKS
from tutor.lesson.grading import distance, grade_prediction
from tutor.lesson.model import (
    ChartName,
    DescentExperiment,
    GradientExperiment,
    ObjectiveExperiment,
    Point,
    PredictStep,
    SlopeExperiment,
    TrainingExperiment,
)

_SLOPES = ("slope", "quotient", "partial-x0", "partial-x1")
_LABELS = {**dict.fromkeys(_SLOPES, message("slope")), "arrow": message("angle °"),
           "step-number": message("step"), "quantity": message("your guess")}  # fmt: skip
_RANGES = {**dict.fromkeys(_SLOPES, (-5.0, 5.0)), "arrow": (-180.0, 180.0)}
_DECADES = 1000.0
"""A range that spans more than three decades is turned on a logarithmic scale."""
_WHOLE = ("steps", "evaluations", "parameter_count")
_STEPS = {"arrow": 5.0, "step-number": 1.0}


class PredictKind(Kind[PredictStep]):
    """A guess is given once; the truth is the step's own run."""

    is_prediction = True

    def controls(self, step: PredictStep) -> tuple[Control, ...]:
        """Return the controls that place the guess."""
        return guess_controls(step)

    def start_values(self, step: PredictStep, seed: int) -> dict[str, float]:
        """Return where the guess starts; an ordering starts shuffled."""
        if step.ask == "ordering":
            return placed(first_order(step, seed))
        return super().start_values(step, seed)

    def kept_values(self, step: PredictStep, saved: Mapping[str, object]) -> dict[str, float]:
        """Return the guess that was saved, an order of items as a whole."""
        if step.ask == "ordering":
            return kept_order(len(step.items), saved)
        return super().kept_values(step, saved)

    def may_turn(self, state: StepState) -> bool:
        """Return whether the guess is still open: once revealed it stands as it was meant."""
        return state.outcome != "done"

    def take(self, step: PredictStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take the guess, or a move of one of its items."""
        if not self.may_turn(run.state):
            return run, ()
        guess = guess_of(step, run.state)
        match event:
            case ev.ItemMoved(item, by) if step.ask == "ordering" and item in guess:
                return self.turned(step, placed(moved(guess, item, by)), run)
            case ev.Predicted(confidence) if run.state.result is not None:
                truth = true_answer(step, run.state.result, guess)
                verdict = grade_prediction(step, guess, truth, names_of(run.state))
                answer = ",".join(f"{part:.6g}" for part in guess)
                return answered(run, verdict, answer, settles=True, confidence=confidence)
            case _:
                return run, ()

    def event_of(self, _answer: str, confidence: ev.Confidence) -> ev.Event | None:
        """Return the guess: its values are kept beside the answer."""
        return ev.Predicted(confidence)

    def missing(self, _step: PredictStep, _state: StepState) -> Text:
        """Return how to guess."""
        return message("Place your guess, press Enter, and say how sure you are.")

    def question(self, step: PredictStep, run: LessonRun) -> Ordering | Guess:
        """Return the items as they stand, or that the controls are the question."""
        if step.ask != "ordering":
            return Guess()
        items = tuple(labels_in(step, guess_of(step, run.state)))
        return Ordering(items, quantity_name(step))

    def told(self, step: PredictStep, state: StepState, result: Result) -> tuple[Text, Text]:
        """Return the words of the truth, once it is seen."""
        if state.outcome == "open":
            return "", ""
        return revealed_words(step, result, _made_guess(step, state))

    def chart(self, step: PredictStep, state: StepState, result: Result, name: ChartName) -> Chart:
        """Return the picture with the guess and, once it is seen, the truth."""
        revealed = state.outcome != "open"
        return predicted_chart(step, result, name, _made_guess(step, state), revealed=revealed)

    def verdict_words(self, step: PredictStep, state: StepState) -> Text:
        """Return whether the guess was right and, where it can be said, by how much it was off."""
        if state.verdict is None:
            return ""
        correct, miss = state.verdict.correct, state.verdict.miss
        if step.ask == "ordering":
            guess = guess_of(step, state)
            return pairs_sentence(step, guess) if wrong_pairs(step, guess) else message("Right.")
        if step.ask == "quantity" and state.result is not None:
            truth = true_answer(step, state.result)[0]
            return _verdict_on_quantity(truth, correct=correct, miss=miss)
        if correct or miss is None or not math.isfinite(miss):
            return super().verdict_words(step, state)
        return message("Off by {miss}.", miss=show(miss, 2))


def guess_of(step: PredictStep, state: StepState) -> Answer:
    """Return the guess, one number or two, in the order that the question asks for them.

    Of an ordering: the numbers of its items from 1, the smallest first.
    """
    if step.ask == "ordering":
        return order_of(state.values)
    return tuple(state.values[control.name] for control in guess_controls(step))


def _made_guess(step: PredictStep, state: StepState) -> Answer | None:
    return None if state.outcome == "skipped" else guess_of(step, state)


def _verdict_on_quantity(truth: float, *, correct: bool, miss: float | None) -> Text:
    if correct:
        return message("Right: it is {truth}.", truth=show(truth))
    if miss is None or not math.isfinite(miss):
        return message("Not yet: it is {truth}.", truth=show(truth))
    return message("Off by {miss}: it is {truth}.", miss=show(miss, 2), truth=show(truth))


def guess_controls(step: PredictStep) -> tuple[Control, ...]:
    """Return the controls that place the guess: one number, or the coordinates of a point.

    An ordering has none: its items are moved.
    """
    if step.ask == "ordering":
        return ()
    if step.ask in POINT_ASKS:
        return _point_controls(step)
    if step.ask in ("weight-to-raise", "weight-to-lower"):
        return _weight_controls(step)
    low, high = step.guess_range or _RANGES.get(step.ask) or _step_range(step)
    return (
        Control(
            name="guess",
            label=_label(step),
            start=step.guess[0] if step.guess else _neutral(step, low, high),
            low=low,
            high=high,
            log=_is_log(step, low, high),
            step=_STEPS.get(step.ask),
            integer=step.ask == "step-number" or step.of in _WHOLE,
        ),
    )


def _label(step: PredictStep) -> Text:
    if step.ask == "step-number" and isinstance(step.experiment, TrainingExperiment):
        return message("epoch")
    return _LABELS[step.ask]


def true_answer(step: PredictStep, result: Result, guess: Answer | None = None) -> Answer:
    """Return what the guess should have been; of several right answers the nearest to the guess.

    Without a guess, the nearest to where it starts. Of an ordering with equal values, the order
    that leaves them as they stand. Infinite where there is no answer.
    """
    if step.ask == "ordering":
        return true_order(step, guess or ())
    answers = right_answers(step, result)
    if len(answers) == 1:
        return answers[0]
    near = guess or tuple(control.start for control in guess_controls(step))
    return min(answers, key=lambda each: distance(step.ask, near, each))


def right_answers(step: PredictStep, result: Result) -> tuple[Answer, ...]:
    """Return all that the guess may mean, computed by the run: one answer, mostly."""
    experiment = step.experiment
    found: tuple[Answer, ...]
    if step.ask == "stationary-point" and isinstance(experiment, Ground):
        found = tuple(each.point for each in wanted(experiment, step.kind_of_point))
    elif step.ask == "basin-edge" and isinstance(experiment, DescentExperiment):
        found = tuple((each.x,) for each in edges(setup_of_descent(experiment)))
    else:
        return (_only_answer(step, result),)
    return found or ((math.inf,) * len(guess_controls(step)),)


def _only_answer(step: PredictStep, result: Result) -> Answer:
    quantities = result.quantities
    match step.ask:
        case "quantity" | "slope" | "quotient" | "partial-x0" | "partial-x1" as ask:
            name = step.of or "" if ask == "quantity" else ask.replace("-", "_")
            return (_number(quantities[name]),)
        case "arrow":
            partials = _number(quantities["partial_x1"]), _number(quantities["partial_x0"])
            return (math.degrees(math.atan2(*partials)),)
        case "weight-to-raise" | "weight-to-lower" as ask:
            return weight_to_turn(quantities, raise_it=ask == "weight-to-raise")
        case "step-number":
            return (first_step(step.until, result) if step.until else math.inf,)
        case asked:
            prefix = "next_" if asked == "next-point" else ""
            names = [control.name for control in guess_controls(step)]
            return tuple(_number(quantities[prefix + name]) for name in names)


def predicted_chart(
    step: PredictStep, result: Result, name: ChartName, guess: Answer | None, *, revealed: bool
) -> Chart:
    """Return a picture of the step with the guess on it; once revealed, all and the truth.

    `guess` is None where the learner made none.
    """
    if revealed and step.ask == "ordering":
        return _all_items(step, result).chart(name)
    bare = not revealed or step.ask == "stationary-point"
    chart = result.teaser(name, step.ask) if bare else result.chart(name)
    layers = () if guess is None else _answer_layers(step, result, name, guess, "guess")
    if revealed:
        layers += _all_marks(step, name)
        truth = true_answer(step, result, guess)
        layers += _answer_layers(step, result, name, truth, "truth")
    return replace(_with_room(chart, step, name), layers=chart.layers + layers)


def _with_room(chart: Chart, step: PredictStep, name: ChartName) -> Chart:
    """Return the chart with room for every guess at a number that is read off its y axis."""
    axis, reach = chart.y_axis, step.guess_range
    if step.ask != "quantity" or direction_of(name, step.of or "") != "level":
        return chart
    if reach is None or axis.range is None or (axis.scale == "log" and reach[0] <= 0):
        return chart
    wide = AxisRange(min(axis.range.low, reach[0]), max(axis.range.high, reach[1]))
    return replace(chart, y_axis=replace(axis, range=wide))


def revealed_words(step: PredictStep, result: Result, guess: Answer | None) -> tuple[Text, Text]:
    """Return what is said once the truth is seen: a sentence, and the worked line or nothing."""
    if step.ask == "ordering":
        return values_sentence(step), ""
    truth, experiment = true_answer(step, result, guess), step.experiment
    if step.ask == "stationary-point" and isinstance(experiment, Ground):
        return about_stationary(experiment, truth, step.kind_of_point), ""
    if step.ask == "basin-edge" and isinstance(experiment, DescentExperiment):
        return about_edge(setup_of_descent(experiment), truth[0]), ""
    return result.sentence, result.update_line


def _all_marks(step: PredictStep, name: ChartName) -> tuple[Layer, ...]:
    """Marks of all that could have been found."""
    if step.ask != "stationary-point" or name not in ("curve", "contour"):
        return ()
    return stationary_marks(step.experiment) if isinstance(step.experiment, Ground) else ()


def _answer_layers(
    step: PredictStep, result: Result, name: ChartName, answer: Answer, role: Role
) -> tuple[Layer, ...]:
    if step.ask == "ordering":
        return ()
    if step.ask == "quantity":
        return quantity_layers(name, step.of or "", answer[0], role)
    return result.answer_layers(name, step.ask, answer, role)


def _all_items(step: PredictStep, result: Result) -> Result:
    """Return the runs of all items on one ground, or the step's own where they share none."""
    together = side_by_side(step)
    return result if together is None else run_experiment(together, {})


def _is_log(step: PredictStep, low: float, high: float) -> bool:
    return step.ask == "quantity" and low > 0 and high / low > _DECADES


def _neutral(step: PredictStep, low: float, high: float) -> float:
    """Return where a guess starts that the author gave no start."""
    if _is_log(step, low, high):
        return float(10.0 ** round((math.log10(low) + math.log10(high)) / 2))
    return max(low, min(high, 0.0))


def _point_controls(step: PredictStep) -> tuple[Control, ...]:
    start = step.guess or _start_point(step)
    windows = window_of(step.experiment) if isinstance(step.experiment, ObjectiveExperiment) else ()
    return tuple(
        Control(
            name=f"x{index}",
            label=f"x{index}".translate(SUBSCRIPTS) if len(start) > 1 else "x",
            start=value,
            low=window[0],
            high=window[1],
            step=round_step(window[1] - window[0]),
        )
        for index, (value, window) in enumerate(zip(start, windows, strict=False))
    )


def _weight_controls(step: PredictStep) -> tuple[Control, ...]:
    """A cursor on the table: row and column."""
    row, column = step.guess or (0.0, 0.0)
    return (
        _index_control("row", message("row"), row, ROWS),
        _index_control("column", message("column"), column, COLUMNS),
    )


def _index_control(name: str, label: Text, start: float, count: int) -> Control:
    return Control(
        name=name, label=label, start=start, low=0.0, high=count - 1.0, step=1.0, integer=True
    )


def _start_point(step: PredictStep) -> Point:
    match step.experiment:
        case GradientExperiment() as at:
            return at.point
        case DescentExperiment() as descent:
            return descent.start
        case SlopeExperiment() as slope:
            return (slope.x,)
        case _:
            return ()


def _step_range(step: PredictStep) -> tuple[float, float]:
    if isinstance(step.experiment, TrainingExperiment):
        return (0.0, float(step.experiment.epochs))
    return (0.0, float(getattr(step.experiment, "steps", 100)))


def _number(value: float | str) -> float:
    return math.nan if isinstance(value, str) else value
