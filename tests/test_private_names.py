"""Private names of libraries: listed, used in one room a part, and each of them can be lost."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import tutor
from tests.taken_away import ROOMS
from tutor.i18n import message, render
from tutor.private_names import PrivateName, Use, overrides

PACKAGE = Path(tutor.__file__).parent
IN_A_ROOM = ("tui/private/", "server/private/", "charts/plotext_renderer.py")
LIBRARIES = ("textual", "asyncssh", "plotext", "rich", "sqlalchemy", "prometheus_client")
DOCUMENTED = {"_asdict", "_exit", "_mapping", "_replace"}
"""Names with an underscore that Python and SQLAlchemy promise."""
NAMES = [(part, name) for part, room in ROOMS.items() for name in import_module(room).NAMES]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


# --- one by one


@pytest.mark.parametrize("part", ROOMS)
def test_nothing_is_switched_off_with_the_versions_that_are_tested(part: str):
    assert () == import_module(ROOMS[part]).switched_off()


@pytest.mark.parametrize("part", ROOMS)
def test_the_versions_are_those_of_the_proven_set(part: str):
    proven = (PACKAGE.parent / ".constraints.txt").read_text("utf-8").splitlines()
    for use in {name.use for name in import_module(ROOMS[part]).NAMES}:
        assert f"{use.library}=={use.tested}" in proven


def run_without(part: str, *arguments: str) -> tuple[set[str], str]:
    """Run a part without names; return those that were gone while it ran, and what was said."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.taken_away", part, *arguments],
        cwd=PACKAGE.parent, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert 0 == run.returncode, run.stdout + run.stderr
    end = " gone: runs"
    said = run.stdout.splitlines()
    return {line.removesuffix(end) for line in said if line.endswith(end)}, run.stdout


def all_of(part: str) -> set[str]:
    return {f"{name.library}, all of it," for of, name in NAMES if of == part}


@pytest.mark.parametrize("part", ["tui", "server"])
def test_the_program_runs_without_any_name_of_a_library_and_without_one(part: str):
    """Each time in a process of its own; `thorough` takes each name away in turn."""
    gone, _ = run_without(part)
    assert all_of(part) <= gone
    assert {name.library for of, name in NAMES if of == part and name.path in gone} == {
        name.library for of, name in NAMES if of == part
    }


@pytest.mark.thorough
@pytest.mark.parametrize("part", ["tui", "server"])
def test_the_program_runs_without_each_name(part: str):
    """Each in a process of its own: gone, and where it is a function with one parameter more."""
    gone, _ = run_without(part, "--every")
    assert {name.path for of, name in NAMES if of == part} | all_of(part) == gone


def test_a_chart_is_the_same_picture_without_a_figure_of_its_own():
    gone, said = run_without("charts", "--every")
    assert {name.path for of, name in NAMES if of == "charts"} | all_of("charts") == gone
    import numpy as np

    from tests.charts.pictures import descent_chart
    from tutor.charts.palette import DARK
    from tutor.charts.plotext_renderer import ChartRenderer

    path = np.array([[-4.0, -2.0, -1.0], [3.0, 1.5, 0.8]])
    ours = ChartRenderer().render(descent_chart(path), 60, 20, DARK).to_text()
    assert said.count(" runs") == said.count(ours)


def test_what_is_off_is_said_in_one_sentence():
    name = PrivateName(Use("rich", "1.0", message("That."), message("Slowly.")), "rich.text:_lost")
    assert (
        f"rich {version('rich')} is not as tested (rich.text:_lost). Slowly. "
        "With rich 1.0 nothing is missing."
    ) == render(name.trouble())


def test_the_check_of_a_workshop_says_what_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from tutor.server import private
    from tutor.server.options import ServeOptions
    from tutor.server.process import serve

    monkeypatch.setattr(serve, "prepare_environment", lambda: None)
    monkeypatch.setattr(private, "switched_off", lambda: private.NAMES[:1])
    assert 0 == serve.check(ServeOptions(folder=tmp_path, auth="open", port=0))
    said = capsys.readouterr().out.splitlines()
    assert [render(private.NAMES[0].trouble()), "All is well: the workshop can begin."] == said


# --- the guard

SOME_USE = Use("json", "1", "what", "without")  # type: ignore[arg-type]  # words


class Sample:
    """A class of a library."""

    _known = 1

    def __init__(self) -> None:
        self._given = 2

    def _does(self, what: int, *, how: int = 0) -> None: ...


@pytest.mark.parametrize(
    ("place", "parameters", "is_there"),
    [
        ("Sample._known", None, True),
        ("Sample._given", None, True),
        ("Sample._lost", None, False),
        ("Lost._known", None, False),
        ("Sample._does", "self what how", True),
        ("Sample._does", "self what", False),
        ("Sample._does", "self how what", False),
        ("Sample._lost", "self", False),
        ("Sample._known", "self", False),
    ],
)
def test_a_name_is_looked_for(place: str, parameters: str | None, is_there: bool):
    path = f"{__name__}:{place}"
    sys.modules.setdefault(__name__, inspect.getmodule(Sample))  # type: ignore[arg-type]  # this one
    assert is_there == PrivateName(SOME_USE, path, parameters).is_as_tested()


