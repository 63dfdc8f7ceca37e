"""What a program can see, and the command lines that run it: inside bubblewrap, or as a child."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tutor.errors import TutorError
from tutor.i18n import message

RUNNER: Final = Path(__file__).with_name("runner.py")
INSIDE: Final = "/runner.py"
_SYSTEM: Final = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_NEEDED_BY_LIBRARIES: Final = (
    *("/etc/ld.so.cache", "/etc/alternatives", "/nix/store", "/gnu/store"),
    *("/dev/null", "/dev/urandom"),
)
ENVIRONMENT: Final = {
    # One thread: more would need more memory and processes than a program may have.
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB")},
    "HOME": "/home/learner",
    "LANG": "C.UTF-8",
}


def find_bubblewrap() -> str | None:
    """Return the path of `bwrap` where this system has it."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def python_command(runner: str) -> list[str]:
    """Return the command that runs the runner with nothing but Python's own library."""
    flags = ["-I", "-S", "-B", "-X", "utf8"]
    return [str(Path(sys.executable).resolve()), *flags, runner]


def bubblewrap_command(bubblewrap: str) -> list[str]:
    """Return the runner's command inside bubblewrap: read-only, alone, without a network."""
    return [
        bubblewrap,
        *("--unshare-user", "--unshare-all", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL"),
        *("--dir", "/tmp", "--dir", "/home/learner"),  # noqa: S108 — the empty one inside
        *_system(),
        *("--ro-bind", str(RUNNER), INSIDE),
        *("--remount-ro", "/", "--chdir", "/home/learner"),
        "--",
        *python_command(INSIDE),
    ]


@cache
def library_folder() -> str:
    """Return the folder that NumPy is imported from."""
    spec = find_spec("numpy")
    if spec is None or spec.origin is None:
        raise TutorError(message("NumPy is not installed: install Nabla again"))
    return str(Path(spec.origin).parent.parent)


def visible_places() -> list[str]:
    """Return the files and folders of the system, of Python and of NumPy, and where it runs."""
    return ["/usr", *_SYSTEM, *map(str, _python()), *_NEEDED_BY_LIBRARIES, "."]


def _system() -> Iterator[str]:
    """Yield the arguments that show the system, Python and NumPy, for reading alone."""
    yield from ("--ro-bind", "/usr", "/usr")
    for folder in _SYSTEM:
        if Path(folder).is_symlink():
            yield from ("--symlink", os.readlink(folder), folder)  # noqa: PTH115 — as it stands
        elif Path(folder).is_dir():
            yield from ("--ro-bind", folder, folder)
    for path in _python():
        if not path.is_relative_to("/usr") and path.exists():
            yield from ("--ro-bind", str(path), str(path))
    for name in _NEEDED_BY_LIBRARIES:
        bind = "--dev-bind" if name.startswith("/dev") else "--ro-bind"
        if Path(name).exists():
            yield from (bind, name, name)


def _python() -> Iterator[Path]:
    """Yield the files of this Python and of NumPy, and no more of the folders they are in."""
    yield Path(sys.executable).resolve()
    prefixes = {Path(sys.base_prefix), Path(sys.base_exec_prefix)}
    for prefix in {*prefixes, *(prefix.resolve() for prefix in prefixes)}:
        yield prefix / "lib"
        yield prefix / "lib64"
    yield Path(sysconfig.get_path("stdlib"))
    for name in ("numpy", "numpy.libs"):
        yield Path(library_folder()) / name
