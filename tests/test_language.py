"""The language of a run: who says it, in which order, and that it stays the learner's own."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tutor.cli.argparse_words import wrapped
from tutor.cli.language import choose_language
from tutor.i18n import ENGLISH, Message, Session, begin_session, message, plural, session_language
from tutor.store.settings import change_settings, read_settings

Nabla = Callable[..., Terminal]


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--lang", "zh", "list"], {"NABLA_LANG": "en"}, ("zh", True)),
        (["list", "--lang=zh"], {}, ("zh", True)),
        (["list", "--lang"], {"NABLA_LANG": "zh"}, ("zh", True)),
        ([], {"NABLA_LANG": "zh", "LANG": "en_GB.UTF-8"}, ("zh", True)),
        ([], {"NABLA_LANG": "xx", "LANG": "zh_CN.UTF-8"}, ("zh", False)),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, ("en", False)),
        ([], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_GB"}, ("zh", False)),
        ([], {"LANG": "de_DE.UTF-8"}, ("en", False)),
        ([], {}, ("en", False)),
    ],
)
def test_the_nearest_word_on_the_language_counts(arguments, environment, expected):
    assert expected == choose_language(arguments, environment)[:2]


def test_what_the_learner_chose_once_goes_before_the_locale():
    change_settings(language="zh")
    assert ("zh", True) == choose_language([], {"LANG": "en_GB.UTF-8"})[:2]
    assert ("en", True) == choose_language([], {"NABLA_LANG": "en"})[:2]


def test_a_chosen_language_that_nobody_speaks_is_passed_over():
    change_settings(language="xx")
    assert ("en", False) == choose_language([], {})[:2]


async def test_two_sessions_in_one_loop_each_hear_their_own_language():
    """A switch in one reaches all tasks of that session, and none of the other."""
    sessions = {"ana": Session(ENGLISH), "li": Session("zh")}
    heard: dict[str, list[str]] = {"ana": [], "li": []}

    async def learn(name: str) -> None:
        begin_session(sessions[name])
        for _ in range(2):
            heard[name].append(await asyncio.create_task(_say_language()))
            sessions[name].language = "zh"

    await asyncio.gather(learn("ana"), learn("li"))
    assert {"ana": ["en", "zh"], "li": ["zh", "zh"]} == heard
    assert ENGLISH == session_language()


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("损失", "损失大于 1"),
        ("f", "f 大于 1"),
        ("∂f/∂x₀", "∂f/∂x₀ 大于 1"),
        ("|x|", "|x| 大于 1"),
        ("“f”", "“f”大于 1"),
    ],
)
def test_chinese_sets_a_formula_apart_from_its_characters(what, expected):
    """What an argument holds decides whether the sentence needs a space beside it."""
    assert expected == _in_chinese(message("{quantity} above {value}", quantity=what, value=1))


def test_chinese_joins_characters_where_a_number_would_have_stood_apart():
    said = message("{quantity} is {value}", quantity=message("the run"), value="2")
    assert "运行为 2" == _in_chinese(said)
    said = message("{quantity} is {value}", quantity=message("the run"), value=message("at rest"))
    assert "运行为已停住" == _in_chinese(said)


def test_chinese_keeps_the_shape_in_which_a_message_asks_for_a_number():
    said = message("{words} On {part:.0%} of the window f is undefined, and the chart is empty.",
                   words="", part=0.25)  # fmt: skip
    assert "25% 的" in _in_chinese(said)


def _in_chinese(said: Message) -> str:
    def speak() -> str:
        begin_session(Session("zh"))
        return str(said)

    return copy_context().run(speak)


async def _say_language() -> str:
    return session_language()


def test_a_message_inside_a_message_is_rendered_with_it():
    inner = plural("{count} step", "{count} steps", 2)
    assert "done: 2 steps" == str(message("done: {what}", what=inner))


def test_a_plural_without_a_translation_counts_as_english_does():
    assert ["0 cats", "1 cat"] == [str(Message("{count} cat", {"count": n}, "{count} cats"))
                                   for n in (0, 1)]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("打开一个课程，从头", ["打开一个", "课程，从", "头"]),
        ("打开一个课，从头", ["打开一个", "课，从头"]),
        ("  NABLA  x", ["  NABLA", "x"]),
        ("", []),
    ],
)
def test_help_is_wrapped_in_cells(text, lines):
    assert lines == list(wrapped(text, 8))


def test_the_first_start_asks_for_the_language_once(nabla: Nabla):
    with nabla(env={"NABLA_LANG": "", "LANG": "zh_CN.UTF-8"}) as first:
        first.wait_for("2  中文")
        first.press("enter")
        first.wait_for("∇ Nabla")
        first.wait_until_gone("2  中文")
        first.press("q")
        assert 0 == first.wait_for_exit()
    with nabla(env={"NABLA_LANG": "", "LANG": "en_GB.UTF-8"}) as second:
        second.wait_for("∇ Nabla")
        assert not second.shows("2  中文")


def test_a_language_on_the_command_line_is_not_asked_for_and_not_kept(nabla: Nabla, tmp_path: Path):
    with nabla("--lang", "en", env={"NABLA_LANG": ""}) as terminal:
        terminal.wait_for("Start: The derivative")
    assert None is read_settings(tmp_path / "nabla" / "settings.json").settings.language
