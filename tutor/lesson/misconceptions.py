"""The misconceptions that answers hint at: the ids that lessons use, with a line on each.

One-letter ids are those of the course's design (D derivative, G gradient, L learning rate,
N network), each refuted by an experiment; words name a slip that a sentence mends.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MISCONCEPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "D1": "The slope is the height of the curve.",
        "D2": "Only a formula has a derivative.",
        "D3": "A tangent never crosses its curve.",
        "D5": "A smaller h is always better.",
        "D6": "The central difference is better because it avoids cancellation.",
        "G1": "The gradient points downhill.",
        "G2": "The gradient points at the minimum.",
        "G4": "The gradient is a number.",
        "G5": "A partial derivative changes both variables.",
        "G6": "Where the gradient is 0, there is a minimum.",
        "G7": "All steps have the length η.",
        "L1": "A smaller learning rate is safer.",
        "L2": "A larger learning rate is faster.",
        "L3": "The loss cannot rise.",
        "L4": "Oscillation is failure.",
        "L5": "A NaN is a fault of the program.",
        "L6": "One learning rate fits all functions.",
        "L7": "Descent finds the global minimum.",
        "L8": "Stopped means converged.",
        "N1": "Accuracy can be the loss.",
        "N2": "dW is the new W.",
        "N3": "Zero weights are a fair start.",
        "N4": "A large entry of dW is an important weight.",
        "N5": "Backpropagation and the numerical gradient differ.",
        # Slips of reading a derivative.
        "average-is-instant": "The average over a stretch is the value at an instant.",
        "rise-is-slope": "The climb, not divided by the stretch, is the slope.",
        "tangent-is-curve": "The curve goes on along its tangent.",
        "slope-is-place": "The slope is a place on the axis.",
        "slope-must-be-zero": "A quotient of 0 means that the curve is flat.",
        "needs-the-curve": "A slope says nothing without the whole curve.",
        "zero-over-zero": "A quotient of two vanishing numbers vanishes.",
        "linear-loss": "The loss shrinks by the factor of the coordinates.",
        "gradient-is-point": "The gradient repeats the point.",
        "swapped-partials": "The partial derivatives stand in the other order.",
        "no-overshoot": "A step stops at the floor of the valley.",
        # Slips of calculating.
        "chain": "An inner factor was forgotten.",
        "sign": "The sign is the wrong way round.",
        "half": "A factor of 2 was forgotten or is one too many.",
        "power": "The exponent was not taken down, or not lowered.",
        "unit": "The number is in another unit.",
        "decimal-point": "The digits are right, the decimal point is not.",
        "forgot-eta": "The step was not multiplied by the learning rate.",
        "divide-by-2h": "A central difference was divided by h.",
        "order-of-error": "The error shrinks with another power of h.",
        # Slips of floating-point numbers and of code.
        "absolute-rounding": "Rounding is the same for numbers of every size.",
        "h-becomes-zero": "A tiny h is stored as 0.",
        "overflow": "The numbers are too large for the computer.",
        "ten-e": "10e-4 is another way to write 1e-4.",
        "lost-minus": "A minus sign of an exponent was lost.",
        "literal-with-spaces": "A number may be written with spaces in it.",
        "precedence": "Multiplication and division bind in another order.",
        "no-check": "A computed number needs no check against a known one.",
        "mutable-default": "Default values are to blame.",
        "function-remembers": "A function keeps its local names between calls.",
    }
)
"""What each id means."""
