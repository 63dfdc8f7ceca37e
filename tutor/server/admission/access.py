"""Who gets in, and under which names: by code, by key, or everybody; instructors by key alone."""

from __future__ import annotations

import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from math import log2
from pathlib import Path
from stringprep import in_table_a1
from typing import Final

import asyncssh

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.room.learner import KEPT_IN_NAMES
from tutor.room.room import INSTRUCTOR
from tutor.server.admission.roster import Listed, Roster, read_roster
from tutor.server.options import (
    SHORTEST_CODE,
    Auth,
    ServeOptions,
    compared_code,
    is_too_short,
)
from tutor.visible import is_visible_line, visible_line

_ALIKE: Final = str.maketrans({"0": "o", "1": "i", "l": "i", "|": "i", "!": "i", "ı": "i", "5": "s",
                               "$": "s", "7": "t", "ſ": "s"})  # fmt: skip
"""Signs that are read as a letter of `instructor`."""
_ALPHABETS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
"""Those whose letters look like one another's."""


def _is_odd(sign: str) -> bool:
    """Whether a sign is a control or bidi mark, unseen, an emoji, or newer than SSH's names."""
    return (
        unicodedata.category(sign)[0] not in KEPT_IN_NAMES
        or in_table_a1(sign)
        or not (sign.isspace() or is_visible_line(sign))
    )


def _scripts(name: str) -> set[str]:
    """Return the alphabets of a name, of those that look alike."""
    words = {unicodedata.name(each, "").partition(" ")[0] for each in name if each.isalpha()}
    return words.intersection(_ALPHABETS)


def _looks_of(name: str) -> str:
    """Return the letters that a name seems to be made of, whatever its accents and dots."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_ALIKE)
    return "".join(each for each in plain if each.isalpha())


_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No l, i, o, 0 or 1: the code is read from a board."""
_GROUP: Final = 4
ENOUGH_BITS: Final = 40
"""Of a code, where a machine tries as many as it may."""


def new_code() -> str:
    """Return a code that nobody guesses: 31⁸ or so, two wrong tries take four seconds.

    One of letters alone is drawn again: who is told that codes need digits too would wonder.
    """
    while True:
        signs = "".join(secrets.choice(_SIGNS) for _ in range(2 * _GROUP))
        code = f"{signs[:_GROUP]}-{signs[_GROUP:]}"
        if bits_of(code) >= ENOUGH_BITS:
            return code


def read_code(file: Path) -> str:
    """Return the code that stands in a file; where there is none, it is made with a new code.

    Raises:
        TutorError: It cannot be read or made, others may read it, or it holds no code.
    """
    try:
        code = _code_in(file)
    except OSError as error:
        raise TutorError(
            message("the code in {file} cannot be used ({why})", file=file, why=error.strerror)
        ) from error
    except UnicodeDecodeError:
        code = ""
    if is_too_short(code) or len(code.splitlines()) != 1:
        raise TutorError(
            message(
                "{file} holds no code: write one line of {count} signs or more there, or delete it "
                "and a new one is made",
                file=file, count=SHORTEST_CODE,
            )
        )  # fmt: skip
    return code


def _code_in(file: Path) -> str:
    with suppress(FileExistsError):
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as new:
            new.write(new_code() + "\n")
    mode = file.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        raise TutorError(
            message("others may read the code in {file} (mode {mode}): chmod 600 it",
                    file=file, mode=f"{mode:04o}")
        )  # fmt: skip
    return file.read_text(encoding="utf-8-sig").strip()


def bits_of(code: str) -> int:
    """Return how many bits there are to guess, by the kinds of signs in a code."""
    compared = compared_code(code)
    signs = set(compared)
    kinds = ((str.isdigit, 10), (str.isalpha, 26), (lambda each: not each.isalnum(), 32))
    pool = sum(size for is_kind, size in kinds if any(map(is_kind, signs)))
    few = len(signs) if 2 * len(signs) < len(compared) else pool
    return int(len(compared) * log2(max(few, 1)))


