"""A forged answer of a program, whatever stands in it, ends in a sentence."""

from __future__ import annotations

import sys
import tracemalloc
from dataclasses import replace

import pytest

from tests.lesson.test_code_grading import STEP
from tests.sandbox.programs import EACH_PROTECTION, SHORT, outcome
from tutor.i18n import render
from tutor.lesson.code_grading import fault_line, grade_code
from tutor.lesson.prose import parse_prose
from tutor.sandbox import process
from tutor.sandbox.answers import Answers, outcome_of
from tutor.sandbox.protection import plain_protection, protection

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
    answers = Answers(1, has_begun=True)
    answers.take({"do": "expect", "expected": GOOD, "misses": []})
    answers.take({"do": "value", "value": value})
    answers.take({"do": "end"})
    assert 1 == len(parse_prose(verdict_on(answers)))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("of", ["program", "check", NESTED], ids=["program", "check", "nested"])
def test_a_forged_fault_gets_a_sentence(fault, of):
    answers = Answers(1, has_begun=True)
    answers.take({"do": "expect", "expected": GOOD, "misses": []})
    answers.take({"do": "fault", "of": of, "fault": fault})
    answers.take({"do": NESTED})
    answers.take({"do": "end"})
    assert 1 == len(parse_prose(verdict_on(answers)))


def test_a_value_with_backticks_is_quoted_whole():
    answers = Answers(1, has_begun=True)
    answers.take({"do": "expect", "expected": GOOD, "misses": []})
    answers.take({"do": "value", "value": {"kind": "str", "text": "'a`b``c'"}})
    (block,) = parse_prose(verdict_on(answers))
    assert "'a`b``c'" in [span.text for span in block.spans if span.style == "code"]


FORGER = """
import json, os, sys, time
request = json.loads(sys.stdin.buffer.read())
good = {good}
def tell(**told):
    os.write(1, json.dumps({{"token": request["token"], **told}}).encode() + b"\\n")
def begin():
    tell(do="begin", program=0)
    for check in request["programs"][0]["checks"]:
        tell(do="expect", expected=good, misses=[good])
def value(**changed):
    begin()
    tell(do="value", value=good | changed)
    tell(do="end")
def write(*parts):
    begin()
    try:
        for part in parts:
            while part:
                part = part[os.write(1, part):]
    except BrokenPipeError:  # nobody listens any more: go on until somebody ends this
        time.sleep(600)
tell(do="ready")
{body}
"""
MUCH = "Stopped: it printed too much. Does a loop with print in it never end?"
LEFT = "It ended Python (exit code 0) before the checks were done: take that call out."
LATE = "Stopped after 2 s. Does it loop for ever?"
GAVE = "Wrong. `square(3.0)` gave "
KIND = GAVE + "`9.0` (a float), expected `9.0`."
RIGHT = "Well done."
PIPES = {
    "huge number": ("value(numbers=[10**400])", KIND),
    "number too long to read": ("write(b'{\"token\": 1' + b'0' * 5000 + b'}\\n')", LEFT),
    "nan": ("value(numbers=[float('nan')])", GAVE + "`nan`, expected `9.0`. nan comes from"),
    "infinite": ("value(numbers=[float('inf')])", GAVE + "`inf`, expected `9.0`."),
    "wrong kinds": ("value(kind=[], text={}, shape='x', dtype=1, numbers='1')", GAVE + "`  `"),
    "no value": ("begin(); tell(do='value'); tell(do='end')", GAVE + "`?` (a ?), expected `9.0`."),
    "no fault": ("begin(); tell(do='fault'); tell(do='end')", "`square(3.0)`: Exception: "),
    "no line": ("begin(); tell(do='late')", LATE),
    "nothing": ("begin(); tell(); tell(do=None); tell(do='end')", LEFT),
    "no objects": ("write(b'[1]\\n3\\nnull\\n\\n\"x\"\\n')", MUCH),
    "another token": ("begin(); tell(token='0', do='value', value=good); tell(do='end')", LEFT),
    "no UTF-8": ("write(b'\\xff\\xfe\\x80\\n{\"token\": \"\\xe9\"}\\n')", LEFT),
    "deep": ("write(b'[' * 100_000 + b'\\n')", LEFT),
    "deep word": ("begin(); tell(do=json.loads('[' * 900 + ']' * 900)); tell(do='end')", LEFT),
    "100 MB in one line": ("write(*[b'x' * 1_000_000] * 100)", MUCH),
    "millions of lines": ("write(*[b'1\\n' * 500_000] * 20)", MUCH),
    "millions of empty lines": ("write(*[b'\\n' * 1_000_000] * 20)", MUCH),
    "its own lines for ever": ("while True: begin()", MUCH),
    "many words": ("begin(); tell(do='value', value=[{}] * 70_000); tell(do='end')", GAVE + "`?`"),
    "a line that never ends": ("write(b'{\"token\": '); time.sleep(600)", LATE),
    "before its time": ("tell(do='value', value=good); tell(do='end'); value()", RIGHT),
    "before what is expected": ("tell(do='begin', program=0); tell(do='value', value=good); "
                                "tell(do='end')", LEFT),
    "twice": ("begin(); [tell(do='value', value=good | {'numbers': [n]}) for n in (1.0, 9.0)]; "
              "tell(do='end')", GAVE + "`1.0`, expected `9.0`."),
    "expected anew": ("begin(); tell(do='value', value=good | {'numbers': [1.0]}); "
                      "tell(do='expect', expected=good | {'numbers': [1.0]}); tell(do='end')",
                      GAVE + "`1.0`, expected `9.0`."),
    "of another program": ("tell(do='begin', program=1); tell(do='end'); value(numbers=[1.0])",
                           GAVE + "`1.0`, expected `9.0`."),
    "the exercise's fault": ("begin(); tell(do='value', value=good); tell(do='broken'); "
                             "tell(do='end')", RIGHT),
    "closed at once": ("os.close(1)", LEFT),
    "closed, and it goes on": ("begin(); os.close(1); time.sleep(600)", LATE),
    "held open": ("value()\nif os.fork() == 0: time.sleep(3)", RIGHT),
}  # fmt: skip
"""What is written where results are read, and how the sentence on it begins."""
JUDGED = replace(STEP, checks=(replace(STEP.checks[0], call="square(3.0)", feedback="Wrong."),))
LARGEST = 24_000_000
"""Bytes that Python may hold at once for all this: a fourth of what is sent."""


