"""Bugs: what stands under the code is what it prints, and the mend is what mends it.

The code of an exhibit is the exhibit's; a program of the lesson's own is run in the sandbox.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.core.faulty_program import Exhibit
from tutor.core.museum import MUSEUM
from tutor.engine.kinds.bug import printed_lines, program_lines
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import BugStep, OwnSymptom, Step
from tutor.lesson.problem import mend_by_nearest
from tutor.lesson.programs import Check, Outcome, Program
from tutor.lesson.scalars import quoted

_LEFT_OUT: Final = ("", "...")
"""Lines that stand for whatever of the program is not shown."""


def check_bug(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what keeps the shown code from being the program that is run."""
    if not isinstance(step, BugStep):
        return
    if isinstance(step.symptom, OwnSymptom):
        yield from _own_faults(step, step.symptom, path)
        return
    if step.symptom.run not in MUSEUM:
        what = message("{name} is no exhibit of the museum", name=step.symptom.run)
        yield f"{path}.symptom.run", what, mend_by_nearest(step.symptom.run, tuple(MUSEUM))
        return
    shown = MUSEUM[step.symptom.run]
    lines = step.code.splitlines()
    places = _places(lines, shown.fault.splitlines())
    if len(places) < len(lines):
        what = message("the exhibit {name} has no line {line} here", name=shown.name,
                       line=quoted(lines[len(places)].strip()))  # fmt: skip
        mend = message("show lines of its program in tutor/core/museum.py, in their order")
        yield f"{path}.code", what, mend
        return
    yield from _mend_faults(step, shown, places, path)


def _own_faults(step: BugStep, own: OwnSymptom, path: str) -> Iterator[Inconsistency]:
    faulty, mended = (program_lines(step, mended=mended) for mended in (False, True))
    if faulty == mended:
        what = message("is what stands in line {line} already", line=step.fault_line)
        yield f"{path}.mend", what, message("write the line as it should be")
    elif own.prints == own.mended:
        what = message("is what it prints with its fault")
        mend = message("let show print something in which the fault is seen")
        yield f"{path}.symptom.mended", what, mend


def programs_of_bug(step: BugStep) -> list[Program]:
    """Return what is run to see whether a lesson's own program prints what stands there.

    What it prints is caught as it runs, for programs that run in a row share their output.
    """
    own = step.symptom
    if not isinstance(own, OwnSymptom):
        return []
    sources = (
        "\n".join([*program_lines(step, mended=mended), own.show or ""]) for mended in (False, True)
    )
    setup = "\n".join([own.setup or "", _CATCHING])
    return [Program("", setup, (Check(f"_printed({source!r})", "''"),)) for source in sources]


_CATCHING: Final = """
def _printed(source):
    import contextlib, io
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(source, dict(globals()))
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    return printed.getvalue()
"""
"""Python that returns what a program prints; an exception is its last line, as in the museum."""


def printing_faults(
    step: BugStep, path: str, outcomes: Sequence[Outcome]
) -> Iterator[Inconsistency]:
    """Yield where a lesson's own program prints something else, once it has run."""
    for key, mended, outcome in zip(("prints", "mended"), (False, True), outcomes, strict=False):
        here = f"{path}.symptom.{key}"
        printed = _printed(outcome)
        if outcome.broken is not None:
            fault = f"{outcome.broken.kind}: {outcome.broken.text}"
            what = message("its setup fails ({fault})", fault=fault)
            yield f"{path}.symptom.setup", what, message("mend it")
        elif printed is None:
            what = message("the program does not come to its end, or prints too much")
            yield here, what, message("take one that ends soon and prints a few lines")
        elif printed != printed_lines(step, mended=mended):
            what = message("it prints {printed}", printed=quoted(" ⏎ ".join(printed)))
            yield here, what, message("write what it prints, or mend the program")


def _printed(outcome: Outcome) -> tuple[str, ...] | None:
    """Return the lines that were printed; None where that is not known to the end."""
    value = outcome.checks[0].value if outcome.checks else None
    try:
        text = None if value is None else ast.literal_eval(value.text)
    except (SyntaxError, ValueError):  # it was cut
        return None
    return tuple(line.rstrip() for line in text.splitlines()) if isinstance(text, str) else None


def _mend_faults(
    step: BugStep, shown: Exhibit, places: Sequence[int | None], path: str
) -> Iterator[Inconsistency]:
    if shown.fault_line not in places:
        line = quoted(shown.fault.splitlines()[shown.fault_line - 1].strip())
        what = message("lacks the exhibit's line at fault")
        yield f"{path}.code", what, message("show {line}", line=line)
    elif places[step.fault_line - 1] != shown.fault_line:
        what = message("line {line} is not the one at fault", line=step.fault_line)
        mend = message("write {line}", line=places.index(shown.fault_line) + 1)
        yield f"{path}.fault_line", what, mend
    if step.mend.strip() != shown.mended_line.strip():
        what = message("is not what the exhibit {name} runs", name=shown.name)
        yield f"{path}.mend", what, message("write {line}", line=quoted(shown.mended_line.strip()))


def _places(lines: Sequence[str], program: Sequence[str]) -> tuple[int | None, ...]:
    """Return the line of the program (from 1) that each line is, None where it stands for others.

    Shorter than `lines` where one is not found after the one before it. The whole code may be
    indented less than in the program.
    """
    indents = {len(line) - len(line.lstrip()) for line in program}
    return max((_found(lines, program, indent) for indent in indents), key=len)


def _found(lines: Sequence[str], program: Sequence[str], indent: int) -> tuple[int | None, ...]:
    found: list[int | None] = []
    after = 0
    for line in lines:
        if line.strip() in _LEFT_OUT:
            found.append(None)
            continue
        wanted = " " * indent + line.rstrip()
        if wanted not in program[after:]:
            break
        after = program.index(wanted, after) + 1
        found.append(after)
    return tuple(found)
