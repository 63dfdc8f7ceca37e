"""Checks of what belongs to the learner: language, settings, data folder, progress, programs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Final

from tutor.cli.doctor.finding import Finding, Outcome, Surroundings
from tutor.errors import TutorError
from tutor.i18n import LANGUAGES, Message, message, plural, render
from tutor.lesson.programs import Program
from tutor.sandbox.protection import Protection, protection
from tutor.sandbox.run import run_all
from tutor.store import data_folder as folders
from tutor.store.backups import backups_of
from tutor.store.error_log import LOG_NAME
from tutor.store.settings import read_settings, settings_file
from tutor.store.trouble import BrokenFileError

_LEAST_FREE: Final = 50_000_000
"""Bytes: a course's progress takes less than 1 MB, SQLite's log some more."""
_OTHER_FOLDER: Final = message("make the folder writable, or set NABLA_HOME to another one")
_PROBE: Final = "import numpy\nprint('works', int(numpy.arange(4).sum()))"


def language(around: Surroundings) -> Finding:
    """Which language is spoken, and what said so."""
    spoken, is_chosen, source = around.language
    words = message(
        "{language} ({source})", language=f"{spoken}, {LANGUAGES[spoken]}", source=source
    )
    return Finding(
        Outcome.GOOD, words, facts={"language": spoken, "chosen": is_chosen, "source": source}
    )


def settings(_: Surroundings) -> Finding:
    """Whether the learner's settings can be read."""
    notice = read_settings().notice
    if notice is None:
        return Finding(Outcome.GOOD, message("can be read"))
    mend = message("mend {file}, or delete it: Nabla asks again", file=str(settings_file()))
    return Finding(Outcome.WARNING, notice, mend)


def data_folder(around: Surroundings) -> Finding:
    """Whether the folder can be written: a file is, and removed again."""
    folder = folders.data_folder()
    facts: dict[str, object] = {
        "folder": str(folder),
        "from_NABLA_HOME": bool(around.environment.get("NABLA_HOME")),
    }
    try:
        free = _try_to_write(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        words = message("{folder} cannot be written ({reason}): nothing you do is kept",
                        folder=str(folder), reason=reason)  # fmt: skip
        return Finding(Outcome.WRONG, words, _OTHER_FOLDER, facts | {"writable": False})
    facts |= {"writable": True, "free_bytes": free}
    words = message("{folder} can be written, {free:,.0f} MB free",
                    folder=str(folder), free=free / 1e6)  # fmt: skip
    if free < _LEAST_FREE:
        return Finding(Outcome.WARNING, words, message("make room on this disk"), facts)
    return Finding(Outcome.GOOD, words, facts=facts)


def _try_to_write(folder: Path) -> int:
    """Write a file in the folder and remove it, with the folders made for it; return the room."""
    made = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix="doctor-") as file:
            file.write(b"nabla\n" * 1000)
            file.flush()
            os.fsync(file.fileno())
        return shutil.disk_usage(folder).free
    finally:
        for each in made:  # the innermost first; one that someone else fills meanwhile stays
            with suppress(OSError):
                each.rmdir()


def progress(_: Surroundings) -> Finding:
    """Whether the progress file opens, and whether answers wait beside it. Changes nothing."""
    from tutor.store.outbox import read_outbox, waiting_files  # noqa: PLC0415 - imports the library
    from tutor.store.sqlite_file import ProgressFile  # noqa: PLC0415 - imports the library

    file = folders.progress_file()
    waiting = [read_outbox(each) for each in waiting_files(file)]
    count = sum(len(each) for each in waiting if each is not None)
    facts: dict[str, object] = {"waiting": count, "damaged_waiting": waiting.count(None)}
    try:
        own = ProgressFile(file)
        if lost := own.what_is_lost():  # a look would remove what tells of it
            return Finding(Outcome.WARNING, lost, facts=facts | {"opens": True})
        version = own.look()
    except BrokenFileError as error:
        mend = message("start Nabla: it keeps the file under another name and brings in all that "
                       "can be read")  # fmt: skip
        return Finding(Outcome.WARNING, error.text, mend, facts | {"opens": False})
    except TutorError as error:
        return Finding(Outcome.WRONG, error.text, facts=facts | {"opens": False})
    facts |= {"opens": True, "format": version}
    if own.notice is not None:
        return Finding(Outcome.WARNING, own.notice, facts=facts)
    return _of_sound_file(version, count, waiting.count(None), facts)


