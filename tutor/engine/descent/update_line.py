"""The optimizer's formula with the numbers of one step of a run in it."""

from __future__ import annotations

import numpy as np

from tutor.engine.descent.rules import optimizer_of
from tutor.engine.descent.run import Run
from tutor.engine.descent.updates import Update, update_words
from tutor.i18n import Message, message


def update_line(run: Run, step: int | None = None) -> Message:
    """Return the optimizer's formula with the numbers of the step that led to point `step`.

    At the start it is the step that comes.
    """
    k = max(run.at(step), 1)
    words = update_words(
        Update(
            optimizer_of(run.rule(k - 1)),
            [np.array(part, dtype=np.float64) for part in zip(*run.memory(k - 1), strict=True)],
            run.points[k - 1],
            run.gradients[k - 1],
            float(run.rates[k - 1]),
            run.points[min(k, run.steps_done)],
        )
    )
    return message("step {k}: {words}", k=k, words=words)
