"""Runs a learner's programs, once it is clear that it may: for every front end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tutor.engine.kinds.code import WantedProgram
from tutor.engine.lesson.events import CodeChecked, CodeRunEnded
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.sandbox.protection import Protection, protection
from tutor.sandbox.run import Limits, run


class Programs:
    """What the programs of one learner run in. Nothing is tried before the first is run."""

    def __init__(
        self,
        *,
        consented: bool = False,
        keep_consent: Callable[[], Text | None] = lambda: None,
        find_protection: Callable[[], Protection] = protection,
        is_served: bool = False,
    ) -> None:
        """`keep_consent` returns why it could not be kept; served, nobody is asked."""
        self._consented = consented
        self._keep_consent = keep_consent
        self._find = find_protection
        self._is_served = is_served

    async def consent_for(self) -> Protection | None:
        """Return the protection that the learner must consent to first, None if there is none."""
        found = await asyncio.to_thread(self._find)
        asks = found.needs_consent and not self._consented and not self._is_served
        return found if asks else None

    def consent(self) -> Text | None:
        """Take note that programs may run; return why that could not be kept."""
        self._consented = True
        return self._keep_consent()

    async def run(self, wanted: WantedProgram) -> CodeChecked | CodeRunEnded:
        """Return what came of a program, as the event for its lesson. Cancelled, it is killed."""
        found = await asyncio.to_thread(self._find)
        if found.needs_consent and not self._consented:
            return CodeRunEnded(wanted.step, self._refusal())
        try:
            outcome = await run(wanted.program, Limits(seconds=wanted.seconds), protected=found)
        except TutorError as error:
            return CodeRunEnded(wanted.step, error.text)
        return CodeChecked(wanted.step, outcome)

    def _refusal(self) -> Text:
        if self._is_served:
            return message("Programs cannot be run in this workshop: skip the step.")
        return message("It was not run. Skip the step, or run it again.")


def run_now(programs: Programs, wanted: WantedProgram) -> CodeChecked | CodeRunEnded:
    """Run a program and wait for it (plain mode); Ctrl+C stops it."""
    with suppress(KeyboardInterrupt):
        return asyncio.run(programs.run(wanted))
    return CodeRunEnded(wanted.step, stopped())


def stopped() -> Text:
    """Return what to say of a run that the learner stopped."""
    return message("Stopped.")
