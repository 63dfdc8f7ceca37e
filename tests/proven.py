"""The proven set of versions, `.constraints.txt`, and what of it is not installed here."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

CONSTRAINTS = Path(__file__).parents[1] / ".constraints.txt"


def proven() -> dict[str, str]:
    """Return the version of each package for the Python that runs this."""
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    wanted = [line for line in lines if not line.startswith("#") and _holds_here(line)]
    return dict(line.split(";")[0].strip().split("==") for line in wanted)


def others(packages: Iterable[str]) -> dict[str, str]:
    """Return those of the packages that are installed in another version, with that version."""
    known = proven()
    installed = {name: version(name) for name in packages}
    return {name: found for name, found in installed.items() if found != known[name]}


def _holds_here(line: str) -> bool:
    """Whether a line is for this Python: uv tells them apart by `python_full_version` alone."""
    bound = re.search(r"python_full_version (<|>=) '(\d+)\.(\d+)'", line)
    if bound is None:
        return True
    is_older = sys.version_info < (int(bound[2]), int(bound[3]))
    return is_older == (bound[1] == "<")
