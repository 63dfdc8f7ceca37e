"""Numbers and choices: every answer is recomputed, and no two of them say the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.cells import cell_len

from tutor.authoring.runs import quantities_of
from tutor.engine.kinds.graph import drawing, parts_of, pass_of
from tutor.engine.lesson.run import StepState
from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula, tolerance
from tutor.lesson.model import ChoiceStep, GraphStep, NumberStep, SelectStep, Step

GRAPH_WIDTH: Final = 75
GRAPH_LINES: Final = 12
"""Of a drawn graph: prose stands over it, and a field under it."""
LONGEST_SHARE: Final = 0.35
"""The right choice may be the longest in so many questions: chance alone makes it a quarter."""


def check_number(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with the answer and the near misses of a number step."""
    if not isinstance(step, NumberStep):
        return
    names = quantities_of(step.experiment)
    try:
        answer = evaluate_formula(step.answer, names)
    except TutorError as error:
        yield f"{path}.answer", *not_computable(error)
        return
    allowed = tolerance(step, answer)
    if answer == 0 and allowed == 0:
        what = message("the answer is 0, and rtol allows no rounding of a 0")
        yield f"{path}.answer", what, message("add atol")
    values = {}
    for number, near in enumerate(step.near_misses, 1):
        here = f"{path}.near_misses[{number}].value"
        try:
            values[here] = (evaluate_formula(near.value, names),)
        except TutorError as error:
            yield here, *not_computable(error)
    yield from near_miss_faults(values, [(answer,)], allowed, _apart)


def check_graph(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with a graph: numbers that cannot be computed, no room, nothing asked."""
    if not isinstance(step, GraphStep):
        return
    try:
        pass_of(step)
    except TutorError as error:
        yield f"{path}.nodes", *not_computable(error)
        return
    if not parts_of(step):
        yield f"{path}.fixed", message("no gradient is left to ask for"), message("delete a name")
    drawn = drawing(step, StepState(solution_shown=True))
    width = max(map(cell_len, drawn))
    if width > GRAPH_WIDTH or len(drawn) > GRAPH_LINES:
        what = message("takes {count} lines of {width} cells", count=len(drawn), width=width)
        mend = message("make it smaller: {lines} lines of {width} cells",
                       lines=GRAPH_LINES, width=GRAPH_WIDTH)  # fmt: skip
        yield f"{path}.nodes", what, mend


def check_choices(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield choices, and answers to wrong ones, that stand there twice."""
    if not isinstance(step, ChoiceStep | SelectStep):
        return
    texts: dict[str, int] = {}
    feedback: dict[str, int] = {}
    for number, choice in enumerate(step.choices, 1):
        here = f"{path}.choices[{number}]"
        same = texts.setdefault(_normal(choice.text), number)
        if same != number:
            what = message("says the same as choice {number}", number=same)
            yield f"{here}.text", what, message("delete one of the two")
        same = feedback.setdefault(_normal(choice.feedback), number)
        if same != number:
            what = message("answers like choice {number}", number=same)
            yield f"{here}.feedback", what, message("speak to the one who chose this")


def check_lengths(steps: Iterable[Step]) -> Iterator[Inconsistency]:
    """Yield that whoever takes the longest choice of each question of a lesson is mostly right.

    Two questions too many are left to chance. Told where the right one stands out the most.
    """
    questions = [step for step in steps if isinstance(step, ChoiceStep)]
    longest = [step for step in questions if excess_of_right(step) > 0]
    if len(longest) <= max(2.0, 1 + LONGEST_SHARE * len(questions)):
        return
    worst = max(longest, key=excess_of_right)
    number = max(range(len(worst.choices)), key=lambda n: cell_len(worst.choices[n].text)) + 1
    what = message("the right choice is the longest in {count} of the lesson's {all} questions",
                   count=len(longest), all=len(questions))  # fmt: skip
    mend = message("shorten it (its feedback can say the rest), or write wrong ones as long")
    yield f"steps[{worst.id}].choices[{number}].text", what, mend


def excess_of_right(step: ChoiceStep) -> int:
    """Return by how many cells the longest right choice is longer than every wrong one."""
    right = max(cell_len(choice.text) for choice in step.choices if choice.correct)
    return right - max(cell_len(choice.text) for choice in step.choices if not choice.correct)


def near_miss_faults(
    values: Mapping[str, tuple[float, ...]],
    truths: Sequence[tuple[float, ...]],
    allowed: float,
    distance: Callable[[tuple[float, ...], tuple[float, ...]], float],
) -> Iterator[Inconsistency]:
    """Yield near misses (by key path) that count as right, or that another one covers."""
    seen: dict[str, tuple[float, ...]] = {}
    for path, value in values.items():
        if any(distance(value, truth) <= allowed for truth in truths):
            what = message("{value} counts as right", value=shown(value))
            yield path, what, message("delete it, or lower the tolerance")
        for value_before in seen.values():
            if distance(value, value_before) <= 1e-9 * max(map(abs, value)):
                what = message("{value} is a near miss already", value=shown(value))
                yield path, what, message("delete one of the two")
        seen[path] = value


def not_computable(error: TutorError) -> tuple[Message, Message]:
    """Return the problem of a formula that the core refuses, and the mend."""
    return message("the core cannot compute it"), message("{error}", error=error)


def shown(value: tuple[float, ...]) -> str:
    """Return a value as an author reads it."""
    numbers = ", ".join(f"{part:.6g}" for part in value)
    return numbers if len(value) == 1 else f"({numbers})"


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return math.dist(one, other)


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()
