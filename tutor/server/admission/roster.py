"""Who may come into a workshop, by a list: a name a line, or a name and a code of its own.

    李薇
    Ana, 7kq2-mfe4
    # a line that begins so is passed over, as an empty one is

Name and code are parted by a comma, a semicolon or a tab, as spreadsheets write them, or by the
wide signs of a Chinese keyboard. Several servers of one database tell each other of their lists.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.room.learner import clean_name
from tutor.room.wire import Row
from tutor.server.options import SHORTEST_CODE, is_too_short
from tutor.store.model import NewEvent

_PARTED: Final = re.compile(r"\s*[,;\t\uff0c\uff1b]\s*")
_KIND: Final = "roster"
"""Of the event by which servers tell each other of their lists."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list."""

    name: str
    code: str | None
    """Their own; None: the workshop's."""


Roster = Mapping[str, Listed]
"""By the names without regard to capitals."""


def read_roster(file: Path, why_not: Callable[[str, str], Message | None]) -> Roster:
    """Return the list in a file, of names as they come in; `why_not` says what is wrong with one.

    Raises:
        TutorError: It cannot be read, or a line cannot be meant; with the line.
    """
    listed: dict[str, Listed] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(_text_of(file).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, *codes = _PARTED.split(line.strip())
        typed, name, code = name, clean_name(name), "".join(codes) or None
        what = _fault(name, codes, lines) or why_not(name, typed)
        if what is not None:
            raise TutorError(
                message("{file}, line {line}: {what}", file=file, line=number, what=what)
            )
        listed[name.casefold()], lines[name.casefold()] = Listed(name, code), number
    if not listed:
        raise TutorError(message("{file} lists nobody: write a name a line", file=file))
    return listed


def _fault(name: str, codes: list[str], lines: Mapping[str, int]) -> Message | None:
    if len(codes) > 1:
        return message("write a name, or a name, a comma and a code")
    if name.casefold() in lines:
        return message("{name} stands in line {line} already: tell the two apart",
                       name=name, line=lines[name.casefold()])  # fmt: skip
    if any(codes) and is_too_short(codes[0]):
        return message("the code of {name} is too short: use {count} signs or more",
                       name=name, count=SHORTEST_CODE)  # fmt: skip
    return None


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TutorError(
            message("the list in {file} cannot be read ({why})", file=file, why=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise TutorError(
            message("{file} is not UTF-8: save it anew in that encoding", file=file)
        ) from error


def digest_of(roster: Roster | None) -> str:
    """Return what tells lists apart and gives away neither names nor codes; empty for none."""
    if roster is None:
        return ""
    lines = sorted(f"{each.name}\t{each.code or ''}" for each in roster.values())
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


class OtherRosters:
    """Hears whether another server of the database has another list."""

    def __init__(
        self, digest: str, workshop: str, append: Callable[[NewEvent], None],
        report: Callable[[], None],
    ) -> None:  # fmt: skip
        """`report` is called once for each other list."""
        self._digest, self._workshop = digest, workshop
        self._append, self._report = append, report
        self._server = secrets.token_hex(8)
        self._heard = {digest}

    def tell(self) -> None:
        """Tell the others of ours."""
        data = {"digest": self._digest, "server": self._server}
        self._append(NewEvent(workshop=self._workshop, kind=_KIND, data=data))

    def hear(self, row: Row) -> None:
        """Take what another tells, and answer once, so that it hears of ours."""
        digest = row.data.get("digest")
        if row.kind == _KIND and isinstance(digest, str) and digest not in self._heard:
            self._heard.add(digest)
            self._report()
            self.tell()
