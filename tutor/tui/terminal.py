"""What a terminal sends, as Textual's messages: bounded, and never an exception.

The same for one's own terminal and for one at the other end of an SSH channel. Two things are taken
out before Textual's parser sees them: pastes, because it keeps an unterminated one without limit,
and what the terminal answers about itself, because it makes keys of that.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from textual import constants, events
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from tutor.tui.keys import KeyParser, PlainKeys
from tutor.tui.private import GUARDS_TERMINAL, READS_KEYS, is_on

LEAST: Final = Size(20, 5)
MOST: Final = Size(600, 200)
"""What a window may claim to be; a server allows less."""
LONGEST_PASTE: Final = 1_000_000
"""Characters; a server allows less."""
ASK_GROUND: Final = "\x1b]11;?\x1b\\"
"""Which colour does the terminal write on? (OSC 11.) Those that do not know it say nothing."""

_ESCAPE: Final = "\x1b"
_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"
_ANSWER_START: Final = "\x1b]11;"
_OPENINGS: Final = (_PASTE_START, _ANSWER_START)
_CUT_ANSWERS: Final = frozenset({_ANSWER_START[:3], _ANSWER_START[:4]})
"""Of what may be typed none begins so."""
_ANSWER: Final = re.compile(
    r"(?:r(?:gb?|gba)?)?|rgba?:[0-9a-f]{0,4}(?:/[0-9a-f]{0,4}){0,3}", re.IGNORECASE
)
"""What may have come of an answer: a key that was pressed behind one that was cut off is none."""
_WHOLE_ANSWER: Final = re.compile(
    r"rgba?:([0-9a-f]+)/([0-9a-f]+)/([0-9a-f]+)(?:/.*)?", re.IGNORECASE
)
_PIECE: Final = 16
"""Characters that are taken before we look again."""
_PASTE_SILENCE, _ANSWER_SILENCE = 2.0, 1.0
"""Seconds after which a paste, or an answer, that does not end is given up."""


@dataclass
class GroundTold(Message):
    """The terminal has said which colour it writes on."""

    is_light: bool


class PasteRefused(Message):
    """A paste was too long, or did not end: nothing of it was taken."""


def clamp(columns: int, rows: int, most: Size = MOST) -> Size:
    """Return a size that can be painted."""
    return Size(
        min(max(columns, LEAST.width), most.width), min(max(rows, LEAST.height), most.height)
    )


def asks_ground(app: object) -> bool:
    """Whether an app wants to know which colour its terminal writes on."""
    return bool(getattr(app, "asks_ground", False))


class TerminalReader:
    """Makes messages of the characters of one terminal, however they are cut."""

    def __init__(self, longest_paste: int) -> None:
        self._longest_paste = longest_paste
        self._parser = new_parser()
        self._held = ""
        """What may be the beginning of a paste, of an answer, or the key Esc."""
        self._answer: str | None = None
        self._paste: str | None = None
        self._is_too_long = False

    @property
    def patience(self) -> float:
        """Seconds of silence after which `rest` is to be called."""
        if self._paste is not None:
            return _PASTE_SILENCE
        if self._answer is not None or self._held.startswith(_ANSWER_START[:2]):
            return _ANSWER_SILENCE
        return constants.ESCAPE_DELAY * 1.1

    def take(self, waiting: str) -> tuple[list[Message], str]:
        """Return what a piece of what waits means, and what waits still."""
        if self._paste is not None:
            return self._take_paste(self._paste, waiting)
        told: list[Message] = []
        for place, sign in enumerate(waiting[:_PIECE], 1):
            told += self._take_sign(sign)
            if self._paste is not None:
                return told, waiting[place:]
        return told, waiting[_PIECE:]

    def rest(self) -> Iterator[Message]:
        """Take a silence: what waits for the rest of a sequence waits no more."""
        held, self._held = self._held, ""
        if self._paste is not None:
            self._paste = None
            yield PasteRefused()
        elif self._answer is not None or held in _CUT_ANSWERS:
            self._answer = None  # cut off on its way
        elif held == _ESCAPE:
            yield events.Key("escape", _ESCAPE)
        else:
            yield from self._parse(held)
        try:
            yield from self._parser.tick()
        except Exception:
            self._begin_parsing()

    def close(self) -> None:
        """Take nothing more."""
        self._held, self._answer, self._paste = "", None, None
        self._begin_parsing()

    # --- sign by sign

    def _take_sign(self, sign: str) -> Iterator[Message]:
        if self._answer is not None:
            yield from self._take_answer(self._answer, sign)
            return
        held = self._held + sign
        if held == _PASTE_START:
            self._held, self._paste, self._is_too_long = "", "", False
        elif held == _ANSWER_START:
            self._held, self._answer = "", ""
        elif any(opening.startswith(held) for opening in _OPENINGS):
            self._held = held
        elif sign == _ESCAPE:
            yield from self._release()
            self._held = sign
        else:
            self._held = ""
            yield from self._parse(held)

    def _release(self) -> Iterator[Message]:
        """What was held begins nothing that we take out."""
        held, self._held = self._held, ""
        if held == _ESCAPE:
            yield events.Key("escape", _ESCAPE)
        else:
            yield from self._parse(held)

    def _take_answer(self, begun: str, sign: str) -> Iterator[Message]:
        """Take a sign of an answer; it ends with BEL or ST, or where something else comes."""
        answer = begun + sign
        if sign == "\x07" or answer.endswith("\x1b\\"):
            self._answer = None
            yield from _told(answer.removesuffix(sign).removesuffix(_ESCAPE))
        elif _ANSWER.fullmatch(answer.removesuffix(_ESCAPE)):
            self._answer = answer
        else:
            self._answer, self._held = None, _ESCAPE if begun.endswith(_ESCAPE) else ""
            yield from self._take_sign(sign)

    def _take_paste(self, begun: str, waiting: str) -> tuple[list[Message], str]:
        pasted = begun + waiting
        end = pasted.find(_PASTE_END, max(0, len(begun) - len(_PASTE_END)))
        if end >= 0:
            return self._end_paste(pasted[:end]), pasted[end + len(_PASTE_END) :]
        self._is_too_long = self._is_too_long or len(pasted) > self._longest_paste
        self._paste = pasted[-len(_PASTE_END) + 1 :] if self._is_too_long else pasted
        return [], ""

    def _end_paste(self, text: str) -> list[Message]:
        self._paste = None
        if self._is_too_long or len(text) > self._longest_paste:
            return [PasteRefused()]
        return [events.Paste(text.replace("\x00", ""))] if text else []

    # --- Textual's parser

    def _parse(self, piece: str) -> Iterator[Message]:
        """Read sign by sign: what cannot be read takes no key beside it away."""
        for sign in piece:
            try:
                yield from self._parser.feed(sign)
            except Exception:
                self._begin_parsing()

    def _begin_parsing(self) -> None:
        """Take a new parser, and end the one before.

        A cache of Textual keeps parsers. One that has not ended holds its last event, and with it
        the app that took it, and so all of the session.
        """
        with suppress(Exception):
            for _ in self._parser.feed(""):
                pass
        self._parser = new_parser()


def new_parser() -> KeyParser:
    """Return Textual's own parser, or a plain one."""
    if not is_on(READS_KEYS):
        return PlainKeys()
    from tutor.tui.private.local_driver import textual_parser  # noqa: PLC0415 — not on Windows

    parser: KeyParser = textual_parser()
    return parser


