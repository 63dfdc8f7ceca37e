"""Checks of what is installed: Python, packages, programs of the system, private names."""

from __future__ import annotations

import operator
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import import_module, metadata
from itertools import zip_longest
from typing import Final, NamedTuple

from tutor import __version__
from tutor.cli.doctor.finding import Finding, Outcome, Surroundings
from tutor.i18n import Message, message, render

PACKAGE: Final = "nabla-tutor"
_MODULES: Final = {"pyyaml": "yaml", "markdown-it-py": "markdown_it"}
"""Packages whose module has another name."""
_PYTHON: Final = "Programming Language :: Python :: "
_PRIVATE: Final = ("tutor.tui.private", "tutor.server.private", "tutor.charts.plotext_renderer")
"""Where private names of libraries are used; each tells which of them are gone."""
_SSH_SECONDS: Final = 10.0

_INSTALL_ANEW: Final = message("install Nabla anew with pip, as its README says")


def nabla(_: Surroundings) -> Finding:
    """Which Nabla this is, on which Python."""
    tested = _tested_pythons()
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    facts = {
        "nabla": __version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "tested_with": tested,
    }
    words = message(
        "{version} on {implementation} {python}", version=__version__,
        implementation=platform.python_implementation(), python=platform.python_version(),
    )  # fmt: skip
    if running in tested:
        return Finding(Outcome.GOOD, words, facts=facts)
    mend = (
        message("use one of the tested Pythons: {versions}", versions=", ".join(tested))
        if tested
        else _INSTALL_ANEW
    )
    return Finding(Outcome.WARNING, words, mend, facts)


def _tested_pythons() -> list[str]:
    """Return the versions of Python that our metadata names; none where it is not installed."""
    try:
        classifiers = metadata.metadata(PACKAGE).get_all("Classifier") or []
    except metadata.PackageNotFoundError:
        return []
    named = (each.removeprefix(_PYTHON) for each in classifiers if each.startswith(_PYTHON))
    return [each for each in named if "." in each]


def system(_: Surroundings) -> Finding:
    """Whether Nabla is tested on this system."""
    name, release, machine = platform.system(), platform.release(), platform.machine()
    facts = {"system": name, "release": release, "machine": machine, "tested_on": ["Linux"]}
    what = f"{name} {release}, {machine}"
    if name == "Linux":
        words = message("{system}; Nabla is tested on Linux", system=what)
        return Finding(Outcome.GOOD, words, facts=facts)
    return Finding(
        Outcome.WARNING,
        message("{system}; Nabla is tested on Linux, not on Windows or macOS", system=what),
        message("if something fails, use Linux (on Windows: WSL), or a workshop over ssh"),
        facts,
    )


class _Package(NamedTuple):
    """A package as it is found here."""

    needed: Requirement
    version: str | None
    problem: str | None
    """Why it cannot be used."""

    @property
    def is_tested(self) -> bool:
        return self.version is not None and is_within(self.version, self.needed.versions)


def packages(_: Surroundings) -> Finding:
    """Whether each package that is always needed is there, loads, and is of a tested version."""
    found = [_look_at(each) for each in _requirements() if not each.condition]
    if not found:
        words = message("not known: Nabla is not installed here")
        return Finding(Outcome.WARNING, words, _INSTALL_ANEW)
    facts = {
        name.package: {"version": version, "tested": name.versions, "problem": problem}
        for name, version, problem in found
    }
    broken = [f"{each.needed.package} ({each.problem})" for each in found if each.problem]
    if broken:
        words = message("missing or broken: {packages}", packages=", ".join(broken))
        return Finding(Outcome.WRONG, words, _INSTALL_ANEW, facts)
    listed = ", ".join(f"{each.needed.package} {each.version or '-'}" for each in found)
    others = [
        f'"{each.needed.package}{each.needed.versions}"' for each in found if not each.is_tested
    ]
    if others:
        mend = message("not of a tested version: pip install {packages}", packages=" ".join(others))
        return Finding(Outcome.WARNING, listed, mend, facts)
    return Finding(Outcome.GOOD, listed, facts=facts)


def _requirements() -> list[Requirement]:
    try:
        return [requirement(line) for line in metadata.requires(PACKAGE) or ()]
    except metadata.PackageNotFoundError:
        return []


def _look_at(needed: Requirement) -> _Package:
    try:
        version = metadata.version(needed.package)
    except metadata.PackageNotFoundError:
        version = None
    name = needed.package.lower()
    try:
        import_module(_MODULES.get(name, name.replace("-", "_")))
    except Exception as error:
        return _Package(needed, version, first_line(error))
    return _Package(needed, version, None)


