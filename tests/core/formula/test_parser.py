"""The limits of a formula: parts and depth."""

import pytest

from tutor.core import FormulaError, parse


def test_parts_and_depth_have_a_limit_that_common_formulas_do_not_meet():
    parse(" + ".join(f"{k}*x**{k}" for k in range(1, 30)), ["x"])
    with pytest.raises(FormulaError, match="more than 300 parts"):
        parse(f"max({','.join(['-x'] * 160)})", ["x"])
    with pytest.raises(FormulaError, match="nested too deeply"):
        parse("sin(" * 70 + "x" + ")" * 70, ["x"])


def test_a_deep_gradient_compiles():
    deep = parse("sin(" * 58 + "x" + ")" * 58, ["x"])
    assert abs(deep.gradient(0.1)[0] - 1.0) < 0.5
    power = parse("((((x**2+1)**2+1)**2+1)**2+1)**2", ["x"])
    assert abs(power.gradient(0.5)[0] / 1e3) > 0
