r"""Prose: every formula can be shown, and nothing of LaTeX or Markdown reaches the learner."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from typing import Final

from tutor.authoring.rules.facts import programs_of
from tutor.i18n import Message, message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.formulas import display_formula, formula_faults, inline_formula
from tutor.lesson.model import Step
from tutor.lesson.prose import Unshown, formulas_of, parse_prose, unshown
from tutor.lesson.texts import texts_of
from tutor.lesson.wrapping import CodeBlock, FormulaBlock, Span

_RAW: Final = re.compile(r"\\[A-Za-z]+|[{}\\ł]|[\^_]\{")

_UNSHOWN: Final[dict[Unshown, tuple[Message, Message]]] = {
    "table": (message("a table cannot be shown"),
              message("write a list, or the table as it stands between two lines ```")),
    "link": (message("a link cannot be followed"), message("write what it says, without a link")),
    "image": (message("a picture cannot be shown"), message("say it in words, or add a chart")),
    "quotation": (message("a quotation (>) cannot be shown"),
                  message("write it as a paragraph, in quotation marks")),
    "rule": (message("a line across the page (---) cannot be shown"),
             message("leave it out, or begin a new step")),
    "strike": (message("words struck out (~~) cannot be shown"), message("leave them out")),
    "footnote": (message("a footnote cannot be shown"), message("write it in the text")),
    "task": (message("a list with boxes cannot be shown"), message("write a list with -")),
    "html": (message("a tag of HTML would reach the learner"),
             message("write **strong**, *emphasised* or `code`")),
}  # fmt: skip


def check_prose(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield formulas that cannot be shown, and what is left of markup in the words."""
    for text in texts_of(step, path):
        yield from check_words(text.text, text.path)


def check_programs(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield Python, in prose and in programs to be read, that is none."""
    for text in texts_of(step, path):
        for block in parse_prose(text.text):
            if isinstance(block, CodeBlock) and block.language in ("python", "py"):
                yield from _unread(textwrap.dedent("\n".join(block.lines)), text.path)
    for key, program in programs_of(step):
        yield from _unread(textwrap.dedent(program), f"{path}.{key}")


def _unread(program: str, path: str) -> Iterator[Inconsistency]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        why = getattr(error, "msg", "") or str(error)
        what = message("line {line} of the program is not Python ({why})", line=line, why=why)
        yield path, what, message("mend it; `...` stands for what is left out")


def check_words(markup: str, path: str) -> Iterator[Inconsistency]:
    """Yield what of a text cannot be shown as it was meant."""
    yield from _formula_problems(markup, path)
    yield from _left_over(markup, path)
    for kind in unshown(markup):
        yield path, *_UNSHOWN[kind]


def _formula_problems(markup: str, path: str) -> Iterator[Inconsistency]:
    """Yield the formulas of a text that cannot be shown as they were meant."""
    for formula in formulas_of(markup):
        faults = formula_faults(formula)
        for fault in faults:
            what = message("in ${formula}$: {fault}", formula=formula, fault=fault)
            yield path, what, message("use a Unicode symbol, words, or simpler LaTeX")
        rendered = "\n".join((inline_formula(formula), *display_formula(formula)))
        raw = _RAW.search(rendered)
        if raw and not faults:
            what = message("${formula}$ would show {raw}", formula=formula, raw=raw[0])
            yield path, what, message("use a Unicode symbol, words, or simpler LaTeX")


def _left_over(markup: str, path: str) -> Iterator[Inconsistency]:
    for span in _spans(markup):
        if span.style in ("code", "formula"):
            continue
        raw = _RAW.search(span.text)
        if raw:
            what = message("{raw} would reach the learner", raw=raw[0])
            yield path, what, message("put formulas between $ and $")
        elif "$" in span.text and "\\$" not in markup:
            yield path, message("a $ stands alone"), message("close the formula, or write \\$")
        elif "**" in span.text:
            what = message("** would reach the learner")
            yield path, what, message("write **words**, without spaces inside the stars")


def _spans(markup: str) -> Iterator[Span]:
    for block in parse_prose(markup):
        if not isinstance(block, CodeBlock | FormulaBlock):
            yield from block.spans
