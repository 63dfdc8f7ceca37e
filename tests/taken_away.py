"""The program with a name of a library taken away, or changed: what a later release may do.

    python -m tests.taken_away tui [--every]

The library's modules are changed as they are loaded: the name is another one, or the function takes
one parameter more. Then the part of the program that uses it is run through one step. Gone are all
names of a library at once, then one alone, and one function is changed; with `--every` each name
and each function in turn. Each change has a process of its own, in which the library is
loaded for the first time; they are children of one that has loaded everything else. One line is
printed for each, and exit status 1 says that one of them failed.
"""

from __future__ import annotations

import ast
import asyncio
import gc
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import lru_cache, partial, reduce
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.lesson.catalog import Catalog
    from tutor.private_names import PrivateName

EVERYWHERE = {"XTermParser", "build_plot", "matrix", "monitor", "render_segments"}
"""What is not private, but says the same in the whole library."""
ROOMS = {
    "tui": "tutor.tui.private",
    "server": "tutor.server.private",
    "charts": "tutor.charts.plotext_renderer",
}
Change = Callable[[str, str], str]
"""What becomes of the source of a module, by its name."""


def without(name: PrivateName) -> Change:
    """Take a name away: the library has another one in its place.

    A word that is private is renamed wherever the library says it. One that is not may mean other
    things elsewhere: it is renamed where it is defined.
    """
    module, _, place = name.path.partition(":")
    *_, owner, word = ["", *place.split(".")]
    if word.startswith("_") or word in EVERYWHERE:
        whole = re.compile(rf"\b{re.escape(word)}\b")
        return lambda _of, source: whole.sub(f"{word}_elsewhere", source)
    return lambda of, source: _renamed(source, owner, word) if of == module else source


def without_all(names: Sequence[PrivateName]) -> Change:
    """Take all these names away."""
    changes = [without(name) for name in names]
    return lambda of, source: reduce(lambda text, change: change(of, text), changes, source)


def _renamed(source: str, owner: str, word: str) -> str:
    tree = ast.parse(source)
    other = f"{word}_elsewhere"
    for node in ast.walk(_class_of(tree, owner)):
        if isinstance(node, ast.Name) and node.id == word and not owner:
            node.id = other
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == f"self.{word}":
            node.attr = other
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == word:
            node.name = other
        elif isinstance(node, ast.alias) and node.name == word:
            node.asname = other
    return ast.unparse(tree)


def _class_of(tree: ast.AST, owner: str) -> ast.AST:
    """Return the class of this name; the whole tree where none is asked for."""
    found = (each for each in ast.walk(tree) if isinstance(each, ast.ClassDef))
    return next(each for each in found if each.name == owner) if owner else tree


def with_one_more(name: PrivateName) -> Change:
    """Let a function take one parameter more, which nobody needs to give."""
    module, _, place = name.path.partition(":")
    owner, _, word = place.rpartition(".")

    def change(of: str, source: str) -> str:
        if of != module:
            return source
        tree = ast.parse(source)
        for node in ast.walk(_class_of(tree, owner)):
            if isinstance(node, ast.FunctionDef) and node.name == word:
                node.args.kwonlyargs.append(ast.arg("added"))
                node.args.kw_defaults.append(ast.Constant(None))
        return ast.unparse(ast.fix_missing_locations(tree))

    return change


class ChangedLoader(SourceFileLoader):
    """Loads a module as it would be after the change."""

    change: Change

    def get_code(self, fullname: str) -> CodeType | None:
        source = Path(self.path).read_text(encoding="utf-8")
        changed = self.change(fullname, source)
        if changed == source:
            return super().get_code(fullname)
        CHANGED.append(fullname)
        return compile(changed, self.path, "exec", dont_inherit=True)


CHANGED: list[str] = []
"""The modules that were changed so far."""


class ChangedLibrary(MetaPathFinder):
    """Finds the modules of one library, changed."""

    def __init__(self, library: str, change: Change) -> None:
        self._library, self._change = library, change

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: object = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != self._library:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = ChangedLoader(fullname, spec.loader.path)
            spec.loader.change = self._change
        return spec


# --- the parts of the program


def run_tui() -> None:
    """A lesson is opened in a terminal that is really painted, and a parameter is turned."""
    import pyte
    from textual import events
    from textual.driver import Driver
    from textual.geometry import Size
    from textual.pilot import Pilot

    from tests.tui.apps import in_memory, lesson_screen, tutor_app, until
    from tutor.tui.terminal import TerminalReader

    driver: list[Driver] = []
    width, height = 100, 30
    shown = pyte.Screen(width, height)
    stream = pyte.Stream(shown)

    class Recorded(Driver):
        """Paints on a screen that can be looked at."""

        def write(self, data: str) -> None:
            stream.feed(data)

        def start_application_mode(self) -> None:
            driver.append(self)
            size = Size(width, height)
            self.process_message(events.Resize(size, size))

        def disable_input(self) -> None: ...

        def stop_application_mode(self) -> None: ...

    async def work(pilot: Pilot[None]) -> None:
        await lesson_screen(pilot)
        await until(pilot, lambda: "Goal" in "".join(shown.display))
        before = list(shown.display)
        for message in TerminalReader(100).take("\x1b[C")[0]:
            driver[0].process_message(message)
        await until(pilot, lambda: before != shown.display)
        pilot.app.exit()

    with in_memory() as store:
        app = tutor_app(store, "gradients/derivative#tilt", catalog=whole_course())
        app.driver_class = Recorded
        asyncio.run(app.run_async(size=(width, height), auto_pilot=work))
        assert app.failure is None, app.failure


