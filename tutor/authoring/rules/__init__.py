"""What the linter asks of every step, one file for each concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tutor.authoring.rules.answers import check_choices, check_number
from tutor.authoring.rules.experiments import check_experiment, check_settings
from tutor.authoring.rules.givens import check_giveaways
from tutor.authoring.rules.goals import check_goal
from tutor.authoring.rules.names import check_misconceptions
from tutor.authoring.rules.predictions import check_prediction
from tutor.authoring.rules.prose import check_prose
from tutor.authoring.rules.room import check_room
from tutor.lesson.consistency import Inconsistency

STEP_RULES: Final[tuple[Callable[[Any, str], Iterator[Inconsistency]], ...]] = (
    check_experiment,
    check_settings,
    check_goal,
    check_number,
    check_choices,
    check_prediction,
    check_giveaways,
    check_misconceptions,
    check_prose,
    check_room,
)
"""Each takes a step and its key path and yields what is wrong with it."""
