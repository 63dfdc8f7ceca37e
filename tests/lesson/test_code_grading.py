"""A program is judged by its first fault, in a sentence that says what it gave and the mend."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest

from tutor.i18n import render
from tutor.lesson.code_faults import fault_sentence
from tutor.lesson.code_grading import fault_line, grade_code, is_as_expected, show_value
from tutor.lesson.model import Code, CodeCheck, CodeMiss, CodeStep, Identifier, Markup, PythonValue
from tutor.lesson.programs import CheckRun, Fault, Outcome, Value, program_of

CHECK = CodeCheck(
    call=Code("step(array([1.0, 1.0]), 0.25)"),
    expect=PythonValue("[0.5, 0.5]"),
    atol=1e-12,
    feedback=Markup("Move against the gradient."),
    misses=(
        CodeMiss(value=PythonValue("[1.5, 1.5]"), feedback=Markup("Uphill."), misconception="G1"),
    ),
)
STEP = CodeStep(
    kind="code",
    id=Identifier("write"),
    body=Markup("Write it."),
    starter=Code("def step(x, rate):\n    ..."),
    solution=Code("def step(x, rate):\n    return x - rate * 2 * x"),
    checks=(CHECK,),
    right=Markup("Well done."),
    seconds=2.0,
)


def numbers(*parts: float, shape: tuple[int, ...] | None = None, dtype: str = "float64") -> Value:
    return Value("ndarray", str(parts), (len(parts),) if shape is None else shape, dtype, parts)


NONE = Value("NoneType", "None")
HALVES = numbers(0.5, 0.5)


def run(value: Value | None = None, fault: Fault | None = None) -> Outcome:
    return Outcome("done", (CheckRun(HALVES, (numbers(1.5, 1.5),), value, fault),))


def said(outcome: Outcome) -> str:
    verdict = grade_code(STEP, outcome)
    assert not verdict.correct
    return str(verdict.feedback)


def test_a_program_that_passes_every_check_is_right():
    verdict = grade_code(STEP, run(numbers(0.5, 0.5 + 1e-13)))
    assert (True, "Well done.") == (verdict.correct, verdict.feedback)


def test_a_wrong_value_gets_the_feedback_and_the_difference():
    assert (
        "Move against the gradient. `step(array([1.0, 1.0]), 0.25)` gave `[0.0, 0.25]`, "
        "expected `[0.5, 0.5]`."
    ) == said(run(numbers(0.0, 0.25)))


def test_a_known_miss_gets_its_own_feedback_and_misconception():
    outcome = run(numbers(1.5, 1.5))
    assert said(outcome).startswith("Uphill. `step(")
    assert "G1" == grade_code(STEP, outcome).misconception


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NONE, "`step(array([1.0, 1.0]), 0.25)` gave None: is the `return` missing?"),
        (numbers(0.5, 0.5, shape=(2, 1)), "of shape (2, 1), expected shape (2,)"),
        (numbers(0.5, shape=()), "gave `0.5` of shape (), expected shape (2,)"),
        (numbers(nan, 0.5), "nan comes from 0/0"),
        (numbers(0.0, 0.0, dtype="int64"), "dtype int64 cannot hold fractions"),
        (Value("str", "'half'"), "gave `'half'` (a str), expected `[0.5, 0.5]`"),
        (Value("ndarray", "array(...)", (200, 200), "float64"), "of shape (200, 200)"),
    ],
)
def test_what_is_typically_wrong_with_a_value_is_told(value, words):
    assert words in said(run(value))


def test_values_that_look_alike_are_told_in_all_their_digits():
    off = replace(numbers(0.5, 0.5 + 1e-9), text="array([0.5, 0.500000001])")
    assert "gave `array([0.5, 0.500000001])`" in said(run(off))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x)：\n    pass", "`：` stands here: a program needs `:`"),
        ("f（1）", "`（` stands here: a program needs `(`"),
        ("f(1，2)", "`，` stands here: a program needs `,`"),
        ("x = 1 − 2", "`−` stands here: a program needs `-`"),
        ("s = “a”", '`“` stands here: a program needs `"`'),
        ("x =\u30001", "a full-width space stands here"),
        ("x = §", "the sign `§` has no place in a program"),
        ("f(1", "`(` is opened here and never closed"),
        ("f)", "`)` closes nothing"),
        ("f(1]", "`]` stands where `(` is to be closed"),
        ("f(a b)", "a comma or an operator is missing"),
        ("if x = 1: pass", "to compare, write `==`"),
        ("f(x) = 1", "to compare, write `==`"),
        ("s = 'a", "a quotation mark is missing"),
        ("2x", "a number and a name touch"),
        ("return 1", "`return` stands outside a function"),
        ("x = = 1", "is a sign missing, in it or at the end of the one before?"),
        ("  x = 1", "this line begins too far in"),
        ("if x:\ny", "the block that should begin here is not moved in"),
        ("if x:\n    y\n  z", "in a column where no block does"),
        ("if x:\n\ty\n        z", "use spaces alone"),
    ],
)
def test_what_python_cannot_read_is_told_with_the_sign_to_write(source, words):
    with pytest.raises(SyntaxError) as caught:
        compile(source, "program", "exec")
    kinds = tuple(kind.__name__ for kind in type(caught.value).__mro__)
    fault = Fault(kinds, caught.value.msg, caught.value.lineno)
    assert words in render(fault_sentence(fault))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            Fault(("SyntaxError",), "expected ':'", 1),
            "Line 1: a colon `:` is missing before the block that begins here.",
        ),
        (
            Fault(("IndentationError", "SyntaxError"), "unexpected indent", 2),
            "Line 2: this line begins too far in. The lines of one block begin in one column",
        ),
        (Fault(("NameError",), "", 3, "nump", "np"), "`nump` is not known. Did you mean `np`?"),
        (Fault(("NameError",), "", None, "step", None), "your program defines no `step`."),
        (Fault(("NameError",), "", 4, "gradd", None), "is it spelt right, and defined before?"),
        (
            Fault(("UnboundLocalError", "NameError"), "", 4, "x", None),
            "`x` is used in this function before it has a value.",
        ),
        (
            Fault(("AttributeError",), "no attribute 'nrm'", 2, "nrm", "norm"),
            "no attribute 'nrm'. Did you mean `norm`?",
        ),
        (Fault(("ModuleNotFoundError", "ImportError"), "No module named 'x'", 1), "as `np`"),
        (
            Fault(("ValueError",), "operands could not be broadcast together", 2),
            "these shapes do not fit together",
        ),
        (Fault(("ValueError",), "The truth value of an array", 2), "use `np.all`"),
        (Fault(("ValueError",), "odd", 2), "Line 2: ValueError: odd."),
        (Fault(("IndexError", "LookupError"), "index 2 is out of bounds", 2), "size − 1"),
        (Fault(("ZeroDivisionError", "ArithmeticError"), "", 2), "Line 2: a division by zero."),
        (Fault(("_ArrayMemoryError", "MemoryError"), "", 2), "more memory than it may have"),
        (Fault(("RecursionError", "RuntimeError"), "", 2), "calls itself without end"),
        (Fault(("SystemExit",), "3", 2), "take it out"),
        (Fault(("EOFError",), "", 2), "take `input` out"),
        (Fault(("PermissionError", "OSError"), "not permitted", 2), "no files, no network"),
        (Fault(("KeyboardInterrupt",), "", 2), "KeyboardInterrupt stopped the program."),
        (
            Fault(("TypeError", "Exception"), "missing 1 argument", 2),
            "TypeError: missing 1 argument",
        ),
    ],
    ids=lambda given: given.kind if isinstance(given, Fault) else "",
)
def test_each_typical_exception_has_its_sentence(fault: Fault, words: str):
    assert words in said(run(fault=fault))
    assert words in said(Outcome("done", (), fault))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome("time", line=3), "Stopped after 2 s, in line 3. Does it loop for ever?"),
        (Outcome("time"), "Stopped after 2 s. Does it loop for ever?"),
        (Outcome("output"), "it printed too much"),
        (Outcome("died", exit_code=7), "It ended Python (exit code 7)"),
        (Outcome("died", exit_code=-9), "did it take too much memory?"),
        (Outcome("died", exit_code=139), "Python itself crashed (signal 11)"),
        (Outcome("done", broken=Fault(("NameError",), "no f")), "This exercise is broken"),
    ],
)
def test_a_run_that_did_not_come_to_its_end_is_explained(outcome, words):
    assert words in said(outcome)


def test_a_wrong_value_goes_before_a_loop_in_a_later_check():
    step = replace(STEP, checks=(CHECK, CHECK))
    runs = (CheckRun(HALVES, (), numbers(9.0, 9.0)), CheckRun(HALVES))
    outcome = Outcome("time", runs, line=2)
    assert "gave `[9.0, 9.0]`" in str(grade_code(step, outcome).feedback)
    assert fault_line(step, outcome) is None


@pytest.mark.parametrize(
    ("value", "expected", "counts"),
    [
        (1.0 + 1e-7, 1.0, True),
        (1.0 + 1e-5, 1.0, False),
        (1e-10, 0.0, True),
        (nan, nan, True),
        (nan, 1.0, False),
        (inf, inf, True),
        (-inf, inf, False),
        (1e308, inf, False),
    ],
)
def test_numbers_count_within_the_default_tolerance(value, expected, counts):
    check = replace(CHECK, atol=None)
    assert counts is is_as_expected(check, numbers(value), numbers(expected))


def test_an_array_and_a_list_of_the_same_numbers_are_the_same():
    listed = replace(HALVES, kind="list")
    assert is_as_expected(CHECK, HALVES, listed)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (numbers(3.0, shape=()), "3.0"),
        (numbers(3, shape=(), dtype="int64"), "3"),
        (numbers(1, shape=(), dtype="bool"), "True"),
        (numbers(1, 2, 3, 4, 5, 6, shape=(2, 3)), "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]"),
        (numbers(shape=(0,)), "[]"),
        (numbers(1e-10, shape=()), "1e-10"),
        (Value("dict", "{'a': 1}"), "{'a': 1}"),
    ],
)
def test_values_are_shown_as_a_learner_writes_them(value, words):
    assert words == show_value(value)


def test_the_program_holds_what_the_step_checks():
    program = program_of(STEP, "x = 1")
    assert ("x = 1", "") == (program.source, program.setup)
    assert ("[1.5, 1.5]",) == program.checks[0].misses
