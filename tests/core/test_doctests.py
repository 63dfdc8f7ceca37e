"""Every example in the core's docstrings gives what it says."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import tutor.core

MODULES = ["tutor.core"] + [
    module.name for module in pkgutil.walk_packages(tutor.core.__path__, "tutor.core.")
]
CALLABLE = [name for name in tutor.core.__all__ if callable(getattr(tutor.core, name))]
WITHOUT_EXAMPLE = {
    # What functions return, with examples there, or an interface.
    "Derivative", "Exhibit", "FormulaError", "Gradient", "GradientCheck", "Optimizer",
    "StationaryPoint", "StepSweep", "Trajectory", "UnusedArgumentWarning",
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name):
    module = importlib.import_module(name)
    globals_ = {**vars(module), **{n: getattr(tutor.core, n) for n in tutor.core.__all__}}
    result = doctest.testmod(module, globs={**globals_, "np": np})
    assert 0 == result.failed


@pytest.mark.parametrize("name", sorted(set(CALLABLE) - WITHOUT_EXAMPLE))
def test_every_public_name_has_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(tutor.core, name))


@pytest.mark.parametrize("name", sorted(WITHOUT_EXAMPLE))
def test_what_needs_no_example_is_documented(name):
    assert len(inspect.getdoc(getattr(tutor.core, name))) > 30