def first_line(error: BaseException) -> str:
    """Return the kind of an error and the first line that it says."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0][:120]}" if said else type(error).__name__


def private_names(_: Surroundings) -> Finding:
    """Which uses of libraries' private names are off."""
    gone = [name for module in _PRIVATE for name in import_module(module).switched_off()]
    uses = list(dict.fromkeys(name.use for name in gone))
    facts = {"gone": [{"library": name.library, "name": name.path} for name in gone]}
    if not uses:
        return Finding(Outcome.GOOD, message("all on"), facts=facts)
    libraries = dict.fromkeys(f'"{use.library}=={use.tested}"' for use in uses)
    return Finding(
        Outcome.WARNING,
        message("off: {without}", without=" ".join(render(use.without) for use in uses)),
        message("install what was tested: {packages}", packages=" ".join(libraries)),
        facts,
    )


def postgresql(_: Surroundings) -> Finding:
    """Whether a workshop could keep its data in PostgreSQL."""
    mend = message("pip install 'nabla-tutor[postgres]'")
    try:
        import_module("psycopg")
    except ModuleNotFoundError:
        words = message("not installed: only workshops on several machines need it")
        return Finding(Outcome.NOTE, words, facts={"version": None})
    except Exception as error:  # libpq is missing, or whatever else
        words = message("does not load: {reason}", reason=first_line(error))
        return Finding(Outcome.WARNING, words, mend, {"version": None})
    version = metadata.version("psycopg")
    words, facts = message("psycopg {version}", version=version), {"version": version}
    tested = [each.versions for each in _requirements() if "postgres" in each.condition]
    if all(is_within(version, each) for each in tested):
        return Finding(Outcome.GOOD, words, facts=facts)
    return Finding(Outcome.WARNING, words, mend, facts)


def ssh(_: Surroundings) -> Finding:
    """Whether there is a client for workshops."""
    client = shutil.which("ssh")
    if client is None:
        words = message("no client: only learners in a workshop need one")
        return Finding(Outcome.NOTE, words, facts={"version": None})
    done = subprocess.run(  # noqa: S603 - the system's own, asked for its version
        [client, "-V"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        timeout=_SSH_SECONDS, check=False,
    )  # fmt: skip
    said = (done.stderr or done.stdout).strip().partition("\n")[0]
    if done.returncode or not said:
        words, mend = _broken_ssh(said or str(done.returncode))
        return Finding(Outcome.WARNING, words, mend, {"version": None})
    return Finding(Outcome.GOOD, said[:120], facts={"version": said[:120]})


def _broken_ssh(reason: str) -> tuple[Message, Message]:
    words = message("the client does not work: {reason}", reason=reason[:120])
    return words, message("install the system's package of the OpenSSH client anew")


_REQUIREMENT: Final = re.compile(r"([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(?:;\s*(.*))?")
_BOUND: Final = re.compile(r"(>=|<=|==|!=|<|>)\s*([\d.]+)")
_HOLDS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, ">": operator.gt,
}  # fmt: skip


class Requirement(NamedTuple):
    """A package that we need, and the versions that were tested."""

    package: str
    versions: str
    """Such as `>=8.2.8,<9`."""
    condition: str = ""
    """An extra or another marker; empty: always needed."""


def requirement(line: str) -> Requirement:
    """Return what a line of the metadata says.

    >>> requirement("textual<9,>=8.2.8")
    Requirement(package='textual', versions='<9,>=8.2.8', condition='')
    """
    found = _REQUIREMENT.fullmatch(line.strip())
    if found is None:
        raise ValueError(line)
    return Requirement(found[1], found[2].strip(), found[3] or "")


def is_within(version: str, versions: str) -> bool:
    """Whether a version is in a range; one that comes before a release counts as the release.

    >>> is_within("8.2.8", ">=8.2.8,<9"), is_within("9.0.0a1", "<9"), is_within("2.10", ">=2.9")
    (True, False, True)
    """
    return all(
        _HOLDS[sign](_compared(version, bound), 0) for sign, bound in _BOUND.findall(versions)
    )


def _compared(left: str, right: str) -> int:
    """Return -1, 0 or 1: which of two versions is the older one."""
    for one, other in zip_longest(_numbers(left), _numbers(right), fillvalue=0):
        if one != other:
            return 1 if one > other else -1
    return 0


def _numbers(version: str) -> list[int]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return list(map(int, found[0].split("."))) if found else []
