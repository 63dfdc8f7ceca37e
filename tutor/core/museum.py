"""The bug museum: faults that the source chapter or its readers really made, ready to be run.

Each exhibit is a short program with the fault in it and one with the mend. `show` runs a program
and returns the lines that it prints; an exception is shown as its last line. The programs are
ours and constant: nothing that a learner types is run here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from tutor.core.network import SoftmaxClassifier
from tutor.errors import TutorError
from tutor.i18n import Message, message

W = ((0.47355232, 0.9977393, 0.84668094), (0.85557411, 0.03563661, 0.69422093))
"""The weights that the chapter prints for its simpleNet."""

_PREAMBLE = '''
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    for idx in np.ndindex(*x.shape):
        before = x[idx]
        x[idx] = before + h
        above = f(x)
        x[idx] = before - h
        below = f(x)
        grad[idx] = (above - below) / (2*h)
        x[idx] = before
    return grad

def sphere(x):
    return x[0]**2 + x[1]**2

class Net:
    """The book's simpleNet: its loss is that of the weights it holds."""
    def __init__(self, weights):
        self.W = np.array(weights)
    def loss(self, x, t):
        return SoftmaxClassifier(2, 3, weights=self.W).loss(x, t)
'''
"""What the programs may use, in the form that the chapter gives it."""


@dataclass(frozen=True)
class Exhibit:
    """One fault: the program that has it, the program without it, and what to see."""

    name: str
    fault: str
    mend: str
    lesson: Message
    """What goes wrong, and why."""

    def show(self) -> tuple[str, ...]:
        """Run the faulty program and return what it prints."""
        return show(self.fault)

    def show_mended(self) -> tuple[str, ...]:
        """Run the mended program and return what it prints."""
        return show(self.mend)


def show(program: str) -> tuple[str, ...]:
    """Run one of the museum's programs; return its lines, and the last line of an exception."""
    lines: list[str] = []

    def keep(*values: Any) -> None:
        lines.append(" ".join(map(str, values)))

    names: dict[str, Any] = {"print": keep, "SoftmaxClassifier": SoftmaxClassifier}
    try:
        with np.errstate(all="ignore"):
            # Programs of this file alone, so that the faults are seen and not told.
            exec(compile(_PREAMBLE, "<museum>", "exec"), names)  # noqa: S102
            exec(compile(program, "<museum>", "exec"), names)  # noqa: S102
    except Exception as error:  # an exception is what some exhibits are about
        text = error.msg if isinstance(error, SyntaxError) else error
        lines.append(f"{type(error).__name__}: {text}")
    return tuple(lines)


def _exhibit(name: str, lesson: Message, fault: str, mend: str) -> Exhibit:
    return Exhibit(name, textwrap.dedent(fault).strip(), textwrap.dedent(mend).strip(), lesson)


_ALL = (
    _exhibit(
        "precedence",
        message(
            "/ 2*h divides by 2 and multiplies by h: the result is h² = 1e-8 times too small, and "
            "descent looks as if the learning rate were too small"
        ),
        """
        def numerical_diff(f, x, h=1e-4):
            return (f(x + h) - f(x - h)) / 2*h

        print(numerical_diff(lambda x: x**2, 5))
        x = np.array([-3.0, 4.0])
        for step in range(100):
            slopes = [numerical_diff(lambda v: v**2, v) for v in x]
            x = x - 0.1 * np.array(slopes)
        print(x)
        """,
        """
        def numerical_diff(f, x, h=1e-4):
            return (f(x + h) - f(x - h)) / (2*h)

        print(numerical_diff(lambda x: x**2, 5))
        x = np.array([-3.0, 4.0])
        for step in range(100):
            slopes = [numerical_diff(lambda v: v**2, v) for v in x]
            x = x - 0.1 * np.array(slopes)
        print(x)
        """,
    ),
    _exhibit(
        "spaced-exponent",
        message("1e-4 is one number; with spaces inside it is none"),
        "h = 1e - 4\nprint(h)",
        "h = 1e-4\nprint(h)",
    ),
    _exhibit(
        "vanishing-h",
        message("5 + 10e-50 is 5 in floating point: the difference is 0, except at x = 0"),
        """
        def numerical_diff(f, x):
            h = 10e-50
            return (f(x + h) - f(x)) / h

        def f(x):
            return 0.01*x**2 + 0.1*x

        print(numerical_diff(f, 5.0))
        print(numerical_diff(f, 0.0))
        """,
        """
        def numerical_diff(f, x):
            h = 1e-4
            return (f(x + h) - f(x - h)) / (2*h)

        def f(x):
            return 0.01*x**2 + 0.1*x

        print(numerical_diff(f, 5.0))
        print(numerical_diff(f, 0.0))
        """,
    ),
    _exhibit(
        "pseudo-parameter",
        message(
            "the function ignores its argument w and reads the network's own weights: where the "
            "gradient works on a copy, every difference is 0"
        ),
        f"""
        net = Net({W})
        x, t = np.array([0.6, 0.9]), 2
        f = lambda w: net.loss(x, t)
        print(numerical_gradient(f, net.W.copy()))
        """,
        f"""
        x, t = np.array([0.6, 0.9]), 2
        f = lambda w: Net(w).loss(x, t)
        print(numerical_gradient(f, np.array({W})))
        """,
    ),
    _exhibit(
        "lying-comment",
        message(
            "the comment says 0.001, the number is ten times smaller; Python reads no comments"
        ),
        "h = 1e-4  # 0.001\nprint(h, h == 0.001)",
        "h = 1e-4  # 0.0001\nprint(h, h == 0.0001)",
    ),
    _exhibit(
        "def-function",
        message("def is followed by the name alone"),
        "def function tmp1(x0):\n    return x0*x0 + 4.0**2.0",
        "def function_tmp1(x0):\n    return x0*x0 + 4.0**2.0\n\nprint(function_tmp1(3.0))",
    ),
    _exhibit(
        "undefined-name",
        message("the call and the definition must spell the same name"),
        """
        def function_tmp1(x1):
            return 3.0**2.0 + x1*x1

        print(function_tmp2(4.0))
        """,
        """
        def function_tmp2(x1):
            return 3.0**2.0 + x1*x1

        print(function_tmp2(4.0))
        """,
    ),
    _exhibit(
        "lost-point",
        message("a printed result without its decimal point; the exact slope 6 finds it at once"),
        "printed = 600000000000378\nprint(abs(printed - 6) < 1e-3)",
        "printed = 6.00000000000378\nprint(abs(printed - 6) < 1e-3)",
    ),
    _exhibit(
        "other-powers-of-ten",
        message("10e-4 is 10 times 10⁻⁴, and 1e4 has lost its minus: both are legal and wrong"),
        "print(10e-4, 1e4)\nprint(10e-4 == 1e-4, 1e4 == 1e-4)",
        "print(1e-4)",
    ),
    _exhibit(
        "integer-point",
        message(
            "an array of integers stores 3 - 1e-4 as 2: the differences are those of whole steps"
        ),
        "print(numerical_gradient(sphere, np.array([3, 4])))",
        "print(numerical_gradient(sphere, np.array([3.0, 4.0])).round(6))",
    ),
    _exhibit(
        "one-index-for-two",
        message(
            "x[idx] of a matrix is a row, and x.size counts all entries: 2×3 runs out of rows, "
            "and 3×1 is silently wrong"
        ),
        """
        def by_rows(f, x):
            h, grad = 1e-4, np.zeros_like(x)
            for idx in range(x.size):
                before = x[idx]
                x[idx] = before + h
                above = f(x)
                x[idx] = before - h
                grad[idx] = (above - f(x)) / (2*h)
                x[idx] = before
            return grad

        print(by_rows(lambda w: np.sum(w**2), np.array([[1.0], [2.0], [3.0]])).ravel())
        print(by_rows(lambda w: np.sum(w**2), np.ones((2, 3))))
        """,
        """
        column = np.array([[1.0], [2.0], [3.0]])
        print(numerical_gradient(lambda w: np.sum(w**2), column).ravel().round(6))
        print(numerical_gradient(lambda w: np.sum(w**2), np.ones((2, 3))).round(6))
        """,
    ),
    _exhibit(
        "moving-start",
        message("x = init_x gives the same array a second name: the first run moves the start"),
        """
        def gradient_descent(init_x, lr=0.1, step_num=100):
            x = init_x
            for step in range(step_num):
                x -= lr * 2*x
            return x

        start = np.array([-3.0, 4.0])
        gradient_descent(start)
        print(start)
        """,
        """
        def gradient_descent(init_x, lr=0.1, step_num=100):
            x = init_x.copy()
            for step in range(step_num):
                x -= lr * 2*x
            return x

        start = np.array([-3.0, 4.0])
        gradient_descent(start)
        print(start)
        """,
    ),
    _exhibit(
        "history-of-one",
        message("every row of the history is the same array: all show the last point"),
        """
        x, history = np.array([-3.0, 4.0]), []
        for step in range(3):
            history.append(x)
            x -= 0.1 * 2*x
        print(np.array(history).tolist())
        """,
        """
        x, history = np.array([-3.0, 4.0]), []
        for step in range(3):
            history.append(x.copy())
            x -= 0.1 * 2*x
        print(np.array(history).tolist())
        """,
    ),
    _exhibit(
        "arrows-of-minus-gradient",
        message(
            "the chapter's picture draws minus the gradient; the gradient itself points uphill, "
            "where f grows fastest"
        ),
        """
        x = np.array([3.0, 4.0])
        drawn = -numerical_gradient(sphere, x)
        print(drawn.round(6), sphere(x + 0.01*drawn) > sphere(x))
        """,
        """
        x = np.array([3.0, 4.0])
        gradient = numerical_gradient(sphere, x)
        print(gradient.round(6), sphere(x + 0.01*gradient) > sphere(x))
        """,
    ),
    _exhibit(
        "unshifted-softmax",
        message("exp(1010) overflows, and inf / inf is nan; subtract the largest score first"),
        """
        a = np.array([1010, 1000, 990])
        print(np.exp(a) / np.sum(np.exp(a)))
        """,
        """
        a = np.array([1010, 1000, 990])
        c = np.max(a)
        print(np.exp(a - c) / np.sum(np.exp(a - c)))
        """,
    ),
)

MUSEUM: Mapping[str, Exhibit] = MappingProxyType({each.name: each for each in _ALL})
"""All exhibits by name."""


def exhibit(name: str) -> Exhibit:
    """Return the exhibit of this name.

    >>> exhibit("spaced-exponent").show()
    ('SyntaxError: invalid decimal literal',)

    Raises:
        TutorError: for an unknown name; it lists the known ones.
    """
    if name not in MUSEUM:
        template = "the museum has no “{name}”; it has {known}"
        raise TutorError(message(template, name=name, known=", ".join(MUSEUM)))
    return MUSEUM[name]
