"""How far apart colours are, for every eye."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tutor.charts.picture import RGB

Lab = tuple[float, float, float]
EYES: Mapping[str, Sequence[Sequence[float]]] = MappingProxyType(
    {
        "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
        "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                   (-0.011820, 0.042940, 0.968881)),
        "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
    }
)  # fmt: skip
"""What eyes make of linear sRGB at full severity.

Source: G. Machado, M. Oliveira, L. Fernandes, "A Physiologically-based Model for Simulation of
Color Vision Deficiency" (2009).
"""
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
           (0.0193339, 0.1191920, 0.9503041))  # fmt: skip
_WHITE = (0.95047, 1.0, 1.08883)


def _linear(color: RGB) -> list[float]:
    return [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in color)
    ]


def _times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix]


def luminance(color: RGB) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    return _times(_TO_XYZ[1:2], _linear(color))[0]


def contrast(one: RGB, other: RGB) -> float:
    """From 1 (none) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(color: RGB, eye: str = "all") -> Lab:
    """CIELAB (D65) of a colour as an eye sees it."""
    seen = [min(max(v, 0.0), 1.0) for v in _times(EYES[eye], _linear(color))]
    shares = [v / white for v, white in zip(_times(_TO_XYZ, seen), _WHITE, strict=True)]
    x, y, z = (v ** (1 / 3) if v > (6 / 29) ** 3 else v * 841 / 108 + 4 / 29 for v in shares)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: Lab, other: Lab) -> float:
    """CIEDE2000 (CIE 142-2001); 15 is far beyond what is just seen side by side."""
    (light, a, b), (light2, a2, b2) = one, other
    strength = (math.hypot(a, b) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(strength**7 / (strength**7 + 25**7))
    chroma, chroma2 = math.hypot(a * stretch, b), math.hypot(a2 * stretch, b2)
    hue, hue2 = (math.degrees(math.atan2(y, x * stretch)) % 360 for x, y in ((a, b), (a2, b2)))
    turn = (hue2 - hue + 180) % 360 - 180 if chroma * chroma2 else 0.0
    middle = hue + turn / 2 if chroma * chroma2 else hue + hue2
    mean_light, mean_chroma = (light + light2) / 2, (chroma + chroma2) / 2
    off = (mean_light - 50) ** 2
    in_light = (light2 - light) / (1 + 0.015 * off / math.sqrt(20 + off))
    in_chroma = (chroma2 - chroma) / (1 + 0.045 * mean_chroma)
    weight = 1 + 0.015 * mean_chroma * _hue_weight(middle)
    in_hue = 2 * math.sqrt(chroma * chroma2) * math.sin(math.radians(turn / 2)) / weight
    blue = 60 * math.exp(-((((middle % 360) - 275) / 25) ** 2))
    bend = -2 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)) * math.sin(math.radians(blue))
    return math.sqrt(in_light**2 + in_chroma**2 + in_hue**2 + bend * in_chroma * in_hue)


def _hue_weight(middle: float) -> float:
    def part(times: int, shift: float) -> float:
        return math.cos(math.radians(times * middle + shift))

    return 1 - 0.17 * part(1, -30) + 0.24 * part(2, 0) + 0.32 * part(3, 6) - 0.20 * part(4, -63)


def nearest(one: RGB, other: RGB) -> tuple[float, str]:
    """The smallest distance that any eye sees between two colours, and which eye."""
    return min((distance(lab(one, eye), lab(other, eye)), eye) for eye in EYES)
