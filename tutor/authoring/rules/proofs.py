"""Proofs: a number's answer is reached a second way, of another kind, and both agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tutor import core
from tutor.authoring.rules.answers import not_computable, shown
from tutor.authoring.runs import quantities_of, run_of
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula, tolerance
from tutor.lesson.model import (
    NumberStep,
    ProgramProof,
    Proof,
    RunProof,
    SlopeProof,
    Step,
    ZeroProof,
)
from tutor.lesson.programs import Check, Outcome, Program

_HALVINGS: Final = 200
_FLOAT_NOISE: Final = 1e-6
"""Of the answer: what a difference quotient may be off by, whatever the step allows."""
_USES_X: Final = re.compile(r"(?<![A-Za-z])x")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


def check_proof(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield a proof that contradicts the answer, or that is no second way to it.

    A program is run with the other programs, by `rules.code`.
    """
    if not isinstance(step, NumberStep) or step.proof is None:
        return
    here = f"{path}.proof"
    if _is_the_answer_again(step.proof, step):
        what = message("is the answer again")
        yield here, what, message("prove it another way: slope, run, zero or program")
        return
    if isinstance(step.proof, ProgramProof):
        return
    try:
        answer = evaluate_formula(step.answer, quantities_of(step.experiment))
        value = _WAYS[type(step.proof)](step.proof)
    except TutorError as error:
        yield here, *not_computable(error)
        return
    yield from contradiction(step, answer, value, here)


def contradiction(
    step: NumberStep, answer: float, value: float, path: str
) -> Iterator[Inconsistency]:
    """Yield that a proof gives another value than the answer."""
    if not abs(value - answer) <= max(tolerance(step, answer), _FLOAT_NOISE * abs(answer)):
        what = message("gives {value}, and the answer is {answer}", value=shown((value,)),
                       answer=shown((answer,)))  # fmt: skip
        yield path, what, message("mend the one that is wrong")


def unproved(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield that nothing proves an answer: neither a proof nor the experiment's own numbers."""
    if not isinstance(step, NumberStep) or step.proof is not None or _is_of_the_run(step):
        return
    try:
        evaluate_formula(step.answer, {})
    except TutorError:
        return  # Another rule says why.
    what = message("nothing proves this answer")
    mend = message("add proof: a second way to it, by a slope, a run, a zero or a program")
    yield f"{path}.answer", what, mend


def program_of_proof(step: NumberStep) -> tuple[Program, ...]:
    """Return what is to be run for a proof; nothing where it is none by program."""
    if not isinstance(step.proof, ProgramProof):
        return ()
    return (Program("", "", (Check(step.proof.program, "0"),)),)


def program_faults(step: NumberStep, path: str, outcome: Outcome) -> Iterator[Inconsistency]:
    """Yield what is wrong with a proof by program, once it has run."""
    here = f"{path}.proof.program"
    run = outcome.checks[0] if outcome.checks else None
    fault = run.fault if run is not None else outcome.fault or outcome.broken
    if fault is not None:
        what = message("fails ({kind}: {text})", kind=fault.kind, text=fault.text)
        yield here, what, message("write a Python expression that gives a number")
    elif run is None or run.value is None or len(run.value.numbers) != 1:
        what = message("gives no number")
        yield here, what, message("write a Python expression that gives a number")
    else:
        try:
            answer = evaluate_formula(step.answer, quantities_of(step.experiment))
        except TutorError:
            return  # Another rule says why.
        yield from contradiction(step, answer, run.value.numbers[0], here)


def _is_of_the_run(step: NumberStep) -> bool:
    """Return whether the answer is computed by the step's own experiment."""
    names = quantities_of(step.experiment)
    return any(name in names for name in _NAME.findall(step.answer))


def _is_the_answer_again(proof: Proof, step: NumberStep) -> bool:
    answer = _bare(step.answer)
    if isinstance(proof, RunProof):
        return _bare(proof.gives) == answer and proof.run == step.experiment
    text = {SlopeProof: "slope", ZeroProof: "zero", ProgramProof: "program"}[type(proof)]
    return any(sign in answer[1:] for sign in "+-*/(") and answer in _bare(getattr(proof, text))


def _bare(text: str) -> str:
    return "".join(text.split())


def _slope(proof: SlopeProof) -> float:
    variables = ("x",) if len(proof.at) == 1 else ("x0", "x1")
    if len(proof.at) == 1 and proof.along is not None:
        raise TutorError(message("along is for two variables: delete it"))
    if len(proof.at) != 1 and proof.along is None:
        raise TutorError(message("say along which variable: x0 or x1"))
    formula = core.parse(proof.slope, variables)
    _uses_x(proof.slope)
    place = [evaluate_formula(part, {}) for part in proof.at]
    entry = variables.index(proof.along) if proof.along else 0

    def along(x: float) -> float:
        moved = list(place)
        moved[entry] = x
        return float(formula.value(*map(float, moved)))

    return core.numerical_diff(along, place[entry])


def _run(proof: RunProof) -> float:
    quantities = run_of(proof.run).quantities
    names: Mapping[str, float] = {n: v for n, v in quantities.items() if not isinstance(v, str)}
    if not any(name in names for name in _NAME.findall(proof.gives)):
        template = "gives uses no number of the run: use one of {known}"
        raise TutorError(message(template, known=", ".join(sorted(names))))
    return evaluate_formula(proof.gives, names)


def _zero(proof: ZeroProof) -> float:
    formula = core.parse(proof.zero, ["x"])
    _uses_x(proof.zero)
    low, high = proof.between
    at_low, at_high = formula.value(low), formula.value(high)
    if not (at_low < 0 < at_high or at_high < 0 < at_low):
        template = "zero is {low} and {high} at the ends of between, and must change its sign"
        raise TutorError(message(template, low=f"{at_low:g}", high=f"{at_high:g}"))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (formula.value(middle) < 0) == (at_low < 0):
            low = middle
        else:
            high = middle
    return low


def _uses_x(formula: str) -> None:
    if not _USES_X.search(formula):
        raise TutorError(message("{formula} has no x in it: it proves nothing", formula=formula))


_WAYS: Final[Mapping[type, Callable[[Any], float]]] = {
    SlopeProof: _slope,
    RunProof: _run,
    ZeroProof: _zero,
}
