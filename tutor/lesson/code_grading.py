"""Whether a learner's program does what it should, and what to say to it. Pure."""

from __future__ import annotations

import math
from typing import Final

from tutor.i18n import Text, message
from tutor.lesson.code_faults import fault_sentence
from tutor.lesson.grading import DEFAULT_RTOL, Verdict
from tutor.lesson.markdown import code_span, escaped
from tutor.lesson.model import CodeCheck, CodeStep
from tutor.lesson.programs import MAX_SOURCE, CheckRun, Outcome, Value

_DEFAULT_ATOL: Final = 1e-9
_MOST_SHOWN: Final = 60
_LONGEST_CALL: Final = 90
_MOST_ITEMS: Final = 24


def grade_code(step: CodeStep, outcome: Outcome) -> Verdict:
    """Return the verdict on a run of the learner's program: its first fault, or none."""
    if outcome.broken is not None:
        broken = outcome.broken
        why = message("{kind}: {text}", kind=escaped(broken.kind), text=escaped(broken.text))
        return Verdict(False, message("This exercise is broken: {error}", error=why))
    if outcome.fault is not None:
        return Verdict(False, fault_sentence(outcome.fault))
    for check, run in zip(step.checks, outcome.checks, strict=False):
        if run.value is None and run.fault is None:
            break
        verdict = _verdict_on(check, run)
        if verdict is not None:
            return verdict
    ended = _how_it_ended(step, outcome)
    return Verdict(False, ended) if ended is not None else Verdict(True, step.right)


def fault_line(step: CodeStep, outcome: Outcome) -> int | None:
    """Return the line of the program that the verdict speaks of, if it speaks of one."""
    if outcome.fault is not None or outcome.broken is not None:
        return outcome.fault.line if outcome.fault is not None else None
    for check, run in zip(step.checks, outcome.checks, strict=False):
        if run.fault is not None:
            return run.fault.line
        if run.value is None:
            break
        if not is_as_expected(check, run.value, run.expected):
            return None
    return outcome.line


def too_long() -> Text:
    """Return what to say of a program that is not taken."""
    return message("The program is too long: keep it under {most} characters.", most=MAX_SOURCE)


def is_as_expected(check: CodeCheck, value: Value, expected: Value) -> bool:
    """Return whether a value counts as the expected one: numbers by the check's tolerance."""
    if expected.shape is None:
        return (value.kind, value.text) == (expected.kind, expected.text)
    if value.shape != expected.shape or len(value.numbers) != math.prod(value.shape):
        return False
    rtol, atol = _tolerances(check)
    pairs = zip(value.numbers, expected.numbers, strict=True)
    return all(_is_near(one, other, rtol, atol) for one, other in pairs)


def show_value(value: Value) -> str:
    """Return a value as a learner reads it, such as `[1.5, 1.5]`."""
    if value.shape is None or len(value.numbers) != math.prod(value.shape):
        return _cut(value.text, _MOST_SHOWN)
    if len(value.numbers) > _MOST_ITEMS:
        return _cut(" ".join(value.text.split()), _MOST_SHOWN)
    words = [_show_number(number, value.dtype) for number in value.numbers]
    for size in reversed(value.shape):
        rows = len(words) // size if size else 0
        words = [f"[{', '.join(words[i * size : (i + 1) * size])}]" for i in range(rows)] or ["[]"]
    return _cut(words[0], _MOST_SHOWN) if words else "[]"


def _verdict_on(check: CodeCheck, run: CheckRun) -> Verdict | None:
    """Return what is wrong by one check, None if nothing is."""
    value = run.value
    if value is None:
        return Verdict(False, fault_sentence(run.fault, _call_of(check))) if run.fault else None
    if is_as_expected(check, value, run.expected):
        return None
    for miss, wrong in zip(check.misses, run.misses, strict=False):
        if is_as_expected(check, value, wrong):
            told = _with_difference(miss.feedback, check, value, run.expected)
            return Verdict(False, told, miss.misconception)
    if value.kind == "NoneType":
        none = message("{call} gave None: is the `return` missing?", call=_call_of(check))
        return Verdict(False, none)
    return Verdict(False, _with_difference(check.feedback, check, value, run.expected))


