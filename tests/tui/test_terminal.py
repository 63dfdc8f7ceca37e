"""What a terminal sends is what its learner did: nothing that it says of itself is a key."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual import constants, events
from textual.message import Message

from tutor.tui.terminal import LEAST, MOST, GroundTold, PasteRefused, TerminalReader, clamp

BEL, ST = "\x07", "\x1b\\"
START = "\x1b]11;"
ANSWERS = [
    f"{START}rgb:ffff/fdfd/f0f0{BEL}", f"{START}rgb:ffff/fdfd/f0f0{ST}",
    f"{START}rgb:ff/ff/ff{ST}", f"{START}rgba:ffff/ffff/ffff/8080{BEL}",
]  # fmt: skip
LONG = 50


def heard(*pieces: str | None) -> list[Message]:
    """Return what is made of these pieces; None is a silence."""
    reader = TerminalReader(LONG)
    told: list[Message] = []
    for piece in pieces:
        if piece is None:
            told += reader.rest()
        waiting = piece or ""
        while waiting:
            messages, waiting = reader.take(waiting)
            told += messages
    return told


@pytest.fixture(autouse=True)
def _silence_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.0)


def keys(told: Iterable[Message]) -> list[str]:
    return [each.key for each in told if isinstance(each, events.Key)]


def grounds(told: Iterable[Message]) -> list[bool]:
    return [each.is_light for each in told if isinstance(each, GroundTold)]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_an_answer_in_two_pieces_anywhere_is_no_key_and_loses_none(answer: str):
    for cut in range(len(answer) + 1):
        told = heard("a", answer[:cut], answer[cut:], "\x1b[A")
        assert (["a", "up"], [True]) == (keys(told), grounds(told)), cut


def test_an_answer_that_comes_sign_by_sign_while_keys_are_pressed_before_and_behind():
    for answer in ANSWERS:
        told = heard("h", *answer, "n", "\x1b[1;2B", *answer, "\x1b", None)
        assert ["h", "n", "shift+down", "escape"] == keys(told)
        assert [True, True] == grounds(told)


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_an_answer_that_was_cut_off_is_no_key(answer: str):
    for cut in range(3, len(answer)):
        told = heard(answer[:cut], None, "n", "\x1b[C")
        assert ["n", "right"] == keys(told), cut


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_a_key_behind_an_answer_that_was_cut_off_is_heard_at_once(answer: str):
    for cut in range(len(START), len(answer)):
        if not answer[:cut].endswith("\x1b"):  # Esc and a letter are Alt and the letter
            assert ["n", "right"] == keys(heard(answer[:cut], "n", "\x1b[C")), cut


def test_the_ground_is_light_or_dark_by_how_bright_it_looks():
    for colour, is_light in {
        "ffff/ffff/ffff": True, "0000/0000/0000": False, "1e/1e/1e": False,
        "fdf6/e3e3/ffff": True, "0000/0000/ffff": False, "f/f/f": True,
    }.items():  # fmt: skip
        assert [is_light] == grounds(heard(f"{START}rgb:{colour}{BEL}"))


@pytest.mark.parametrize("answer", ["rgb:gg/00/00", "?", "rgb:", "rgb:/0/", "#ffffff"])
def test_an_answer_that_tells_nothing_is_nothing(answer: str):
    told = heard(f"{START}{answer}{BEL}", None, "q")
    assert [] == grounds(told)
    assert "q" == keys(told)[-1]


# --- the keys and the pastes beside it


def test_a_lone_escape_is_the_key_and_two_are_two():
    assert ["escape"] == keys(heard("\x1b", None))
    assert ["escape", "escape"] == keys(heard("\x1b\x1b", None))
    assert ["escape", "up"] == keys(heard("\x1b", "\x1b[A"))
    assert ["alt+n"] == keys(heard("\x1bn", None))


@pytest.mark.parametrize("key", ["\x1b[2~", "\x1b[20~", "\x1b[1;2B", "\x1b[A", "\x1bOP"])
def test_a_key_that_begins_like_a_paste_is_a_key_however_it_is_cut(key: str):
    whole = keys(heard(key))
    assert 1 == len(whole)
    for cut in range(1, len(key)):
        assert whole == keys(heard(key[:cut], key[cut:]))


def test_a_paste_is_text_and_what_it_holds_is_no_answer():
    text = f"a{ANSWERS[0]}\x1b[A"
    for cut in range(30):
        whole = f"\x1b[200~{text}\x1b[201~q"
        told = heard(whole[:cut], whole[cut:])
        assert [text] == [each.text for each in told if isinstance(each, events.Paste)]
        assert (["q"], []) == (keys(told), grounds(told))


def test_a_paste_without_its_end_is_given_up_and_the_keys_are_heard_again():
    told = heard("\x1b[200~lost", "more", None, "q")
    assert [PasteRefused] == [type(each) for each in told if not isinstance(each, events.Key)]
    assert ["q"] == keys(told)


def test_a_paste_that_is_too_long_is_refused_and_not_kept():
    told = heard("\x1b[200~", *["x" * LONG] * 3, "\x1b[201~", "q")
    assert [PasteRefused] == [type(each) for each in told if not isinstance(each, events.Key)]
    assert ["q"] == keys(told)


def test_what_nobody_can_read_takes_no_key_beside_it_away():
    rubbish = (
        "\x1b[<99999999999999999999;1;1M\x1b[999999999999999999999u\x1b[\x00\x9b\x1b]52;c;\x07"
    )
    assert "q" == keys(heard(rubbish, None, "q"))[-1]


@pytest.mark.parametrize(
    ("size", "painted"),
    [((0, 0), LEAST), ((5, 24), (20, 24)), ((80, 24), (80, 24)), ((400, 120), (400, 120)),
     ((9999, 9999), MOST), ((-1, -1), LEAST)],
)  # fmt: skip
def test_a_window_is_as_large_as_can_be_painted(size, painted):
    assert painted == clamp(*size)
