"""Keys that are read plainly are those that Textual reads."""

from __future__ import annotations

import string

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from tutor.tui.keys import PlainKeys

SEQUENCES = [
    *string.printable.replace("\n", "").replace("\x0b", "").replace("\x0c", ""),
    *"éßλ学", "\x01", "\x03", "\x7f", "\x08",
    *(f"\x1b[{last}" for last in "ABCDHFZ"), *(f"\x1bO{last}" for last in "PQRS"),
    *(f"\x1b[{code}~" for code in (2, 3, 5, 6, 15, 17, 18, 19, 20, 21, 23, 24)),
    *(f"\x1b[1;{modifier}{last}" for modifier in "256" for last in "ABCDHF"),
]  # fmt: skip


def keys(parser: PlainKeys | XTermParser, sent: str) -> list[str]:
    return [each.key for each in parser.feed(sent) if isinstance(each, events.Key)]


@pytest.mark.parametrize("sequence", SEQUENCES, ids=repr)
def test_a_key_has_the_name_that_textual_gives_it(sequence: str):
    assert [*keys(XTermParser(), sequence), "a"] == keys(PlainKeys(), sequence + "a")


def test_a_sign_is_typed():
    assert ["λ"] == [each.character for each in PlainKeys().feed("λ")]


def test_a_lone_escape_is_the_key_after_a_pause():
    parser = PlainKeys()
    assert [] == keys(parser, "\x1b")
    assert ["escape"] == [each.key for each in parser.tick()]
    assert [] == list(parser.tick())


@pytest.mark.parametrize("sent", ["\x1b[?2026;2$y", "\x1b[<0;3;4M", "\x1b[99~", "\x1b[12;40R"])
def test_what_is_no_key_is_nothing(sent: str):
    assert ["x"] == keys(PlainKeys(), sent + "x")


def test_a_sequence_without_end_takes_no_key_away_for_ever():
    parser = PlainKeys()
    list(parser.feed("\x1b[" + "1;" * 40))
    list(parser.tick())
    assert ["q"] == keys(parser, "q")


def test_a_sequence_may_come_in_pieces():
    parser = PlainKeys()
    assert [[], [], ["up"]] == [keys(parser, sign) for sign in "\x1b[A"]
