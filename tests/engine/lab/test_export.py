"""What is taken away: a script that is really run, Markdown, CSV."""

import csv
import io
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, strategies as st

from tests.engine.descent.cases import (
    ALL_PRESETS,
    OPTIMIZERS,
    SCHEDULES,
    branched,
    setup_on,
    setups,
)
from tests.examples import examples
from tutor.charts.chart import Chart
from tutor.engine.descent.objectives import lab_objectives, objective_of
from tutor.engine.descent.run import run
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.export import to_csv, to_markdown, to_script
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.presets import preset
from tutor.engine.lab.state_code import decode, encode

FORMULAS = {
    "x0**0.5 + abs(x1) + max(x0, x1)": (1.0, 0.5),
    "sigmoid(x) + asin(x/9) + min(x, 2) + sign(x)*x": (1.0,),
    "exp(x**2) - log(x)": (3.0,),
    "3**50/10**24*x**2 + pi*x": (1.0,),
    "(-x)**3 + tanh(x) + x**x + log10(x)": (1.0,),
    "x² + max(2x, 3, relu(x)) + softplus x + log2(x)": (1.0,),
    "floor(3x)*x + ceil(x) + cbrt(x) + log1p(x) + expm1(x)/9 + asinh(x) + atanh(x/9)": (1.3,),
    "min(exp(x**2), 5) + x": (30.0,),
    "sqrt(x0**2 + x1**2) + cosh(x1) + atan(x0*x1) + acos(x0/9)": (1.0, 2.0),
}


def last_line(script):
    """Return the final point that an exported script prints when it is run, here.

    As in a Python of its own, which costs the third of a second: warnings are errors, as they are
    in every test, and what it sets of NumPy is gone with it.
    """
    printed = io.StringIO()
    with redirect_stdout(printed), np.errstate():
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return point_of(printed.getvalue())


def last_line_of_a_process(script):
    """Return the same of a Python that can import nothing of this project or its user."""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-"],
        input=script, text=True, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return point_of(done.stdout)


def point_of(printed):
    return [float(number) for number in printed.splitlines()[-1].strip("[]").split(",")]


def end_of(setup):
    return run(setup).points[-1].tolist()


