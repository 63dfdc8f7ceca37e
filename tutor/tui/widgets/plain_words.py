"""Words without markup, broken into lines as prose is: Chinese ones between any two characters."""

from __future__ import annotations

from tutor.lesson.prose import Paragraph, Span
from tutor.lesson.wrapping import wrap


def word_lines(words: str, width: int) -> list[str]:
    """Return the words in lines of at most `width` cells; as they are where no width is known.

    >>> word_lines("斜率为 0，运行停了下来。", 12)
    ['斜率为 0，运', '行停了下来。']
    """
    if width <= 0:
        return [words]
    lines = wrap([Paragraph((Span(words),))], width)
    return ["".join(span.text for span in line) for line in lines]


def broken(words: str, width: int) -> str:
    """Return the words with a line break after each line."""
    return "\n".join(word_lines(words, width))
