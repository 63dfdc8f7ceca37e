"""A program in plain mode: typed line by line, run at the dot, explained in words."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from tests.engine.test_code_steps import LESSON
from tests.plain.learner import Typing, play, player_of
from tutor.plain.console import Console
from tutor.plain.lesson import PlainLesson
from tutor.player.player import Player
from tutor.player.programs import Programs
from tutor.sandbox.protection import plain_protection
from tutor.store.opening import open_in_memory


@pytest.fixture
def player() -> Iterator[Player]:
    store = open_in_memory()
    yield player_of(LESSON, store)
    store.close()


def test_a_program_keeps_its_indentation_and_is_run_at_the_dot(player: Player):
    said = play(player, ["def step(x, rate):", "    print('hi')", "    return x / 2", ".", "map"])
    assert "done" == player.run.state.outcome
    assert "It printed:\n    hi\n" in said
    assert "Well done." in said


def test_what_is_wrong_is_told(player: Player):
    said = play(player, ["def step(x, rate)", ".", "map"])
    assert "Line 1: a colon : is missing before the block that begins here." in said
    assert "open" == player.run.state.outcome


def test_the_program_so_far_is_shown_and_can_be_run_again(player: Player):
    play(player, ["def step(x, rate):", "    return x / 2", ".", "map"])
    said = play(player, ["run", "map"])
    assert " 2      return x / 2\n" in said


@pytest.mark.parametrize(("answer", "tries"), [("yes", 1), ("no", 0), ("", 0)])
def test_without_bubblewrap_the_learner_is_asked(player: Player, answer: str, tries: int):
    programs = Programs(find_protection=plain_protection)
    out = io.StringIO()
    console = Console(out, Typing(["run", answer, "map"]), fixed_width=80)  # type: ignore[arg-type]
    PlainLesson(player, console, programs).play()
    assert "May your programs run on this computer?" in out.getvalue()
    assert tries == player.run.state.tries
