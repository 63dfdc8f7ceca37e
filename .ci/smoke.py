#!/usr/bin/env python3
"""Tries the newest, or the lowest, packages that the ranges in pyproject.toml allow.

    python3 .ci/smoke.py newest
    python3 .ci/smoke.py lowest

A lesson is walked through in a terminal, a learner comes in by the stock ssh client, our lessons
are proven, the core's tests run. Where something fails, the packages that are not those of
.constraints.txt are tried in its version one at a time: the one that mends it is named.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.proven import proven  # noqa: E402 - after the path to it

PARTS = (
    ("a lesson in a terminal", "pytest -n 0 tests/test_course_walk.py -k answered_wrong"),
    ("a learner by ssh", "pytest -n 0 tests/server/test_session.py -k and_parameters"),
    ("our own lessons", "tutor check"),
    ("the core", "pytest -n 0 tests/core"),
)
RESOLUTIONS = {"newest": "highest", "lowest": "lowest-direct"}


def main(which: str) -> int:
    """Try the packages; 1 where something does not work with them."""
    with tempfile.TemporaryDirectory() as folder:
        tried = Environment(Path(folder))
        tried.install(RESOLUTIONS[which])
        known = proven()
        differing = {
            name: version
            for name, version in tried.versions().items()
            if name in tried.ours and known.get(name, version) != version
        }
        said = ", ".join(f"{name} {version}" for name, version in sorted(differing.items()))
        print(f"{which}, other than proven: {said or 'nothing'}", flush=True)
        failed = [part for part in PARTS if not tried.runs(part)]
        for part in failed:
            print(f"FAILED with the {which} packages: {part[0]}; {tried.blame(part, differing)}")
        return 1 if failed else 0


class Environment:
    """A virtual environment with the checkout in it, and what is tried there."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "venv" / "bin" / "python"
        self.ours: set[str] = set()
        subprocess.run([sys.executable, "-m", "venv", self.python.parents[1]], check=True)
        self._run("pip", "install", "--quiet", "uv")

    def install(self, resolution: str) -> None:
        """Install Nabla so, then what its tests need on top of that without changing it."""
        self._uv("install", "--resolution", resolution, "-e", ".[postgres]")
        kept = self.python.parents[2] / "kept.txt"
        kept.write_text("\n".join(f"{n}=={v}" for n, v in self.versions().items()), "utf-8")
        self.ours = set(self.versions())
        self._uv("install", "--constraints", str(kept), "-e", ".[test]")

    def versions(self) -> dict[str, str]:
        """Return what is installed, by name."""
        frozen = self._uv("freeze", "--exclude-editable").splitlines()
        return dict(line.split("==") for line in frozen if "==" in line)

    def runs(self, part: tuple[str, str]) -> bool:
        """Try one part; its output is shown."""
        print(f"--- {part[0]}", flush=True)
        module, *arguments = part[1].split()
        quiet = ["-q", "-p", "no:cacheprovider"] if module == "pytest" else []
        command = [str(self.python), "-m", module, *arguments, *quiet]
        return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode == 0

    def blame(self, part: tuple[str, str], differing: dict[str, str]) -> str:
        """Say which package it is that in its proven version lets the part run."""
        known = proven()
        for name, version in differing.items():
            try:
                self._uv("install", f"{name}=={known[name]}")
            except subprocess.CalledProcessError:
                continue  # nothing else fits that version
            mends = self.runs(part)
            self._uv("install", f"{name}=={version}")
            if mends:
                return f"it is {name} {version}: with {known[name]} it runs"
        return "no single package mends it"

    def _uv(self, *arguments: str) -> str:
        return self._run("uv", "pip", *arguments, "--quiet", "--python", str(self.python))

    def _run(self, module: str, *arguments: str) -> str:
        command = [str(self.python), "-m", module, *arguments]
        return subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        ).stdout


def environment() -> dict[str, str]:
    """Return the environment without what would lead to another Python."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
