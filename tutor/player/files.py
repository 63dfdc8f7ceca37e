"""Where exports go: new files in a folder, none of which is ever overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from tutor.errors import TutorError
from tutor.i18n import Message, message

RUN: Final = "nabla-run"
"""The name of an exported run of the lab."""
_MOST = 10_000
_refusal: ContextVar[Message | None] = ContextVar("refusal", default=None)


def refuse_files(why: Message) -> None:
    """Write no file in this context, nor in tasks begun in it: say `why` instead."""
    _refusal.set(why)


def write_files(folder: Path, contents: Mapping[str, str], name: str = RUN) -> Message:
    """Write each content into `folder` under one new name, with its own ending.

    Args:
        folder: where to; it exists.
        contents: the texts by their endings: `.md`, `.py`, `.csv`, `.svg`.
        name: what the files are called; a number follows where they are there already.

    Returns:
        The sentence that says what was written and where.

    Raises:
        TutorError: the folder cannot be written to.
    """
    names = []
    stem = _free_stem(folder, contents, name)
    for ending, content in contents.items():
        path = folder / (stem + ending)
        write_new(path, content)
        names.append(path.name)
    return message("Written: {names} in {folder}", names=", ".join(names), folder=folder)


def write_new(path: Path, content: str) -> None:
    """Write a file that is not there yet.

    Raises:
        TutorError: it is there, or cannot be written.
    """
    if (refusal := _refusal.get()) is not None:
        raise TutorError(refusal)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except FileExistsError:
        what = message("{file} is there already: choose another name", file=path)
        raise TutorError(what) from None
    except OSError as error:
        raise TutorError(
            message(
                "{name} could not be written to {folder} ({why}): start Nabla in a folder of "
                "your own",
                name=path.name, folder=path.parent, why=error.strerror or type(error).__name__,
            )
        ) from error  # fmt: skip


def _free_stem(folder: Path, endings: Mapping[str, str], name: str) -> str:
    """Return a name that none of the files has yet: nabla-run, nabla-run-2, …"""
    for number in range(1, _MOST):
        stem = name if number == 1 else f"{name}-{number}"
        if not any((folder / (stem + ending)).exists() for ending in endings):
            return stem
    raise TutorError(
        message("{folder} holds too many exported runs: move some away", folder=folder)
    )
