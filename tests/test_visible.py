"""What comes from outside is shown as what it is, and nothing else in the package prints."""

from __future__ import annotations

import ast
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.hostile_text import HOSTILE, obeyed
from tutor.i18n import message, render
from tutor.visible import shows_signs, visible, visible_json, visible_line

PACKAGE = Path(__file__).parents[1] / "tutor"
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
TAGS = range(0xE0000, 0xE1000)


def test_every_control_and_format_sign_is_spelt_out_and_no_other_sign_is_touched():
    """Letters that show nothing and what is no character go with them."""
    chooses = set(map(chr, range(0xFE00, 0xFE10)))
    blank = chooses | set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
    signs = (chr(code) for code in range(sys.maxunicode + 1) if code not in TAGS)
    for sign in signs:
        category = unicodedata.category(sign)
        if category in HIDDEN or sign in blank:
            assert visible_line(sign).isascii(), hex(ord(sign))
        elif category != "Cn":
            assert sign == visible_line(sign), hex(ord(sign))


@pytest.mark.parametrize("words", ["é = e\u0301", "李伟", "👩🏽\ufe0f", "∂f/∂x ≤ 1\u00a0%", "שלום"])
def test_accents_scripts_and_emoji_stay(words):
    assert words == visible_line(words)


@pytest.mark.parametrize("base", "a1 é=א")
def test_a_selector_that_chooses_no_shape_is_seen(base):
    assert rf"{base}\ufe0f" == visible_line(f"{base}\ufe0f")


@pytest.mark.parametrize("words", ["✔\ufe0f", "1\ufe0f\u20e3", "直\ufe00", "∩\ufe00", "©\ufe0e"])
def test_a_selector_that_chooses_a_shape_stays(words):
    assert words == visible_line(words)


def test_lines_and_columns_stay_where_they_are_meant():
    assert ("a\tb\nc", r"a\tb\nc") == (visible("a\tb\nc"), visible_line("a\tb\nc"))


@given(st.text(alphabet=st.characters()))
def test_what_is_visible_stays_as_it_is(text):
    assert visible_line(text) == visible_line(visible_line(text))
    visible_line(text).encode()


def test_json_says_the_same_and_is_harmless():
    told = {"name": HOSTILE}
    text = visible_json(json.dumps(told, ensure_ascii=False))
    assert told == json.loads(text)
    assert set() == obeyed(text.encode())


def test_an_argument_of_a_message_is_made_visible():
    assert r"no file a\x1b]0;b\x07" == render(message("no file {name}", name="a\x1b]0;b\x07"))


CALLS = {
    *("print", "write", "writelines", "write_text", "write_bytes", "write_stderr", "dump"),
    *("copy_to_clipboard", "open_url", "deliver_text", "deliver_binary", "send_auth_banner"),
    *("write_always", "disconnect", "run_async", "Popen", "Console"),
}
"""By which text leaves the program, whatever it is called on."""
DOORS = {
    "visible.py": {"print"},  # the door of all lines on a terminal
    "player/files.py": {"file.write"},  # of what is exported: made visible there
    "server/log.py": {"os.write"},  # of the log: made visible there
    "store/error_log.py": {"file.write"},  # made visible there
    "store/data_folder.py": {"opened.write"},  # JSON: settings made visible there, answers
    "cli/help.py": {"subprocess.Popen", "pipe.write"},  # made visible there
    "authoring/proved.py": {"out.write"},  # hashes alone
    "server/admission/access.py": {"new.write"},  # a code of our own
    "tui/app.py": {"super().copy_to_clipboard"},  # of the clipboard: made visible there
    "tui/screens/lab_menus.py": {"self.app.copy_to_clipboard"},  # that door
    # What Textual paints, each line of it through `TextAlone`, and modes of the terminal.
    "bootstrap.py": {"Console"},  # plain mode's, which prints by that door
    # Asked for its colours alone; signs of our own, to measure them.
    "cli/doctor/terminal.py": {"Console", "os.write"},
    "tui/private/quiet_crash.py": {"Console"},  # into a string
    "server/terminal/driver.py": {
        "Console", "output.write", "wire.output.write_always", "self._wire.output.write_always",
    },
    "server/terminal/served_app.py": {"Console"},  # plain mode's, which prints by that door
    "server/terminal/output.py": {"self._pipe.write", "self.write", "self.write_always"},
    "server/terminal/session.py": {
        "app.run_async",
        "self.output.write_always",  # what `render` gives
        "self._channel.write_stderr",  # a sentence of our own
    },
    "server/admission/authentication.py": {
        "self._connection.send_auth_banner",  # what `render` gives
        "self._connection.disconnect",  # a sentence of our own
        "self._channel.write_stderr",  # a sentence of our own
    },
    # Nothing of these stands in front of a person.
    "cli/doctor/learner.py": {"file.write"},
    "cli/__init__.py": {"os.write"},  # a line end, to see whether there is room
    "authoring/json_schema.py": {"(folder / name).write_text"},  # names of the format
    "server/admission/ssh_options.py": {"opened.write"},
    "server/process/metrics_page.py": {"writer.write"},  # numbers, under names of our own
    "server/process/supervisor.py": {"subprocess.Popen", "process.stdin.write"},
    "store/outbox.py": {"opened.write"},
    "store/spill_file.py": {"file.write", "self._file.write"},
}  # fmt: skip
"""Where text leaves the program. Who adds a row says what makes it visible: `tutor/visible.py`."""
INSIDE = {"grid.write", "self.write", "_Writer(definitions).write", "disk.write",
          "self._memory.write", "self.rows.write"}  # fmt: skip
