"""Orders and matches: one is right, others are not, and what is moved can be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from rich.cells import cell_len

from tutor.authoring.rules.answers import near_miss_faults, not_computable
from tutor.charts.chart import Line
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.ordering import true_order, wrong_pairs
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula, pairs_apart
from tutor.lesson.model import (
    ChartName,
    DescentExperiment,
    Experiment,
    MatchStep,
    OrderStep,
    PredictStep,
    Step,
)
from tutor.lesson.problem import mend_by_nearest


def order_faults(step: PredictStep, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with an ordering whose items can be run."""
    truth = true_order(step)
    worst = len(wrong_pairs(step, truth[::-1]))
    if worst <= step.tolerance:
        what = message("every order counts as right: at worst {count} pairs are wrong", count=worst)
        yield f"{path}.items", what, message("take items that differ, or lower the tolerance")
        return
    values: dict[str, tuple[float, ...]] = {}
    for number, near in enumerate(step.near_misses, 1):
        here = f"{path}.near_misses[{number}].value"
        try:
            order = tuple(evaluate_formula(part, {}) for part in near.value)
        except TutorError as error:
            yield here, *not_computable(error)
            continue
        if sorted(order) != sorted(truth):
            what = message("is no order of the items")
            mend = message("write each number from 1 to {count} once", count=len(truth))
            yield here, what, mend
            continue
        values[here] = order
    yield from near_miss_faults(
        values, (truth,), step.tolerance, lambda one, other: _apart(step, one, other, truth)
    )


def _apart(
    step: PredictStep, one: tuple[float, ...], other: tuple[float, ...], truth: tuple[float, ...]
) -> float:
    """Return how many pairs are apart; of the truth, pairs of equal value never are."""
    if other == truth:
        return float(len(wrong_pairs(step, one)))
    return float(pairs_apart(one, other))


_ROW: Final = 70
"""Cells of a row that is moved; beside a chart, the words have a narrower column."""
_ROW_BESIDE_CHART: Final = 40


def check_arrangement(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield rows of an order or a match that cannot be told apart, or have no room."""
    if not isinstance(step, OrderStep | MatchStep):
        return
    keys: Mapping[str, list[str]]
    if isinstance(step, OrderStep):
        here, keys = f"{path}.items", {"text": [item.text for item in step.items]}
    else:
        here = f"{path}.pairs"
        keys = {"item": [p.item for p in step.pairs], "match": [p.match for p in step.pairs]}
    for key, texts in keys.items():
        yield from _same_texts(texts, here, key)
    yield from _wide_rows(list(keys.values()), here, _ROW_BESIDE_CHART if step.charts else _ROW)


def check_runs(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield pairs of a match that are no run of its chart, or look like another run of it."""
    if not isinstance(step, MatchStep) or step.experiment is None:
        return
    curves = _curves(step.experiment, step.charts)
    if not curves:
        return
    seen: dict[str, str] = {}
    for number, pair in enumerate(step.pairs, 1):
        here = f"{path}.pairs[{number}].item"
        if pair.item not in curves:
            what = message("no run on the chart is labelled {label}", label=pair.item)
            yield here, what, mend_by_nearest(pair.item, curves)
            continue
        same = seen.setdefault(curves[pair.item], pair.item)
        if same != pair.item:
            what = message("looks like {label} on the chart", label=same)
            yield here, what, message("let the two runs differ more, or leave one out")


def _curves(experiment: Experiment, charts: tuple[ChartName, ...]) -> dict[str, str]:
    """Return what is seen of each run that the charts label: where its curve goes, in its axes."""
    if not isinstance(experiment, DescentExperiment) or not experiment.rivals:
        return {}
    alone = replace(experiment, rivals=())
    runs = {str(experiment.label): alone} | {
        str(each.label): replace(alone, **{k: v for k, v in vars(each).items() if v is not None})
        for each in experiment.rivals
    }
    return {label: _seen(run, charts) for label, run in runs.items()}


def _seen(experiment: DescentExperiment, charts: tuple[ChartName, ...]) -> str:
    """Return the curves of one run, to three digits: what nobody could tell apart is the same."""
    result = run_experiment(experiment, {})
    lines = (
        layer for name in charts for layer in result.chart(name).layers if isinstance(layer, Line)
    )
    return " ".join(f"{value:.3g}" for line in lines for value in (*line.x, *line.y))


def _same_texts(texts: list[str], path: str, key: str) -> Iterator[Inconsistency]:
    seen: dict[str, int] = {}
    for number, text in enumerate(texts, 1):
        same = seen.setdefault(" ".join(text.split()).casefold(), number)
        if same != number:
            what = message("says the same as number {number}", number=same)
            yield f"{path}[{number}].{key}", what, message("let the two differ, or delete one")


def _wide_rows(columns: list[list[str]], path: str, most: int) -> Iterator[Inconsistency]:
    *beside, moved = columns
    names = max((cell_len(name) for column in beside for name in column), default=0)
    for number, text in enumerate(moved, 1):
        width = names + 5 + cell_len(text)
        if width > most:
            what = message("has a row of {width} cells", width=width)
            mend = message("shorten it by {count}", count=width - most)
            yield f"{path}[{number}]", what, mend