def test_a_module_may_be_gone():
    assert not PrivateName(SOME_USE, "json.lost:anything").is_as_tested()


@pytest.mark.parametrize(("only_if", "says"), [(True, "ours"), (False, "the library's")])
def test_a_method_is_ours_while_its_use_is_on(only_if: bool, says: str):
    class Theirs:
        def _say(self) -> str:
            return "the library's"

    @overrides("_say", only_if=only_if)
    class Ours(Theirs):
        def _say(self) -> str:
            return "ours"

    assert says == Ours()._say()


# --- nowhere else


def as_it_runs(tree: ast.Module) -> ast.Module:
    """Take the annotations of functions out of a module: they are never evaluated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
    return tree


@cache
def files() -> tuple[tuple[str, ast.Module], ...]:
    """Return each module outside the rooms, by its path in the package."""
    every = {file.relative_to(PACKAGE).as_posix(): file for file in sorted(PACKAGE.rglob("*.py"))}
    return tuple(
        (where, as_it_runs(ast.parse(file.read_text(encoding="utf-8"))))
        for where, file in every.items()
        if not where.startswith(IN_A_ROOM)
    )


def defined_in(tree: ast.AST) -> set[str]:
    """Return the private names that a module gives to something."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if is_private(name)}


@cache
def defined_anywhere() -> set[str]:
    return set().union(*(defined_in(tree) for _, tree in files()))


def touched(tree: ast.AST) -> Iterator[str]:
    """Yield each private name of something else that a module touches, as it stands there."""
    own = defined_in(tree) | DOCUMENTED
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            of = ast.unparse(node.value)
            known = own | defined_anywhere() if of == "super()" else own
            if of not in ("self", "cls") and node.attr not in known:
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("tutor"):
            words = [*(node.module or "").split("."), *(each.name for each in node.names)]
            yield from (ast.unparse(node) for word in words if is_private(word))
        elif isinstance(node, ast.Import):
            words = [word for each in node.names for word in each.name.split(".")]
            yield from (ast.unparse(node) for word in words if is_private(word))
        elif isinstance(node, ast.keyword) and is_private(node.arg or ""):
            yield ast.unparse(node)


def test_no_other_module_touches_a_private_name():
    assert [] == [(where, name) for where, tree in files() for name in touched(tree)]


@pytest.mark.parametrize(
    "line",
    [
        "app._driver", "from textual._x import X", "import textual._x", "Console(_environ={})",
        "from textual.app import _x", "a.b()._x = 1", "super()._display(1)",
    ],
)  # fmt: skip
def test_what_touches_a_private_name_is_seen(line: str):
    """Setting one defines nothing in its module but what is called so there."""
    assert list(touched(ast.parse(line))) or "= 1" in line


def private_to(library_class: type) -> set[str]:
    """Return the private names that a class of a library has or gives to its objects."""
    functions = [each for each in vars(library_class).values() if inspect.isfunction(each)]
    words = {word for each in functions for word in each.__code__.co_names}
    return {word for word in {*vars(library_class), *words} if is_private(word)}


def said_in(tree: ast.ClassDef) -> set[str]:
    """Return the private names that a class defines, or knows of itself."""
    of_itself = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "cls")
    }
    return {name for name in of_itself | defined_in(tree) if is_private(name)}


@cache
def classes() -> tuple[tuple[str, type, ast.ClassDef], ...]:
    """Return the classes outside the rooms that derive from one of a library."""
    found = []
    for where, tree in files():
        module = import_module("tutor." + where.removesuffix(".py").removesuffix("/__init__")
                               .replace("/", ".")) if where != "__main__.py" else None  # fmt: skip
        for node in tree.body:
            ours = getattr(module, node.name, None) if isinstance(node, ast.ClassDef) else None
            if isinstance(node, ast.ClassDef) and isinstance(ours, type):
                found.append((where, ours, node))
    return tuple(found)


def test_no_other_class_overrides_or_knows_what_is_private_to_its_base():
    """Not even by chance: a name of our own that a library's class has already."""
    known = []
    for where, ours, tree in classes():
        for base in ours.__mro__:
            if base.__module__.partition(".")[0] in LIBRARIES:
                known += [(where, name) for name in said_in(tree) & private_to(base)]
    assert len(classes()) > 100
    assert [] == known


def test_nobody_claims_to_be_the_only_place_but_the_lists():
    claims = [where for where, tree in files() if "private part" in (ast.get_docstring(tree) or "")]
    assert [] == claims
