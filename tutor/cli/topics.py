"""What `nabla help TOPIC` tells: its words here, and what is made from the code where it is said.

A topic's blocks are made when they are asked for: keys come from the commands of the terminal
program, numbers from the constants that set the limits, commands from their parsers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tutor.cli.arguments import help_of_each, help_of_options
from tutor.cli.help_layout import Block, Heading, Lines, Rows
from tutor.cli.language import OPTION, VARIABLE
from tutor.cli.limits import limit_blocks
from tutor.core.formula.functions import FUNCTIONS, PAIRS
from tutor.engine.lesson.review import GAPS
from tutor.i18n import LANGUAGES, Text, message
from tutor.lesson import folders
from tutor.player.review import AT_MOST, QUESTIONS
from tutor.store.backups import KEPT
from tutor.store.data_folder import data_folder, progress_file
from tutor.store.error_log import LOG_NAME
from tutor.store.settings import settings_file
from tutor.tui.key_groups import (
    EVERY_GROUP,
    IN_CLASS,
    IN_LAB,
    IN_LESSON,
    IN_ROOM,
    IN_WARM_UP,
    ON_CONTROL,
)
from tutor.tui.screens.tutor_screen import LEAST_COLUMNS, LEAST_ROWS


def _keys() -> Sequence[Block]:
    groups = [block for group in EVERY_GROUP for block in (Heading(group.title), Rows(group.rows))]
    return [
        *groups,
        message(
            "Where a field is being typed in, letters go into it: the Ctrl and F keys work there "
            "too. ? shows the keys of the screen you are on, and g in it the glossary."
        ),
    ]


def _lessons() -> Sequence[Block]:
    return [
        message(
            "In a step you predict before you see, turn parameters towards a goal, find a bug, or "
            "write Python that is checked in sentences. Nothing moves on by itself, going back "
            "loses nothing, and you may quit at any moment: the next start goes on at the same "
            "step, with the same parameters."
        ),
        message(
            "`nabla list` shows all lessons; `nabla run LESSON` opens one by its id, its short "
            "name or its number, `nabla run gradient#arrow` at a step."
        ),
        Heading(message("Lessons of others")),
        message(
            "`--lessons DIR` shows the courses in a folder too; say it several times, or list "
            "folders in {variable} (with {separator} between them).",
            variable=folders.VARIABLE, separator=_path_separator(),
        ),
        message(
            "Lesson packs that pip installed are shown too: distributions with an entry point of "
            "the group {group} that names a package with courses in it. Nothing of a pack is run.",
            group=folders.GROUP,
        ),
        message(
            "`nabla new FILE` writes a lesson to change into your own, `nabla preview FILE` shows "
            "it, `nabla check FILE` proves it, `nabla pack FOLDER` makes a pack for others: "
            "lessons/README.md tells how."
        ),
        Heading(IN_LESSON.title), Rows(IN_LESSON.rows),
        Heading(ON_CONTROL.title), Rows(ON_CONTROL.rows),
    ]  # fmt: skip


def _path_separator() -> str:
    return os.pathsep


def _lab() -> Sequence[Block]:
    return [
        message(
            "L opens it from anywhere, from a lesson on that step's setting; Esc goes back, and L "
            "on the map opens it again as you left it."
        ),
        message(
            "Choose or type a function: its exact gradient is shown, and checked by differences. "
            "Set the start by mouse, by the cursor on the chart or by number, and turn optimizer, "
            "η, schedule and gradient, for the whole run or from the step you look at."
        ),
        message(
            "Play the run, step back, scrub. Pin runs as ghosts, keep a second setting beside, let "
            "the optimizers race. Under the charts stands why it goes as it goes, with this step's "
            "numbers."
        ),
        message(
            "One line of state, the state code, brings everything back: y copies it, and "
            "`nabla lab 'nabla1:…'` opens it. e writes files: `nabla help exports`."
        ),
        Heading(IN_LAB.title), Rows(IN_LAB.rows),
    ]  # fmt: skip


def _review() -> Sequence[Block]:
    return [
        message(
            "What you answered is asked again: v on the map, or `nabla review`, asks what is due, "
            "{most} questions at most in one sitting.",
            most=AT_MOST,
        ),
        message(
            "The gaps grow with each right answer ({gaps} days, a Leitner box) and begin anew "
            "after a miss. Of what is due, wrong answers that you were certain of come first.",
            gaps=", ".join(map(str, GAPS)),
        ),
        message(
            "A lesson begins with {count} questions from the lessons before it; w skips them.",
            count=QUESTIONS,
        ),
        message("The keys are those of a lesson (`nabla help keys`), and one more:"),
        Heading(IN_WARM_UP.title), Rows(IN_WARM_UP.rows),
    ]  # fmt: skip


def _progress() -> Sequence[Block]:
    return [
        message(
            "i on the map, or `nabla progress`, shows what is done and due, which misconceptions "
            "you met, and how often you were right when you were sure."
        ),
        message(
            "`nabla progress --export FILE` writes your course as JSON lines (the format stands in "
            "tutor/store/exchange.py); `--import FILE` on another computer adds it to what is "
            "there. The same answer counts once; of two places in a lesson the later one stays."
        ),
        message(
            "`nabla progress --reset LESSON` lets a lesson begin anew, `--reset --all` every one: "
            "it asks first."
        ),
    ]


def _exports() -> Sequence[Block]:
    rows: list[tuple[Text, Text]] = [
        (message("e in a lesson"), message("What you did in it, as Markdown with charts in text.")),
        ("nabla export LESSON [FILE]", message("The same; with - in place of a file it prints.")),
        (
            message("e in the lab"),
            message("Markdown, a NumPy script that ends at the same point, CSV and SVG: one of "
                    "them, or all."),
        ),
        (
            "nabla progress --export FILE",
            message("Your course for another computer: `nabla help progress`."),
        ),
        (
            "nabla room export",
            message("A workshop, as CSV and as a report in Markdown: tutor/server/README.md."),
        ),
    ]  # fmt: skip
    return [
        Rows(rows),
        message(
            "The files go into the current folder, and never over a file that is there: a number "
            "follows the name (nabla-run-2.md). `nabla progress --export` asks for another name, "
            "or --force."
        ),
        message(
            "In a workshop nothing is written to files: they would stand on the server. Your "
            "answers are kept; on your own computer `nabla` exports them."
        ),
    ]


def _class() -> Sequence[Block]:
    return [
        message(
            "In a workshop you learn on another computer by ssh, with a line such as "
            "`ssh -p 2222 yourname@host` and a code that you are told. There is nothing to "
            "install. Who is cut off connects again and is on the same step."
        ),
        message(
            "An instructor may bring the class to a step: you follow, or leave for your own pace "
            "and come back."
        ),
        Heading(IN_CLASS.title), Rows(IN_CLASS.rows),
        message(
            "Who teaches sees the class in the room (`nabla room`). How to start and lead a "
            "workshop stands in tutor/server/README.md."
        ),
        Heading(IN_ROOM.title), Rows(IN_ROOM.rows),
    ]  # fmt: skip


def _languages() -> Sequence[Block]:
    return [
        message(
            "The first start asks for the language of the program and the course; z or F10 "
            "changes it at any moment and leaves you where you are."
        ),
        message(
            "{option} {languages}, or {variable}, says it for one run. Where nobody chose, the "
            "language of the system counts.",
            option=OPTION, languages="|".join(LANGUAGES), variable=VARIABLE,
        ),
        message(
            "`nabla glossary` has the course's terms in both languages. What a translated lesson "
            "lacks is shown in English."
        ),
    ]  # fmt: skip


def _terminal() -> Sequence[Block]:
    return [
        message(
            "The terminal should be at least {columns}×{rows}; lessons are made for 80×24 and use "
            "the room of 120×36 and more.",
            columns=LEAST_COLUMNS, rows=LEAST_ROWS,
        ),
        Rows(
            [
                ("t, F9", message("Next theme: dark, light, vivid, high contrast.")),
                (
                    "NO_COLOR=1",
                    message("No colour at all: marks, bold and underlined words tell things "
                            "apart."),
                ),
                (
                    "--ascii",
                    message(
                        "No sign beyond ASCII: mathematics is spelt (η as eta, ∇f as grad f, x₀² "
                        "as x0^2), charts are drawn with ASCII strokes, and frames, tracks, arrows "
                        "and marks are replaced sign by sign in the same room (✓ ✗ ● ○ are "
                        "+ x * o). Letters that ASCII lacks, such as Chinese, stay. "
                        "Where the terminal lacks the signs (an encoding that is not UTF-8, or "
                        "TERM=linux, vt100 and their like) it is so by itself."
                    ),
                ),
                (
                    "--plain",
                    message(
                        "The lessons as lines of text with prompts: for screen readers, pipes and "
                        "slow links. The lab and the room have no such mode."
                    ),
                ),
            ]
        ),
        message(
            "Long help goes through $PAGER, or `less`; with PAGER=cat, or into a pipe, it is "
            "printed."
        ),
    ]  # fmt: skip


def _files() -> Sequence[Block]:
    return [
        message(
            "What is yours stands in your system's user data folder, or in the folder that "
            "NABLA_HOME names. Here it is {folder}",
            folder=data_folder(),
        ),
        Rows(
            [
                (
                    progress_file().name,
                    message("Your progress, an SQLite file. One that cannot be read is kept under "
                            "another name, and what is readable in it is copied."),
                ),
                (
                    f"{progress_file().stem}.waiting-…",
                    message("Answers that could not be written there; the next start takes them "
                            "in."),
                ),
                (
                    "backups",
                    message(
                        "A copy of your progress of each of the last {count} days on which you "
                        "started Nabla. `nabla progress --restore` goes back to the newest, "
                        "`--restore DAY` to another; what is there now is kept as {file}.",
                        count=KEPT, file=f"{progress_file().stem}.before-restore-…",
                    ),
                ),
                (
                    settings_file().name,
                    message(
                        "The language and the theme that you chose, and \"run_programs\": true "
                        "once you allowed your own programs to run without bubblewrap; delete it "
                        "to be asked again."
                    ),
                ),
                (LOG_NAME, message("What went wrong inside Nabla, for a report.")),
                (
                    message("of a workshop"),
                    message("workshop.sqlite3, host_key and unwritten-….jsonl belong to "
                            "`nabla serve`: tutor/server/README.md."),
                ),
            ]
        ),
        message(
            "To take your progress elsewhere, use `nabla progress --export`. To begin with "
            "nothing, delete the folder."
        ),
    ]  # fmt: skip


def _commands() -> Sequence[Block]:
    return [
        message("`nabla` alone opens the course map; Enter goes on where you were."),
        *map(Lines, help_of_each()), Lines(help_of_options()),
    ]  # fmt: skip


def _formulas() -> Sequence[Block]:
    return [
        message(
            "A formula is written as in Python: + - * / ** and ( ), numbers, pi and e, in x or in "
            "x0 and x1. Where no x0 is meant, x and y do for x0 and x1."
        ),
        message("Functions: {names}.", names=", ".join([*FUNCTIONS, *PAIRS])),
        message(
            "As in books: x^2, x², 2x, 2πx, x(x+1), x·y, |x|, √x, sin x, sin²(x), ln, lg, arcsin, "
            "x₀, x_0, x[0], np.sin and full-width signs. What was read is shown."
        ),
        message(
            "2x is 2*x, x(x+1) is a product, -x^2 is -(x^2), 2e3x is 2000*x, sin 2x is sin(2*x), "
            "||x|-1| is abs(abs(x)-1), and log is the natural logarithm (ln); log10 is lg."
        ),
        message(
            "What has two readings is refused, and both are written out: 1/2x, sin x^2, x^2y, √2x, "
            "sin⁻¹(x), xy."
        ),
        message(
            "relu, max and min pass the slope on where they take the value from; where two tie, "
            "each gets half. gate(a, b) is a*b, and 0 where a is 0; it stands in their derivatives."
        ),
    ]


def _limits() -> Sequence[Block]:
    return limit_blocks()


BLOCKS: Final[Mapping[str, Callable[[], Sequence[Block]]]] = {
    "keys": _keys,
    "lessons": _lessons,
    "lab": _lab,
    "review": _review,
    "progress": _progress,
    "exports": _exports,
    "class": _class,
    "languages": _languages,
    "terminal": _terminal,
    "files": _files,
    "formulas": _formulas,
    "limits": _limits,
    "commands": _commands,
}
"""What is told, by the topic's English word."""
