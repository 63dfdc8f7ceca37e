"""The package as a whole: its names, what importing it costs, what it never imports."""

import subprocess
import sys
import types

import pytest

import tutor.core


def in_a_fresh_process(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_every_public_name_is_there_and_none_is_a_module():
    for name in tutor.core.__all__:
        value = getattr(tutor.core, name)
        assert not isinstance(value, types.ModuleType)
        assert name in dir(tutor.core)


def test_names_are_no_modules_whichever_is_imported_first():
    program = """
import pkgutil, importlib, types, tutor.core
for module in pkgutil.walk_packages(tutor.core.__path__, "tutor.core."):
    importlib.import_module(module.name)
print([n for n in tutor.core.__all__ if isinstance(getattr(tutor.core, n), types.ModuleType)])
"""
    assert "[]" == in_a_fresh_process(program)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'gradiant'"):
        _ = tutor.core.gradiant


def test_what_is_not_asked_for_is_not_imported():
    program = "import sys, tutor.core; print('tutor.core.network' in sys.modules)"
    assert "False" == in_a_fresh_process(program)


def test_all_of_the_core_imports_numpy_and_the_standard_library_alone():
    program = """
import sys, tutor.core
for name in tutor.core.__all__:
    getattr(tutor.core, name)
tutor.core.parse("sin(x)", ["x"]).gradient(1.0)
own = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
print(sorted(name for name in own if not name.startswith(("_", "sitecustomize", "usercustomize"))))
"""
    assert "['numpy', 'tutor']" == in_a_fresh_process(program)
