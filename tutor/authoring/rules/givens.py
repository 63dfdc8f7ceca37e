"""Giveaways: nothing that is read before the answer holds it: number, choice, witness or line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tutor.authoring.rules.answers import shown
from tutor.authoring.rules.equations import SIGNED, number_of
from tutor.authoring.runs import quantities_of, run_of
from tutor.engine.kinds.predict import right_answers
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NumberStep,
    PredictStep,
    SelectStep,
    Step,
)
from tutor.lesson.prose import parse_prose
from tutor.lesson.texts import AuthorText, texts_of
from tutor.lesson.wrapping import CodeBlock, FormulaBlock

_NUMBER = re.compile(rf"(?<![\w.]){SIGNED}(?:[eE][-+−]?\d+)?(?![\w²³⁻⁰¹⁴-⁹])", re.ASCII)
_CLOSE = 1e-9
_SHORT = 5
"""Characters of a choice that may stand in a text by chance."""
_SHORTEST_LINE = 2
"""The same, of a line of a program without its blanks and its return."""


def check_giveaways(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield the texts before the answer that hold a choice, a line or a witness."""
    before = [text for text in texts_of(step, path) if text.key in ("title", "body", "hints")]
    if isinstance(step, CodeStep):
        replies = [text for text in texts_of(step, path) if text.key == "feedback"]
        yield from _lines_given([*before, *replies], step.starter, step.solution)
    elif isinstance(step, BugStep):
        yield from _lines_given(before, step.code, step.mend)
        yield from _fault_named(before, step.fault_line)
    elif isinstance(step, ChoiceStep | SelectStep):
        yield from _choice_given(before, step)
    elif isinstance(step, ExperimentStep):
        yield from _witness_given(before, step)


def check_answers_given(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield the texts before the answer that hold the number, or the point, asked for."""
    for answer in _answers(step):
        yield from _texts_with(answer, step, path)


def _lines_given(texts: Sequence[AuthorText], given: str, solution: str) -> Iterator[Inconsistency]:
    """Yield the texts that hold a line of the solution which the learner is not shown."""
    shown_lines = set(map(_bare, given.splitlines()))
    lines = [bare for line in solution.splitlines() if len(bare := _bare(line)) > _SHORTEST_LINE]
    for text in texts:
        if any(line not in shown_lines and line in _bare(text.text) for line in lines):
            what = message("holds a line of the solution")
            yield text.path, what, message("lead up to it; solution may say it")


def _fault_named(texts: Sequence[AuthorText], line: int) -> Iterator[Inconsistency]:
    for text in texts:
        if re.search(rf"\bline {line}\b|第 ?{line} ?行", text.text):
            what = message("names line {line}, the one that is to be found", line=line)
            yield text.path, what, message("lead up to it; right may say it")


def _choice_given(
    texts: Sequence[AuthorText], step: ChoiceStep | SelectStep
) -> Iterator[Inconsistency]:
    """Yield the texts that hold a right choice, and no other one."""
    right = {_said(choice.text) for choice in step.choices if choice.correct}
    wrong = {_said(choice.text) for choice in step.choices if not choice.correct}
    for text in texts:
        said = _said(text.text)
        held = [each for each in right if len(each) > _SHORT and each in said]
        if held and not any(each in said for each in wrong):
            what = message("holds the right choice")
            yield text.path, what, message("say it otherwise, or leave it to its feedback")


def _witness_given(texts: Sequence[AuthorText], step: ExperimentStep) -> Iterator[Inconsistency]:
    """Yield the hints that hold the value with which the goal is reached."""
    if step.goal is None:
        return
    told = _numbers(step.body) + _numbers(" ".join(preset.name for preset in step.presets))
    labels = {str(each.name): str(each.label) for each in step.parameters}
    for name, value in step.witness.items():
        for text in texts:
            if text.key != "hints" or not _holds(_numbers(text.text), (value,)):
                continue
            named = re.escape(labels.get(name, name))
            pattern = rf"{named}\$? ?(?:=|of|at|is|to|取|为|是) ?{value:g}\b"
            is_named = re.search(pattern, text.text) and not re.search(pattern, step.body)
            if is_named or (value not in told and _is_telling((value,))):
                what = message("holds the witness, {name} = {value}", name=name,
                               value=shown((value,)))  # fmt: skip
                yield text.path, what, message("lead up to it; solution may say it")


def _said(text: str) -> str:
    """Return a text as it is compared: without signs of its markup, its case and its end."""
    return "".join(text.split()).strip(".。!！?？").replace("`", "").replace("$", "").casefold()


def _bare(line: str) -> str:
    return "".join(line.split()).removeprefix("return")


def _texts_with(answer: tuple[float, ...], step: Step, path: str) -> Iterator[Inconsistency]:
    given = _numbers(step.body)
    if _is_telling(answer) and _holds(_numbers(step.title or ""), answer):
        what = message("holds the answer {answer}", answer=shown(answer))
        yield f"{path}.title", what, message("leave the number out, or ask for another")
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
            return right_answers(step, run_of(step.experiment))
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
    return [number_of(number) for number in found]


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
