"""Hostile formulas: refused with a sentence, at once, without memory, never run."""

import sys
import tracemalloc

import pytest

from tests.core.formula.hostile import HOSTILE
from tutor.core import FormulaError, evaluate, objective_from_formula, parse


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_formula_is_refused_with_a_sentence(text):
    with pytest.raises(FormulaError) as caught:
        parse(text, ["x0", "x1"])
    sentence = str(caught.value)
    assert 10 < len(sentence) < 200
    for read in (evaluate, objective_from_formula):
        with pytest.raises(FormulaError):
            read(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_refusing_takes_few_steps_and_no_memory(text):
    """The benchmark measures the time (50 ms are promised); steps are the same on any machine."""
    calls = 0

    def count(*_):
        nonlocal calls
        calls += 1

    tracemalloc.start()
    sys.setprofile(count)
    try:
        refused = _is_refused(text)
    finally:
        sys.setprofile(None)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert refused
    assert calls < 20_000
    assert peak < 1_000_000


def _is_refused(text):
    try:
        parse(text, ["x0", "x1"])
    except FormulaError:
        return True
    return False


@pytest.mark.parametrize("variables", [(), ("x",), ("x0", "x1")])
def test_names_of_python_are_unknown_here(variables):
    for name in ("print", "globals", "object", "self", "os"):
        with pytest.raises(FormulaError, match=r"unknown|leave it out"):
            parse(name, variables)


def test_what_looks_dangerous_and_is_a_formula_is_read():
    assert 0.0 == parse("x0**1000", ["x0"]).value(0.5) // 1
    assert 4.0 == evaluate("2**2**1")
