"""`nabla help`: what is looked up is there, true, in both languages, and fits the terminal."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shlex import quote

import pytest
from rich.cells import cell_len

from tests.command_line import run, run_program
from tests.terminal import Terminal
from tutor.cli import main
from tutor.cli.arguments import command_names
from tutor.cli.help import TOPICS, Topic, help_text
from tutor.cli.help_layout import Columns, Heading, Lines, Rows, laid_out
from tutor.errors import UsageError
from tutor.i18n import LANGUAGES, Session, begin_session, message, render
from tutor.tui import commands, key_groups
from tutor.tui.commands import Command

Nabla = Callable[..., Terminal]
WIDTHS = (40, 60, 80, 100)
EACH_TOPIC = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name.template)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave no other language to the test that comes next."""
    yield
    begin_session(Session())


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    begin_session(Session(request.param))
    return str(request.param)


def squeezed(text: str) -> str:
    return " ".join(text.split())


# --- topics


@EACH_TOPIC
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_of_a_topic_is_wider_than_its_terminal(topic: Topic, width, language, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    if width < 80:  # what argparse lays out is wider than so narrow a terminal
        blocks = [each for each in topic.blocks() if not isinstance(each, Lines)]
        lines = laid_out([topic.summary, *blocks], width).splitlines()
    else:
        lines = help_text(topic.name.template).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert squeezed(render(topic.summary)).replace(" ", "") in "".join("".join(lines).split())


def test_wide_terminals_are_not_filled(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    for topic in TOPICS:
        assert max(map(cell_len, help_text(topic.name.template).splitlines())) <= 100


def test_the_list_names_every_topic_and_command_and_fits_a_screen(language, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = help_text(None)
    assert text.count("\n") < 24
    for topic in TOPICS:
        line = next(line for line in text.splitlines() if topic.name.template in line.split())
        assert {render(topic.name), render(topic.summary)} <= {
            line.partition(",")[0].strip(), squeezed(line).partition(" ")[0],
            line[line.index(render(topic.summary)) :],
        }  # fmt: skip
    assert set(command_names()) <= set(re.findall("[a-z]+", text))


@EACH_TOPIC
def test_a_topic_is_found_by_its_name_in_either_language_whatever_the_session_speaks(topic):
    english = help_text(topic.name.template)
    begin_session(Session("zh"))
    chinese_name, chinese = render(topic.name), help_text(topic.name.template)
    assert chinese == help_text(chinese_name)
    assert chinese != english
    begin_session(Session("en"))
    assert english == help_text(chinese_name) == help_text(topic.name.template.upper())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("key", "did you mean keys?"), ("Limit", "did you mean limits?"), ("prview", "preview?"),
     ("xyzzy", "use one of: keys, lessons, lab, ")],
)  # fmt: skip
def test_an_unknown_topic_is_answered_with_the_nearest_and_the_list(typed, expected):
    with pytest.raises(UsageError) as caught:
        help_text(typed)
    words = render(caught.value.text)
    assert f"there is no topic {typed}" in words
    assert expected in words
    assert all(topic.name.template in words for topic in TOPICS)


def test_an_unknown_topic_is_one_line_on_stderr_and_status_2():
    done = run_program("help", "xyzzy")
    assert ("", 1, 2) == (done.stdout, done.stderr.count("\n"), done.returncode)


def test_an_empty_topic_is_none():
    assert help_text(None) == help_text("") == help_text(" ")


# --- keys: from the commands, and from nothing else


def test_the_keys_are_those_of_every_command(language, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    text = squeezed(help_text("keys"))
    every = [each for each in vars(commands).values() if isinstance(each, Command)]
    assert len(every) > 60
    missing = [
        each.action for each in every
        if squeezed(f"{each.key_names} {render(each.help)}") not in text
    ]  # fmt: skip
    assert [] == missing


def test_every_group_of_keys_is_shown_with_all_its_rows(language, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    groups = [each for each in vars(key_groups).values() if isinstance(each, key_groups.KeyGroup)]
    assert set(map(id, groups)) == set(map(id, key_groups.EVERY_GROUP))
    text = help_text("keys")
    for group in groups:
        assert laid_out([Heading(group.title), Rows(group.rows)], 100) in text


# --- commands: from their parsers


@pytest.mark.parametrize("name", command_names())
def test_help_of_a_command_is_what_the_command_says_itself(name):
    assert run(name, "--help").stdout in run("help", name).stdout


def test_the_topic_commands_has_each_command_with_every_option():
    text = run("help", "commands").stdout
    for name in command_names():
        own = run(name, "--help").stdout
        options = set(re.findall(r"^  (?:-h, )?(--[a-z-]+|[A-Z#\[\]]{3,})", own, re.MULTILINE))
        assert [] == [option for option in (f"nabla {name}", *options) if option not in text]


def test_a_topic_with_the_name_of_a_command_has_the_command_too():
    text = run("help", "review").stdout
    assert "Leitner" in text
    assert text.endswith(run("review", "--help").stdout)


# --- how it is laid out


def test_rows_hang_and_a_long_term_stands_above_its_words():
    rows = Rows([("x", "words that are too long for one line"), ("a term that is long", "words")])
    expected = (
        "  x  words that are too long for\n     one line\n  a term that is long\n     words\n"
    )
    assert expected == laid_out([rows], 32)


def test_columns_are_measured_in_cells():
    table = Columns([("", "宽", "b"), ("中文字", "一二三四五六七八九十", "right")])
    first, second, third = laid_out([table], 60).splitlines()
    places = [cell_len(first[: first.index("宽")]), cell_len(second[: second.index("一")])]
    assert [22, 22] == places
    assert [cell_len(first[: first.index("b")])] == [cell_len(second[: second.index("right")])]
    assert third == " " * 22 + "十"


def test_a_table_without_room_for_its_columns_is_a_list():
    table = Columns([("", "inside", "outside"), ("reads", "no", "may")])
    assert "  reads\n    inside: no\n    outside: may\n" == laid_out([table], 30)


def test_in_ascii_only_the_letters_are_beyond_it(monkeypatch):
    text = run("--ascii", "help", "lab").stdout
    assert text.isascii()
    assert "eta" in text


def test_a_topic_is_words_of_its_own_not_the_name_of_another():
    for language in LANGUAGES:
        begin_session(Session(language))
        names = [render(topic.name) for topic in TOPICS]
        assert len(set(names)) == len(names)


# --- a screen at a time


MARKING = "sed s/^/paged:/"


def test_what_is_longer_than_the_screen_goes_through_the_pager(nabla: Nabla):
    terminal = nabla("help", "keys", env={"PAGER": MARKING})
    assert 0 == terminal.wait_for_exit()
    assert "paged:" in terminal.text


@pytest.mark.parametrize(
    ("topic", "env"),
    [
        ("languages", {"PAGER": MARKING}),
        ("keys", {"PAGER": "cat"}),
        ("keys", {"PAGER": ""}),
        ("keys", {"PAGER": MARKING, "TERM": "dumb"}),
    ],
    ids=["fits", "cat", "none", "dumb"],
)
def test_nothing_else_is_paged(nabla: Nabla, topic, env):
    terminal = nabla("help", topic, env=env)
    assert 0 == terminal.wait_for_exit()
    assert "paged:" not in terminal.text
    assert help_text(topic).split()[-1] in terminal.text


def test_nothing_is_paged_in_a_pipe():
    assert "paged:" not in run_program("help", "keys", PAGER=MARKING).stdout


def test_plain_is_not_paged(nabla: Nabla):
    terminal = nabla("help", "keys", "--plain", env={"PAGER": MARKING})
    assert 0 == terminal.wait_for_exit()
    assert "paged:" not in terminal.text


def test_a_pager_that_is_not_there_costs_nothing_but_its_own_complaint(nabla: Nabla):
    terminal = nabla("help", "keys", env={"PAGER": "/nowhere/pager"})
    assert 0 == terminal.wait_for_exit()
    assert "glossary" in terminal.text


def test_a_pager_that_reads_nothing_is_no_error(nabla: Nabla):
    terminal = nabla("help", "commands", env={"PAGER": "true"})
    assert 0 == terminal.wait_for_exit()
    assert "Traceback" not in terminal.text


@pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")
def test_less_shows_chinese_pages_and_is_left_cleanly(nabla: Nabla):
    terminal = nabla("--lang", "zh", "help", "keys", env={"LANG": "C", "PAGER": "less"})
    terminal.wait_for("目录中")
    terminal.press("space")
    terminal.wait_for("在实验室里")
    terminal.press("q")
    assert 0 == terminal.wait_for_exit()
    assert "Traceback" not in terminal.text


PATIENT_PAGER = """
import os, signal, sys
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupted"))
print(len(sys.stdin.read()) > 1000 and "has all", flush=True)
with open("/dev/tty") as keys:
    keys.readline()
print("left", flush=True)
"""


def test_ctrl_c_is_the_pagers(nabla: Nabla, tmp_path: Path):
    """In `less` it ends a search, say; we stay until the pager goes, and say nothing."""
    script = tmp_path / "pager.py"
    script.write_text(PATIENT_PAGER, encoding="utf-8")
    terminal = nabla("help", "keys", env={"PAGER": f"{quote(sys.executable)} {quote(str(script))}"})
    terminal.wait_for("has all")
    terminal.press("ctrl+c")
    terminal.wait_for("interrupted")
    terminal.type("\n")
    terminal.wait_for("left")
    assert 0 == terminal.wait_for_exit()
    assert "Traceback" not in terminal.text


def test_the_language_of_the_session_is_that_of_the_help(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert 0 == main(["--lang", "zh", "help", "review"])
    shown = capsys.readouterr().out
    begin_session(Session("zh"))
    assert render(message("j, Ctrl+L")) in shown
    assert "莱特纳" in shown


def test_where_files_are_is_said_with_their_folder(nabla_home: Path):
    assert str(nabla_home) in "".join(help_text("files", 300).split())
