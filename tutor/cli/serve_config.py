"""The file of `nabla serve --config`: every option of the command, in TOML.

    host = "0.0.0.0"
    code-file = "code"        # beside this file
    lessons = ["/srv/lessons"]
    sessions = 60

A key is an option without its dashes. What is said on the command line counts more.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.typed import nearest

_NOT_HERE: Final = ("config", "check", "help")
"""What belongs to one call alone."""
_LIST: Final = type(argparse.ArgumentParser().add_argument("--list", action="append"))


def read_config(file: Path, options: Mapping[str, argparse.Action]) -> dict[str, Any]:
    """Return the settings of a file by the names under which the command keeps them.

    `options` are those of the command, by their names without dashes.

    Raises:
        TutorError: The file cannot be read, or something in it cannot be meant; with the line.
    """
    text = _text_of(file)
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # endless digits, endless brackets
        raise TutorError(
            message("{file} is no TOML: {why}", file=file, why=error)
        ) from None  # the place stands in it
    known = {name: each for name, each in options.items() if name not in _NOT_HERE}
    settings = {}
    for name, value in said.items():
        place = _Place(file, text, name)
        _check_name(name, value, known, place)
        settings[known[name].dest] = _value(known[name], value, file.absolute().parent, place)
    return settings


class _Place:
    """A key of a file, for who has to mend it."""

    def __init__(self, file: Path, text: str, name: str) -> None:
        self._file, self._name = file, name
        begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}["']?\s*[=.\]]""")
        lines = enumerate(text.splitlines(), 1)
        self._line = next((number for number, line in lines if begins.match(line)), 1)

    def refusal(self, what: Message) -> TutorError:
        """Return the error that says what is wrong with the key."""
        return TutorError(
            message("{file}, line {line}: {name}: {what}",
                    file=self._file, line=self._line, name=self._name, what=what)
        )  # fmt: skip


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TutorError(
            message("the settings in {file} cannot be read ({why})", file=file, why=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise TutorError(
            message("{file} is not UTF-8: save it anew in that encoding", file=file)
        ) from error


def _check_name(
    name: str, value: object, known: Mapping[str, argparse.Action], place: _Place
) -> None:
    if name in known:
        return
    if isinstance(value, dict):
        raise place.refusal(message("there are no sections: write its options without it, above"))
    if name in _NOT_HERE:
        raise place.refusal(message("say it on the command line"))
    match = nearest(name.replace("_", "-"), known)
    if match is None:
        raise place.refusal(message("there is no such option; `nabla serve --help` shows them all"))
    raise place.refusal(message("there is no such option: did you mean {match}?", match=match))


def _value(action: argparse.Action, value: object, folder: Path, place: _Place) -> object:
    """Return a value as the command line would have given it; files are beside the config."""
    if isinstance(action, _LIST):
        if not isinstance(value, list):
            raise place.refusal(message('write a list: ["…", "…"]'))
        return [_single(action, each, folder, place) for each in value]
    return _single(action, value, folder, place)


def _single(action: argparse.Action, value: object, folder: Path, place: _Place) -> object:
    kind = bool if action.nargs == 0 else action.type or str
    if kind is bool:
        return _typed(value, bool, message("write true or false"), place)
    if kind is int:
        return _typed(value, int, message("write a whole number, without quotes"), place)
    if kind is float:
        words = message("write a number, without quotes")
        try:
            return float(_typed(value, int | float, words, place))
        except OverflowError:
            raise place.refusal(words) from None
    text = _typed(value, str, message('write a text between quotes: "…"'), place)
    if kind is Path:
        return folder / _path(text, place)
    if action.choices is not None and text not in action.choices:
        known = ", ".join(map(str, action.choices))
        raise place.refusal(
            message("{given} is not known; use one of: {known}", given=text, known=known)
        )
    return text


def _path(text: str, place: _Place) -> Path:
    """Return a path, from the home of whom `~` names."""
    words = message("{file} is no path: choose another place", file=text)
    if "\0" in text:
        raise place.refusal(words)
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise place.refusal(words) from None


def _typed(value: object, kind: Any, mend: Message, place: _Place) -> Any:
    """Return a value of this type; true is no number."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise place.refusal(mend)
    return value
