"""What comes from outside is shown as what it is, and nothing else in the package prints."""

from __future__ import annotations

import ast
import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_text import HOSTILE, obeyed
from tutor.i18n import message, render
from tutor.visible import visible, visible_json, visible_line

PACKAGE = Path(__file__).parents[1] / "tutor"
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
TAGS = range(0xE0000, 0xE1000)


def test_every_control_and_format_sign_is_spelt_out_and_no_other_sign_is_touched():
    """Letters that show nothing and what is no character go with them."""
    blank = set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
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


def test_nothing_prints_but_what_makes_it_visible():
    """`print` and `sys.stdout.write` stand in one module, and in programs that are shown."""
    found = {
        (file.relative_to(PACKAGE).as_posix(), node.lineno)
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and _prints(node.func)
    }
    assert {"visible.py"} == {name for name, _ in found}, found


def _prints(function: ast.expr) -> bool:
    return ast.unparse(function) in {"print", "sys.stdout.write", "sys.stderr.write"}
