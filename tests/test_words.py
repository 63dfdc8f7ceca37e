"""Every word of the program waits for its language, and every language has it."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import IO

import pytest
from babel.messages.catalog import Catalog

from tests.catalogue import (
    PACKAGE,
    TRANSLATED,
    missing,
    mo_bytes,
    placeholders,
    po_file,
    read_catalogue,
    updated,
    words_of_the_code,
)
from tutor.lesson.prose import parse_line

SHOWS_WORDS = {
    "Static", "Label", "Button", "notify", "update", "say", "print", "TutorError", "UsageError",
}  # fmt: skip
"""What puts its first argument before a person."""
NO_WORDS = re.compile(r"[^A-Za-z]*|nabla: |.*[$#][a-z-]+.*")
STRONG = re.compile(r"\*\*\w")
ASKED_IN_EVERY_LANGUAGE = {"tui/screens/language.py"}


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_the_words_of_every_message_can_be_read_from_the_code():
    assert [] == words_of_the_code().hidden


def test_every_message_has_a_translation(language: str):
    """`python -m tests.catalogue` puts new messages into the .po file, to be filled in there."""
    assert [] == missing(language)


def test_a_translation_has_the_placeholders_of_its_message(language: str):
    assert [] == [
        (entry.id, words)
        for entry in read_catalogue(language)
        for words in _strings(entry.string)
        if entry.id and words and placeholders(words) != placeholders(_strings(entry.id)[-1])
    ]


def test_strong_words_of_a_message_are_strong_in_every_language(language: str):
    """Between a sign, such as ：, and a letter Markdown closes no **: the stars would be seen."""
    assert [] == [
        words
        for entry in read_catalogue(language)
        for words in _strings(entry.string)
        if STRONG.match(words)
        for span in parse_line(re.sub(r"{\w+}", "η", words))
        if "**" in span.text
    ]


def test_no_translation_is_a_guess(language: str):
    assert [] == [entry.id for entry in read_catalogue(language) if entry.id and entry.fuzzy]


def test_the_catalogue_on_disk_is_that_of_the_code(language: str):
    """`python -m tests.catalogue` brings it up to date.

    Compared as the program reads it: the bytes are Babel's, and each of its releases may write
    others.
    """
    assert said(updated(language)) == said(read_catalogue(language))
    fresh = io.BytesIO(mo_bytes(read_catalogue(language)))
    with po_file(language).with_suffix(".mo").open("rb") as kept:
        assert words_in(fresh) == words_in(kept)


def test_nothing_bare_is_put_before_a_person():
    """English that is not in a message would stay English for everybody."""
    assert [] == [
        f"{place}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if (place := path.relative_to(PACKAGE).as_posix()) not in ASKED_IN_EVERY_LANGUAGE
        for text in _bare_words(path)
    ]


def words_in(mo_file: IO[bytes]) -> dict[object, str]:
    """Return every message of a compiled catalogue and its translation, without the head."""
    words: dict[object, str] = vars(GNUTranslations(mo_file))["_catalog"]
    return {key: text for key, text in words.items() if key}


def said(catalogue: Catalog) -> dict[str, str]:
    """Return the words, without the places where the code says them."""
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}


def _strings(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, tuple | list) else [str(value)]


def _bare_words(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        shown = node.args[0]
        for part in shown.values if isinstance(shown, ast.JoinedStr) else [shown]:
            text = getattr(part, "value", None)
            if name in SHOWS_WORDS and isinstance(text, str) and not NO_WORDS.fullmatch(text):
                yield f"{name}({text!r})"
