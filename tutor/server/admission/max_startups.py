"""Who may even begin: the limits that come before any cryptography."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import SystemRandom

from tutor.server.options import Limits

_RANDOM = SystemRandom()


class Startup:
    """A connection that has not proved yet who it is."""

    def __init__(self, counter: MaxStartups, address: str, drop: Callable[[], None]) -> None:
        self._counter, self.address, self._drop = counter, address, drop
        self._is_over = False

    def has_spoken(self) -> None:
        """The handshake is complete: who is silent now types the code."""
        self._counter.silent.get(self.address, {}).pop(self, None)

    def end(self) -> None:
        """They have proved who they are, or are gone; may be called twice."""
        if not self._is_over:
            self._is_over = True
            self._counter.forget(self)

    def drop(self) -> None:
        """Make place for others."""
        self.end()
        self._drop()


class MaxStartups:
    """Counts the connections that have not proved yet who they are.

    A class shares one address and all of it may be typing the code, so little is refused by
    address; from `refused_from` on a rising share of all is refused, at random, so that a flood
    cannot keep everybody else out. Where an address holds all that it may, the oldest goes that
    has sent no whole handshake: whoever opens connections and says nothing shuts nobody out.
    """

    def __init__(self, limits: Limits, chance: Callable[[], float] = _RANDOM.random) -> None:
        self._limits, self._chance = limits, chance
        self._at_prompt: Counter[str] = Counter()
        self.silent: dict[str, dict[Startup, None]] = {}
        """By address those that have sent no whole handshake, the oldest first."""

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

    def silent_for_longest(self, address: str) -> Startup | None:
        """Return who gives way to another of this address; None while there is place."""
        if self._at_prompt[address] < self._limits.from_one_source:
            return None
        return next(iter(self.silent.get(address, ())), None)

    def share_refused(self, waiting: int) -> float:
        """Return the share of new connections that is refused while so many wait."""
        start, full = self._limits.refused_from, self._limits.refused_all_from
        if waiting < start:
            return 0.0
        if waiting >= full:
            return 1.0
        rate = self._limits.unauthenticated_rate / 100
        return rate + (1 - rate) * (waiting - start) / (full - start)

    def begin(self, address: str, drop: Callable[[], None] = lambda: None) -> Startup:
        """Count a connection; `drop` closes it."""
        self._at_prompt[address] += 1
        startup = Startup(self, address, drop)
        self.silent.setdefault(address, {})[startup] = None
        return startup

    def forget(self, startup: Startup) -> None:
        """Count a connection no more."""
        address = startup.address
        self._at_prompt[address] -= 1
        self.silent[address].pop(startup, None)
        if self._at_prompt[address] <= 0:
            del self._at_prompt[address], self.silent[address]
