"""Texts fit their cells, in ASCII where nothing else can be shown."""

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from tutor.charts.ascii_art import stroke_to_ascii, to_ascii
from tutor.charts.words import shorten, words
from tutor.i18n import message


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
