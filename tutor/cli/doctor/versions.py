"""Versions, compared with the ranges that our own metadata names: as much of PEP 440 as it uses."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Final, NamedTuple

_REQUIREMENT: Final = re.compile(r"([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(?:;\s*(.*))?")
_BOUND: Final = re.compile(r"(>=|<=|==|!=|<|>)\s*([\d.]+)")
_HOLDS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, ">": operator.gt,
}  # fmt: skip


class Requirement(NamedTuple):
    """A package that we need, and the versions that were tested."""

    package: str
    versions: str
    """Such as `>=8.2.8,<9`."""
    condition: str = ""
    """An extra or another marker; empty: always needed."""


def requirement(line: str) -> Requirement:
    """Return what a line of the metadata says.

    >>> requirement("textual<9,>=8.2.8")
    Requirement(package='textual', versions='<9,>=8.2.8', condition='')
    """
    found = _REQUIREMENT.fullmatch(line.strip())
    if found is None:
        raise ValueError(line)
    return Requirement(found[1], found[2].strip(), found[3] or "")


def is_within(version: str, versions: str) -> bool:
    """Whether a version is in a range; one that comes before a release counts as the release.

    >>> is_within("8.2.8", ">=8.2.8,<9"), is_within("9.0.0a1", "<9"), is_within("2.10", ">=2.9")
    (True, False, True)
    """
    return all(
        _HOLDS[sign](_compared(version, bound), 0) for sign, bound in _BOUND.findall(versions)
    )


def _compared(left: str, right: str) -> int:
    """Return -1, 0 or 1: which of two versions is the older one."""
    for one, other in zip_longest(_numbers(left), _numbers(right), fillvalue=0):
        if one != other:
            return 1 if one > other else -1
    return 0


def _numbers(version: str) -> list[int]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return list(map(int, found[0].split("."))) if found else []
