"""Reads single values: what the model says a text must be, and what to write where it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tutor.i18n import Message, message
from tutor.lesson.fields import (
    Code,
    DefinedName,
    Definition,
    Formula,
    Identifier,
    LessonId,
    Line,
    Markup,
    Version,
)
from tutor.lesson.problem import mend_by_nearest
from tutor.lesson.yaml_nodes import ScalarNode

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LESSON_ID = re.compile(rf"{IDENTIFIER.pattern}/{IDENTIFIER.pattern}")
VERSION: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")
_DEFINED = re.compile(r"[A-Za-z][A-Za-z0-9]*|[α-ωΑ-Ω]")
_TRUTHS: Final = {"true": True, "yes": True, "false": False, "no": False}


class RefusedError(Exception):
    """A value is not what the model asks for."""

    def __init__(self, what: Message, mend: Message) -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend


def read_number(node: ScalarNode) -> float:
    """Return a finite number such as `-3`, `0.5` or `1e-3`."""
    text = node.text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(text):
        what = message("{text} is not a number", text=quoted(node.text))
        raise RefusedError(what, message("write a number such as 0.5 or 1e-3"))
    number = float(text)
    if abs(number) == float("inf"):
        raise RefusedError(
            message("{text} is larger than any float64", text=text), message("stay below 1e308")
        )
    return number


def read_whole_number(node: ScalarNode) -> int:
    """Return a whole number of at most nine digits."""
    text = node.text.strip().replace("−", "-")
    if not _WHOLE.fullmatch(text):
        what = message("{text} is not a whole number", text=quoted(node.text))
        raise RefusedError(what, message("write digits alone, such as 20"))
    if len(text) > 9:
        raise RefusedError(
            message("{text} is too large", text=quoted(text)), message("stay below 1e9")
        )
    return int(text)


def read_truth(node: ScalarNode) -> bool:
    """Return true or false."""
    truth = _TRUTHS.get(node.text.strip().lower())
    if truth is None:
        what = message("{text} is neither true nor false", text=quoted(node.text))
        raise RefusedError(what, message("write true or false"))
    return truth


def read_text(node: ScalarNode) -> str:
    """Return the text without the line ends after it."""
    text = node.text.rstrip("\n")
    if not text.strip() or (node.is_plain and text == "~"):
        raise RefusedError(message("has no value"), message("write one, or leave the key out"))
    return text


def read_line(node: ScalarNode) -> str:
    """Return one line of text."""
    text = read_text(node).strip()
    if "\n" in text:
        raise RefusedError(message("has several lines"), message("write it on one line"))
    return text


def read_formula(node: ScalarNode) -> str:
    """Return a formula; what it is worth is found out where it is used."""
    return read_line(node)


def read_definition(node: ScalarNode) -> str:
    """Return a formula that gets a name: what it uses is looked up once all names are known."""
    return read_line(node)


def read_code(node: ScalarNode) -> str:
    """Return a program, as it stands."""
    return read_text(node)


def read_defined_name(node: ScalarNode) -> str:
    """Return the name that a lesson gives to a number or a function."""
    text = node.text.strip()
    if not _DEFINED.fullmatch(text):
        what = message("{text} cannot be a name in formulas", text=quoted(text))
        raise RefusedError(what, message("write letters and digits alone, such as f or rate2"))
    return text


def read_identifier(node: ScalarNode) -> str:
    """Return words joined by hyphens."""
    return _read_by(IDENTIFIER, node, message("write lower-case words joined by -: one-step"))


def read_lesson_id(node: ScalarNode) -> str:
    """Return course/lesson."""
    mend = message("write course/lesson in lower case: gradients/learning-rate")
    return _read_by(_LESSON_ID, node, mend)


def read_version(node: ScalarNode) -> str:
    """Return a version of Nabla."""
    text = read_text(node).strip()
    if not VERSION.fullmatch(text):
        what = message("{text} is not a version", text=quoted(text))
        raise RefusedError(what, message("write numbers joined by dots: 0.3"))
    return text


def _read_by(pattern: re.Pattern[str], node: ScalarNode, mend: Message) -> str:
    text = read_text(node).strip()
    if not pattern.fullmatch(text):
        raise RefusedError(message("{text} is not an id", text=quoted(text)), mend)
    return text


def read_word(node: ScalarNode, words: tuple[object, ...]) -> object:
    """Return the one of `words` (texts or numbers) that the author wrote."""
    text = node.text.strip()
    by_text = {str(word): word for word in words}
    if text not in by_text:
        what = message("{text} is not known here", text=quoted(text))
        raise RefusedError(what, mend_by_nearest(text, by_text))
    return by_text[text]


def quoted(text: str) -> str:
    """Return the text as it stands in a problem: short, on one line, in quotes."""
    flat = " ".join(text.split())
    return f"'{flat}'" if len(flat) <= 40 else f"'{flat[:37]}...'"


SCALAR_READERS: Final[dict[object, Callable[[ScalarNode], object]]] = {
    str: read_text,
    Markup: read_text,
    Line: read_line,
    Formula: read_formula,
    Definition: read_definition,
    DefinedName: read_defined_name,
    Code: read_code,
    Identifier: read_identifier,
    LessonId: read_lesson_id,
    Version: read_version,
    float: read_number,
    int: read_whole_number,
    bool: read_truth,
}
