"""Words without markup, broken into lines as prose is: Chinese ones between any two characters."""

from __future__ import annotations

from tutor.lesson.wrapping import wrap_words


def word_lines(words: str, width: int) -> list[str]:
    """Return the words in lines of at most `width` cells; as they are where no width is known.

    >>> word_lines("斜率为 0，运行停了下来。", 12)
    ['斜率为 0，运', '行停了下来。']
    """
    return wrap_words(words, width) if width > 0 else [words]


def broken(words: str, width: int) -> str:
    """Return the words with a line break after each line."""
    return "\n".join(word_lines(words, width))
