"""The folder where Nabla keeps what belongs to the learner."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Return `NABLA_HOME`, else the platform's user data folder. It may not exist yet."""
    if home := os.environ.get("NABLA_HOME"):
        return Path(home).expanduser().absolute()
    import platformdirs  # noqa: PLC0415 - not needed where NABLA_HOME says it

    return platformdirs.user_data_path("nabla", appauthor=False)


def progress_file() -> Path:
    """Return the path of the learner's progress."""
    return data_folder() / "progress.sqlite3"
