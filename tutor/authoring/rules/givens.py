"""Giveaways: neither question nor hint holds the number, or the line of code, that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.authoring.rules.answers import quantities_of, shown
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.predict import right_answers
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import CodeStep, NumberStep, PredictStep, Step
from tutor.lesson.prose import CodeBlock, FormulaBlock, parse_prose

_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:[eE][-+−]?\d+)?(?![\w²³⁻⁰¹⁴-⁹])", re.ASCII)
_CLOSE = 1e-9


def check_giveaways(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield the texts before the answer that hold it."""
    for answer in _answers(step):
        yield from _texts_with(answer, step, path)
    if isinstance(step, CodeStep):
        yield from _hints_with_code(step, path)


def _hints_with_code(step: CodeStep, path: str) -> Iterator[Inconsistency]:
    """Yield the hints that hold a line of the solution which the starter does not show."""
    shown_lines = set(map(_bare, step.starter.splitlines()))
    lines = [bare for line in step.solution.splitlines() if (bare := _bare(line))]
    for number, hint in enumerate(step.hints, 1):
        for line in lines:
            if line not in shown_lines and line in _bare(hint):
                what = message("holds a line of the solution")
                yield f"{path}.hints[{number}]", what, message("lead up to it; solution may say it")
                break


def _bare(line: str) -> str:
    return "".join(line.split()).removeprefix("return")


def _texts_with(answer: tuple[float, ...], step: Step, path: str) -> Iterator[Inconsistency]:
    given = _numbers(step.body)
    for number, hint in enumerate(step.hints, 1):
        if _holds(_numbers(hint), answer) and not _holds(given, answer):
            what = message("holds the answer {answer}", answer=shown(answer))
            yield f"{path}.hints[{number}]", what, message("lead up to it; solution may say it")
    if _is_telling(answer) and _holds(given, answer):
        what = message("holds the answer {answer}", answer=shown(answer))
        yield f"{path}.body", what, message("leave the number out, or ask for another")


def _answers(step: Step) -> tuple[tuple[float, ...], ...]:
    """Return the numbers asked for; several where any of them is right."""
    try:
        if isinstance(step, NumberStep):
            return ((evaluate_formula(step.answer, quantities_of(step.experiment)),),)
        if isinstance(step, PredictStep) and step.ask != "ordering":
            return right_answers(step, run_experiment(step.experiment, {}))
    except TutorError:
        return ()  # Another rule says why.
    return ()


def _numbers(markup: str) -> list[float]:
    """Return the numbers that a learner reads, in order."""
    words: list[str] = []
    for block in parse_prose(markup):
        if isinstance(block, CodeBlock | FormulaBlock):
            words.extend(block.lines)
        else:
            words.append("".join(span.text for span in block.spans))
    found = _NUMBER.findall("\n".join(words))
    return [float(number.replace("−", "-")) for number in found]


def _holds(numbers: list[float], answer: tuple[float, ...]) -> bool:
    """Return whether the answer's numbers stand there one after the other."""
    runs = zip(*(numbers[start:] for start in range(len(answer))), strict=False)
    return any(
        all(abs(a - b) <= _CLOSE * abs(b) for a, b in zip(run, answer, strict=True)) for run in runs
    )


def holds_answer(markup: str, answer: float) -> bool:
    """Return whether a text holds the answer, and hardly by chance."""
    return _is_telling((answer,)) and _holds(_numbers(markup), (answer,))


def _is_telling(answer: tuple[float, ...]) -> bool:
    """Return whether a number in the question can hardly be there by chance: 0.64, not 2."""
    return len(answer) > 1 or len(f"{abs(answer[0]):.12g}".replace(".", "").strip("0")) >= 2
