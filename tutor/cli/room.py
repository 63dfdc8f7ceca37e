"""`nabla room`: the instructor's screen, the export of a workshop, and forgetting it."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.bootstrap import run_room
from tutor.cli.lessons import our_catalog
from tutor.cli.output import is_confirmed, require_terminal, speaks_ascii
from tutor.errors import TutorError, UsageError
from tutor.i18n import Message, message, plural, render, session_language
from tutor.lesson.problem import mend_by_nearest
from tutor.player.files import write_files
from tutor.player.room_export import files_of
from tutor.player.room_feed import RoomFeed
from tutor.room.events import Forgotten
from tutor.room.learner import LONGEST_NAME, clean_name, shown
from tutor.room.room import INSTRUCTOR
from tutor.server.options import WORKSHOP, ServeOptions
from tutor.store.data_folder import data_folder
from tutor.store.shared_store import alike_words, open_shared_store
from tutor.store.trouble import StorageError
from tutor.visible import print_visible

_NAMES: Final = {"free": 1, "forget": 1, "rename": 2}
"""How many names go with what can be done."""

if TYPE_CHECKING:
    from tutor.room.room import Room
    from tutor.store.shared_store import SharedStore


def run_room_command(options: Namespace) -> int:
    """Open the room, or do something with what is kept of it."""
    _check(options)
    commands = {
        "export": _export, "names": _list_alike, "free": _free, "rename": _rename,
        "forget": _forget, "delete": _delete,
    }  # fmt: skip
    return commands.get(options.what, _open)(options)


def _check(options: Namespace) -> None:
    names = [each for each in (options.name, options.new) if each is not None]
    if len(names) != _NAMES.get(options.what, 0):
        raise UsageError(message("free and forget take a name, rename takes two, and nothing else "
                                 "does: nabla room forget NAME"))  # fmt: skip
    if options.anonymous and options.what != "export":
        raise UsageError(message("--anonymous goes with export"))
    if options.yes and options.what not in ("rename", "forget", "delete"):
        raise UsageError(message("--yes goes with rename, forget and delete"))
    if options.projector and options.what is not None:
        raise UsageError(message("--projector opens a screen: say it without export and the like"))


def _url(options: Namespace) -> str:
    """Return the database that `nabla serve` uses with the same options."""
    if options.database:
        return str(options.database)
    folder = options.folder or data_folder()
    url = ServeOptions(folder=folder).database_url
    if not Path(url.removeprefix("sqlite:///")).exists():
        raise TutorError(
            message("{folder} holds no workshop yet: start `nabla serve`, or name its database "
                    "with --database", folder=folder)
        )  # fmt: skip
    return url


def _open(options: Namespace) -> int:
    if options.plain:
        raise UsageError(message("the room has no plain mode: leave --plain out"))
    url = _url(options)
    require_terminal()

    return run_room(
        url,
        workshop=options.workshop,
        projector=options.projector,
        ascii_only=speaks_ascii(options),
    )


def _opened(options: Namespace) -> SharedStore:
    """Return the store, with what a server left that ended while its database was away."""
    store = open_shared_store(_url(options), spill=options.folder or data_folder())
    if options.workshop != WORKSHOP and options.workshop not in (known := store.workshops()):
        store.close()
        mend = render(mend_by_nearest(options.workshop, [shown(each) for each in known]))
        raise TutorError(
            message("no workshop is called {name} here: {mend}",
                    name=shown(options.workshop), mend=mend)
        )  # fmt: skip
    return store


def _read(store: SharedStore, workshop: str) -> Room:
    """Return the room after all that happened in it."""
    feed = RoomFeed(store, workshop=workshop)
    asyncio.run(feed.read())
    if store.trouble is not None:
        raise TutorError(store.trouble)
    return feed.room


def _export(options: Namespace) -> int:
    store = _opened(options)
    try:
        room = _read(store, options.workshop)
    finally:
        store.close()
    catalog = our_catalog().in_language(session_language())
    written = write_files(
        Path.cwd(), files_of(room, catalog, anonymous=options.anonymous), "nabla-room"
    )
    print_visible(render(written))
    return 0


def _known(store: SharedStore, options: Namespace) -> str:
    """Return the name of the learner who is meant."""
    known = _read(store, options.workshop).learners
    name = next((each for each in known if each == " ".join(options.name.split())), None)
    if name is None:
        raise TutorError(_unknown(options.name, list(known)))
    return name


def _list_alike(options: Namespace) -> int:
    store = _opened(options)
    try:
        alike = store.alike()
    except StorageError as error:
        raise TutorError(error.message) from None
    finally:
        store.close()
    lines = [alike_words(map(shown, group)) for group in alike]
    lines = lines or [message("No two names differ in capitals alone.")]
    print_visible("\n".join(map(render, lines)))
    return 0


def _free(options: Namespace) -> int:
    store = _opened(options)
    try:
        name = _known(store, options)
        _delete_from(lambda: store.release_name(name))
    finally:
        store.close()
    print_visible(render(message("The name {name} is free: who comes in with it next is given a "
                                 "new PIN, or brings a new key. What was learned stays.",
                                 name=shown(name))))  # fmt: skip
    return 0


def _rename(options: Namespace) -> int:
    store = _opened(options)
    try:
        name, new = _known(store, options), " ".join(options.new.split())
        if new in ("", name) or clean_name(new) != new or new.casefold() == INSTRUCTOR:
            raise UsageError(message("{name} is no new name: write another one of up to {count} "
                                     "signs", name=shown(new), count=LONGEST_NAME))  # fmt: skip
        question = message("Keep what {name} did under the name {new}, joined with what is there? "
                           "[y/N]", name=shown(name), new=shown(new))  # fmt: skip
        if not _sure(options, question):
            return 0
        _delete_from(lambda: store.rename(name, new))
        _tell_those_who_run(store, options.workshop)
    finally:
        store.close()
    print_visible(render(message("{name} is {new} now.", name=shown(name), new=shown(new))))
    return 0


def _forget(options: Namespace) -> int:
    store = _opened(options)
    try:
        name = _known(store, options)
        who = shown(name)
        question = message("Delete all that is kept of {name}: answers, progress, key? [y/N]",
                           name=who)  # fmt: skip
        if not _sure(options, question):
            return 0
        _delete_from(lambda: store.delete_learner(name))
        _tell_those_who_run(store, options.workshop)
    finally:
        store.close()
    print_visible(render(message("{name} is deleted.", name=who)))
    return 0


def _unknown(name: str, known: list[str]) -> Message:
    mend = render(mend_by_nearest(name, [shown(each) for each in known]))
    return message("no learner is called {name}: {mend}", name=shown(name), mend=mend)


def _delete(options: Namespace) -> int:
    store = _opened(options)
    try:
        question = message("Delete the whole workshop with the progress of its learners? [y/N]")
        if not _sure(options, question):
            return 0
        gone: list[str] = []
        _delete_from(lambda: gone.extend(store.delete_workshop(options.workshop)))
        _tell_those_who_run(store, options.workshop)
    finally:
        store.close()
    print_visible(render(plural("The workshop is deleted, with {count} learner.",
                        "The workshop is deleted, with {count} learners.", len(gone))))  # fmt: skip
    return 0


def _tell_those_who_run(store: SharedStore, workshop: str) -> None:
    """Let a workshop that runs read anew what is left, and end the sessions of who is deleted."""
    RoomFeed(store, workshop=workshop).tell(None, Forgotten())
    if not store.flush() and store.trouble is not None:
        raise TutorError(store.trouble)


def _delete_from(delete: Callable[[], None]) -> None:
    try:
        delete()
    except StorageError as error:
        raise TutorError(error.message) from None


def _sure(options: Namespace, question: Message) -> bool:
    """Ask, unless it was said already; without a terminal nothing is deleted."""
    alone = message("deleting needs your word: add --yes, or run it in a terminal")
    if options.yes or is_confirmed(question, alone):
        return True
    print_visible(render(message("Nothing was deleted.")))
    return False
