"""Checks of the terminal: its size, colours and encoding, and the cells that signs take.

Signs are printed, and then it is asked where the cursor is:
the question is DSR, `ESC [ 6 n`; the answer, `ESC [ row ; column R`, comes in as if it were typed.
A terminal that does not answer costs `PATIENCE` seconds, once. Its mode is as before afterwards,
and an answer that comes late, while the other checks run, is thrown away: the shell never sees it.
"""

from __future__ import annotations

import os
import re
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Final

from tutor.cli.doctor.finding import Finding, Outcome, Surroundings, Widths
from tutor.cli.output import have_terminal
from tutor.i18n import Message, message
from tutor.visible import writes_utf8

PATIENCE: Final = 2.0
"""Seconds that a terminal has for one answer: enough for an ssh line around the world."""
AMBIGUOUS: Final = "─→∇η"
"""Signs of the screens and lessons that take one cell, or two where East Asian fonts are meant."""
BRAILLE: Final = "⣿⡇"
"""Charts are drawn with these."""
WIDE: Final = "中"

_WHERE: Final = b"\x1b[6n"
_ANSWER: Final = re.compile(rb"\x1b\[\d+;(\d+)R")


@contextmanager
def measuring(environment: Mapping[str, str]) -> Iterator[Widths]:
    """Measure, and throw away what the terminal still answers until the block ends."""
    reason = _why_not(environment)
    if reason is not None:
        yield Widths(not_asked=reason)
        return
    sys.stdout.flush()
    with _unheard(sys.stdin.fileno()):
        yield _measure(sys.stdin.fileno(), sys.stdout.fileno())


def _why_not(environment: Mapping[str, str]) -> Message | None:
    """Return why the terminal cannot be asked, None if it can."""
    if not have_terminal(sys.stdin, sys.stdout):
        return message("not measured: input or output is no terminal")
    if environment.get("TERM", "dumb") in ("dumb", "unknown"):
        return message("not measured: TERM says that the terminal cannot be asked")
    if not writes_utf8(sys.stdout.encoding):
        return message("not measured: the output is not in UTF-8")
    if sys.platform == "win32":
        return message("not measured on this system")
    if os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
        return message("not measured: in the background")
    return None


@contextmanager
def _unheard(terminal: int) -> Iterator[None]:
    """Let what comes in be read at once and shown nowhere; leave the terminal as it was."""
    import termios  # noqa: PLC0415 - Windows has none

    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[6][termios.VMIN], quiet[6][termios.VTIME] = 1, 0
    try:
        termios.tcsetattr(terminal, termios.TCSADRAIN, quiet)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)  # with what came in unread


def _measure(terminal: int, output: int) -> Widths:
    column = _column(terminal, output)
    if column is None:
        return Widths(not_asked=message("not measured: the terminal does not answer"))
    if column > 1:  # something stands on this line: leave it
        os.write(output, b"\n")
    ambiguous, braille, wide = (
        _cells(signs, terminal, output) for signs in (AMBIGUOUS, BRAILLE, WIDE)
    )
    return Widths(ambiguous, braille, wide)


def _cells(signs: str, terminal: int, output: int) -> int | None:
    """Return the cells that signs take at the beginning of the line; they are erased again."""
    os.write(output, b"\r" + signs.encode())
    column = _column(terminal, output)
    os.write(output, b"\r\x1b[K")
    return None if column is None else column - 1


def _column(terminal: int, output: int) -> int | None:
    """Return the cursor's column, counted from 1; None where no answer comes in time."""
    os.write(output, _WHERE)
    heard = b""
    end = monotonic() + PATIENCE
    while (left := end - monotonic()) > 0 and select.select([terminal], [], [], left)[0]:
        more = os.read(terminal, 1024)
        heard += more
        if answer := _ANSWER.search(heard):
            return int(answer[1])
        if not more:
            break
    return None


COMFORTABLE: Final = (80, 24)
_CANNOT_SHOW: Final = ("dumb", "unknown")
_NO_MORE_THAN_16: Final = ("linux", "16color")
_COLOURS: Final = {"standard": 16, "256": 256, "truecolor": 1 << 24}
_PLAIN: Final = message("use a terminal window, or add --plain for lines of text")


def terminal(around: Surroundings) -> Finding:
    """What kind of terminal it is, and how large."""
    name = around.environment.get("TERM", "")
    facts: dict[str, object] = {
        "term": name or None,
        "is_terminal": have_terminal(sys.stdin, sys.stdout, sys.stderr),
    }
    if not facts["is_terminal"]:
        words = message("none: input, output or errors go elsewhere; the lessons need one, "
                        "or --plain")  # fmt: skip
        return Finding(Outcome.NOTE, words, facts=facts)
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    facts |= {"columns": columns, "rows": rows}
    if name in ("", *_CANNOT_SHOW):
        words = message("TERM={name}: it cannot show the screens", name=name or '""')
        return Finding(Outcome.WRONG, words, _PLAIN, facts)
    words = message("{name}, {columns}×{rows}", name=name, columns=columns, rows=rows)
    if columns >= COMFORTABLE[0] and rows >= COMFORTABLE[1]:
        return Finding(Outcome.GOOD, words, facts=facts)
    width, height = COMFORTABLE
    mend = message("make it {columns}×{rows} or larger", columns=width, rows=height)
    too_small = _is_too_small(columns, rows)
    return Finding(Outcome.WRONG if too_small else Outcome.WARNING, words, mend, facts)


