"""The room over SSH: who teaches sees where the class is, and is heard."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.server.workshop import Serve


def test_the_instructor_sees_where_a_learner_is_and_speaks_to_her(serve: Serve, tmp_path: Path):
    """Two real clients of one workshop."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    workshop = serve("--instructor-key", str(key.with_suffix(".pub")))
    with workshop.enter("ana") as ana:
        with workshop.ssh("instructor", "-i", str(key), columns=120, rows=36) as teacher:
            teacher.wait_for("1 learner here")
            ana.press("enter")
            teacher.wait_for("1.1 A line that")
            teacher.press("T")
            teacher.wait_for("Enter")
            teacher.type("look at the slope\r")
            ana.wait_for("look at the slope")
            teacher.press("ctrl+q")
            assert 0 == teacher.wait_for_exit()
        ana.press("ctrl+q")
        assert 0 == ana.wait_for_exit()
