"""Names: every misconception is one of the list."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.lesson.model import Step
from tutor.typed import nearest


def check_misconceptions(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield misconception ids that nobody knows."""
    for here, name in _named(step, path):
        if name not in MISCONCEPTIONS:
            match = nearest(name, MISCONCEPTIONS)
            listed = message("add it to tutor/lesson/misconceptions.py")
            mend = message("write {nearest}", nearest=match) if match else listed
            yield f"{here}.misconception", message("{name} is not known", name=name), mend


def _named(step: Step, path: str) -> Iterator[tuple[str, str]]:
    for list_name in ("choices", "near_misses", "lines", "items", "pairs"):
        for number, answer in enumerate(getattr(step, list_name, ()), 1):
            name = getattr(answer, "misconception", None)  # no item of a prediction has one
            if name is not None:
                yield f"{path}.{list_name}[{number}]", name
    for check, each in enumerate(getattr(step, "checks", ()), 1):
        for number, miss in enumerate(each.misses, 1):
            if miss.misconception is not None:
                yield f"{path}.checks[{check}].misses[{number}]", miss.misconception
    own = getattr(step, "misconception", None)
    if own is not None:
        yield path, own