def run_server() -> None:
    """A learner comes in by SSH, opens a lesson and turns a parameter."""
    from tests.server.clients import ON_MAP, terminal
    from tests.server.served import Served
    from tutor.server.process import worker

    async def learn(folder: Path) -> None:
        served = Served(folder)
        screen = await terminal(await served.connect("ana"), env={"LANG": "en_GB.UTF-8"})
        await screen.wait_for(ON_MAP)
        await screen.wait_for(b"Goal", screen.press(b"\r"))
        before = screen.press(b"\x1b[C")
        await screen.wait_for(lambda seen: len(seen) > 100, before)
        await served.close()

    worker.load_catalog = lambda _folders: whole_course()
    with TemporaryDirectory() as folder:
        asyncio.run(learn(Path(folder)))


def run_charts() -> None:
    """A chart is drawn, and is the picture that it is with the name."""
    import numpy as np

    from tests.charts.pictures import descent_chart
    from tutor.charts.palette import DARK
    from tutor.charts.plotext_renderer import ChartRenderer

    path = np.array([[-4.0, -2.0, -1.0], [3.0, 1.5, 0.8]])
    print(ChartRenderer().render(descent_chart(path), 60, 20, DARK).to_text())


RUNS = {"tui": run_tui, "server": run_server, "charts": run_charts}
BESIDE = {
    "textual": ("plotext", "pyte", "asyncssh"),
    "asyncssh": ("pyte", "tests.tui.apps", "tutor.tui.screens.lesson"),
    "plotext": ("numpy", "rich.ansi", "tests.charts.pictures"),
}
"""What is loaded before a library is, and does not load it."""


def try_without(part: str, names: Sequence[PrivateName], change: Change) -> None:
    """Run a part of the program with the change; its room must have seen it."""
    sys.meta_path.insert(0, ChangedLibrary(names[0].library, change))
    RUNS[part]()
    assert CHANGED, "nothing was changed"
    off = import_module(ROOMS[part]).switched_off()
    assert set(names) <= set(off), off
    assert {name.use for name in names} == {each.use for each in off}, off


def in_a_child(work: Callable[[], None]) -> bool:
    """Do something in a process of its own; return whether nothing failed."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        work()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)


def load_the_rest() -> None:
    """Load the half of the program that has no terminal, once for all."""
    import tutor

    for part in ("core", "charts", "lesson", "engine", "store", "player", "room", "sandbox"):
        for each in walk_packages([f"{tutor.__path__[0]}/{part}"], f"tutor.{part}."):
            import_module(each.name)
    whole_course()


@lru_cache
def whole_course() -> Catalog:
    from tutor.lesson.catalog import load_catalog
    from tutor.lesson.folders import find_lesson_folders

    return load_catalog(find_lesson_folders())


def try_library(part: str, library: str, names: Sequence[PrivateName], *, every: bool) -> None:
    """Take names of a library away, and change what functions take."""
    for module in BESIDE[library]:
        import_module(module)
    if library in ("textual", "asyncssh"):
        load_the_rest()
    gc.disable()  # each process ends soon
    assert library not in sys.modules
    gone, functions = names, [name for name in names if name.parameters]
    if not every:
        gone, functions = gone[:1], functions[:1]
    trials: list[tuple[str, Sequence[PrivateName], Change]] = [
        (f"{library}, all of it, gone", names, without_all(names))
    ]
    trials += [(f"{name.path} gone", [name], without(name)) for name in gone]
    trials += [(f"{each.path} other parameters", [each], with_one_more(each)) for each in functions]
    failed = False
    for what, names_of_it, change in trials:
        runs = in_a_child(partial(try_without, part, names_of_it, change))
        print(f"{what}: {'runs' if runs else 'FAILS'}")
        failed |= not runs
    assert not failed


def main(part: str, only: str = "", *, every: bool = False) -> int:
    """Try each library of a part; `only` picks the names that contain it."""
    names = [each for each in import_module(ROOMS[part]).NAMES if only in each.path]
    fine = [
        in_a_child(lambda library=library: try_library(  # type: ignore[misc]  # a lambda
            part, library, [each for each in names if each.library == library], every=every
        ))
        for library in sorted({each.library for each in names})
    ]  # fmt: skip
    return 0 if all(fine) else 1


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--every"]
    sys.exit(main(*words, every="--every" in sys.argv))
