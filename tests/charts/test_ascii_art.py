"""Signs beyond ASCII give way to signs of the same width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tutor.charts.ascii_art import cells_to_ascii


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("━━●──", "==*--"), ("✓ Right ✗ Not yet", "+ Right x Not yet"), ("◉ ○ ◌ ◐ ●", "@ o . % *"),
        ("┌─┐│└┘", "+-+|++"), ("█▌▁", "#|_"), ("→ ← ↑ ↓", "> < ^ v"), ("⎛ 1 ⎞", "( 1 )"),
        ("⠉⠒⣀", "'-_"), ("x₀ − 1…", "x0 - 1."), ("plain", "plain"),
    ],
)  # fmt: skip
def test_frames_tracks_marks_and_arrows_become_ascii(text: str, plain: str):
    assert plain == cells_to_ascii(text)


@pytest.mark.parametrize("text", ["η ∂ λ", "学习率，太小。", "é"])
def test_letters_and_the_signs_of_chinese_prose_stay(text: str):
    assert text.replace("∂", "d") == cells_to_ascii(text)


def test_every_sign_keeps_its_width():
    """All of the planes that terminals draw: frames, blocks, marks, mathematics, braille."""
    signs = [chr(code) for code in (*range(0xA1, 0x2000), *range(0x2000, 0x2C00), 0x2630, 0x4DC0)]
    wrong = [s for s in signs if s.isprintable() and cell_len(s) != cell_len(cells_to_ascii(s))]
    assert [] == wrong


def test_marks_that_are_told_apart_stay_apart():
    marks = "○◐●◉◌✓✗◇▸"
    assert len(marks) == len(set(cells_to_ascii(marks)))
