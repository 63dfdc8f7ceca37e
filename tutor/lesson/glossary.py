"""The words of a course in both languages: `glossary.yaml` beside its lessons."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from tutor.i18n import message
from tutor.lesson.fields import Count, Line, PositiveInt
from tutor.lesson.folders import GLOSSARY_FILE, read_file
from tutor.lesson.loader import made_for_newer
from tutor.lesson.problem import LessonError, Problem
from tutor.lesson.reader import BAD, NodeReader
from tutor.lesson.schema import RecordShape
from tutor.lesson.yaml_nodes import MappingNode, read_nodes


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of the field: its name and its meaning in both languages."""

    term: Line
    zh: Line
    meaning: Line
    """One sentence."""
    meaning_zh: Line
    lesson: PositiveInt
    """The number of the lesson that introduces it."""


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """The terms of a course, in the order of its lessons."""

    format: Literal[1]
    terms: Annotated[tuple[Term, ...], Count(1)]


def load_glossary(folders: Iterable[Path]) -> tuple[Term, ...]:
    """Return the terms of every course in the folders, in the order of the lessons.

    A glossary that cannot be read is left out: `check` says why.
    """
    terms: list[Term] = []
    for file in glossary_files(folders):
        try:
            terms.extend(read_glossary(read_file(file), str(file)).terms)
        except LessonError:
            continue
    return tuple(terms)


def glossary_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the glossary of each course in the folders, where it has one."""
    for folder in folders:
        yield from sorted(folder.glob(f"*/{GLOSSARY_FILE}"))


def read_glossary(text: str, file_name: str) -> Glossary:
    """Return the glossary that `text` holds.

    Raises:
        LessonError: the text is none; it holds all the problems.
    """
    node, problems = read_nodes(text, file_name)
    if node is None:
        raise LessonError(problems)
    if (newer := made_for_newer(node, file_name)) is not None:
        raise LessonError([newer])
    reader = NodeReader(file_name, problems)
    if isinstance(node, MappingNode):
        glossary = reader.read_record(RecordShape(Glossary), node, "")
    else:
        what, mend = message("does not start with keys"), message("start with format: 1")
        glossary = reader.refuse("", what, mend, node.line)
    if glossary is not BAD:
        reader.problems.extend(_doubled(glossary, reader))
    if reader.problems:
        raise LessonError(reader.problems)
    return glossary  # type: ignore[no-any-return]  # the reader gives the shape's class


def found_terms(terms: Iterable[Term], typed: str) -> tuple[Term, ...]:
    """Return the terms that `typed` is part of: by name first, then by meaning.

    Case, accents and spaces at the ends do not matter; an empty search finds all.
    """
    wanted = _plain(typed)
    every = tuple(terms)
    if not wanted:
        return every
    named = [each for each in every if wanted in _plain(f"{each.term}\n{each.zh}")]
    named.sort(key=lambda each: not _plain(each.term).startswith(wanted))
    meant = [each for each in every if wanted in _plain(f"{each.meaning}\n{each.meaning_zh}")]
    return (*named, *(each for each in meant if each not in named))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_NAMES: Final = ("term", "zh")


def _doubled(glossary: Glossary, reader: NodeReader) -> Iterator[Problem]:
    """Yield a problem for each name that an earlier term has."""
    for name in _NAMES:
        seen: set[str] = set()
        for number, term in enumerate(glossary.terms, start=1):
            path = f"terms[{number}].{name}"
            word = getattr(term, name)
            if word in seen:
                what = message("{word} stands here twice", word=word)
                mend = message("keep one of them")
                yield Problem(reader.file, reader.lines.get(path), path, what, mend)
            seen.add(word)
