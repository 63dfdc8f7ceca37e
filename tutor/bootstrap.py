"""Puts the program together for one learner: lessons, progress, app."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import SystemRandom
from threading import Event
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.i18n import Message, render, session_language
from tutor.lesson.folders import every_lesson_folder, find_lesson_folders
from tutor.lesson.heads import read_heads
from tutor.store.data_folder import progress_file
from tutor.store.model import LOCAL_LEARNER
from tutor.store.places import read_places
from tutor.store.settings import change_settings, read_settings
from tutor.tui.calm_collector import CalmCollector
from tutor.visible import print_visible

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab
    from tutor.lesson.catalog import Catalog
    from tutor.lesson.glossary import Term
    from tutor.player.programs import Programs
    from tutor.store.opening import Opening
    from tutor.store.progress_store import ProgressStore

_LIGHT_GROUNDS = ("7", "15")


def run_app(
    start_at: str | None = None,
    *,
    catalog: Catalog | None = None,
    lab: Lab | None = None,
    review: bool = False,
    ascii_only: bool = False,
    ask_language: bool = False,
) -> int:
    """Run the terminal program until the learner leaves; return the exit status.

    `start_at` is `lesson` or `lesson#step` of `catalog`, which is built by now; without it, lessons
    are built behind the map. `lab` opens the lab, `review` what is due for review; `ask_language`
    asks first for the language, proposing the session's.
    """
    with ExitStack() as at_end:
        collector = at_end.enter_context(CalmCollector())
        from tutor.tui.app import TutorApp  # noqa: PLC0415 — only the app pays for the app
        from tutor.tui.services import Services, Start, Unbuilt  # noqa: PLC0415

        if ascii_only:
            _speak_ascii()
        beside = at_end.enter_context(ThreadPoolExecutor(1, thread_name_prefix="progress"))

        opened: list[ProgressStore] = []

        def open_progress() -> Opening:
            opening = _open_store()
            opened.append(opening.store)
            at_end.push(lambda kind, *_: _close(opening.store, has_failed=_is_fault(kind)))
            return opening

        services = Services(
            catalog=catalog
            or Unbuilt(
                heads=lambda language: read_heads(every_lesson_folder([]), language),
                build=lambda: beside.submit(_lessons, session_language()),
                places=lambda: read_places(progress_file(), LOCAL_LEARNER),
            ),
            open_progress=lambda: beside.submit(open_progress),
            learner=LOCAL_LEARNER,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            open_programs=_open_programs,
            keep_language=lambda language: change_settings(language=language),
            theme=read_settings().settings.theme,
            keep_theme=_keep_theme,
            glossary=_read_glossary,
            opened=partial(_begin_both, collector.rest, _backup_beside(beside, at_end)),
        )
        app = TutorApp(
            services,
            Start(lesson=start_at, lab=lab, review=review, asks_language=ask_language),
            dark=not _has_light_ground(), language=session_language(),
        )  # fmt: skip
        app.run()
        if app.failure is not None:
            raise app.failure
    return app.return_code or max(map(_status, opened), default=0)


def run_plain(
    start_at: str | None = None,
    *,
    catalog: Catalog | None = None,
    review: bool = False,
    ascii_only: bool = False,
) -> int:
    """Run the lessons as lines of text until the learner leaves; return the exit status."""
    from tutor.charts.ascii_art import cells_to_ascii  # noqa: PLC0415 — NumPy is paid for here
    from tutor.plain.console import Console, leave_on_signals, take_any_bytes  # noqa: PLC0415
    from tutor.plain.course import PlainTutor  # noqa: PLC0415

    if ascii_only:
        _speak_ascii()
    take_any_bytes(sys.stdin)
    spell = cells_to_ascii if ascii_only else str
    console = Console(sys.stdout, sys.stdin, spell=spell, echo=not sys.stdin.isatty())
    opening = _open_store()
    if opening.notice is not None:
        console.say(opening.notice)
    with ExitStack() as at_end:
        at_end.push(lambda kind, *_: _close(opening.store, has_failed=_is_fault(kind)))
        leave_on_signals()
        beside = at_end.enter_context(ThreadPoolExecutor(1, thread_name_prefix="backup"))
        _backup_beside(beside, at_end)()
        PlainTutor(
            catalog=catalog or _lessons(session_language()),
            store=opening.store,
            learner=LOCAL_LEARNER,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            console=console,
            programs=_open_programs(),
        ).run(start_at, review=review)
    return _status(opening.store)


def _open_store() -> Opening:
    from tutor.store.opening import open_store  # noqa: PLC0415 — behind the first screen

    return open_store()


def _lessons(language: str) -> Catalog:
    """Return all lessons, built, in a language."""
    from tutor.lesson.catalog import load_every_lesson  # noqa: PLC0415 — behind the first screen

    return load_every_lesson().in_language(language)


def _begin_both(first: Callable[[], None], second: Callable[[], None]) -> None:
    first()
    second()


def _backup_beside(beside: ThreadPoolExecutor, at_end: ExitStack) -> Callable[[], None]:
    """Return what begins the day's backup, once, behind what `beside` does; who leaves ends it."""
    begun, leaving = Event(), Event()
    at_end.callback(leaving.set)

    def begin() -> None:
        if not begun.is_set():
            begun.set()
            beside.submit(_back_up, leaving.is_set)

    return begin


