"""The cross-check of typed formulas: right gradients agree however large f is."""

import pytest

from tutor.core.objectives import Objective, objective_from_formula
from tutor.engine.lab.formula import cross_check


@pytest.mark.parametrize(
    ("formula", "start"),
    [
        ("1e300*x0**2", (-3.0, 4.0)),
        ("1e300*x0**2 + x1", (-3.0, 4.0)),
        ("1e300*x**2", (-3.0,)),
        ("1e300*x0*x1", (0.5, 0.0)),
        ("x0**2 + x1**2", (-3.0, 4.0)),
        ("1e-200*x0**2 + x1**2", (-3.0, 4.0)),
    ],
)
def test_a_right_gradient_agrees_however_large_f_is(formula, start):
    assert "agrees" == cross_check(objective_from_formula(formula), start).verdict


def test_where_differences_overflow_nothing_is_said_against_the_gradient():
    check = cross_check(objective_from_formula("1e308*x0 + x1"), (1.0, 4.0))
    assert "differs" != check.verdict


@pytest.mark.parametrize("size", [1.0, 1e300])
def test_a_wrong_gradient_is_still_found(size):
    class Wrong(Objective):
        def gradient(self, points):
            return 3 * super().gradient(points)

    right = objective_from_formula(f"{size!r}*x0**2 + x1")
    wrong = Wrong(
        name=right.name,
        source_formula=right.source_formula,
        variables=right.variables,
        domain=right.domain,
        source=right.source,
    )
    assert "differs" == cross_check(wrong, (-3.0, 4.0)).verdict
