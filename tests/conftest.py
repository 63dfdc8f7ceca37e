"""What all tests share: no test touches the progress of whoever runs it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.examples import THOROUGH, USUAL
from tests.store.postgres import PostgresServer
from tests.terminal import PROGRAM, Terminal
from tests.warm import ROOT
from tutor.store.opening import open_in_memory
from tutor.store.progress_store import ProgressStore

# As in the program, and before NumPy is loaded: threads on small matrices only wait for one
# another, all the more where several tests run at once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A process that has collected our six thousand tests holds a million objects, and looks at all of
# them again and again: a quarter of the time of collecting, a seventh of that of the screens.
gc.set_threshold(5_000, 10, 20)


def pytest_collection_finish() -> None:
    """Look no more at what stays until the end: each test then looks at what it made itself."""
    gc.collect()
    gc.freeze()


# Whatever the environment says of it: our tests start hundreds of Pythons, each of which would
# compile the program and its libraries anew, two seconds of work for a screen.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_configure(config: pytest.Config) -> None:
    """Let properties be tried on all their examples where the thorough tests are asked for."""
    settings.load_profile(THOROUGH if _is_thorough(config) else USUAL)


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker compile other files than its neighbours: in a new clone none is compiled.

    All import all of them, in the same order; so each would compile what the others do just then.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    files = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in files[first:] + files[:first]:
        with suppress(Exception, pytest.skip.Exception):  # pytest tells of it when it collects
            import_module(".".join(path.with_suffix("").parts))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the properties among the thorough tests: there they have all their examples."""
    if _is_thorough(config):
        for item in items:
            if is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker(pytest.mark.thorough)


def _is_thorough(config: pytest.Config) -> bool:
    return config.getoption("markexpr") == "thorough"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Many tests wait for terminals, servers and databases: one more than there are cores."""
    return 1 + (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Name a home for each test that has no folder of its own: most tests write nothing."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _as_nobody(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path]
) -> None:
    """Keep progress in a folder of this test alone, which does not exist yet; speak English.

    Whatever the system speaks: a test of languages sets its own. No folder is made for a test that
    asks for none: with each, pytest reads the names of all that it has made.
    """
    own = "tmp_path" in request.fixturenames
    home = request.getfixturevalue("tmp_path") / "nabla" if own else next(homes)
    monkeypatch.setenv("NABLA_HOME", str(home))
    monkeypatch.setenv("NABLA_LANG", "en")


@pytest.fixture
def nabla_home(tmp_path: Path) -> Path:
    """The folder in which this test keeps progress; it does not exist yet."""
    return tmp_path / "nabla"


@pytest.fixture
def store() -> Iterator[ProgressStore]:
    """Keep progress in memory."""
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def nabla(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Start `python -m tutor` in a terminal, as often as wanted, always with the same progress.

    Call it with the arguments of the command line and, by name, `columns`, `rows`, `env`;
    `warm=False` is for one that Python starts anew.
    """
    terminals: list[Terminal] = []

    def start(*arguments: str, **settings: object) -> Terminal:
        settings = {"warm": True, **settings}
        terminals.append(Terminal([*PROGRAM, *arguments], home=tmp_path, **settings))  # type: ignore[arg-type]
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for the tests of this worker; it takes two seconds."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    """The name of an empty database in PostgreSQL."""
    name = postgres.new_database()
    yield name
    postgres.drop(name)