def _back_up(is_stopped: Callable[[], bool]) -> None:
    """Make the day's backup of the learner's progress; say in the log why that cannot be done."""
    from tutor.store.backups import back_up  # noqa: PLC0415 — behind the first screen
    from tutor.store.error_log import keep_words  # noqa: PLC0415

    try:
        back_up(progress_file(), datetime.now().astimezone().date(), is_stopped)
    except TutorError as error:
        with suppress(OSError):
            keep_words(str(error))


def _read_glossary() -> tuple[Term, ...]:
    from tutor.lesson.glossary import load_glossary  # noqa: PLC0415 — only if asked

    return load_glossary(find_lesson_folders())


def run_preview(path: Path, *, ascii_only: bool = False) -> int:
    """Show a lesson file to its author, anew at each save; keep nothing of what is answered."""
    from tutor.lesson.catalog import Catalog  # noqa: PLC0415
    from tutor.store.opening import Opening, open_in_memory  # noqa: PLC0415
    from tutor.tui.preview import PreviewApp  # noqa: PLC0415
    from tutor.tui.services import Services  # noqa: PLC0415 — only the app pays for the app

    if ascii_only:
        _speak_ascii()
    with ThreadPoolExecutor(1, thread_name_prefix="progress") as beside:
        services = Services(
            catalog=Catalog(()),
            open_progress=lambda: beside.submit(lambda: Opening(open_in_memory(), None)),
            learner=LOCAL_LEARNER,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: 0,
            open_programs=_open_programs,
            theme=read_settings().settings.theme,
            keep_theme=_keep_theme,
        )
        app = PreviewApp(services, path, dark=not _has_light_ground(), language=session_language())
        app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


def run_room(url: str, *, workshop: str, projector: bool = False, ascii_only: bool = False) -> int:
    """Show the room of a workshop to who teaches, on the machine that has its database."""
    from tutor.player.room_feed import RoomFeed  # noqa: PLC0415 — only where it is asked for
    from tutor.player.room_member import RoomMember  # noqa: PLC0415
    from tutor.player.unwritten import unwritten_words  # noqa: PLC0415
    from tutor.room.room import INSTRUCTOR  # noqa: PLC0415
    from tutor.store.shared_store import open_shared_store  # noqa: PLC0415
    from tutor.tui.room_app import RoomApp  # noqa: PLC0415
    from tutor.tui.services import Services  # noqa: PLC0415 — only the app pays for the app

    if ascii_only:
        _speak_ascii()
    store = open_shared_store(url)
    try:
        opening: Future[Opening] = Future()
        opening.set_result(store.enter(INSTRUCTOR))
        feed = RoomFeed(store, workshop=workshop)
        services = Services(
            catalog=_lessons(session_language()),
            open_progress=lambda: opening,
            learner=INSTRUCTOR,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            open_programs=_open_programs,
            theme=read_settings().settings.theme,
            keep_theme=_keep_theme,
            glossary=_read_glossary,
            room=RoomMember(feed, INSTRUCTOR),
        )
        gc.freeze()  # the course stays: collecting it again and again stops the screen for 0.15 s
        app = RoomApp(
            services, feed, projector=projector, dark=not _has_light_ground(),
            language=session_language(),
        )  # fmt: skip
        app.run()
    finally:
        store.close()
        unwritten = unwritten_words(store)
        if unwritten:
            print_visible(f"nabla: {' '.join(map(render, unwritten))}", to=sys.stderr)
    if app.failure is not None:
        raise app.failure
    return app.return_code or (1 if unwritten else 0)


def _speak_ascii() -> None:
    from tutor.charts.ascii_art import speak_ascii  # noqa: PLC0415 — only where it is asked for

    speak_ascii()


def _keep_theme(theme: str) -> Message | None:
    return change_settings(theme=theme)


def _open_programs() -> Programs:
    """Return what runs this learner's programs; consent is kept in the settings."""
    from tutor.player.programs import Programs  # noqa: PLC0415 — with the first lesson

    return Programs(
        consented=read_settings().settings.run_programs is True,
        keep_consent=lambda: change_settings(run_programs=True),
    )


def _close(store: ProgressStore, *, has_failed: bool = False) -> None:
    """Close the store and say what became of the answers: where not all is well, or ended so."""
    store.close()
    if has_failed or store.unwritten or store.kept_in:
        from tutor.player.unwritten import KEPT, what_became  # noqa: PLC0415 — only in trouble

        words = " ".join(map(render, what_became(store) or [KEPT]))
        with suppress(OSError):  # the terminal is gone
            print_visible(f"nabla: {words}", to=sys.stderr)


def _is_fault(kind: type[BaseException] | None) -> bool:
    """Whether what ended the program is a fault of ours: not Ctrl+C, not a closed pipe."""
    return kind is not None and issubclass(kind, Exception) and kind is not BrokenPipeError


def _status(store: ProgressStore) -> int:
    """Return the exit status: 1 where what was done ends with the program."""
    return 1 if store.unwritten else 0


def _has_light_ground() -> bool:
    """Whether the terminal says (by COLORFGBG) that it writes dark on light."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_GROUNDS
