"""Runs every benchmark and prints one table.

`python -m tests.benchmarks [--json FILE] [--quick] [NAME…]`

Each benchmark is a module or package beside this one with `run(quick) -> list[Row]`. The exit
status is 1 where a target was missed.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import tests.benchmarks
from tests.benchmarks.report import Row, table, write_json

Benchmark = Callable[[bool], list[Row]]


def benchmarks() -> Iterator[tuple[str, Benchmark]]:
    """Yield the name of each benchmark with what runs it."""
    for found in pkgutil.iter_modules(tests.benchmarks.__path__):
        if not found.name.startswith("_"):
            module = importlib.import_module(f"tests.benchmarks.{found.name}")
            if hasattr(module, "run"):
                yield found.name, module.run


def main() -> int:
    """Run the benchmarks that are named, or all; print the table; write the JSON."""
    known = dict(benchmarks())
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a first look")
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    rows = []
    for name in options.names or known:
        print(f"{name} ...", file=sys.stderr)
        rows += known[name](options.quick)
    print(table(rows))
    if options.json:
        write_json(rows, options.json)
    return int(any(row.reached is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
