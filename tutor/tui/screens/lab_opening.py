"""What the lab opens on from a lesson: the step's experiment, with the values of the moment."""

from __future__ import annotations

from tutor.engine.descent.check import check_setup
from tutor.engine.descent.setup import rivals_of, setup_of
from tutor.engine.kinds.table import kind_of
from tutor.engine.lab.lab import Lab
from tutor.engine.lesson.run import LessonRun
from tutor.errors import TutorError


def lab_of(run: LessonRun) -> Lab | None:
    """Return the lab on this step's setting; None where the step has none that can be run."""
    step = run.step
    if step.experiment is None:
        return None
    values = kind_of(step).settings(run.state.values)
    setup = setup_of(step.experiment, values)
    try:
        check_setup(setup)
    except TutorError:
        return None
    return Lab(setup=setup, ghosts=rivals_of(step.experiment, values))
