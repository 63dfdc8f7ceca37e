"""One connection, from the accepted socket to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A connection as whoever accepted it knows it."""

    number: int
    address: str
    """Where it comes from, behind any proxy."""
    entered: Callable[[], None] = lambda: None
    """To be called once the client has proved who it is."""
    ended: Callable[[], None] = lambda: None
    """To be called once the connection is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Who came in."""

    name: str
    address: str
    is_instructor: bool
    is_bound_to: str | None = None
    """The fingerprint of the key that proved the name; None where a code or nothing did."""
