"""A learner in a workshop, with the stock ssh client in a terminal."""

from __future__ import annotations

import re
import signal

from tests.server.workshop import CODE, Serve, Workshop
from tests.terminal import Terminal

MOUSE_AND_SCREEN = {1000, 1003, 1006, 1049, 2004, 1004}


def test_the_announcement_says_all_that_a_learner_needs(workshop: Workshop):
    assert f"ssh -p {workshop.port} yourname@127.0.0.1" in workshop.said
    assert CODE in workshop.said
    assert "SHA256:" in workshop.said


def test_a_learner_comes_in_by_the_code_and_sees_the_map(workshop: Workshop):
    with workshop.enter("ben") as terminal:
        assert "The derivative" in terminal.text


def test_leaving_gives_the_terminal_back_as_it_was(workshop: Workshop):
    with workshop.enter("cleo") as terminal:
        assert terminal.modes >= {1000, 1003, 1006, 1049, 2004}
        terminal.press("q")
        assert 0 == terminal.wait_for_exit()
        assert set() == terminal.modes & MOUSE_AND_SCREEN
        assert "Your progress is saved" in terminal.text
        assert terminal.cursor is not None


def test_a_new_size_of_the_window_is_painted(workshop: Workshop):
    with workshop.enter("dora", columns=80, rows=24) as terminal:
        terminal.resize(120, 40)
        terminal.wait_for(lambda shown: max(map(len, shown.lines)) > 100)


def test_the_learners_locale_chooses_chinese(workshop: Workshop):
    with workshop.enter("lan", env={"LANG": "zh_CN.UTF-8"}) as terminal:
        assert "偏导数" in terminal.text


def test_a_lone_escape_is_a_key(workshop: Workshop):
    with workshop.enter("emil") as terminal:
        terminal.press("f1")
        terminal.wait_for("Everywhere")
        terminal.press("escape")
        terminal.wait_until_gone("Everywhere")


def test_the_mouse_opens_a_lesson(workshop: Workshop):
    with workshop.enter("fay") as terminal:
        terminal.click_on("Gradient descent")
        terminal.wait_until_gone("not started")


def test_colours_are_those_of_the_learners_terminal(workshop: Workshop):
    many = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
    few = {"COLORTERM": "", "TERM": "xterm"}
    with workshop.enter("gus", env=many) as full, workshop.enter("hal", env=few) as plain:
        assert is_full(colours(full))
        assert not is_full(colours(plain))


def colours(terminal: Terminal) -> set[str]:
    return {
        terminal.cell(column, row).foreground
        for row in range(24)
        for column in range(80)
    }  # fmt: skip


def is_full(found: set[str]) -> bool:
    """Whether there are colours of 24 bits: the emulator writes the others by name."""
    return any(len(each) == 6 and each.isalnum() and not each.isalpha() for each in found)


def test_nothing_is_on_the_servers_stderr_but_its_log(serve: Serve):
    workshop = serve()
    with workshop.enter() as terminal:
        terminal.press("q")
        terminal.wait_for_exit()
    assert 0 == workshop.stop()
    assert [] == workshop.noise


def test_a_learner_who_is_cut_off_comes_back_to_the_same_step_and_parameters(workshop: Workshop):
    with workshop.enter("ivy") as terminal:
        terminal.press("enter")
        terminal.wait_for("n Next")
        before = slope_of(terminal)
        terminal.press("left")
        terminal.wait_until_gone(before)
        slope = slope_of(terminal)
        terminal.kill()
    with workshop.enter("ivy") as again:
        again.press("enter")
        again.wait_for(slope)


def test_a_learner_who_is_cut_off_comes_back_to_the_step(workshop: Workshop):
    with workshop.enter("jan") as terminal:
        terminal.press("enter")
        terminal.wait_for("n Next")
        terminal.press("s")
        terminal.wait_for("step 2 of")
        terminal.kill()
    with workshop.enter("jan") as again:
        again.press("enter")
        again.wait_for("step 2 of")


def slope_of(terminal: Terminal) -> str:
    """Return what the control says."""
    found = re.search(r"your slope [0-9.]+", terminal.text)
    assert found
    return found[0]


def test_a_stop_is_told_and_gives_the_terminal_back(serve: Serve):
    workshop = serve("--stop-seconds", "0.5")
    with workshop.enter() as terminal:
        workshop.process.send_signal(signal.SIGTERM)
        terminal.wait_for("restarts in a moment")
        assert 0 == terminal.wait_for_exit()
        assert set() == terminal.modes & MOUSE_AND_SCREEN
    assert 0 == workshop.stop()


def test_a_second_signal_stops_at_once(serve: Serve):
    workshop = serve("--stop-seconds", "600")
    with workshop.enter() as terminal:
        workshop.process.send_signal(signal.SIGTERM)
        terminal.wait_for("restarts in a moment")
        workshop.process.send_signal(signal.SIGTERM)
        assert 0 == terminal.wait_for_exit()
    assert 0 == workshop.stop()
