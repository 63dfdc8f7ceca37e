"""Where exports go: new files in a folder, none of which is ever overwritten; text alone."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Final, Literal

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.visible import visible

RUN: Final = "nabla-run"
"""The name of an exported run of the lab."""
_MOST = 10_000
_refusal: ContextVar[Message | None] = ContextVar("refusal", default=None)


def refuse_files(why: Message) -> None:
    """Write no file in this context, nor in tasks begun in it: say `why` instead."""
    _refusal.set(why)


def may_write_files() -> bool:
    """Whether files are written at all in this context."""
    return _refusal.get() is None


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
        try:
            _write(path, content)
        except OSError as error:
            raise TutorError(
                message(
                    "{name} could not be written to {folder} ({why}): start Nabla in a folder of "
                    "your own",
                    name=path.name, folder=path.parent, why=_why(error),
                )
            ) from error  # fmt: skip
        names.append(path.name)
    return message("Written: {names} in {folder}", names=", ".join(names), folder=folder)


def write_new(
    path: Path, content: str, *, over: bool = False, if_there: Message | None = None
) -> None:
    """Write a file that is not there yet.

    Args:
        path: its whole name.
        content: what stands in it.
        over: whether it may take the place of another, and then whole or not at all.
        if_there: what to say of a file that is there already, in place of the usual sentence.

    Raises:
        TutorError: it is there, or cannot be written.
    """
    fresh = path.with_name(path.name + ".new") if over else path
    try:
        _write(fresh, content, "w" if over else "x")
        if over:
            fresh.replace(path)
    except FileExistsError:
        usual = message("{file} is there already: choose another name", file=path)
        raise TutorError(if_there or usual) from None
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> TutorError:
    """Return what to raise where a file or folder that was named cannot be written."""
    return TutorError(
        message(
            "{file} cannot be written ({why}): choose another place", file=path, why=_why(error)
        )
    )


def _write(path: Path, content: str, mode: Literal["x", "w"] = "x") -> None:
    if (refusal := _refusal.get()) is not None:
        raise TutorError(refusal)
    with path.open(mode, encoding="utf-8", newline="\n") as file:
        file.write(visible(content))


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _free_stem(folder: Path, endings: Mapping[str, str], name: str) -> str:
    """Return a name that none of the files has yet: nabla-run, nabla-run-2, …"""
    for number in range(1, _MOST):
        stem = name if number == 1 else f"{name}-{number}"
        if not any((folder / (stem + ending)).exists() for ending in endings):
            return stem
    raise TutorError(
        message("{folder} holds too many exported runs: move some away", folder=folder)
    )
