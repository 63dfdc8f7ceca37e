"""What a lesson names once reads, wherever it is used, as if it had been written there."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tutor.core import evaluate
from tutor.lesson.fields import DefinedName, Definition
from tutor.lesson.named import Named, named
from tutor.lesson.scalars import RefusedError, read_number, read_text, read_whole_number
from tutor.lesson.yaml_nodes import ScalarNode

VALUES = {"eta": "0.1", "low": "-3", "half": "far/2", "far": "2*4", "η": "1e-3"}
FUNCTIONS = {"f": "x**2 + eta", "g": "f(x) - f(1)", "bowl": "x0**2/20 + f(x1)"}


def defined(table: Mapping[str, str]) -> Mapping[DefinedName, Definition]:
    return {DefinedName(name): Definition(formula) for name, formula in table.items()}


def names() -> Named:
    made, faults = named(defined(VALUES), defined(FUNCTIONS))
    assert [] == faults
    return made


def node(text: str) -> ScalarNode:
    return ScalarNode(text, "", 1, 1)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("2eta", 0.2), ("2 eta", 0.2), ("eta far", 0.8), ("low**2", 9), ("2 - low", 5),
        ("half", 4), ("f(3)", 9.1), ("2f(3)", 18.2), ("f(f(1))", 1.31), ("g(low)", 8),
        ("bowl(10, 2)", 9.1), ("bowl(far + 2, max(1, 2))", 9.1), ("f(2)**2", 16.81),
        ("η*far", 8e-3), ("f(eta - far)", 62.51),
    ],
)  # fmt: skip
def test_a_formula_is_worth_what_its_names_mean(formula: str, expected: float):
    assert evaluate(names().in_formula(formula)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("formula", ["loss/start_loss", "x0**2 + x1", "sin(pi/2)", "(2", "", "方"])
def test_a_formula_without_the_lessons_names_stays_as_it_is_written(formula: str):
    assert formula == names().in_formula(formula)


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("η = {=eta}, from {=low}", "η = 0.1, from −3"), ("{=f}", "x² + 0.1"),
        ("{=f(1/3)}", "0.211111"), ("{=f(1/3):2} m", "0.21 m"), ("{=low:3}", "−3"),
        (r"$\frac{1}{2}$", r"$\frac{1}{2}$"), (r"$\eta = {=eta}$。", r"$\eta = 0.1$。"),
    ],
)  # fmt: skip
def test_prose_shows_the_value(prose: str, expected: str):
    assert expected == names().spelt(read_text, node(prose)).text


def test_a_number_may_be_a_name():
    assert 0.2 == read_number(names().spelt(read_number, node("=2*eta")))
    assert 4 == read_whole_number(names().spelt(read_whole_number, node("= half")))


@pytest.mark.parametrize(
    ("text", "said"), [("=half/3", "is not a whole number"), ("=eta/0", "has no value here")]
)
def test_a_value_that_does_not_fit_is_refused(text: str, said: str):
    with pytest.raises(RefusedError) as refused:
        read_whole_number(names().spelt(read_whole_number, node(text)))
    assert said in str(refused.value.what)


def test_thousands_of_names_in_a_row_are_told_not_followed_without_end():
    """Each uses the next: a chain this long is no formula that anybody wrote."""
    chain = {f"a{n}": f"a{n + 1}" for n in range(5000)}
    _, faults = named(defined(chain), {})
    assert ["values.a21"] == [path for path, _, _ in faults][:1]


@pytest.mark.parametrize(
    ("number", "said"),
    [("1e999", "this number is too large"), ("9" * 400, "this number is too large"),
     ("٣", "'٣' has no place in a formula")],
)  # fmt: skip
def test_a_plain_number_is_looked_at_too(number: str, said: str):
    """It is shown as its author wrote it, so nothing else would say that it is none."""
    found, ((key, _, mend),) = named({"v": number}, {})
    assert ({}, "values.v") == (found.values, key)
    assert said in str(mend)


def test_a_plain_number_stays_as_it_is_written():
    assert {"v": "0.50", "w": "12"} == named({"v": "0.50", "w": "１２"}, {})[0].values
