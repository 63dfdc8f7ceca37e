"""Translations: nothing is missing, and each text says the same numbers and formulas.

What is asked of a lesson's own prose (that it fits, that its formulas can be shown, that no hint
gives the answer away) is asked of the translated lesson as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import Final

from tutor.authoring.rules.answers import check_choices, check_lengths
from tutor.authoring.rules.facts import Facts
from tutor.authoring.rules.givens import check_answers_given, check_giveaways
from tutor.authoring.rules.legends import check_legend
from tutor.authoring.rules.number_words import numbers_in
from tutor.authoring.rules.prose import check_prose, check_words
from tutor.authoring.rules.room import check_room
from tutor.authoring.rules.statements import check_statements
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.formulas import inline_formula
from tutor.lesson.model import Lesson
from tutor.lesson.problem import Problem
from tutor.lesson.scalars import quoted
from tutor.lesson.texts import AuthorText, texts_of
from tutor.lesson.translation import Translation, translated

_OPTIONAL: Final = ("sources",)
_FORMULA: Final = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
_CODE: Final = re.compile(r"```.*?```|`([^`]+)`", re.DOTALL)
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_ENGLISH: Final = re.compile(
    r"(?:\b[A-Za-z]+(?:['’-][a-z]+)?[,;:]? +){3,}[A-Za-z]+\b"
    r"|\b(?:[A-Z]?[a-z]+ ){2,}(?:the|a|of|to|is|for|and|in|it|at|on|what|how|with|that)\b"
    r"|\b(?:[Tt]he|[Aa]n?|of|to|[Ii]s|for|and|[Ii]t|[Ww]hat|[Hh]ow) [a-z]+ [a-z]+\b"
)
"""Four words in a row, or three with one that no name ends in."""
_BLANK: Final = re.compile(r"\[[^\]]*\]")
_HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
_HALF_WIDTH: Final = re.compile(rf"(?<=[{_HAN}])([,.:;?!])(?=\s*[{_HAN}])")
_FULL_WIDTH: Final = str.maketrans(",.:;?!", "，。：；？！")


def check_translation(
    lesson: Lesson,
    translation: Translation,
    facts: Mapping[str, Facts],
    read_only: Container[str] = (),
) -> Iterator[Problem]:
    """Yield what is wrong with a translation.

    `facts` has the numbers of each step that can be run, by its path; those of `read_only` are
    not run now.
    """
    english = {text.path: text for text in texts_of(lesson, "")}
    faults = [
        *_missing(lesson, english, translation),
        *(fault for path, text in translation.texts.items()
          for fault in _differences(english[path], text)),
        *_faults_of_the_whole(translated(lesson, translation), translation, facts, read_only),
    ]  # fmt: skip
    for fault in faults:
        yield translation.problem(*fault)


def _missing(
    lesson: Lesson, english: dict[str, AuthorText], translation: Translation
) -> Iterator[Inconsistency]:
    """Yield the texts that only English has: a step as a whole, or its texts one by one."""
    wanted = [path for path, text in english.items() if _has_words(text)]
    lacking = [path for path in wanted if path not in translation.texts]
    for step in lesson.steps:
        here = f"steps[{step.id}]"
        own = [path for path in wanted if path.startswith(f"{here}.")]
        if own and set(own).issubset(lacking):
            yield _lack(here)
            lacking = [path for path in lacking if path not in own]
    for path in lacking:
        yield _lack(path)


def _lack(path: str) -> Inconsistency:
    mend = message("add it: until then the learner reads English here")
    return path, message("has no translation"), mend


def _has_words(text: AuthorText) -> bool:
    """Whether there is something to translate: not in η, nor in a formula or code alone."""
    if text.path.startswith(_OPTIONAL):
        return False
    return _WORD.search(_plain(text.text)) is not None


def _differences(english: AuthorText, text: str) -> Iterator[Inconsistency]:
    """Yield what the translation of one text says otherwise than the text itself."""
    yield from _other_pieces(english, text)
    prose = _plain(text)
    yield from _other_numbers(english, text, prose)
    if len(_BLANK.findall(text)) != len(_BLANK.findall(english.text)) and english.key == "worked":
        what = message("has other blanks in brackets than the English text")
        yield english.path, what, message("put the same numbers in brackets")
    left = _ENGLISH.search(prose)
    if left is not None and not english.path.startswith(_OPTIONAL):
        what = message("English is left: {words}", words=quoted(left[0]))
        yield english.path, what, message("translate it")
    for mark in dict.fromkeys(_HALF_WIDTH.findall(prose)):
        what = message("{mark} stands between Chinese characters", mark=mark)
        yield english.path, what, message("write {mark}", mark=mark.translate(_FULL_WIDTH))


def _other_pieces(english: AuthorText, text: str) -> Iterator[Inconsistency]:
    """Yield formulas and pieces of code that only one of the two has."""
    there, here = _pieces(english.text), _pieces(text)
    for piece in _beyond(there - here, text):
        what = message("{piece} of the English text is missing", piece=piece)
        yield english.path, what, message("write it as it stands there")
    for piece in _beyond(here - there, english.text):
        what = message("the English text has no {piece}", piece=piece)
        yield english.path, what, message("write formulas and code as they stand there")


def _beyond(pieces: Counter[str], text: str) -> Iterator[str]:
    r"""Yield the pieces that the text does not have in another spelling: `$\eta$` may be η."""
    for piece in pieces:
        is_sign = piece[0] == "$" and len(piece) <= _LONGEST_SIGN
        if not is_sign or inline_formula(piece.strip("$")) not in text:
            yield piece


def _other_numbers(english: AuthorText, text: str, prose: str) -> Iterator[Inconsistency]:
    """Yield numbers in digits that the other text has nowhere: in digits, formulas nor words."""
    there, here = numbers_in(_plain(english.text)).digits, numbers_in(prose).digits
    for number in sorted(there - numbers_in(text).all) if there else ():
        what = message("the number {number} of the English text is missing", number=f"{number:g}")
        yield english.path, what, message("write it, or mend the English text")
    for number in sorted(here - numbers_in(english.text).all) if here else ():
        what = message("the English text has no number {number}", number=f"{number:g}")
        yield english.path, what, message("compare the two texts")


def _plain(text: str) -> str:
    """Return a text without its formulas and code, which are compared as they stand."""
    return _CODE.sub(" ", _FORMULA.sub(" ", text))


def _pieces(text: str) -> Counter[str]:
    """Return formulas and code, each as often as it stands there; a single sign counts once."""
    formulas = ["".join((one or two).split()) for one, two in _FORMULA.findall(text)]
    code = [f"`{piece}`" for piece in _CODE.findall(text) if piece]
    found = Counter([*(f"${_tidy(formula)}$" for formula in formulas), *code])
    return Counter(
        {p: 1 if len(p) <= _LONGEST_SIGN or p[0] == "`" else n for p, n in found.items()}
    )


_LONGEST_SIGN: Final = 9
"""Characters of a formula that a pronoun may stand for in another language: `$\\lambda$`."""


def _tidy(formula: str) -> str:
    """Return a formula without words (they are translated) and without the dots that end it."""
    return re.sub(r"\\text\{[^}]*\}", r"\\text", unicodedata.normalize("NFC", formula)).rstrip(".,")


def _faults_of_the_whole(
    whole: Lesson, translation: Translation, facts: Mapping[str, Facts], read_only: Container[str]
) -> Iterator[Inconsistency]:
    """Yield what the rules for prose find in the translated lesson, where it is translated."""
    steps = [(f"steps[{step.id}]", step) for step in whole.steps]
    for text in texts_of(replace(whole, steps=()), ""):
        yield from check_words(text.text, text.path)
    rules = (check_choices, check_prose, check_room, check_legend, check_giveaways)
    found = [
        *check_lengths(whole.steps),
        *(fault for path, step in steps for rule in rules for fault in rule(step, path)),
        *(fault for path, step in steps if path in facts and path not in read_only
          for fault in check_answers_given(step, path)),
        *check_statements(steps, facts),
    ]  # fmt: skip
    yield from (fault for fault in found if fault[0] in translation.texts)
