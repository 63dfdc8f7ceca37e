"""The bug museum: faults that the source chapter or its readers really made, by their names.

Each exhibit is a short program with one line at fault, and what should stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tutor.core.faulty_program import Exhibit, faulty
from tutor.errors import TutorError
from tutor.i18n import message

W = ((0.47355232, 0.9977393, 0.84668094), (0.85557411, 0.03563661, 0.69422093))
"""The weights that the chapter prints for its simpleNet."""

_ALL = (
    faulty(
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
        line=2,
        mend="return (f(x + h) - f(x - h)) / (2*h)",
    ),
    faulty(
        "spaced-exponent",
        message("1e-4 is one number; with spaces inside it is none"),
        """
        h = 1e - 4
        print(h)
        """,
        line=1,
        mend="h = 1e-4",
    ),
    faulty(
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
        line=2,
        mend="h = 1e-4",
    ),
    faulty(
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
        line=3,
        mend="f = lambda w: Net(w).loss(x, t)",
    ),
    faulty(
        "lying-comment",
        message(
            "the comment says 0.001, the number is ten times smaller; Python reads no comments"
        ),
        """
        h = 1e-4  # 0.001
        print(h, h == 0.001)
        """,
        line=1,
        mend="h = 1e-3  # 0.001",
    ),
    faulty(
        "def-function",
        message("def is followed by the name alone"),
        """
        def function tmp1(x0):
            return x0*x0 + 4.0**2.0

        print(function_tmp1(3.0))
        """,
        line=1,
        mend="def function_tmp1(x0):",
    ),
    faulty(
        "undefined-name",
        message("the call and the definition must spell the same name"),
        """
        def function_tmp1(x1):
            return 3.0**2.0 + x1*x1

        print(function_tmp2(4.0))
        """,
        line=1,
        mend="def function_tmp2(x1):",
    ),
    faulty(
        "lost-point",
        message("a printed result without its decimal point; the exact slope 6 finds it at once"),
        """
        printed = 600000000000378
        print(abs(printed - 6) < 1e-3)
        """,
        line=1,
        mend="printed = 6.00000000000378",
    ),
    faulty(
        "other-powers-of-ten",
        message("10e-4 is 10 times 10⁻⁴: legal, and ten times as large as it was meant"),
        """
        h = 10e-4
        print(h, h == 1e-4)
        """,
        line=1,
        mend="h = 1e-4",
    ),
    faulty(
        "integer-point",
        message(
            "an array of integers stores 3 - 1e-4 as 2: the differences are those of whole steps"
        ),
        """
        x = np.array([3, 4])
        print(numerical_gradient(sphere, x))
        """,
        line=1,
        mend="x = np.array([3.0, 4.0])",
    ),
    faulty(
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

        def f(w):
            return np.sum(w**2)

        print(by_rows(f, np.array([[1.0], [2.0], [3.0]])).ravel())
        print(by_rows(f, np.ones((2, 3))))
        """,
        line=3,
        mend="for idx in np.ndindex(*x.shape):",
    ),
    faulty(
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
        line=2,
        mend="x = init_x.copy()",
    ),
    faulty(
        "history-of-one",
        message("every row of the history is the same array: all show the last point"),
        """
        x, history = np.array([-3.0, 4.0]), []
        for step in range(3):
            history.append(x)
            x -= 0.1 * 2*x
        print(np.array(history).tolist())
        """,
        line=3,
        mend="history.append(x.copy())",
    ),
    faulty(
        "arrows-of-minus-gradient",
        message(
            "the chapter's picture draws minus the gradient; the gradient itself points uphill, "
            "where f grows fastest"
        ),
        """
        x = np.array([3.0, 4.0])
        gradient = -numerical_gradient(sphere, x)
        print(gradient.round(6), sphere(x + 0.01*gradient) > sphere(x))
        """,
        line=2,
        mend="gradient = numerical_gradient(sphere, x)",
    ),
    faulty(
        "unshifted-softmax",
        message("exp(1010) overflows, and inf / inf is nan; subtract the largest score first"),
        """
        def softmax(a):
            powers = np.exp(a)
            return powers / np.sum(powers)

        print(softmax(np.array([1010, 1000, 990])))
        """,
        line=2,
        mend="powers = np.exp(a - np.max(a))",
    ),
    faulty(
        "lost-minus",
        message("1e4 has lost its minus: the step is ten thousand, not a ten-thousandth"),
        """
        def numerical_diff(f, x):
            h = 1e4
            return (f(x + h) - f(x - h)) / (2*h)

        print(numerical_diff(lambda x: x**2, 5.0))
        print(numerical_diff(lambda x: x**3, 5.0))
        """,
        line=2,
        mend="h = 1e-4",
    ),
    faulty(
        "float32-h",
        message("float32 ends near 1e-45: 1e-50 becomes 0, and 0 / 0 is nan"),
        """
        def numerical_diff(f, x):
            h = np.float32(1e-50)
            return (f(x + h) - f(x)) / h

        print(np.float32(1e-50))
        print(numerical_diff(lambda x: x**2, np.float32(3)))
        """,
        line=2,
        mend="h = np.float32(1e-2)",
    ),
    faulty(
        "divided-by-h",
        message("x + h and x - h lie 2h apart: divided by h, the slope comes out twice as large"),
        """
        def numerical_diff(f, x):
            h = 1e-4
            return (f(x + h) - f(x - h)) / h

        print(round(numerical_diff(lambda x: x**2, 5.0), 6))
        """,
        line=3,
        mend="return (f(x + h) - f(x - h)) / (2*h)",
    ),
    faulty(
        "one-h-back",
        message(
            "x[idx] -= h only takes back the h that was added: half of the difference is missing"
        ),
        """
        def gradient(f, x):
            h, grad = 1e-4, np.zeros_like(x)
            for idx in range(x.size):
                before = x[idx]
                x[idx] = before + h
                above = f(x)
                x[idx] -= h
                grad[idx] = (above - f(x)) / (2*h)
                x[idx] = before
            return grad

        print(gradient(sphere, np.array([3.0, 4.0])).round(3))
        """,
        line=7,
        mend="x[idx] = before - h",
    ),
    faulty(
        "uphill-step",
        message("x + lr * gradient climbs: the gradient points to where f grows fastest"),
        """
        def gradient_descent(f, init_x, lr=0.1, step_num=20):
            x = init_x.copy()
            for step in range(step_num):
                x += lr * numerical_gradient(f, x)
            return x

        x = gradient_descent(sphere, np.array([-3.0, 4.0]))
        print(x.round(3), sphere(x).round(3))
        """,
        line=4,
        mend="x -= lr * numerical_gradient(f, x)",
    ),
    faulty(
        "rate-forgotten",
        message("without the learning rate the step is the whole gradient, and jumps for ever"),
        """
        def gradient_descent(f, init_x, lr=0.1, step_num=20):
            x = init_x.copy()
            for step in range(step_num):
                x -= numerical_gradient(f, x)
            return x

        print(gradient_descent(sphere, np.array([-3.0, 4.0])).round(3))
        """,
        line=4,
        mend="x -= lr * numerical_gradient(f, x)",
    ),
    faulty(
        "weights-replaced",
        message("dW is the slope of the loss, not the new weights: it has to be taken off W"),
        f"""
        x, t = np.array([0.6, 0.9]), 2
        f = lambda w: Net(w).loss(x, t)
        W = np.array({W})
        for step in range(20):
            dW = numerical_gradient(f, W)
            W = dW
        print(round(f(W), 3))
        """,
        line=6,
        mend="W = W - 0.5 * dW",
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