def assert_script_ends_where_the_run_does(setup):
    assert repr(end_of(setup)) == repr(last_line(to_script(setup)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_script_prints_the_runs_final_point(optimizer, schedule):
    """To the last digit, for every optimizer and schedule."""
    assert_script_ends_where_the_run_does(
        setup_on("himmelblau", optimizer=optimizer, schedule=schedule, learning_rate=0.013)
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_script_follows_branches_and_numerical_gradients(optimizer):
    assert_script_ends_where_the_run_does(branched(optimizer))


@pytest.mark.parametrize("setup", ALL_PRESETS)
def test_the_script_fails_as_its_preset_does(setup):
    assert_script_ends_where_the_run_does(setup)


@pytest.mark.parametrize("name", lab_objectives())
def test_the_script_knows_every_objective(name):
    assert_script_ends_where_the_run_does(setup_on(name, optimizer="adam", learning_rate=0.05))


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_script_computes_typed_formulas_as_the_core_does(formula):
    setup = Setup(objective="", formula=formula, start=FORMULAS[formula], steps=60)
    assert_script_ends_where_the_run_does(setup)


leaves = st.sampled_from(["x0", "x1", "2", "0.3", "pi", "e", "7"])
formulas = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds("({}{}{})".format, parts, st.sampled_from("+-*/"), parts),
        st.builds("({})**{}".format, parts, st.sampled_from(["2", "3", "-1", "0.5"])),
        st.builds("-({})".format, parts),
        st.builds("{}({})".format, st.sampled_from(["sin", "exp", "tanh", "sigmoid"]), parts),
    ),
    max_leaves=12,
)


@examples(150)
@given(formulas, st.tuples(st.floats(-3, 3), st.floats(-3, 3)))
@example("tanh((7/x0))", (0.015625, 0.0))
def test_the_scripts_functions_are_the_cores_digit_by_digit(formula, point):
    """Value and gradient of any formula, where the core finds them without NumPy's help."""
    setup = Setup(objective="", formula=f"{formula} + x0*x1", start=point)
    expression = objective_of(setup).expression
    value, gradient = expression.value(*point), expression.gradient(*point)
    assume(np.isfinite([value, *gradient]).all())
    names = {}
    exec(to_script(setup).split("x = np.array(")[0], names)
    with np.errstate(all="ignore"):  # as the script's own run
        there = [names["at"](names[name], np.array(point)) for name in ("f", "gradient")]
        assert value == there[0]
        assert list(gradient) == there[1].tolist()


@pytest.mark.parametrize(
    "formula",
    ["x + 2/(2 - 2)", "x**2 - 3/0", "x*(0/0)", "x**2 + 1/(2/(2 - 2))", "x + 10**300*10**300",
     "x + 0**-1", "x**2/(1/0) + x"],
)  # fmt: skip
def test_the_script_divides_constants_by_zero_as_the_program_does(formula):
    setup = Setup(objective="", formula=formula, start=(1.5,))
    expression = objective_of(setup).expression
    names = {}
    exec(to_script(setup).split("x = np.array(")[0], names)
    there = [names["at"](names[name], np.array([1.5])) for name in ("f", "gradient")]
    np.testing.assert_equal(there[0], expression.value(1.5))
    np.testing.assert_equal(there[1], expression.gradient(1.5))


@pytest.mark.parametrize(
    "setup",
    [
        setup_on("ackley", optimizer="rmsprop"),
        branched("adam"),
        Setup(objective="", formula="min(exp(x**2), 5) + x", start=(30.0,), steps=60),
    ],
    ids=["named", "branched", "typed"],
)
def test_the_script_needs_nothing_but_numpy(setup):
    """Isolated from this project: no path, no user site, not even the current folder."""
    script = to_script(setup)
    assert repr(end_of(setup)) == repr(last_line_of_a_process(script))
    assert "tutor" not in script


@examples(100)
@given(setups())
def test_any_setup_makes_a_script_that_compiles_and_holds_its_state_code(setup):
    script = to_script(setup)
    compile(script, "script", "exec")
    assert setup == decode(script.split("lab: ")[1].splitlines()[0]).setup


# CSV


def rows_of(setup):
    return list(csv.DictReader(io.StringIO(to_csv(run(setup)))))


def test_the_table_has_every_step_with_all_digits():
    setup = setup_on("booth", optimizer="adam", schedule="cosine", learning_rate=0.1)
    made, rows = run(setup), rows_of(setup)
    assert list(range(41)) == [int(row["step"]) for row in rows]
    for names, column in (
        (("x0", "x1"), made.points),
        (("f",), made.values[:, None]),
        (("gradient_x0", "gradient_x1"), made.gradients),
        (("distance",), made.distances[:, None]),
    ):
        assert column.tolist() == [[float(row[name]) for name in names] for row in rows]
    assert made.rates.tolist() == [float(row["learning_rate"]) for row in rows[:-1]]
    assert "" == rows[-1]["learning_rate"]


def test_the_table_of_one_variable_names_it_x():
    assert ["step", "x", "f", "gradient_x", "learning_rate", "distance"] == list(
        rows_of(setup_on("square"))[0]
    )


def test_numbers_that_ended_are_written_as_nan():
    rows = rows_of(replace(setup_on("rosenbrock", learning_rate=1.0), steps=30))
    assert np.isnan(float(rows[-1]["f"]))


# Markdown


def drawn(chart, columns, rows):
    assert isinstance(chart, Chart)
    return f"chart of {columns} by {rows}  \nsecond line"


def test_the_document_holds_setting_words_charts_and_the_way_back():
    lab = Lab(setup=branched("momentum"), step=12)
    text = to_markdown(lab, run(lab.setup), drawn)
    for part in (
        "# f = x₀²/20 + x₁²", "momentum, η = 0.05, μ = 0.9", "from step 10 on: momentum, η = 0.02",
        "numerical gradient, h = 0.0001", "Step 12", "step 12: v ←", "chart of 78 by 24",
        "chart of 78 by 14", "| 12 | ", "| 40 | ", encode(lab),
    ):  # fmt: skip
        assert part in text


@pytest.mark.parametrize("name", ["overshoot", "ping-pong", "cliff"])
def test_the_document_names_no_key(name):
    """Who reads it has no lab before them."""
    setup = preset(name).setup
    text = to_markdown(Lab(setup=setup), run(setup), drawn)
    assert "Halve η from step" in text
    assert "Press" not in text


def test_the_document_draws_ghosts_and_the_run_beside():
    """Every run that the lab shows is on the chart."""
    seen = []
    lab = Lab(ghosts=(setup_on("sphere", optimizer="adam"),),
              beside=setup_on("sphere", learning_rate=0.3))  # fmt: skip
    to_markdown(lab, run(lab.setup), lambda chart, *_: seen.append(chart) or "")
    alone = []
    to_markdown(Lab(), run(Lab().setup), lambda chart, *_: alone.append(chart) or "")
    assert all(len(many.layers) > len(one.layers) for many, one in zip(seen, alone, strict=True))
