"""Keeps the traceback of an error that nobody foresaw, for the one who will mend it."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import Final

from tutor import __version__
from tutor.store.location import data_folder
from tutor.visible import visible

LOG_NAME: Final = "errors.log"


def keep_traceback(error: BaseException) -> Path:
    """Append the traceback of `error` to the log and return the log's path.

    Where the data folder cannot be written, the log is in the folder for temporary files.

    Raises:
        OSError: Neither can be written.
    """
    text = _report(error)
    try:
        return _append(data_folder(), text)
    except OSError:
        return _append(Path(tempfile.gettempdir()) / "nabla", text)


def _report(error: BaseException) -> str:
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    system = f"Nabla {__version__}, Python {platform.python_version()}, {platform.platform()}"
    command = " ".join(sys.argv)
    return f"{when} {system}\n{command}\n{''.join(traceback.format_exception(error))}\n"


def _append(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / LOG_NAME
    with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(visible(text))
    return log
