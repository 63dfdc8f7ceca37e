"""The misconceptions that answers hint at: the ids that lessons use, with a line on each.

One-letter ids are those of the course's design (D derivative, G gradient, L learning rate,
N network), each refuted by an experiment; words name a slip that a sentence mends.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tutor.i18n import Message, message

MISCONCEPTIONS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "D1": message("The slope is the height of the curve."),
        "D2": message("Only a formula has a derivative."),
        "D3": message("A tangent never crosses its curve."),
        "D5": message("A smaller h is always better."),
        "D6": message("The central difference is better because it avoids cancellation."),
        "G1": message("The gradient points downhill."),
        "G2": message("The gradient points at the minimum."),
        "G4": message("The gradient is a number."),
        "G5": message("A partial derivative changes both variables."),
        "G6": message("Where the gradient is 0, there is a minimum."),
        "G7": message("All steps have the length η."),
        "L1": message("A smaller learning rate is safer."),
        "L2": message("A larger learning rate is faster."),
        "L3": message("The loss cannot rise."),
        "L4": message("Oscillation is failure."),
        "L5": message("A NaN is a fault of the program."),
        "L6": message("One learning rate fits all functions."),
        "L7": message("Descent finds the global minimum."),
        "L8": message("Stopped means converged."),
        "N1": message("Accuracy can be the loss."),
        "N2": message("dW is the new W."),
        "N3": message("Zero weights are a fair start."),
        "N4": message("A large entry of dW is an important weight."),
        "N5": message("Backpropagation and the numerical gradient differ."),
        # Slips of reading a derivative.
        "average-is-instant": message("The average over a stretch is the value at an instant."),
        "rise-is-slope": message("The climb, not divided by the stretch, is the slope."),
        "tangent-is-curve": message("The curve goes on along its tangent."),
        "slope-is-place": message("The slope is a place on the axis."),
        "slope-must-be-zero": message("A quotient of 0 means that the curve is flat."),
        "needs-the-curve": message("A slope says nothing without the whole curve."),
        "zero-over-zero": message("A quotient of two vanishing numbers vanishes."),
        "linear-loss": message("The loss shrinks by the factor of the coordinates."),
        "gradient-is-point": message("The gradient repeats the point."),
        "swapped-partials": message("The partial derivatives stand in the other order."),
        "no-overshoot": message("A step stops at the floor of the valley."),
        # Slips of calculating.
        "chain": message("An inner factor was forgotten."),
        "sign": message("The sign is the wrong way round."),
        "half": message("A factor of 2 was forgotten or is one too many."),
        "power": message("The exponent was not taken down, or not lowered."),
        "unit": message("The number is in another unit."),
        "decimal-point": message("The digits are right, the decimal point is not."),
        "forgot-eta": message("The step was not multiplied by the learning rate."),
        "divide-by-2h": message("A central difference was divided by h."),
        "order-of-error": message("The error shrinks with another power of h."),
        # Slips of floating-point numbers and of code.
        "absolute-rounding": message("Rounding is the same for numbers of every size."),
        "h-becomes-zero": message("A tiny h is stored as 0."),
        "overflow": message("The numbers are too large for the computer."),
        "ten-e": message("10e-4 is another way to write 1e-4."),
        "lost-minus": message("A minus sign of an exponent was lost."),
        "literal-with-spaces": message("A number may be written with spaces in it."),
        "precedence": message("Multiplication and division bind in another order."),
        "no-check": message("A computed number needs no check against a known one."),
        "mutable-default": message("Default values are to blame."),
        "function-remembers": message("A function keeps its local names between calls."),
    }
)
"""What each id means."""
