"""What `import tutor.core` costs beyond NumPy, in fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tests.benchmarks.core.harness import Row, figure

PROGRAMS = {"numpy": "import numpy", "core": "import numpy, tutor.core"}


def rows(turns: int) -> list[Row]:
    """Measure it, in turns, and check that no heavy library comes along."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(max(turns, 9)):
        for name, program in PROGRAMS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            times[name].append(time.perf_counter() - start)
    gaps = [core - plain for core, plain in zip(times["core"], times["numpy"], strict=True)]
    name = "import of tutor.core beyond NumPy's"
    return [figure(name, 1e3 * statistics.median(gaps), 15, unit=" ms", at_least=False)]