@pytest.mark.parametrize(("body", "sentence"), PIPES.values(), ids=PIPES)
def test_whatever_comes_as_a_result_gets_a_sentence_and_little_memory(
    body, sentence, tmp_path, monkeypatch
):
    """A forger stands in the runner's place, and so knows the token."""
    forger = tmp_path / "forger.py"
    forger.write_text(FORGER.format(good=GOOD, body=body))
    command = [sys.executable, "-I", "-S", str(forger)]
    monkeypatch.setattr(process, "python_command", lambda _: command)
    limits = replace(SHORT, seconds=5.0 if sentence != LATE else SHORT.seconds)
    tracemalloc.start()
    try:
        result = outcome("", limits, protected=plain_protection())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert render(grade_code(JUDGED, result).feedback).startswith(sentence)
    assert most < LARGEST


FORGED = """
import gc, json, os
answers = next(each for each in gc.get_objects() if type(each).__name__ == "_Answers")
def square(x):
    answers._dumps = lambda told: {line}
    return 1.0
"""


@EACH_PROTECTION
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("json.dumps({'token': answers._token, 'do': 'value', 'value': %r})"
         % (GOOD | {"numbers": [10**400]}), KIND),
        ("'x' * 100_000_000", MUCH),
    ],
    ids=["huge number", "100 MB"],
)  # fmt: skip
def test_a_program_that_forges_its_answers_is_told_so(line, sentence, protected):
    """By the runner's own pipe: the cases above stand for all others."""
    result = outcome(FORGED.format(line=line), protected=protected)
    assert "" == result.printed
    assert render(grade_code(JUDGED, result).feedback).startswith(sentence)


DIED = "It ended Python (exit code 1) before the checks were done: take that call out."
BREAKERS = {
    "json": (
        "import json\n"
        "def broken(*_, **__): raise ValueError('patched')\n"
        "json.JSONEncoder.encode = json.JSONEncoder.iterencode = broken\n", DIED,
    ),
    "builtins": ("import builtins\nvars(builtins).clear()\n", RIGHT),
    "exceptions": ("import builtins\ndel builtins.BaseException\nraise ValueError\n", DIED),
    "main": ("import __main__\nvars(__main__).clear()\n", DIED),
}  # fmt: skip
"""What a program breaks of its own process; Python's own names are put back for each check."""


@EACH_PROTECTION
@pytest.mark.parametrize(("source", "sentence"), BREAKERS.values(), ids=BREAKERS)
def test_a_runner_that_was_broken_shows_no_insides(source, sentence, protected):
    result = outcome(f"{source}def square(x): return x * x\n", protected=protected)
    assert "" == result.printed
    assert sentence == render(grade_code(JUDGED, result).feedback)


def test_a_traceback_that_a_program_prints_names_its_own_lines_alone():
    source = (
        "import sys, traceback\n"
        "def square(x):\n"
        "    traceback.print_stack()\n"
        "    sys.excepthook = sys.__excepthook__\n"
        "    try: raise ValueError('mine')\n"
        "    except ValueError: traceback.print_exc()\n"
        "    print('    indented')\n"
        "    return x * x\n"
    )
    for protected in (protection(), plain_protection()):
        result = outcome(source, protected=protected)
        assert '  File "<your program>", line 3, in square\n' in result.printed
        assert "ValueError: mine\n    indented\n" in result.printed
        assert "runner" not in result.printed


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