def _with_difference(feedback: str, check: CodeCheck, value: Value, expected: Value) -> Text:
    return message(
        "{feedback} {difference}",
        feedback=feedback.strip(),
        difference=_difference(check, value, expected),
    )


def _difference(check: CodeCheck, value: Value, expected: Value) -> Text:
    """Return what the call gave, and what it should have given."""
    call, got, wanted = _call_of(check), show_value(value), show_value(expected)
    if got == wanted:
        got, wanted = _cut(value.text, _MOST_SHOWN), _cut(expected.text, _MOST_SHOWN)
    got, wanted = code_span(got), code_span(wanted)
    if expected.shape is not None and value.shape is None:
        return message("{call} gave {value} (a {kind}), expected {expected}.",
                       call=call, value=got, kind=escaped(value.kind), expected=wanted)  # fmt: skip
    if expected.shape is not None and value.shape != expected.shape:
        return message(
            "{call} gave {value} of shape {shape}, expected shape {wanted}.",
            call=call, value=got, shape=_shape(value), wanted=_shape(expected),
        )  # fmt: skip
    if any(map(math.isnan, value.numbers)) and not any(map(math.isnan, expected.numbers)):
        return message(
            "{call} gave {value}, expected {expected}. nan comes from 0/0, inf − inf, or a "
            "root or log of a negative number.",
            call=call, value=got, expected=wanted,
        )  # fmt: skip
    if value.dtype.startswith("int") and any(number % 1 for number in expected.numbers):
        return message(
            "{call} gave {value}, expected {expected}. An array of dtype {dtype} cannot hold "
            "fractions: make it one of floats.",
            call=call, value=got, expected=wanted, dtype=escaped(value.dtype),
        )  # fmt: skip
    return message("{call} gave {value}, expected {expected}.",
                   call=call, value=got, expected=wanted)  # fmt: skip


def _how_it_ended(step: CodeStep, outcome: Outcome) -> Text | None:
    """Return why a program with nothing wrong so far did not come to its end."""
    match outcome.end:
        case "time" if outcome.line is not None:
            return message(
                "Stopped after {seconds:g} s, in line {line}. Does it loop for ever?",
                seconds=step.seconds,
                line=outcome.line,
            )
        case "time":
            return message(
                "Stopped after {seconds:g} s. Does it loop for ever?", seconds=step.seconds
            )
        case "output":
            return message("Stopped: it printed too much. Does a loop with print in it never end?")
        case "died":
            return _how_it_died(outcome.exit_code or 0)
        case _:
            return None


def _how_it_died(code: int) -> Text:
    signal = -code if code < 0 else code - 128
    if signal == 9:
        return message("The system stopped it: did it take too much memory?")
    if signal > 0:
        return message(
            "Python itself crashed (signal {signal}). Did it call itself too deeply?", signal=signal
        )
    return message(
        "It ended Python (exit code {code}) before the checks were done: take that call out.",
        code=code,
    )


def _tolerances(check: CodeCheck) -> tuple[float, float]:
    if check.rtol is None and check.atol is None:
        return DEFAULT_RTOL, _DEFAULT_ATOL
    return check.rtol or 0.0, check.atol or 0.0


def _is_near(value: float, expected: float, rtol: float, atol: float) -> bool:
    if math.isnan(expected) or math.isnan(value):
        return math.isnan(expected) and math.isnan(value)
    if math.isinf(expected) or math.isinf(value):
        return value == expected
    return abs(value - expected) <= atol + rtol * abs(expected)


def _call_of(check: CodeCheck) -> str:
    return code_span(_cut(" ".join(check.call.split()), _LONGEST_CALL))


def _shape(value: Value) -> str:
    return str(value.shape)


def _show_number(number: float, dtype: str) -> str:
    if dtype == "bool":
        return str(bool(number))
    return f"{number:.0f}" if dtype.startswith(("int", "uint")) else _show_float(number)


def _show_float(number: float) -> str:
    shown = f"{number:.6g}"
    return f"{shown}.0" if shown.lstrip("-").isdigit() else shown


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
