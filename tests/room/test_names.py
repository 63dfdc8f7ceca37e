"""Names that were chosen to do harm are shown harmlessly."""

from __future__ import annotations

from hypothesis import given, strategies as st
from rich.cells import cell_len

from tutor.room.learner import shown
from tutor.visible import visible_line


@given(st.text())
def test_a_shown_name_is_one_line_of_signs_that_can_be_seen(name):
    found = shown(name)
    assert found
    assert visible_line(found) == found
    assert not set("\n\r\t\x1b\u202e\u2066\u200b\u200d") & set(found)
    assert cell_len(found) <= 2 * 32


def test_bidi_marks_are_shown_and_line_ends_become_blanks():
    assert r"an\u202ea bo" == shown("an\u202ea\nbo")


def test_a_letter_carries_two_accents_at_most():
    assert 3 == len(shown("a" + "\u0301" * 50))


def test_nothing_is_shown_as_a_question_mark():
    assert "?" == shown(" \n")
