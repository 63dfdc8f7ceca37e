"""A forged answer of a program, whatever stands in it, ends in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.lesson.test_code_grading import STEP
from tests.sandbox.programs import EACH_PROTECTION, outcome
from tutor.i18n import render
from tutor.lesson.code_grading import fault_line, grade_code
from tutor.lesson.prose import parse_prose
from tutor.sandbox.answers import Answers, outcome_of

GOOD = {"kind": "float", "text": "9.0", "shape": [], "dtype": "float64", "numbers": [9.0]}
NESTED: object = []
for _ in range(5_000):
    NESTED = [NESTED]
VALUES = {
    "huge number": GOOD | {"numbers": [10**400]},
    "huge size": GOOD | {"shape": [10**400]},
    "sizes of no kind": GOOD | {"shape": [True, -1, 1.5]},
    "sizes without end": GOOD | {"shape": [1 << 61] * 10_000},
    "wrong kinds": {"kind": [], "text": {}, "shape": "x", "dtype": 1, "numbers": "1"},
    "no numbers": GOOD | {"shape": [3], "numbers": [None, "1", []]},
    "no float": GOOD | {"numbers": [float("nan")]},
    "markup": {"kind": "`$x$`\n# a", "text": "`` ` $y$ *", "shape": None},
    "nested": NESTED,
    "nothing": None,
}
FAULTS = {
    "huge line": {"kinds": ["ValueError"], "text": "a", "line": 10**400},
    "wrong kinds": {"kinds": [[], {}], "text": 1, "line": "1", "name": [], "near": {}},
    "many kinds": {"kinds": ["A"] * 100_000, "text": "b"},
    "markup": {"kinds": ["Name`Error"], "text": "`x` $y$", "name": "a`b", "near": "``"},
    "nested": NESTED,
}


def verdict_on(answers: Answers) -> str:
    result = outcome_of(answers, "done", "", 0, None)
    line = fault_line(STEP, result)
    assert line is None or line < 100_000
    return render(grade_code(STEP, result).feedback)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_forged_value_gets_a_sentence(value):
    answers = Answers(1)
    answers.take({"do": "expect", "expected": GOOD, "misses": []})
    answers.take({"do": "value", "value": value})
    answers.take({"do": "end"})
    assert 1 == len(parse_prose(verdict_on(answers)))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("of", ["program", "check", NESTED], ids=["program", "check", "nested"])
def test_a_forged_fault_gets_a_sentence(fault, of):
    answers = Answers(1)
    answers.take({"do": "expect", "expected": GOOD, "misses": []})
    answers.take({"do": "fault", "of": of, "fault": fault})
    answers.take({"do": NESTED})
    answers.take({"do": "end"})
    assert 1 == len(parse_prose(verdict_on(answers)))


def test_a_value_with_backticks_is_quoted_whole():
    answers = Answers(1)
    answers.take({"do": "expect", "expected": GOOD, "misses": []})
    answers.take({"do": "value", "value": {"kind": "str", "text": "'a`b``c'"}})
    (block,) = parse_prose(verdict_on(answers))
    assert "'a`b``c'" in [span.text for span in block.spans if span.style == "code"]


FORGED = """
import gc, json, os
answers = next(each for each in gc.get_objects() if type(each).__name__ == "_Answers")
value = {value}
def square(x):
    answers._dumps = lambda told: {line}
    return 1.0
"""


@EACH_PROTECTION
@pytest.mark.parametrize(
    "line",
    [
        "json.dumps({'token': answers._token, 'do': 'value', 'value': value})",
        "'[' * 100_000",
        "'x' * 100_000_000",
        "'{\"token\": \"%s\", \"do\": %s}' % (answers._token, '[' * 900 + ']' * 900)",
    ],
    ids=["huge number", "deep", "100 MB", "nested word"],
)
def test_a_program_that_forges_its_answers_is_told_so(line, protected):
    value = GOOD | {"numbers": [10**400]}
    result = outcome(FORGED.format(value=value, line=line), protected=protected)
    assert "Traceback" not in result.printed
    assert render(grade_code(replace(STEP, checks=STEP.checks[:1]), result).feedback)


@EACH_PROTECTION
def test_a_runner_whose_json_was_patched_shows_no_insides(protected):
    source = (
        "import json\n"
        "def broken(*_, **__): raise ValueError('patched')\n"
        "json.JSONEncoder.encode = json.JSONEncoder.iterencode = broken\n"
        "def square(x): return x * x\n"
    )
    result = outcome(source, protected=protected)
    assert "" == result.printed
    assert ("died", 1) == (result.end, result.exit_code)


@EACH_PROTECTION
@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("return np.array([1 + 1j]).astype(float)[0]", "<your program>:1: "),
        ("return np.mean(np.array([]))", ""),
    ],
)
def test_a_warning_names_the_program_and_none_of_our_files(body, printed, protected):
    result = outcome(f"def square(x): {body}\n", protected=protected)
    assert "Warning: " in result.printed
    assert result.printed.startswith(printed)
    assert ".py" not in result.printed
