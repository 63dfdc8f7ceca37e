"""The tutor served by textish, the peer: `python -m tests.benchmarks._textish_app PORT`.

Nobody's progress is kept and nobody is asked for a code: textish has neither.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import textish

from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.player.programs import Programs
from tutor.store.opening import Opening, open_in_memory
from tutor.tui.app import TutorApp
from tutor.tui.services import Services


def serve(port: int, key: Path) -> None:
    """Serve until a signal ends it."""
    catalog = load_catalog(find_lesson_folders())

    def app() -> TutorApp:
        opening: Future[Opening] = Future()
        opening.set_result(Opening(open_in_memory(), None))
        services = Services(
            catalog=catalog,
            open_progress=lambda: opening,
            learner="ana",
            now=lambda: datetime.now(UTC),
            new_seed=lambda: 0,
            open_programs=lambda: Programs(is_served=True),
        )
        return TutorApp(services, language="en")

    textish.serve(app, port=port, host_key_path=str(key), log_level=None)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
