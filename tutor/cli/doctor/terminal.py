"""Checks of the terminal: its size, colours and encoding, and the cells that signs take."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

from tutor.cli.doctor.cursor import AMBIGUOUS, BRAILLE, WIDE, writes_utf8
from tutor.cli.doctor.finding import Finding, Outcome, Surroundings
from tutor.cli.output import have_terminal
from tutor.i18n import Message, message

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
