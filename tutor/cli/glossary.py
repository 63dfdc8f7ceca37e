"""The command `glossary`: the words of the course in both languages."""

from __future__ import annotations

from argparse import Namespace

from tutor.errors import TutorError
from tutor.i18n import Message, message, render
from tutor.lesson.catalog import find_lesson_folders
from tutor.lesson.glossary import found_terms, load_glossary
from tutor.lesson.problem import nearest
from tutor.visible import print_visible


def show_glossary(options: Namespace) -> int:
    """Print the terms that the words are part of; without words, all of them."""
    terms = load_glossary(find_lesson_folders())
    typed = " ".join(options.words)
    found = found_terms(terms, typed)
    if not found:
        raise TutorError(_nothing(typed, [name for term in terms for name in (term.term, term.zh)]))
    for number, term in enumerate(found):
        if number:
            print_visible()
        lesson = render(message("lesson {n}", n=term.lesson))
        print_visible(f"{term.term} · {term.zh} ({lesson})")
        print_visible(f"  {term.meaning}\n  {term.meaning_zh}")
    return 0


def _nothing(typed: str, names: list[str]) -> Message:
    match = nearest(typed, names)
    if match is None:
        return message("the glossary has no {word}: `nabla glossary` shows all of it", word=typed)
    return message("the glossary has no {word}: did you mean {match}?", word=typed, match=match)
