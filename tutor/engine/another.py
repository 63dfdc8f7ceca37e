"""Another problem of the same kind: which variant comes next."""

from __future__ import annotations

import random
import re
from typing import Final

from tutor.engine.lesson_run import LessonRun
from tutor.lesson.model import NumberStep
from tutor.lesson.variants import variant_count

_KEPT: Final = re.compile(r"(?P<entered>.*) \(variant (?P<number>\d+)\)", re.DOTALL)


def entered_and_variant(answer: str) -> tuple[str, int]:
    """Return what was typed, and to which variant, of an answer as it is kept.

    >>> entered_and_variant("0.4 (variant 2)"), entered_and_variant("0.8")
    (('0.4', 2), ('0.8', 0))
    """
    found = _KEPT.fullmatch(answer)
    return (found["entered"], int(found["number"])) if found else (answer, 0)


def next_variant(run: LessonRun) -> int | None:
    """Return the number of the variant to open next; None where this step can have none now.

    The run's seed puts the variants in an order, which is gone through round and round.
    """
    step = run.lesson.steps[run.index]
    if not isinstance(step, NumberStep) or run.state.outcome == "open":
        return None
    count = variant_count(step)
    if count == 1:
        return None
    others = list(range(1, count))
    random.Random(f"{run.seed}/{step.id}/variants").shuffle(others)  # noqa: S311 — no secret
    order = [0, *others]
    return order[(order.index(run.state.variant) + 1) % count]
