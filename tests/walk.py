"""Walks through the whole course in the real program and prints what that took.

`python -m tests.walk [--language CODE] [--size 80x24] [--ssh] [LESSON…]`

Every lesson, in each language and at each size: every step is answered once wrong and once right
by keys, and every screen is read; a second time right at once, as a prediction is made but once.
With `--ssh` the learner sits in a workshop, and comes in by the stock client.
Exit status 1 where something was cut or not seen.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.course import course
from tests.server.workshop import Workshop
from tests.walking import Seat, Size, in_workshop, learner, own_computer
from tutor.i18n import LANGUAGES
from tutor.lesson.model import Lesson

SIZES: Final = ((80, 24), (120, 36))
KINDS: Final = ("text", "experiment", "predict", "choice", "number", "bug", "code")


@dataclass(frozen=True)
class Walk:
    """One way through one lesson."""

    lesson: Lesson
    language: str
    size: Size
    seconds: float
    screens: int
    """How many were read."""
    faults: tuple[str, ...]


def walk(lesson: Lesson, language: str, size: Size, seat: Seat, *, errs: bool = True) -> Walk:
    """Work through a lesson from its start to its end, each answer wrong first where it `errs`."""
    start = time.perf_counter()
    with learner(lesson, language, size, seat, errs=errs) as walker:
        try:
            walker.walk()
        except AssertionError as error:
            walker.faults.append(f"{walker.place}: {error}")
    seconds = time.perf_counter() - start
    return Walk(lesson, language, size, seconds, walker.screens, tuple(walker.faults))


def table(walks: Sequence[Walk]) -> str:
    """Return the steps by kind of each lesson, and the seconds of each walk through it."""
    lessons = {walk.lesson.id: walk.lesson for walk in walks}
    columns = list(dict.fromkeys((walk.language, walk.size) for walk in walks))
    named = [f"{language} {size[0]}×{size[1]}" for language, size in columns]
    rows = [["lesson", *KINDS, "steps", *named]]
    took: dict[tuple[str, str, Size], float] = defaultdict(float)
    for walk in walks:
        took[walk.lesson.id, walk.language, walk.size] += walk.seconds
    for lesson in lessons.values():
        kinds = Counter(step.kind for step in lesson.steps)
        counts = [str(kinds[kind] or "") for kind in KINDS]
        seconds = [f"{took[lesson.id, *column]:.1f} s" for column in columns]
        rows.append([lesson.id, *counts, str(len(lesson.steps)), *seconds])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


@contextmanager
def seats(*, ssh: bool) -> Iterator[Callable[[], Seat]]:
    """Yield what finds a seat for each newcomer: in one workshop, or each at a computer."""
    with TemporaryDirectory() as folder:
        homes = (Path(folder) / f"learner-{number}" for number in count())
        if not ssh:
            yield lambda: own_computer(next(homes))
            return
        with closing(Workshop(Path(folder) / "workshop")) as workshop:
            yield lambda: in_workshop(workshop, next(homes).name)


def _size(text: str) -> Size:
    columns, _, rows = text.partition("x")
    return int(columns), int(rows)


def main() -> int:
    """Walk through what is named, or all; print the faults and the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="its name or number")
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--size", action="append", type=_size, metavar="80x24")
    parser.add_argument("--ssh", action="store_true", help="in a workshop")
    options = parser.parse_args()
    catalog = course()
    walks = []
    with seats(ssh=options.ssh) as take_seat:
        for language in options.language or LANGUAGES:
            told = catalog.in_language(language)
            lessons = [told.lesson(name) for name in options.lessons] or list(told.lessons)
            for size in options.size or SIZES:
                for lesson, errs in product(lessons, (True, False)):
                    walks.append(walk(lesson, language, size, take_seat(), errs=errs))
                    print(lesson.id, language, size, f"{walks[-1].seconds:.1f} s", file=sys.stderr)
                    print(*walks[-1].faults, sep="\n", end="")
    print(table(walks))
    return int(any(walk.faults for walk in walks))


if __name__ == "__main__":
    sys.exit(main())
