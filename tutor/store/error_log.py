"""Keeps the traceback of an error that nobody foresaw, for the one who will mend it."""

from __future__ import annotations

import errno
import os
import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import Final

from tutor import __version__
from tutor.store.data_folder import data_folder
from tutor.visible import visible

LOG_NAME: Final = "errors.log"


def keep_traceback(error: BaseException) -> Path:
    """Append the traceback of `error` to the log and return the log's path.

    Where the data folder cannot be written, the log is in the folder for temporary files.

    Raises:
        OSError: Neither can be written.
    """
    command = " ".join(sys.argv)
    return keep_words(f"{command}\n{''.join(traceback.format_exception(error))}")


def keep_words(text: str) -> Path:
    """Append what went wrong to the log, with the time and the system, and return its path.

    Raises:
        OSError: Neither folder can be written.
    """
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    system = f"Nabla {__version__}, Python {platform.python_version()}, {platform.platform()}"
    report = f"{when} {system}\n{text}\n"
    try:
        return _append(data_folder(), report)
    except OSError:
        return _append(Path(tempfile.gettempdir()) / "nabla", report)


def _append(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / LOG_NAME
    if log.exists() and not log.is_file():
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(log))  # a pipe would wait
    with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(visible(text))
    return log
