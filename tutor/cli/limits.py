"""What `nabla help limits` tells: numbers from the constants that set them, and the sandbox."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.cli.help_layout import Block, Columns, Heading, Rows
from tutor.core.formula.tokens import LONGEST, MOST_NODES
from tutor.engine.descent.check import MOST_STEPS
from tutor.engine.lab.lab_run import MOST_GHOSTS
from tutor.i18n import Message, Text, message
from tutor.lesson.folders import MAX_BYTES
from tutor.lesson.grading import MAX_TYPED
from tutor.lesson.programs import MAX_SOURCE
from tutor.player.review import AT_MOST
from tutor.sandbox.protection import ATTEMPTS
from tutor.sandbox.run import Limits
from tutor.store.exchange import MOST_BYTES
from tutor.tui.screens.tutor_screen import LEAST_COLUMNS, LEAST_ROWS


def limit_blocks() -> Sequence[Block]:
    """Return the blocks of the topic."""
    return [Rows(_sizes()), Heading(message("Programs that you write")), *_programs()]


def _sizes() -> list[tuple[Text, Text]]:
    return [
        (message("terminal"), message("{columns}×{rows} at least",
                                      columns=LEAST_COLUMNS, rows=LEAST_ROWS)),
        (message("typed answer"), message("{count:,} characters", count=MAX_TYPED)),
        (message("formula"), message("{count:,} characters, {parts:,} numbers, names and signs",
                                     count=LONGEST, parts=MOST_NODES)),
        (message("lab"), message("{steps:,} steps of a run, {ghosts} ghosts",
                                 steps=MOST_STEPS, ghosts=MOST_GHOSTS)),
        (message("review"), message("{count} questions in one sitting", count=AT_MOST)),
        (message("lesson file"), message("{count:,} bytes", count=MAX_BYTES)),
        (message("progress to bring in"), message("{count:,} bytes", count=MOST_BYTES)),
        (message("workshop"), message("`nabla serve --help` lists every limit with its default")),
    ]  # fmt: skip


def _programs() -> list[Block]:
    limits = Limits()
    columns = (
        message("Linux with bubblewrap"),
        message("Linux without it (*)"),
        message("elsewhere (*)"),
    )
    tried = [(each.what, each.shut_in, each.kernel, each.limited) for each in ATTEMPTS.values()]
    return [
        message(
            "The programs that you write in a lesson run in a process of their own, with limits on "
            "time, memory and output: {seconds:g} seconds (a lesson may say another time), "
            "{memory:g} GB, and {printed:,} bytes printed, of which the first {kept:,} are shown. "
            "A program has {source:,} characters at most. How far they are shut in depends on the "
            "computer:",
            seconds=limits.seconds, memory=limits.memory / 2**30, printed=limits.printed,
            kept=limits.kept, source=MAX_SOURCE,
        ),
        Columns([("", *columns), *tried]),
        message(
            "(*) Once you said yes. On Linux a list of system calls (x86_64 and aarch64) keeps "
            "programs from all but computing and reading, and Landlock (Linux 5.13) from reading "
            "your files: `nabla doctor` tells what holds on this computer. macOS and Windows have "
            "neither."
        ),
        _no_wall(),
        message(
            "Bubblewrap is a small package: `sudo apt install bubblewrap`, `sudo dnf install "
            "bubblewrap`, `sudo pacman -S bubblewrap`; Nabla uses it as soon as it works. Where it "
            "is there but the system forbids it (some containers, Ubuntu's AppArmor rule for user "
            "namespaces), the question before the first program says so."
        ),
        message(
            "Your yes is kept as \"run_programs\": true in settings.json (`nabla help files`); "
            "delete it to be asked again."
        ),
    ]  # fmt: skip


def _no_wall() -> Message:
    return message(
        "Neither is a wall against a flaw of the Linux kernel itself, and a program that works "
        "hard to cheat can fool nobody but its author."
    )
