"""The editor for programs: indentation, keys left to the screen, colours."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.apps import FiveLineApp, until
from tutor.tui.widgets.code_editor import CodeEditor, colour_spans


async def typed(source: str, *keys: str) -> str:
    """Return the program after these keys, pressed at its end."""
    app = FiveLineApp(lambda: [CodeEditor(source)])
    async with app.run_test(size=(60, 20)) as pilot:
        editor = await focused(pilot)
        editor.move_cursor(editor.document.end)
        await pilot.press(*keys)
        return editor.text


async def focused(pilot: Pilot[None]) -> CodeEditor:
    editor = pilot.app.query_one(CodeEditor)
    editor.focus()
    await until(pilot, lambda: editor.has_focus)
    return editor


@pytest.mark.parametrize(
    ("source", "keys", "expected"),
    [
        ("def f(x):", ["enter", "a"], "def f(x):\n    a"),
        ("    x = 1", ["enter", "a"], "    x = 1\n    a"),
        ("x = 1", ["enter", "a"], "x = 1\na"),
        ("", ["tab", "a"], "    a"),
        ("        ", ["backspace", "a"], "    a"),
        ("   ", ["backspace", "a"], "  a"),
        ("ab", ["backspace"], "a"),
        ("ab", ["backspace", "ctrl+z"], "ab"),
    ],
)
async def test_indentation_follows_the_block(source, keys, expected):
    assert expected == await typed(source, *keys)


async def test_escape_and_the_screens_keys_change_nothing():
    assert "x" == await typed("x", "escape", "f6", "f7", "f5", "ctrl+r", "ctrl+n")


async def test_another_program_can_be_undone():
    app = FiveLineApp(lambda: [CodeEditor("mine")])
    async with app.run_test(size=(60, 20)) as pilot:
        editor = await focused(pilot)
        editor.write_anew("theirs")
        assert "theirs" == editor.text
        await pilot.press("ctrl+z")
        assert "mine" == editor.text


async def test_the_line_at_fault_is_shown_on_another_ground():
    app = FiveLineApp(lambda: [CodeEditor("x = 1\ny = 2")])
    async with app.run_test(size=(60, 20)) as pilot:
        editor = await focused(pilot)
        before = editor.get_line(1).spans
        editor.fault_line = 2
        await pilot.pause()
        assert len(before) < len(editor.get_line(1).spans)
        assert 1 == editor.cursor_location[0]


def parts(source: str) -> list[list[tuple[str, str]]]:
    lines = source.split("\n")
    spans = colour_spans(source)
    return [
        [(line[start:end], part) for start, end, part in here]
        for line, here in zip(lines, spans, strict=True)
    ]


def test_the_parts_of_a_program_are_told_apart():
    assert [
        [("def", "keyword"), ("step", "name"), ("# hi", "comment")],
        [("return", "keyword"), ("len", "builtin"), ("1e-4", "number"), ("'a#b'", "text")],
    ] == parts("def step(x):  # hi\n    return len(x) + 1e-4 + 'a#b'")


def test_a_text_over_several_lines_is_one_even_while_it_is_open():
    assert [[("'''one", "text")], [("", "text")], [("  two", "text")]] == parts("'''one\n\n  two")


def test_a_quote_that_is_not_closed_ends_with_its_line():
    assert [[("'abc", "text")], [("if", "keyword")]] == parts("'abc\nif")


@pytest.mark.parametrize("source", ["", "\n\n", "def", "'''", '"\\', "é = '漢字'", "x" * 5000])
def test_every_line_has_its_spans_whatever_is_typed(source):
    assert len(source.split("\n")) == len(colour_spans(source))
