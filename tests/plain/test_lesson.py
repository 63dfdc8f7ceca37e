"""A lesson in lines: what each command says and does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.lessons import LESSON, MARK
from tests.held import EVER, held_store
from tests.plain.learner import play, player_of
from tutor.charts.ascii_art import cells_to_ascii, to_ascii
from tutor.i18n import use_spelling
from tutor.plain.console import LeftError
from tutor.player.player import Player, Receipts
from tutor.store.opening import open_in_memory
from tutor.store.progress_store import ProgressStore

STEPS = [step.id for step in LESSON.steps]


@pytest.fixture
def store() -> Iterator[ProgressStore]:
    store = open_in_memory()
    yield store
    store.close()


@pytest.fixture
def player(store: ProgressStore) -> Player:
    return player_of(LESSON, store)


def at(player: Player, step: str) -> Player:
    from tutor.engine.lesson.events import StepOpened

    player.send(StepOpened(step))
    return player


def said(player: Player, *lines: str, width: int = 80) -> list[str]:
    """Return what was said after each line and before the next, the first step left out."""
    text = play(player, [*lines, "map"], width=width)
    return [part.partition("\n")[2].strip() for part in text.split("\n> ")[1:-1]]


def test_a_step_says_where_what_and_how_to_answer(player: Player):
    text = play(at(player, "count"), ["map"])
    assert "Step 3 of 7.\nHow much?\n\nType a number.\n" in text


def test_enter_goes_on_from_what_is_only_to_be_read(player: Player):
    said(player, "")
    assert "choose" == player.run.step.id


def test_enter_does_not_pass_over_a_question(player: Player):
    assert ["Answer first, or type `skip` to go on without an answer."] == said(
        at(player, "choose"), ""
    )
    assert "choose" == player.run.step.id


def test_skip_goes_on_without_an_answer(player: Player):
    said(at(player, "choose"), "skip")
    assert ("count", "skipped") == (player.run.step.id, player.run.states["choose"].outcome)


@pytest.mark.parametrize("typed", ["跳过", "ｓ", "ＳＫＩＰ", "　skip　"])
def test_a_command_is_understood_in_chinese_and_in_full_width(player: Player, typed: str):
    said(at(player, "choose"), typed)
    assert "skipped" == player.run.states["choose"].outcome


def test_answers_and_help_are_understood_in_full_width(player: Player):
    assert "next, n" in said(at(player, "choose"), "？")[0]
    said(at(player, "count"), "０．８。")
    assert "done" == player.run.states["count"].outcome


def test_back_goes_back_and_says_so_on_the_first_step(player: Player):
    assert "This is the first step." == said(at(player, "choose"), "back", "back")[1]


def test_a_choice_that_is_not_there_is_told_the_range(player: Player):
    expected = "Type a number from 1 to 3; `help` lists the commands."
    assert [expected] * 3 == said(at(player, "choose"), "4", "0", "up")


def test_nothing_selected_is_told_the_range_and_no_key(store: ProgressStore):
    """Brackets alone are no number; there is no Space to mark with in lines."""
    player = player_of(replace(LESSON, steps=(MARK,)), store)
    assert ["Type a number from 1 to 4; `help` lists the commands."] == said(player, "()")


def test_a_number_that_cannot_be_read_is_told_the_mend(player: Player):
    assert ["Write it with a decimal point: 0.8"] == said(at(player, "count"), "0,8")
    assert 0 == player.run.state.tries


def test_nothing_that_is_typed_after_the_answer_is_passed_over(player: Player):
    right, *after = said(at(player, "count"), "0.8", "abc", "7")
    assert right.startswith("Right.")
    assert ["This step is answered: `next` goes on."] * 2 == after


def test_a_value_that_stands_already_is_no_answer_given_twice(player: Player):
    _, again = said(at(player, "tune"), "η = 0.3", "η = 0.3")
    assert "answered" not in again


def test_a_near_miss_gets_its_own_sentence(player: Player):
    assert ["Not yet.\nThe 2 is missing."] == said(at(player, "count"), "0.9")


@pytest.mark.parametrize("typed", ["-2.4, 3.2", "(−2.4, 3.2)", "-2.4 3.2", "−2.4，3.2"])
def test_a_point_is_typed_as_one_likes(player: Player, typed: str):
    said(at(player, "guess"), typed, "3")
    assert (True, "high") == (player.run.state.verdict.correct, player.run.state.confidence)


def test_how_sure_is_asked_until_it_is_said(player: Player):
    answers = said(at(player, "guess"), "1, 1", "certain", "2")
    assert "Type 1, 2 or 3." == answers[1]
    assert "medium" == player.run.state.confidence


def test_a_guess_shows_itself_and_the_truth_and_the_miss(player: Player):
    answer = said(at(player, "guess"), "1, 1", "1")[-1]
    assert answer.startswith("Off by 4.")
    assert "your guess at (1, 1)." in answer
    assert "truth at (−2.4, 3.2)." in answer


def test_a_guess_stands_once_it_is_made(player: Player):
    assert (
        "This guess is made; `next` goes on." == said(at(player, "guess"), "1, 1", "1", "2, 2")[-1]
    )


def test_half_a_point_is_told_what_is_missing(player: Player):
    expected = "Type x₀, x₁, with a comma between two numbers; `help` lists the commands."
    assert [expected] == said(at(player, "guess"), "1")


@pytest.mark.parametrize(
    "typed", ["η = 0.3", "eta 0.3", "learning_rate = 0.3", "set learning_rate 0.3", "η=0.3"]
)
def test_a_parameter_is_set_by_name_label_or_spelling(player: Player, typed: str):
    (answer,) = said(at(player, "tune"), typed)
    assert 0.3 == player.run.state.values["learning_rate"]
    assert "Reached." in answer


def test_a_value_out_of_range_is_refused_with_the_range(player: Player):
    assert ["η goes from 0.0001 to 2"] == said(at(player, "tune"), "η = 5")


def test_an_unnamed_value_is_told_the_names_where_there_are_several(player: Player):
    expected = "Type a name and a value, such as learning_rate = 0.01. Names: learning_rate, steps"
    assert [expected] == said(at(player, "tune"), "0.3", width=100)


def test_undo_and_reset_bring_values_back(player: Player):
    said(at(player, "tune"), "steps = 30", "steps = 40", "undo")
    assert 30 == player.run.state.values["steps"]
    said(player, "reset")
    assert 20 == player.run.state.values["steps"]
    assert "There is nothing to take back." == said(player, "reset")[-1].splitlines()[-1]


def test_a_preset_is_taken_by_number(player: Player):
    said(at(player, "tune"), "preset 1")
    assert 1.0 == player.run.state.values["learning_rate"]
    assert ["Type `preset` and a number from 1 to 1."] == said(player, "preset 2")


def test_hints_come_one_by_one(player: Player):
    expected = ["1. Look.", "2. Look again.", "There is no further hint."]
    assert expected == said(at(player, "choose"), "hint", "h", "hint")


def test_the_solution_comes_after_a_tried_answer(player: Player):
    first, _, after = said(at(player, "count"), "solution", "5", "solution")
    assert "Try an answer first: then the solution opens." == first
    assert "Solution: 0.8." == after


def test_the_chart_is_drawn_in_ascii_on_request(player: Player):
    (drawn,) = said(at(player, "look"), "chart")
    assert drawn.isascii()
    assert drawn.count("\n") > 20


def test_a_step_without_a_chart_says_so(player: Player):
    assert ["This step has no chart.", "This step has no chart."] == said(player, "chart", "look")


def test_help_lists_every_command(player: Player):
    from tutor.plain.lesson import COMMANDS

    (answer,) = said(player, "help")
    assert list(COMMANDS) == [line.partition(",")[0] for line in answer.splitlines()]


def test_what_is_not_known_is_answered(player: Player):
    assert ["“sing” is not known here; `help` lists what is."] == said(player, "sing")


@pytest.mark.parametrize("lines", [["quit"], []])
def test_quit_and_the_end_of_the_input_leave(player: Player, lines: list[str]):
    with pytest.raises(LeftError):
        play(player, lines)


def test_a_turned_parameter_is_kept_at_once(player: Player, store: ProgressStore):
    with pytest.raises(LeftError):
        play(at(player, "tune"), ["steps = 31"])
    kept = store.resume_point("ana", LESSON.id)
    assert kept is not None
    assert 31 == kept.state["steps"]["tune"]["values"]["steps"]


def test_in_ascii_every_sign_is_ascii(player: Player):
    use_spelling(to_ascii)
    try:
        text = play(
            at(player, "guess"), ["1, 1", "1", "", "eta = 0.3", "map"], spell=cells_to_ascii
        )
    finally:
        use_spelling(str)
    assert text.isascii(), [c for c in text if not c.isascii()]


def test_no_verdict_is_said_before_its_answer_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add, said_before, out = Receipts.add, list[str](), io.StringIO()
    monkeypatch.setattr(Receipts, "patience", EVER)
    with held_store(tmp_path / "progress.sqlite3") as (store, works):

        def note(receipts: Receipts, step: str, receipt: Future[None]) -> None:
            add(receipts, step, receipt)
            said_before.append(out.getvalue())
            works.set()

        monkeypatch.setattr(Receipts, "add", note)
        player = at(player_of(LESSON, store), "count")
        works.clear()
        play(player, ["900", "map"], out=out)
        assert "Not yet." not in said_before[0]
        assert "Not yet.\n" in out.getvalue()
        assert 1 == len(store.attempts("ana"))


def test_a_verdict_that_did_not_wait_is_marked_until_all_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Receipts, "patience", 0.001)
    with held_store(tmp_path / "progress.sqlite3") as (store, works):
        player = at(player_of(LESSON, store), "count")

        def lines() -> Iterator[str]:
            works.clear()
            yield "900"
            works.set()
            assert player.receipts.last is not None
            player.receipts.last.result()
            yield "hint"
            yield "map"

        text = play(player, lines())
    assert "Not yet. (not written yet)" in text
    assert "All your answers are written now." in text.partition("(not written yet)")[2]
