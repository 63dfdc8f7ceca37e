"""The learner's settings: a few choices that are made once and hold on this computer.

They stand in `settings.json` beside the progress, for people to read. A new setting is one more
field of `Settings`: `None` (or another default) means that nobody chose yet.

    settings, notice = read_settings()
    trouble = change_settings(language="zh")
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, get_type_hints

from tutor.i18n import Message, message
from tutor.store.data_folder import data_folder, remove_unfinished, replace_text
from tutor.visible import visible_json

_MOST_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What the learner chose."""

    language: str | None = None
    """Of the words: `en` or `zh`."""
    theme: str | None = None
    """Of the colours: `dark` or `light`."""
    run_programs: bool | None = None
    """Whether the learner's own programs may run here without bubblewrap."""
    unknown: Mapping[str, object] = field(default_factory=dict)
    """What another version of Nabla keeps there: written back as it was."""


class Reading(NamedTuple):
    """The settings, and what the learner should know about their file (None: all is well)."""

    settings: Settings
    notice: Message | None


def settings_file() -> Path:
    """Return the path of the learner's settings."""
    return data_folder() / "settings.json"


def read_settings(path: Path | None = None) -> Reading:
    """Return the settings at `path` (None: where this learner's are). Never fails.

    A file that is not there, or that cannot be read, means that nothing was chosen; a single
    value that cannot be meant counts as not chosen.
    """
    file = path or settings_file()
    remove_unfinished(file.parent, file.name)
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with file.open("rb") as opened:
            kept = json.loads(opened.read(_MOST_BYTES).decode("utf-8-sig"))
    except FileNotFoundError:
        return Reading(Settings(), None)
    except OSError as error:
        what = message("the settings in {file} cannot be read ({reason}): nothing in them counts",
                       file=file, reason=error.strerror)  # fmt: skip
        return Reading(Settings(), what)
    except (ValueError, RecursionError):
        return Reading(Settings(), _broken(file))
    return Reading(_settings_of(kept), None) if isinstance(kept, dict) else Reading(
        Settings(), _broken(file)
    )  # fmt: skip


def change_settings(path: Path | None = None, /, **changes: Any) -> Message | None:
    """Change some settings on disk; return why it could not be done, or None.

    The file is replaced in one move, so that no crash leaves half of one; one that could not be
    read before is kept under another name.
    """
    file = path or settings_file()
    settings, notice = read_settings(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if notice is not None:
            file.replace(file.with_name(f"{file.name}.broken"))
        replace_text(file, _text(replace(settings, **changes)))
    except OSError as error:
        return message("the settings cannot be kept in {file} ({reason}): they hold until you quit",
                       file=file, reason=error.strerror)  # fmt: skip
    return None


def _text(settings: Settings) -> str:
    own = {each.name: getattr(settings, each.name) for each in fields(settings)}
    kept = {
        **own.pop("unknown"),
        **{name: value for name, value in own.items() if value is not None},
    }
    return visible_json(f"{json.dumps(kept, ensure_ascii=False, indent=2)}\n")


def _settings_of(kept: dict[str, object]) -> Settings:
    types = _types()
    known = {name: value for name, value in kept.items() if name in types}
    usable = {name: value for name, value in known.items() if isinstance(value, types[name])}
    return Settings(**usable, unknown={n: v for n, v in kept.items() if n not in types})


@cache
def _types() -> dict[str, Any]:
    hints = get_type_hints(Settings)
    return {each.name: hints[each.name] for each in fields(Settings) if each.name != "unknown"}


def _broken(file: Path) -> Message:
    return message("the settings in {file} are not JSON: nothing in them counts", file=file)
