"""How simple the house is: `python -m tests.house [--json FILE]` prints its measures.

What is counted by reading the code: files, lines, short files, import circles, imports inside
functions, exceptions from lint rules, reaching for private names in tests, and for each class all
that it is composed of by inheritance: lines and attributes. What is counted by
running it: through how many files one key passes that turns η on a descent step, painted by
Textual without a terminal, and how often the calls of it go from one file to another.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "tutor"
MOST_LINES: Final = 300
MOST_ATTRIBUTES: Final = 8
"""Of a class with all that it is composed of by inheritance."""
_SHORT: Final = 60
_DESCENT: Final = "gradients/gradient-descent#reach-the-floor"
_EXCEPTION: Final = re.compile(r"#\s*(noqa|type: ignore|pragma: no cover)")


class Measure(NamedTuple):
    """One figure and the most that it should be."""

    name: str
    figure: int
    aim: int


def measures() -> list[Measure]:
    """Return every figure of the house as it stands."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py"))]
    lengths = [text.count("\n") for text in texts]
    way = Counter(asyncio.run(_way_of_a_key()))
    classes = list(composed_classes())
    return [
        Measure("files in tutor/", len(texts), 330),
        Measure("lines", sum(lengths), 47_000),
        Measure(f"files of at most {_SHORT} lines", sum(n <= _SHORT for n in lengths), 45),
        Measure("longest file", max(lengths), 400),
        Measure("lines of the largest composed class", max(c.lines for c in classes), MOST_LINES),
        Measure(
            "attributes of a composed class",
            max(len(c.attributes) for c in classes),
            MOST_ATTRIBUTES,
        ),
        Measure("import circles", len(list(circles())), 0),
        Measure("imports inside functions", _violations("PLC0415", "tutor"), 40),
        Measure("lint exceptions", sum(len(_EXCEPTION.findall(text)) for text in texts), 120),
        Measure("private accesses in tests", _violations("SLF001", "tests"), 40),
        Measure("files passed by a key on η", len({name for pair in way for name in pair}), 45),
        Measure("moves from file to file and back", 2 * sum(way.values()), 600),
    ]


class Composed(NamedTuple):
    """A class with all the classes of the program that it inherits from."""

    name: str
    lines: int
    attributes: frozenset[str]
    """What its objects keep beside what Textual keeps: set on `self` or declared as reactive, in
    itself or in a superclass; none where it is a frozen value or no superclass is ours."""

    @property
    def is_too_large(self) -> bool:
        """Whether it has more lines or attributes than a class may have."""
        return self.lines > MOST_LINES or len(self.attributes) > MOST_ATTRIBUTES


def composed_classes() -> Iterator[Composed]:
    """Yield every class of the program, composed of itself and its superclasses in the program."""
    classes = {
        f"{module}.{node.name}": (node, names)
        for module, tree in _modules()
        for names in [_names(tree, module)]
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    for name in classes:
        parts = [classes[each][0] for each in _ancestry(name, classes)]
        lines = sum((part.end_lineno or part.lineno) - part.lineno + 1 for part in parts)
        kept = frozenset[str]().union(*map(_attributes, parts)) if len(parts) > 1 else frozenset()
        yield Composed(name, lines, kept - _of_textual())


@cache
def _of_textual() -> set[str]:
    from textual.app import App
    from textual.screen import Screen

    return {*dir(App()), *dir(Screen())}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        yield module, ast.parse(file.read_text(encoding="utf-8"))


def _names(tree: ast.Module, module: str) -> dict[str, str]:
    """Return what each name of a module stands for: imported, or defined there."""
    names = {node.name: f"{module}.{node.name}" for node in tree.body if hasattr(node, "name")}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return names


def _ancestry(name: str, classes: dict[str, tuple[ast.ClassDef, dict[str, str]]]) -> set[str]:
    if name not in classes:
        return set()
    node, names = classes[name]
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    above = (names.get(ast.unparse(base), "") for base in bases)
    return {name}.union(*(_ancestry(each, classes) for each in above))


def _attributes(part: ast.ClassDef) -> set[str]:
    if any("frozen=True" in ast.unparse(each) for each in part.decorator_list):
        return set()
    own = {
        node.attr
        for method in part.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == "self"
    }
    declared = (node for node in part.body if isinstance(node, ast.AnnAssign) and node.value)
    reactive = (
        ast.unparse(node.target)
        for node in declared
        if ast.unparse(node.value or node.target).startswith(("reactive(", "var("))
    )
    return own.union(reactive)


def circles() -> Iterator[list[str]]:
    """Yield each group of modules that import one another in a loop, however late they do."""
    import grimp

    graph = grimp.build_graph("tutor", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    reach = {name: _reachable(imports, name) for name in imports}
    left = set(imports)
    while left:
        first = min(left)
        ring = {name for name in reach[first] if first in reach[name]}
        left -= ring | {first}
        if ring:
            yield sorted(ring)


def _reachable(imports: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = imports[ahead.pop()] - found
        found |= new
        ahead.extend(new)
    return found


def _violations(rule: str, folder: str) -> int:
    """Return how many places break the rule, those that are allowed to included."""
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--ignore-noqa"]
    found = subprocess.run(
        [*ruff, "--select", rule, "--output-format", "json", "--exit-zero", folder],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    return len(json.loads(found.stdout))


async def _way_of_a_key() -> list[tuple[str, str]]:
    """Return, for one key on η, each call from a file of the program to another one."""
    from tests.tui.apps import at_rest, in_memory, tutor_app

    with in_memory() as store:
        async with tutor_app(store, start_at=_DESCENT).run_test(size=(120, 36)) as pilot:
            await at_rest(pilot)
            for _ in range(3):
                await pilot.press("right")
                await at_rest(pilot)
            moves: list[tuple[str, str]] = []
            sys.setprofile(lambda frame, event, _: _note(frame, event, moves))
            try:
                await pilot.press("left")
                await at_rest(pilot)
            finally:
                sys.setprofile(None)
    return moves


def _note(frame: FrameType, event: str, moves: list[tuple[str, str]]) -> None:
    if event != "call" or (here := _file(frame)) is None:
        return
    if (outer := frame.f_back) is None:
        return
    there = _file(outer)
    if there is not None and there != here:
        moves.append((there, here))


def _file(frame: FrameType) -> str | None:
    path = frame.f_code.co_filename
    return path if path.startswith(str(PACKAGE)) else None


def main() -> int:
    """Print the table; the exit status is 1 where an aim is not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.house", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    options = parser.parse_args()
    found = measures()
    for name, figure, aim in found:
        print(f"{name:34} {figure:7,}   at most {aim:6,}  {'' if figure <= aim else 'not reached'}")
    if options.json:
        options.json.write_text(json.dumps({name: figure for name, figure, _ in found}, indent=1))
    return int(any(figure > aim for _, figure, aim in found))


if __name__ == "__main__":
    sys.exit(main())
