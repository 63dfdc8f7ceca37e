"""Signs beyond ASCII give way to signs of the same width."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from tutor.charts.ascii_art import cells_to_ascii, shorten, stroke_to_ascii, to_ascii, words
from tutor.i18n import message


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


@given(st.text(), st.integers(0, 30))
def test_a_shortened_text_fits(text, width):
    assert cell_len(shorten(text, width, ascii_only=False)) <= width


def test_what_is_cut_off_leaves_an_ellipsis():
    assert "学习…" == shorten("学习率的影响", 6, ascii_only=False)
    assert "lea..." == shorten("learning", 6, ascii_only=True)


def test_a_text_is_one_line():
    assert "f of x" == words(message("f\nof\t{name}", name="x"), ascii_only=False)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("−∇f", "-grad f"),
        ("x₀²/20", "x0^2/20"),
        ("η = 0.1", "eta = 0.1"),
        ("é", "e"),
        ("★", "*"),
        ("学习率。", "学习率。"),
    ],
)  # fmt: skip
def test_mathematics_is_spelt_in_ascii(text, plain):
    assert plain == to_ascii(text)


def test_letters_without_a_spelling_stay():
    """A question mark for every character would tell a Chinese learner nothing."""
    assert "学习" == to_ascii("学习")


@pytest.mark.parametrize(
    ("dots", "character"),
    [
        ("⠉", "'"),
        ("⣀", "_"),
        ("⠤", "."),
        ("⠒", "-"),
        ("⡇", "|"),
        ("⢸", "|"),
        ("⢣", "\\"),
        ("⡜", "/"),
    ],
)
def test_strokes_keep_their_slope_in_ascii(dots, character):
    assert character == stroke_to_ascii(ord(dots) - 0x2800)


def test_every_stroke_is_ascii():
    assert all(stroke_to_ascii(code).isascii() for code in range(1, 256))
