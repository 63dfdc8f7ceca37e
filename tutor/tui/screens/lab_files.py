"""Where the lab's exports go: files in the current folder, none of which is ever overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tutor.errors import TutorError
from tutor.i18n import Message, message

_STEM = "nabla-run"
_MOST = 10_000


def write_files(folder: Path, contents: Mapping[str, str]) -> Message:
    """Write each content into `folder` under one new name, with its own ending.

    Args:
        folder: where to; it exists.
        contents: the texts by their endings: `.md`, `.py`, `.csv`, `.svg`.

    Returns:
        The sentence that says what was written and where.

    Raises:
        TutorError: the folder cannot be written to.
    """
    names = []
    stem = _free_stem(folder, contents)
    for ending, content in contents.items():
        path = folder / (stem + ending)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(content)
        except OSError as error:
            raise TutorError(
                message(
                    "{name} could not be written to {folder} ({why}): start Nabla in a folder of "
                    "your own",
                    name=path.name, folder=folder, why=error.strerror or type(error).__name__,
                )
            ) from error  # fmt: skip
        names.append(path.name)
    return message("Written: {names} in {folder}", names=", ".join(names), folder=folder)


def _free_stem(folder: Path, endings: Mapping[str, str]) -> str:
    """Return a name that none of the files has yet: nabla-run, nabla-run-2, …"""
    for number in range(1, _MOST):
        stem = _STEM if number == 1 else f"{_STEM}-{number}"
        if not any((folder / (stem + ending)).exists() for ending in endings):
            return stem
    raise TutorError(
        message("{folder} holds too many exported runs: move some away", folder=folder)
    )
