"""The folder where Nabla keeps what belongs to the learner: where it is, and writing files in it.

A whole file takes the place of another: a kill at any moment leaves the one or the other. It may
also leave the beginning of the new one, under a name of its own: `remove_unfinished`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_UNFINISHED: Final = ".new"


def data_folder() -> Path:
    """Return `NABLA_HOME`, else the platform's user data folder. It may not exist yet."""
    if home := os.environ.get("NABLA_HOME"):
        return Path(home).expanduser().absolute()
    import platformdirs  # noqa: PLC0415 - not needed where NABLA_HOME says it

    return platformdirs.user_data_path("nabla", appauthor=False)


def cache_folder() -> Path:
    """Return where what can be computed again is kept: in `NABLA_HOME`, else the platform's own."""
    if home := os.environ.get("NABLA_HOME"):
        return Path(home).expanduser() / "cache"
    import platformdirs  # noqa: PLC0415 - not needed where NABLA_HOME says it

    return platformdirs.user_cache_path("nabla", appauthor=False)


def progress_file() -> Path:
    """Return the path of the learner's progress."""
    return data_folder() / "progress.sqlite3"


def replace_text(file: Path, text: str) -> None:
    """Put a file with this text in the place of `file`, whether there is one or not.

    Others remove what a killed program left unfinished; should they meet what is being written,
    it is written once more.
    """
    fresh = file.with_name(f"{file.name}.{os.getpid()}{_UNFINISHED}")
    try:
        for last in (False, True):
            try:
                with fresh.open("w", encoding="utf-8") as opened:
                    opened.write(text)
                    opened.flush()
                    os.fsync(opened.fileno())
                fresh.replace(file)
                return
            except FileNotFoundError:
                if last:
                    raise
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path, name: str) -> None:
    """Remove the beginnings of files whose names begin so, where programs were killed."""
    with suppress(OSError):
        for file in folder.glob(f"{name}*{_UNFINISHED}"):
            with suppress(OSError):
                file.unlink()
