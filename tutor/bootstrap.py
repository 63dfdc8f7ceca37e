"""Puts the program together for one learner: lessons, progress, app."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from tutor.lesson.catalog import Catalog, find_lesson_folders, load_catalog
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import Opening, open_store

_LIGHT_GROUNDS = ("7", "15")


def run_app(start_at: str | None = None) -> int:
    """Run the terminal program until the learner leaves; return the exit status.

    `start_at` is `lesson` or `lesson#step`, known to be in the catalog.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress") as beside:
        progress = beside.submit(open_store)
        try:
            return _run(load_catalog(find_lesson_folders()), progress, start_at)
        finally:
            progress.result().store.close()


def _run(catalog: Catalog, progress: Future[Opening], start_at: str | None) -> int:
    from tutor.tui.app import Services, TutorApp  # noqa: PLC0415 — the store opens meanwhile

    services = Services(
        catalog=catalog,
        progress=progress,
        learner=LOCAL_LEARNER,
        now=lambda: datetime.now(UTC),
        new_seed=lambda: secrets.randbelow(2**31),
    )
    app = TutorApp(services, start_at=start_at, dark=not _has_light_ground())
    app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


def _has_light_ground() -> bool:
    """Whether the terminal says (by COLORFGBG) that it writes dark on light."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_GROUNDS
