"""The last words of plain mode: what became of the answers; another file for the unwritten."""

from __future__ import annotations

from concurrent.futures import wait
from contextlib import suppress

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.plain.console import Console, LeftError
from tutor.player.receipts import BEING_WRITTEN, PATIENCE
from tutor.player.unwritten import command, farewell, keep_elsewhere, loss, proposed_file, written
from tutor.store.progress_store import ProgressStore

_WITHOUT = ("quit", "q")


def leave(store: ProgressStore, console: Console, *, can_ask: bool = True) -> None:
    """Try once more to write everything, offer another file for the rest, and say goodbye."""
    with suppress(OSError):  # the terminal is gone: nobody hears it
        _retry(store, console)
        is_elsewhere = False
        if can_ask and store.unwritten:
            with suppress(LeftError):
                is_elsewhere = _keep_elsewhere(store, console)
        console.say(message("Goodbye.") if is_elsewhere else farewell(store))


def _retry(store: ProgressStore, console: Console) -> None:
    retried = store.retry_beside()
    if not wait([retried], PATIENCE).done:
        console.say(BEING_WRITTEN)
    retried.result()


def _keep_elsewhere(store: ProgressStore, console: Console) -> bool:
    """Ask for a file until one can be written, or none is wanted; return whether one is."""
    console.say(loss(store) or "", store.trouble or "")
    while True:
        proposed = proposed_file(store)
        if proposed is None:
            console.say(message("Type the path of a file to keep them in; Enter or `quit` leaves "
                                "without."))  # fmt: skip
        else:
            console.say(message("Type the path of a file to keep them in; Enter takes {file}, "
                                "`quit` leaves without.", file=str(proposed)))  # fmt: skip
        typed = console.ask_raw(">").strip()  # a path stays as it is
        if typed.lower() in _WITHOUT or not (typed or proposed):
            return False
        try:
            path = keep_elsewhere(store, typed or str(proposed))
        except TutorError as error:
            console.say(error.text)
        else:
            console.say(written(path))
            console.say_lines([command(path)])
            return True
