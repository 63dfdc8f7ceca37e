"""Which system calls learners' programs make: `python -m tests.sandbox.system_calls`.

Run by each Python and with each NumPy that we support, in an environment that holds Nabla. All
programs of our lessons, the exhibits of the bug museum, and what a learner may try beyond them
(each module of Python's library and of NumPy, files, clocks, faults) run with every call allowed,
under strace. Printed are the calls that were made from the first program on, with the argument that
the list of `tutor.sandbox.seccomp` looks at, and whether the list allows them at all. Then the
solutions run shut in by it; the status is 1 where one is not right.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.course import course
from tutor.core.faulty_program import _PREAMBLE
from tutor.core.museum import MUSEUM
from tutor.lesson.code_grading import grade_code
from tutor.lesson.model import CodeStep
from tutor.lesson.programs import Program, program_of
from tutor.sandbox.bubblewrap import RUNNER, python_command
from tutor.sandbox.protection import plain_protection, protection
from tutor.sandbox.run import Limits, _Batch, run_all
from tutor.sandbox.seccomp import ALLOWED, EXAMINED

_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
_READY = '\\"ready\\"'
_PROGRAMS_OF_THEIR_OWN = {"antigravity", "idlelib", "lib2to3", "this", "turtledemo"}
_NUMPY = ("fft", "linalg", "random", "ma", "polynomial", "testing", "typing", "ctypeslib")
_BEYOND = """
import datetime, gc, io, locale, os, platform, random, resource, sys, tempfile, time, traceback
print(platform.platform(), os.cpu_count(), os.getcwd(), datetime.datetime.now(), time.localtime())
time.sleep(0.01); time.process_time(); time.monotonic(); time.perf_counter(); random.random()
gc.collect(); resource.getrusage(resource.RUSAGE_SELF); resource.getrlimit(resource.RLIMIT_AS)
open(np.__file__).read(); open(np.__file__, "rb", buffering=0).readinto(bytearray(9))
os.listdir(os.path.dirname(np.__file__)); list(os.scandir("/usr")); os.path.exists("/none")
os.path.realpath(np.__file__); os.access("/usr", os.R_OK); os.stat("/usr"); os.getpid(); os.getuid()
np.memmap(np.__file__, mode="r")[:9].sum(); np.linalg.svd(np.random.rand(300, 300))
np.fft.fft(np.arange(2**14)); np.sort(np.random.rand(10**6)); np.zeros((4000, 4000)).sum()
x = [bytearray(10**6) for _ in range(100)]; del x; np.loadtxt(io.StringIO("1 2")); np.info
np.einsum("ij,jk", np.ones((400, 400)), np.ones((400, 400))); np.show_config(); np.arange(3) / 0
for each in (lambda: open("x", "w"), lambda: np.save("x", [1]), input, tempfile.gettempdir):
    try: each()
    except Exception: traceback.print_exc()
with os.fdopen(os.dup(1), "w") as file: file.write("x")
open(os.devnull).read(); sys.stdout.isatty(); 1 / 0
"""


def main() -> int:
    """Print the calls and what the list makes of them, then what is not right under it."""
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    print(f"# {versions}, {platform.machine()}, {platform.libc_ver()}")
    for call in sorted(_traced()):
        print(call if call.partition("(")[0] in {*ALLOWED, *EXAMINED} else f"{call}  not allowed")
    faults = [f"{step.id}: {fault}" for step in _steps() for fault in _faults(step)]
    print("\n".join(faults or ["# under the list every solution is right, both ways"]))
    return int(bool(faults))


def _steps() -> list[CodeStep]:
    steps = (step for lesson in course().lessons for step in lesson.steps)
    return [step for step in steps if isinstance(step, CodeStep)]


def _programs() -> Iterator[Program]:
    for step in _steps():
        yield from (program_of(step, source) for source in (step.starter, step.solution))
    setup = f"from tutor.core.network import SoftmaxClassifier\n{_PREAMBLE}"
    for exhibit in MUSEUM.values():
        yield from (Program(source, setup, ()) for source in (exhibit.fault, exhibit.mend))
    names = (each for each in sys.stdlib_module_names - _PROGRAMS_OF_THEIR_OWN if each[0] != "_")
    for name in [*sorted(names), *(f"numpy.{each}" for each in _NUMPY)]:
        yield Program(f"import {name}\n", "", ())
    yield Program(_BEYOND, "", ())


def _traced() -> set[str]:
    """Return the calls that the programs make, told apart as far as the list does."""
    batch = _Batch(list(_programs()), Limits(seconds=60.0), plain_protection(), None)
    request = json.loads(batch.request()) | {"path": sys.path, "limits": {}, "shut_in": {}}
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "calls")
        trace = ["strace", "-f", "-qq", "-s", "200", "-e", "signal=none", "-o", str(written)]
        subprocess.run(
            [*trace, *python_command(str(RUNNER))], input=json.dumps(request).encode(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, check=True,
        )  # fmt: skip
        lines = iter(written.read_text("utf-8", "replace").splitlines())
    for line in lines:
        if _READY in line:
            break
    return {_shown(found[1], found[2]) for line in lines if (found := _CALL.match(line))}


def _shown(name: str, told: str) -> str:
    """Return a call by its name, with the argument that the list looks at."""
    if name not in EXAMINED:
        return name
    argument = told.split(", ")[EXAMINED[name].argument]
    return f"{name}({re.split('[) ]', argument)[0]})"


def _faults(step: CodeStep) -> Iterator[str]:
    """Yield what the solution of a step is told, where it is not right."""
    for protected in (protection(), plain_protection()):
        (outcome,) = run_all([program_of(step, step.solution)], protected=protected)
        verdict = grade_code(step, outcome)
        if not verdict.correct:
            yield f"{protected.kind}: {verdict.feedback}"


if __name__ == "__main__":
    sys.exit(main())
