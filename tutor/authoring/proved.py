"""What takes long to prove, and what of it was found to hold: kept, so that it costs nothing again.

A step is known again by its settings (not by its words), by the programs of Nabla that prove it,
and by the versions of NumPy and Python that they run on. Only what holds is kept: what is at fault
is being mended, and is run again.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final

import tutor
from tutor.lesson.model import (
    BugStep,
    CheckExperiment,
    CodeStep,
    NumberStep,
    OwnSymptom,
    ProgramProof,
    RunProof,
    Step,
    TrainingExperiment,
)
from tutor.lesson.texts import map_texts
from tutor.store.data_folder import cache_folder

_LONG: Final = (TrainingExperiment, CheckExperiment)
_ROOMS: Final = ("core", "lesson", "engine", "sandbox", "authoring")
_MOST: Final = 20_000
"""Hashes that are kept; beyond, the file is begun anew."""
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def is_long(step: Step) -> bool:
    """Return whether proving a step takes a training, a gradient check or the sandbox."""
    if isinstance(step, CodeStep) or isinstance(step.experiment, _LONG):
        return True
    if isinstance(step, BugStep):
        return isinstance(step.symptom, OwnSymptom)
    proof = step.proof if isinstance(step, NumberStep) else None
    return isinstance(proof, ProgramProof) or (
        isinstance(proof, RunProof) and isinstance(proof.run, _LONG)
    )


@dataclass
class Proved:
    """Which long steps are to be run, and which were found to hold."""

    runs: bool = True
    """Whether what is not known yet is proved now."""
    file: Path | None = None
    """Where it is kept; None: nowhere."""
    waiting: int = 0
    """Steps that are neither known nor proved now."""

    def is_due(self, step: Step) -> bool:
        """Return whether all of a step is to be run now."""
        if not is_long(step):
            return True
        if _hash_of(step) in self._known:
            return False
        self.waiting += not self.runs
        return self.runs

    def keep(self, steps: Iterable[Step]) -> None:
        """Keep that these steps hold. Where that cannot be written, they are proved again."""
        new = [_hash_of(step) for step in steps if is_long(step)]
        if self.file is None or not new:
            return
        lines = "".join(f"{each}\n" for each in new)
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a" if len(self._known) < _MOST else "w", encoding="ascii") as out:
                out.write(lines)

    @cached_property
    def _known(self) -> frozenset[str]:
        if self.file is None:
            return frozenset()
        with suppress(OSError):
            return frozenset(_HASH.findall(self.file.read_text("ascii", errors="replace")))
        return frozenset()


def kept_file() -> Path:
    """Return where what holds is kept."""
    return cache_folder() / "proved.txt"


def _hash_of(step: Step) -> str:
    wordless = map_texts(step, "", lambda _: "")
    return hashlib.sha256(f"{_programs()}\n{wordless!r}".encode()).hexdigest()


@cache
def _programs() -> str:
    """Return the hash of all that proves a step."""
    found = hashlib.sha256(f"{version('numpy')} {platform.python_version()}".encode())
    home = Path(tutor.__file__).parent
    for file in sorted(file for room in _ROOMS for file in (home / room).rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()
