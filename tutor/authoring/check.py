"""The command `check`: prints what the linter finds, for people or (as JSON) for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TextIO, TypeAlias

from tutor.authoring.linter import Report, inspect
from tutor.authoring.proved import Proved
from tutor.i18n import LANGUAGES, Message, message, plural, render
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.problem import Problem, sort_problems
from tutor.visible import print_visible, visible_json, visible_line

Format: TypeAlias = Literal["text", "json"]


def run_check(
    paths: Sequence[Path], out: TextIO, layout: Format = "text", proved: Proved | None = None
) -> int:
    """Print the problems of the lessons at `paths` to `out`, by file and line.

    Without a path: the project's own lessons. `proved` tells what takes long and need not be run;
    without it all is run. Returns the exit status, 1 where there is a problem.
    """
    report = inspect(paths or find_lesson_folders(), proved)
    if layout == "json":
        records = [_record(each) for each in sort_problems(report.problems + report.warnings)]
        print_visible(visible_json(json.dumps(records, ensure_ascii=False, indent=2)), to=out)
    else:
        _print_lines(report, out)
    return 1 if report.problems else 0


def _record(problem: Problem) -> dict[str, str | int | None]:
    """Return a problem for a program; the keys are a promise to editors and CI."""
    return {
        "file": problem.file,
        "line": problem.line,
        "key": problem.key_path,
        "message": render(problem.what),
        "mend": render(problem.mend),
        "severity": "warning" if problem.is_warning else "error",
    }


def _print_lines(report: Report, out: TextIO) -> None:
    """Print one problem a line, and a line that sums up."""
    for problem in sort_problems(report.problems + report.warnings):
        print_visible(visible_line(str(problem)), to=out)
    if report.problems:
        files = len({problem.file for problem in report.problems})
        found = plural("{count} problem", "{count} problems", len(report.problems))
        where = plural("{count} file", "{count} files", files)
        words = message("{problems} in {files}", problems=found, files=where)
    else:
        words = _counted(report)
    if report.warnings:
        warned = plural("{count} warning", "{count} warnings", len(report.warnings))
        words = message("{found}; {warnings}", found=words, warnings=warned)
    if report.waiting:
        waiting = plural("{count} step takes long and is not proved yet: add --prove",
                         "{count} steps take long and are not proved yet: add --prove",
                         report.waiting)  # fmt: skip
        words = message("{found}; {warnings}", found=words, warnings=waiting)
    print_visible(render(words), to=out)


def _counted(report: Report) -> Message:
    """Return how much was found to be right."""
    lessons = plural("{count} lesson", "{count} lessons", report.lessons)
    steps = plural("{count} step", "{count} steps", report.steps)
    if not report.translations:
        return message("{lessons}, {steps}: no problems", lessons=lessons, steps=steps)
    if report.translations == report.lessons * (len(LANGUAGES) - 1):
        return message("{lessons} in {n} languages, {steps}: no problems", lessons=lessons,
                       n=len(LANGUAGES), steps=steps)  # fmt: skip
    translations = plural("{count} translation", "{count} translations", report.translations)
    return message("{lessons}, {translations}, {steps}: no problems", lessons=lessons,
                   translations=translations, steps=steps)  # fmt: skip
