"""Who may even begin: the limits that come before any cryptography."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import SystemRandom

from tutor.server.options import Limits

_RANDOM = SystemRandom()


class MaxStartups:
    """Counts the connections that have not proved yet who they are.

    A class shares one address and all of it may be typing the code, so little is refused by
    address; from `refused_from` on a rising share of all is refused, at random, so that a flood
    cannot keep everybody else out.
    """

    def __init__(self, limits: Limits, chance: Callable[[], float] = _RANDOM.random) -> None:
        self._limits, self._chance = limits, chance
        self._at_prompt: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """How many have not proved yet who they are."""
        return self._at_prompt.total()

    def why_not(self, address: str) -> str | None:
        """Return why a connection from this address may not begin; None: it may."""
        if self._at_prompt[address] >= self._limits.from_one_source:
            return "too many from one address"
        if self._chance() < self.share_refused(self.waiting):
            return "too many at the prompt"
        return None

    def share_refused(self, waiting: int) -> float:
        """Return the share of new connections that is refused while so many wait."""
        start, full = self._limits.refused_from, self._limits.refused_all_from
        if waiting < start:
            return 0.0
        if waiting >= full:
            return 1.0
        rate = self._limits.unauthenticated_rate / 100
        return rate + (1 - rate) * (waiting - start) / (full - start)

    def begin(self, address: str) -> Callable[[], None]:
        """Count a connection; return what ends its wait, once."""
        self._at_prompt[address] += 1
        held = [address]

        def end() -> None:
            while held:
                self._at_prompt[held.pop()] -= 1
                self._at_prompt += Counter()  # forgets addresses at nought

        return end
