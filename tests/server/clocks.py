"""A wrong clock for a server: `sitecustomize` of a folder that comes first on its path."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_CUSTOMIZE: Final = """\
import datetime, time
_OFF = {seconds}
_real_time, _real = time.time, datetime.datetime
time.time = lambda: _real_time() + _OFF
class datetime_off(_real):
    @classmethod
    def now(cls, tz=None):
        return _real.now(tz) + datetime.timedelta(seconds=_OFF)
datetime.datetime = datetime_off
"""


def wrong_clock(folder: Path, seconds: float) -> Path:
    """Return a folder for PYTHONPATH with which a Python program's clock is off by so much."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_CUSTOMIZE.format(seconds=seconds))
    return folder