def read_keys(file: Path) -> frozenset[str]:
    """Return the fingerprints of the public keys in a file like `authorized_keys`.

    Raises:
        TutorError: The file cannot be read or holds no key.
    """
    try:
        keys = list(_keys_in(file.read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise TutorError(
            message("the keys in {file} cannot be read ({why})", file=file, why=error)
        ) from error
    except asyncssh.KeyImportError as error:
        raise TutorError(
            message(
                "{file} holds no usable public key ({why}): put lines like those of "
                "~/.ssh/id_ed25519.pub there",
                file=file, why=error,
            )
        ) from error  # fmt: skip
    if not keys:
        raise TutorError(
            message("{file} holds no key: put lines like those of ~/.ssh/id_ed25519.pub there",
                    file=file)
        )  # fmt: skip
    return frozenset(key.get_fingerprint() for key in keys)


def _keys_in(lines: Iterable[str]) -> Iterable[asyncssh.SSHKey]:
    for line in lines:
        if line.strip() and not line.startswith("#"):
            yield asyncssh.import_public_key(line)


class Access:
    """The rules of one workshop."""

    def __init__(
        self,
        auth: Auth,
        *,
        code: str = "",
        allowed: frozenset[str] | None = None,
        instructors: frozenset[str] = frozenset(),
    ) -> None:
        """`allowed` and `instructors` are fingerprints; None: any key may come in."""
        self.roster: Roster | None = None
        """Who may come in; None: everybody."""
        self._auth = auth
        self._code = code
        self._allowed = allowed
        self._instructors = instructors

    def why_not(self, name: str, typed: str = "") -> Message | None:
        """Return why nobody can come in under this (clean) name, or as it was typed."""
        if odd := next(filter(_is_odd, typed), None):
            return message(
                "A name is made of letters, digits and the usual signs: leave {sign} out.",
                sign=visible_line(odd),
            )
        if not name:
            return message("Come in under a name: ssh -p PORT yourname@HOST")
        if len(scripts := _scripts(name)) > 1:
            return message(
                "The name mixes alphabets that look alike ({alphabets}): write it in one of them.",
                alphabets=", ".join(sorted(scripts)),
            )
        if name != INSTRUCTOR and _looks_of(name) == INSTRUCTOR:
            return message(
                "The name looks like instructor, which opens by the instructor's key alone: "
                "choose another."
            )
        return self._why_not_them(name)

    def _why_not_them(self, name: str) -> Message | None:
        if name == INSTRUCTOR:
            is_taught = bool(self._instructors)
            words = message("The name instructor opens by the instructor's key alone.")
            return None if is_taught else words
        if self.roster is not None and name.casefold() not in self.roster:
            return message(
                "{name} is not on the list of this workshop: come in under the name that stands "
                "there.",
                name=name,
            )
        return None

    def is_open(self, name: str) -> bool:
        """Whether the name comes in without any proof."""
        return self._auth == "open" and name != INSTRUCTOR

    def asks_code(self, name: str) -> bool:
        """Whether the name comes in by the code."""
        return self._auth == "code" and name != INSTRUCTOR

    def asks_key(self, name: str) -> bool:
        """Whether the name comes in by a key."""
        return self._auth == "key" or name == INSTRUCTOR

    def binds(self, name: str) -> bool:
        """Whether the name belongs to the first key that used it."""
        return self._auth == "key" and name != INSTRUCTOR

    def listed(self, name: str) -> Listed | None:
        """Return the line of the list on which a name stands."""
        return None if self.roster is None else self.roster.get(name.casefold())

    def has_own_code(self, name: str) -> bool:
        """Whether a name comes in by a code of its own, which proves it."""
        listed = self.listed(name)
        return listed is not None and listed.code is not None

    def is_code(self, typed: str, name: str) -> bool:
        """Whether this is the code of a name; dashes, blanks and capitals do not matter."""
        listed = self.listed(name)
        own = None if listed is None else listed.code
        return hmac.compare_digest(_bytes_of(typed), _bytes_of(self._code if own is None else own))

    def is_key(self, name: str, fingerprint: str) -> bool:
        """Whether the key may open the name (to which it may not be bound yet)."""
        if name == INSTRUCTOR:
            return fingerprint in self._instructors
        return self._auth == "key" and (self._allowed is None or fingerprint in self._allowed)


def access_for(options: ServeOptions) -> Access:
    """Return the rules that the options ask for.

    Raises:
        TutorError: A file of keys cannot be used.
    """
    access = Access(
        options.auth,
        code=options.code,
        allowed=None if options.keys is None else read_keys(options.keys),
        instructors=(
            frozenset() if options.instructor_key is None else read_keys(options.instructor_key)
        ),
    )
    if options.roster is not None:
        access.roster = read_roster(options.roster, access.why_not)
        if options.auth != "code" and any(each.code for each in access.roster.values()):
            raise TutorError(
                message("the codes in {file} work with --auth code alone: leave one of them out",
                        file=options.roster)
            )  # fmt: skip
    return access


def _bytes_of(code: str) -> bytes:
    return compared_code(code).encode("utf-8", "surrogatepass")  # a command line may hold halves