"""What is written into a chart, a schema or a database."""
WORDS = {"Static", "Label", "OptionList"}
"""Textual's widgets that take words for its markup unless they are told not to."""


@cache
def modules() -> dict[str, list[ast.AST]]:
    """Return each module of the package by its name: what it is made of."""
    return {
        file.relative_to(PACKAGE).as_posix(): list(ast.walk(ast.parse(file.read_text("utf-8"))))
        for file in PACKAGE.rglob("*.py")
    }


def calls(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with what is called, as it is written."""
    for node in nodes:
        if isinstance(node, ast.Call):
            yield _dotted(node.func), node


def _dotted(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ast.unparse(function)


def test_text_leaves_by_the_doors_that_make_it_visible_and_by_no_other():
    """A new way out is shut until it has a row of its own above."""
    found: dict[str, set[str]] = {}
    for name, module in modules().items():
        outward = {what for what, _ in calls(module) if what.rpartition(".")[2] in CALLS} - (
            set() if name == "server/terminal/output.py" else INSIDE
        )
        if outward and not name.startswith("sandbox/"):  # pipes to programs, limits of the system
            found[name] = outward
    assert DOORS == found


@pytest.mark.parametrize(
    "name",
    ["visible.py", "player/files.py", "server/log.py", "store/error_log.py", "store/settings.py",
     "cli/help.py", "tui/app.py", "tui/line_filters.py"],
)  # fmt: skip
def test_each_door_makes_visible(name):
    made = {what for what, _ in calls(modules()[name])}
    assert made & {"visible", "visible_line", "visible_json"}


def test_no_words_are_taken_for_markup():
    """`[@click=app.quit]` in a lesson would be a link that acts, and `[red]` would be gone."""
    own = {
        each.name: each
        for module in modules().values()
        for each in module
        if isinstance(each, ast.ClassDef) and WORDS & {ast.unparse(base) for base in each.bases}
    }
    safe = {name for name, each in own.items() if is_said(each) or draws_itself(each)}
    for name, module in modules().items():
        for what, call in calls(module):
            if what in WORDS | (own.keys() - safe):
                assert says_no_markup(call), (name, call.lineno)
            assert "from_markup" not in what or name == "tui/widgets/lab_bars.py", name


def is_said(widget: ast.ClassDef) -> bool:
    """Whether the class says it for all of its kind."""
    return any(
        what == "super().__init__" and says_no_markup(call)
        for what, call in calls(ast.walk(widget))
    )


def draws_itself(widget: ast.ClassDef) -> bool:
    return any(isinstance(each, ast.FunctionDef) and each.name == "render" for each in widget.body)


def says_no_markup(call: ast.Call) -> bool:
    return any(
        each.arg == "markup" and ast.unparse(each.value) == "False" for each in call.keywords
    )


def test_what_widgets_draw_and_tips_are_content_and_nothing_has_a_link():
    """Words alone would be taken for markup there, too."""
    for name, module in modules().items():
        for node in module:
            if name.startswith("tui/") and isinstance(node, ast.FunctionDef):
                assert node.name != "render" or ast.unparse(node.returns or node) == "Content", name
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "self.tooltip":
                assert "Content(" in ast.unparse(node.value), (name, node.lineno)
            if isinstance(node, ast.keyword):
                assert node.arg != "link", name


@pytest.mark.parametrize(
    ("terminal", "encoding", "shows"),
    [
        ("xterm-256color", "utf-8", True), ("screen", "UTF8", True), (None, "utf_8", True),
        ("xterm", "gbk", False), ("xterm", "iso8859-1", False), ("xterm", None, False),
        ("linux", "utf-8", False), ("linux-16color", "utf-8", False), ("VT100", "utf-8", False),
        ("vt220", "utf-8", False), ("ansi", "utf-8", False),
    ],
)  # fmt: skip
def test_signs_are_spelt_where_terminal_or_encoding_lack_them(terminal, encoding, shows):
    assert shows == shows_signs(terminal, encoding)
