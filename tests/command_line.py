"""The command line without a terminal: in a process of its own, or, five times as fast, in ours."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.cli import main

Done = subprocess.CompletedProcess[str]


def run(*arguments: str, **env: str) -> Done:
    """Run a command in this process, with pipes that nobody types into.

    For all that is not about the process itself: its way to `main` and out, its pipes, encodings
    and children.
    """
    written, said = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open(encoding="utf-8") as nothing:
        for name, value in ({"COLUMNS": os.environ.get("COLUMNS", "80")} | env).items():
            patch.setenv(name, value)
        for name, stream in (("stdin", nothing), ("stdout", written), ("stderr", said)):
            patch.setattr(sys, name, stream)
        try:
            status: object = main(arguments)
        except SystemExit as end:
            status = end.code
        written.flush()
        said.flush()
    texts = [each.buffer.getvalue().decode() for each in (written, said)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, int(status or 0), *texts)  # type: ignore[call-overload]


def run_program(*arguments: str, **env: str) -> Done:
    """Run a command as a shell does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tutor", *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | env,
    )


def outcome(done: Done) -> tuple[str, str, int]:
    """Return what came on stdout and stderr, and the exit status."""
    return done.stdout, done.stderr, done.returncode
