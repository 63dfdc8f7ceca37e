"""State codes that people have written down, and what they took away of the lab."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.written_by.comparing import EACH_RELEASE, RELEASES, differences, draws_alike, kept
from tests.written_by.reading import PICTURE, lab_read
from tutor.engine.descent.run import run
from tutor.engine.lab.state_code import decode

PICTURES_SINCE: Final = (0, 2)
"""The first release whose pictures still hold: one that draws otherwise on purpose raises it."""
EXPORTED: Final = 22
"""The lab of which the exports are."""
EACH_CODE = pytest.mark.parametrize(
    ("release", "number"),
    [
        pytest.param(release, number, id=f"{release.name}-{number}")
        for release in RELEASES
        for number in range(len(kept(release / "labs.json")))
    ],
)
_NEARLY: Final = 1e-6
"""Relative: the last digits are those of another NumPy, or of another processor."""


def near(end: list[str]) -> Any:
    return pytest.approx(list(map(float, end)), rel=_NEARLY, abs=1e-300, nan_ok=True)


def pictures_hold(release: Path) -> bool:
    since = tuple(map(int, release.name.split(".")))
    return since >= PICTURES_SINCE and draws_alike(release)


@EACH_CODE
def test_a_code_brings_back_the_lab_its_run_and_its_picture(release: Path, number: int):
    then = kept(release / "labs.json")[number]
    now = lab_read(then["code"])
    assert near(then.pop("end")) == list(map(float, now["end"]))
    picture = then.pop("picture")
    assert [] == differences(then, now)
    if pictures_hold(release):
        assert picture == now["picture"]
    assert [PICTURE[0]] * PICTURE[1] == list(map(len, now["picture"]))
    assert any(line.strip() for line in now["picture"])


@pytest.fixture
def exported(release: Path) -> dict[str, Any]:
    """The lab of which a release's exports are."""
    read: dict[str, Any] = kept(release / "labs.json")[EXPORTED]
    return read


def text_of(release: Path, name: str) -> str:
    return (release / "exports" / name).read_text(encoding="utf-8")


@EACH_RELEASE
def test_an_exported_script_runs_and_ends_at_the_same_point(release: Path, exported):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-I", str(release / "exports" / "lab.py")],
        text=True, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    end = done.stdout.splitlines()[-1].strip("[]").split(",")
    assert near(exported["end"]) == list(map(float, end))


@EACH_RELEASE
def test_the_way_back_that_a_document_and_a_script_name_still_leads_there(release: Path, exported):
    (line,) = re.findall(r"tutor lab '(\S+)'", text_of(release, "lab.md"))
    (code,) = re.findall(r"lab: (\S+)", text_of(release, "lab.py"))
    lab = decode(exported["code"])
    assert (lab, lab.setup) == (decode(line), decode(code).setup)


@EACH_RELEASE
def test_an_exported_table_has_the_steps_that_the_run_makes(release: Path, exported):
    made = run(decode(exported["code"]).setup)
    rows = list(csv.DictReader(text_of(release, "lab.csv").splitlines()))
    then = [[row[name] for name in made.objective.variables] for row in rows]
    assert list(map(near, then)) == made.points.tolist()