def _of_sound_file(
    version: int | None, waiting: int, damaged: int, facts: dict[str, object]
) -> Finding:
    opens = (
        message("none yet")
        if version is None
        else message("opens, format {version}", version=version)
    )
    waits = plural("{count} entry waits", "{count} entries wait", waiting)
    words = message("{opens}; {waits}", opens=render(opens), waits=render(waits))
    if damaged:
        mend = message("files that wait beside it are damaged: keep a copy, then remove them")
        return Finding(Outcome.WARNING, words, mend, facts)
    if waiting:
        mend = message("start Nabla once: it brings them in")
        return Finding(Outcome.WARNING, words, mend, facts)
    return Finding(Outcome.GOOD, words, facts=facts)


def backups(_: Surroundings) -> Finding:
    """How many backups there are, how old the newest is, and the way back."""
    file, today = folders.progress_file(), datetime.now().astimezone().date()
    kept = backups_of(file)
    if not kept:
        words = message("none yet: Nabla makes one a day, as it starts, once there are answers")
        return Finding(Outcome.NOTE, words, facts={"count": 0})
    newest, age = kept[-1], (today - kept[-1].day).days
    facts = {"count": len(kept), "newest": newest.day.isoformat(), "age_days": age,
             "file": str(newest.file)}  # fmt: skip
    words = message("{count} kept, {age}; `nabla progress --restore` goes back to it",
                    count=len(kept), age=_age(newest.day, age))  # fmt: skip
    changed = datetime.fromtimestamp(_changed_at(file)).astimezone().date()
    if changed <= newest.day:
        return Finding(Outcome.GOOD, words, facts=facts)
    mend = message("your progress has changed since: start Nabla; if no backup comes of it, "
                   "{log} says why", log=LOG_NAME)  # fmt: skip
    return Finding(Outcome.WARNING, words, mend, facts)


def _age(day: date, age: int) -> Message:
    if age < 0:
        return message("the newest of {day}, a day to come: was the clock wrong?", day=day)
    if age == 0:
        return message("the newest of today")
    return plural("the newest of {day}, {count} day ago", "the newest of {day}, {count} days ago",
                  age, day=day)  # fmt: skip


def _changed_at(file: Path) -> float:
    log = file.with_name(f"{file.name}-wal")
    return max((each.stat().st_mtime for each in (file, log) if each.exists()), default=0.0)


def programs(_: Surroundings) -> Finding:
    """Whether programs of code steps run, and how they are shut in: one is really run."""
    protected = protection()
    (outcome,) = run_all([Program(_PROBE, "", ())], protected=protected)
    consented = read_settings().settings.run_programs is True
    works = outcome.end == "done" and outcome.printed.strip() == "works 6"
    walls = _walls(protected)
    facts = {
        "protection": protected.kind, "runs": works, "consented": consented,
        "walls": {name: holds for name, (_, holds) in walls.items()},
    }  # fmt: skip
    if not works:
        said = outcome.fault.text if outcome.fault else outcome.printed[-120:]
        words = message("a program does not run ({reason})", reason=said or outcome.end)
        return Finding(Outcome.WRONG, words, protected.reason, facts)
    words = _of_walls(walls)
    if not protected.needs_consent:
        return Finding(Outcome.GOOD, words, facts=facts)
    agreed = (
        message("{walls}; as you agreed, and in a workshop not at all", walls=words)
        if consented
        else message("{walls}; once you agree, and in a workshop not at all", walls=words)
    )
    return Finding(Outcome.WARNING, agreed, _mend(protected.reason), facts)


def _walls(protected: Protection) -> dict[str, tuple[Message, bool]]:
    """Return what keeps a program in, each by its name in facts: in words, and whether it holds."""
    shut_in = protected.kind == "bubblewrap"
    memory = sys.platform != "win32"
    return {
        "namespaces": (message("bubblewrap"), shut_in),
        "system_calls": (message("a list of system calls"), "calls" in protected.layers),
        "files": (message("Landlock"), "files" in protected.layers),
        "cgroup": (message("a control group (cgroup)"), protected.groups is not None),
        "limits": (message("limits of time, output and memory"), memory),
    }


def _of_walls(walls: Mapping[str, tuple[Message, bool]]) -> Message:
    """Return which walls hold, and which not, of those that would add something."""
    kept = dict(walls)
    if kept["namespaces"][1]:
        del kept["files"]  # inside bubblewrap no file of others is there at all
    held = [render(words) for words, holds in kept.values() if holds]
    missing = [render(words) for words, holds in kept.values() if not holds]
    if not missing:
        return message("run shut in by {walls} (tried)", walls=", ".join(held))
    return message(
        "run shut in by {walls} (tried), without {missing}",
        walls=", ".join(held) or render(message("limits of time and output")),
        missing=", ".join(missing),
    )


def _mend(reason: Message | None) -> Message:
    """Return why there is no better protection, or that there is none on this system."""
    return reason or message("there is no better one on this system: run only what you trust")
