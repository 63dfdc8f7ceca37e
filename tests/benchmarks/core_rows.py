"""The numerical core against its peers, as rows of the common table (`tests.benchmarks.core`).

It runs in a process of its own: one thread and one core have to be chosen before NumPy comes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Row


def run(quick: bool) -> list[Row]:
    """Return the rows; here a ratio is how many times as fast we are as the peer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "core.json"
        command = [sys.executable, "-m", "tests.benchmarks.core", "--json", str(file)]
        subprocess.run(
            [*command, *(["--quick"] if quick else [])],
            stdout=subprocess.DEVNULL,
            check=False,  # 1 says that a target was missed: the rows say it again
        )
        return [_row(values) for values in json.loads(file.read_text(encoding="utf-8"))]


def _row(values: dict[str, Any]) -> Row:
    ratio = f"{values['ratio']} as fast" if values["ratio"] else ""
    name = values.pop("operation")
    return Row(name=name, **(values | {"ratio": ratio}))
