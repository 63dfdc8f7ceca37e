"""The test harness itself: what it says is on the screen is there."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal, key_bytes

APP = """
import sys
from textual import events
from textual.app import App
from textual.widgets import Footer, Header, Input, Static

class Small(App):
    AUTO_FOCUS = ""
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Header()
        yield Static("press", id="key")
        yield Static("mouse", id="mouse")
        yield Static("[#ff0000 on #00ff00]R[/] 导数 wide", id="colour")
        yield Input(placeholder="a number")
        yield Footer()
    def on_resize(self, event):
        self.title = f"{event.size.width}x{event.size.height}"
    def on_key(self, event):
        self.query_one("#key").update(f"key {event.key}")
    def on_click(self, event):
        self.query_one("#mouse").update(f"clicked {event.screen_x},{event.screen_y}")
    def on_mouse_scroll_down(self, event):
        self.query_one("#mouse").update(f"wheel {event.screen_x},{event.screen_y}")
    def on_paste(self, event):
        self.query_one("#key").update(f"pasted {event.text}")

print("before the app")
Small().run()
print("after the app")
sys.exit(7)
"""

Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    terminals: list[Terminal] = []

    def run(code: str, **settings: object) -> Terminal:
        command = [sys.executable, "-c", code]
        terminals.append(Terminal(command, home=tmp_path, **settings))  # type: ignore[arg-type]
        return terminals[-1]

    yield run
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def app(start: Start) -> Terminal:
    """A small Textual app, painted."""
    terminal = start(APP, columns=70, rows=20)
    terminal.wait_for("70x20")
    terminal.wait_for("Quit")
    return terminal


def test_printed_text_is_on_the_screen_and_the_exit_status_is_returned(start: Start) -> None:
    terminal = start("print('∇f = 0'); raise SystemExit(3)")
    assert terminal.wait_for_exit() == 3
    assert terminal.lines[0] == "∇f = 0"


def test_what_does_not_come_is_told_with_the_screen(start: Start) -> None:
    terminal = start("print('this came')")
    with pytest.raises(AssertionError, match=r"(?s)'that' did not come before.*this came"):
        terminal.wait_for("that")


def test_the_program_has_a_terminal_of_the_size_asked_for(start: Start) -> None:
    terminal = start("import os; print(*os.get_terminal_size())", columns=77, rows=11)
    terminal.wait_for("77 11")


def test_home_and_progress_are_those_of_the_test(start: Start, tmp_path: Path) -> None:
    code = "import os; print(os.environ['HOME']); print(os.environ['NABLA_HOME'])"
    terminal = start(code, columns=200)
    terminal.wait_for_exit()
    assert [str(tmp_path), str(tmp_path / "nabla")] == terminal.lines[:2]


def test_a_textual_app_is_seen_whole(app: Terminal) -> None:
    assert (True, True, 20) == ("press" in app.text, "Quit" in app.lines[-1], len(app.lines))


@pytest.mark.parametrize(
    "key", ["x", "enter", "shift+left", "ctrl+k", "pagedown", "f5", "home", "ctrl+right", "escape"]
)
def test_keys_arrive_by_their_names(app: Terminal, key: str) -> None:
    app.press(key)
    app.wait_for(f"key {key}")


def test_a_click_arrives_at_its_cell(app: Terminal) -> None:
    app.click(12, 2)
    app.wait_for("clicked 12,2")


def test_a_click_on_a_text_after_wide_characters_arrives_on_it(app: Terminal) -> None:
    column, row = app.find("wide")
    assert (7, row) == (column, row)
    app.click_on("wide")
    app.wait_for(f"clicked {column + 2},{row}")


def test_the_wheel_arrives(app: Terminal) -> None:
    app.wheel(3, 2, down=True)
    app.wait_for("wheel 3,2")


def test_pasted_text_arrives_as_a_paste(app: Terminal) -> None:
    app.paste("0.125")
    app.wait_for("pasted 0.125")


def test_a_new_size_arrives(app: Terminal) -> None:
    app.resize(50, 12)
    app.wait_for("50x12")
    assert 12 == len(app.lines)


def test_colours_are_seen(app: Terminal) -> None:
    column, row = app.find("R 导数")
    cell = app.cell(column, row)
    assert ("R", "ff0000", "00ff00") == (cell.text, cell.foreground, cell.background)


def test_the_cursor_is_where_the_program_left_it(start: Start) -> None:
    terminal = start("input('your answer: ')")
    terminal.wait_for("your answer: ")
    assert (13, 0) == terminal.cursor


def test_a_hidden_cursor_is_told_apart(app: Terminal) -> None:
    assert app.cursor is None


def test_after_the_app_the_screen_from_before_is_back_and_no_mode_is_left_on(
    app: Terminal,
) -> None:
    assert 1000 in app.modes
    app.press("q")
    assert app.wait_for_exit() == 7
    assert ["before the app", "after the app"] == app.lines[:2]
    assert set() == app.modes - {7, 25}


def test_a_closed_window_hangs_the_program_up(start: Start) -> None:
    terminal = start("print('here', flush=True); input()")
    terminal.wait_for("here")
    terminal.hang_up()
    assert -signal.SIGHUP == terminal.wait_for_exit()


def test_a_killed_program_is_gone(app: Terminal) -> None:
    app.kill()
    assert -signal.SIGKILL == app.wait_for_exit()


def test_a_key_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no key 'entr'"):
        key_bytes("entr")


def test_alt_is_an_escape_before_the_key() -> None:
    assert ("\x1bx", "\x1b[1;4A") == (key_bytes("alt+x"), key_bytes("shift+alt+up"))