class LocalGuard:
    """What stands between one's own terminal and the app."""

    def __init__(self, app: object) -> None:
        self._app = app
        self._reader = TerminalReader(LONGEST_PASTE)

    def size(self) -> tuple[int, int]:
        """Return the size of the terminal, as far as it can be painted."""
        return clamp(*shutil.get_terminal_size())

    def question(self) -> str:
        """Return what the terminal is asked at the start, and never waited for."""
        return ASK_GROUND if asks_ground(self._app) else ""

    def read(self, text: str) -> Iterator[Message]:
        """Return what was sent."""
        while text:
            messages, text = self._reader.take(text)
            yield from messages

    @property
    def patience(self) -> float:
        """Seconds of silence after which `rest` is to be called."""
        return self._reader.patience

    def rest(self) -> Iterator[Message]:
        """Take a silence."""
        return self._reader.rest()


def guarded(driver: type[Driver], app: object) -> type[Driver]:
    """Return a driver with our guard before it: where it is Textual's for one's own terminal."""
    if driver.__module__ != "textual.drivers.linux_driver" or not is_on(GUARDS_TERMINAL):
        return driver
    from tutor.tui.private.local_driver import LocalDriver  # noqa: PLC0415 — not on Windows

    return cast("type[Driver]", partial(LocalDriver, guard=LocalGuard(app)))


def _told(answer: str) -> Iterator[Message]:
    """Yield what an answer says: of each channel the share of its greatest value."""
    found = _WHOLE_ANSWER.fullmatch(answer)
    if found is not None:
        red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
        yield GroundTold(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)
