"""A run of Nabla's lab: nabla1:o=elongated-bowl/x=-7,2/op=momentum/lr=0.05/n=40/k=10/lr=0.02/k=20/sc=cosine/gr=numerical/k=30/op=adam:r2585c0

Run it with Python and NumPy. The last line it prints is the final point.
"""

import math

import numpy as np


def f(x0, x1):
    return x0 ** 2 / 20 + x1 ** 2


def gradient(x0, x1):
    return (0.1 * x0, 2 * x1)


def at(function, x):
    # A number from math where it has one; inf or nan, from NumPy, where it gives up.
    try:
        return np.array(function(*x.tolist()), dtype=float)
    except (ArithmeticError, ValueError, TypeError):
        return np.array(function(*x), dtype=float)


def numerical_gradient(x, h):
    slopes = np.empty_like(x)
    for i in range(x.size):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        slopes[i] = (at(f, above) - at(f, below)) / (2 * h)
    return slopes


x = np.array([-7.0, 2.0])
with np.errstate(all="ignore"):
    v = np.zeros_like(x)
    for k in range(0, 10):
        g = at(gradient, x)
        rate = 0.05
        v = 0.9 * v + g
        x = x - rate * v
    for k in range(10, 20):
        g = at(gradient, x)
        rate = 0.02
        v = 0.9 * v + g
        x = x - rate * v
    for k in range(20, 30):
        g = numerical_gradient(x, 0.0001)
        rate = 0.02 * (1 + math.cos(math.pi * (k / 40))) / 2
        v = 0.9 * v + g
        x = x - rate * v
    m, s, t = np.zeros_like(x), np.zeros_like(x), 0
    for k in range(30, 40):
        g = numerical_gradient(x, 0.0001)
        rate = 0.02 * (1 + math.cos(math.pi * (k / 40))) / 2
        t += 1
        m = 0.9 * m + (1 - 0.9) * g
        s = 0.999 * s + (1 - 0.999) * (g * g)
        root = np.sqrt(s) / (1 - 0.999**t) ** 0.5 + 1e-08
        x = x - rate / (1 - 0.9**t) * m / root
    print("f =", float(at(f, x)))
print(x.tolist())
