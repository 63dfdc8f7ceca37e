"""The shape of the program: who may import what, and what lies at the top of the repository."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house import composed_classes

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tutor"

OWNERS = {
    "plotext": ["charts/plotext_renderer.py"],
    "yaml": ["lesson/yaml_nodes.py"],
    "sqlalchemy": ["store/"],
    "sqlite3": ["store/"],
    "markdown_it": ["lesson/prose.py"],
    "unicodeit": ["lesson/formula_symbols.py"],
    "platformdirs": ["store/data_folder.py"],
    "textual": ["tui/", "bootstrap.py", "server/"],
    "asyncssh": ["server/"],
    "prometheus_client": ["server/process/metrics_page.py"],
}
"""Each outside library and the one place that may import it."""

SHARED = {"numpy", "rich"}
"""Arrays, and the width of a text in cells: for whoever computes, and for whoever lays out."""
CORE_MAY_IMPORT = {"numpy", "tutor"} | sys.stdlib_module_names
TOP_LEVEL = {
    "tutor", "lessons", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
}  # fmt: skip
TERMINAL_AND_HEAVY = ("textual", "asyncssh", "plotext", "sqlalchemy", "scipy", "sympy")


def imports(file: Path) -> set[str]:
    """Return every module that the file imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules


@cache
def libraries_of_files() -> dict[Path, set[str]]:
    """Return the top-level modules that each file of the package imports: each is read once."""
    return {
        file: {module.partition(".")[0] for module in imports(file)}
        for file in PACKAGE.rglob("*.py")
    }


def importers(library: str) -> set[str]:
    """Return the files of the package, by their paths in it, that import the library."""
    return {
        file.relative_to(PACKAGE).as_posix()
        for file, libraries in libraries_of_files().items()
        if library in libraries
    }


@pytest.mark.parametrize("library", OWNERS)
def test_each_outside_library_has_one_owner(library: str) -> None:
    owners = tuple(OWNERS[library])
    strangers = {file for file in importers(library) if not file.startswith(owners)}
    assert set() == strangers


@pytest.mark.parametrize("library", sorted(set(OWNERS) - {"textual"}))
def test_each_owner_uses_its_library(library: str) -> None:
    """Else the table above would guard an empty room."""
    assert importers(library)


def test_no_library_is_imported_that_has_no_owner() -> None:
    """Those of the tests (babel, sympy) and the driver that SQLAlchemy loads (psycopg) neither."""
    known = {"tutor", *OWNERS, *SHARED, *sys.stdlib_module_names}
    assert set() == set().union(*libraries_of_files().values()) - known


def test_the_core_imports_numpy_and_the_standard_library_alone() -> None:
    foreign = {
        (file.name, library)
        for file, libraries in libraries_of_files().items()
        if file.is_relative_to(PACKAGE / "core")
        for library in libraries - CORE_MAY_IMPORT
    }
    assert set() == foreign


def test_no_module_in_the_package_has_a_name_that_says_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert set() == {file.stem for file in PACKAGE.rglob("*.py")} & empty_words


STILL_TOO_LARGE = {
    "core.formula.parser.Reader",
    "store.shared_progress.SharedProgress",
    "tui.widgets.lab_chart.LabChart",
}
"""Classes to be made smaller: of those that are mended, the line goes."""


def test_no_class_is_large_with_all_that_it_inherits() -> None:
    """A superclass that exists so that a file stays short is the same class in disguise."""
    large = {each.name.removeprefix("tutor.") for each in composed_classes() if each.is_too_large}
    assert set() == large - STILL_TOO_LARGE


def loaded_by(module: str) -> set[str]:
    """Return the outside libraries that a fresh interpreter has loaded after one import."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "module",
    ["tutor", "tutor.core", "tutor.cli", "tutor.lesson.catalog", "tutor.engine.lesson.advance"],
)
def test_half_of_the_program_loads_no_terminal_and_no_database(module: str) -> None:
    assert set() == loaded_by(module) & set(TERMINAL_AND_HEAVY)


def test_the_map_loads_no_editor() -> None:
    """Textual's text area takes longer to load than all that the map shows."""
    code = "import sys, tutor.tui.app; print('textual.widgets._text_area' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == run.stdout.strip()


@pytest.mark.parametrize("module", ["tutor", "tutor.cli", "tutor.__main__"])
def test_the_command_line_starts_without_numpy(module: str) -> None:
    assert set() == loaded_by(module) & {"numpy", "yaml", "rich", *TERMINAL_AND_HEAVY}


def test_the_top_of_the_repository_holds_only_what_belongs_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    top = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    assert set() == {name for name in top if not name.startswith(".")} - TOP_LEVEL


def test_nothing_is_imported_upward() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_tests_mirror_the_package() -> None:
    """Every folder of tests for a part of the package is named as that part."""
    parts = {folder.name for folder in PACKAGE.iterdir() if folder.is_dir()}
    own = {"benchmarks", "sample_lessons", "written_by", "__snapshots__", "__pycache__"}
    folders = {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir()}
    assert set() == folders - parts - own