def _is_too_small(columns: int, rows: int) -> bool:
    from tutor.tui.screens.tutor_screen import LEAST_COLUMNS, LEAST_ROWS  # noqa: PLC0415 - rare

    return columns < LEAST_COLUMNS or rows < LEAST_ROWS


def colours(around: Surroundings) -> Finding:
    """How many colours the program finds, and what tells it."""
    environment = around.environment
    if "NO_COLOR" in environment:
        words = message("none, as NO_COLOR asks: marks and patterns tell things apart")
        return Finding(Outcome.GOOD, words, facts={"colours": 0, "variable": "NO_COLOR"})
    system = _color_system(environment)
    variable = _variable(environment, system)
    count = _COLOURS.get(system or "", 0)
    told = f"{variable}={environment.get(variable, '')}"
    words = message("{count:,} ({variable})", count=count, variable=told)
    facts = {"colours": count, "variable": variable, "value": environment.get(variable)}
    term = environment.get("TERM", "").lower()
    if count > 16 or term.endswith(_NO_MORE_THAN_16):
        return Finding(Outcome.GOOD, words, facts=facts)
    if term in _CANNOT_SHOW:
        return Finding(Outcome.WARNING, words, _PLAIN, facts)
    mend = message("if your terminal has more: export COLORTERM=truecolor (or TERM=xterm-256color)")
    return Finding(Outcome.WARNING, words, mend, facts)


def _color_system(environment: Mapping[str, str]) -> str | None:
    """Return what the program's own screen finds: Textual asks Rich in this way."""
    from rich.console import Console  # noqa: PLC0415 - may be missing

    asked = environment.get("TEXTUAL_COLOR_SYSTEM", "auto")
    return Console(
        color_system=asked, force_terminal=True, legacy_windows=False  # type: ignore[arg-type]  # as the learner wrote it
    ).color_system  # fmt: skip


def _variable(environment: Mapping[str, str], system: str | None) -> str:
    if environment.get("TEXTUAL_COLOR_SYSTEM", "auto") != "auto":
        return "TEXTUAL_COLOR_SYSTEM"
    told = environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    return "COLORTERM" if told and system == "truecolor" else "TERM"


def encoding(around: Surroundings) -> Finding:
    """Whether all signs can be written, and the terminal reads them as they are meant."""
    found = {name: getattr(getattr(sys, name), "encoding", None) for name in ("stdout", "stderr")}
    named = ", ".join(dict.fromkeys(str(each) for each in found.values()))
    facts = {**found, "variables": _locale_of(around.environment)}
    if not all(map(writes_utf8, found.values())):
        words = message("{encoding}: signs of the lessons cannot be written", encoding=named)
        mend = message("export LC_ALL=C.UTF-8 (or PYTHONUTF8=1)")
        return Finding(Outcome.WARNING, words, mend, facts)
    wide = around.widths.wide
    if wide is not None and wide > 2:
        words = message("written as {encoding}, but the terminal reads something else",
                        encoding=named)  # fmt: skip
        return Finding(Outcome.WARNING, words, message("set your terminal to UTF-8"), facts)
    return Finding(Outcome.GOOD, named, facts=facts)


def _locale_of(environment: Mapping[str, str]) -> dict[str, str]:
    names = ("LC_ALL", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING")
    return {name: environment[name] for name in names if name in environment}


def ambiguous_signs(around: Surroundings) -> Finding:
    """Whether signs that some terminals make wide take one cell."""
    return _of_width(
        around.widths.ambiguous,
        AMBIGUOUS,
        message("{signs} take one cell each, as they should (measured)", signs=AMBIGUOUS),
        message("set ambiguous-width characters to narrow in your terminal, or add --ascii"),
        around,
    )


def braille(around: Surroundings) -> Finding:
    """Whether the dots of charts take one cell; whether a font has them only people can see."""
    return _of_width(
        around.widths.braille,
        BRAILLE,
        message("{signs} take one cell each (measured); you should see dots, no boxes",
                signs=BRAILLE),
        message("use a font with braille, such as DejaVu Sans Mono, or add --ascii"),
        around,
    )  # fmt: skip


def chinese(around: Surroundings) -> Finding:
    """Whether Chinese takes the two cells that the program counts for it."""
    return _of_width(
        around.widths.wide,
        WIDE,
        message("{signs} takes two cells, as it should (measured)", signs=WIDE),
        message("use a terminal and a font with East Asian characters, or add --lang en"),
        around,
    )


def _of_width(
    cells: int | None, signs: str, good: Message, mend: Message, around: Surroundings
) -> Finding:
    wanted = 2 if signs == WIDE else len(signs)
    facts = {"signs": signs, "cells": cells, "wanted": wanted}
    if cells is None:
        no_answer = message("not measured: the terminal did not answer in time")
        return Finding(Outcome.NOTE, around.widths.not_asked or no_answer, facts=facts)
    if cells == wanted:
        return Finding(Outcome.GOOD, good, facts=facts)
    words = message(
        "{signs} take {cells} cells instead of {wanted} (measured): screens go askew",
        signs=signs, cells=cells, wanted=wanted,
    )  # fmt: skip
    return Finding(Outcome.WARNING, words, mend, facts)
