"""`pack` makes a project that pip installs, and whose lessons stand beside our own then."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.command_line import run, run_program
from tutor import __version__
from tutor.authoring.linter import check_paths
from tutor.authoring.new_lesson import write_new_lesson
from tutor.authoring.pack import write_pack
from tutor.errors import TutorError
from tutor.lesson.catalog import load_every_lesson

SAMPLES = Path(__file__).parents[1] / "sample_lessons"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    write_new_lesson(tmp_path / "slopes" / "01-ramps.yaml")
    return tmp_path / "slopes"


def files(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def project(folder: Path) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    return found


def test_it_holds_the_lessons_their_translations_and_the_glossary_and_a_test(
    course: Path, tmp_path: Path
):
    (course / "notes.txt").write_text("mine", encoding="utf-8")
    text = (SAMPLES / "kinds.yaml").read_text("utf-8").replace("gradients/", "slopes/")
    translation = (SAMPLES / "kinds.zh.yaml").read_text("utf-8").replace("gradients/", "slopes/")
    (course / "02-kinds.yaml").write_text(text, encoding="utf-8")
    (course / "02-kinds.zh.yaml").write_text(translation, encoding="utf-8")
    pack = write_pack(course, place=tmp_path / "pack")
    lessons = {"01-ramps.yaml", "02-kinds.yaml", "02-kinds.zh.yaml"}
    assert files(tmp_path / "pack") == {
        "pyproject.toml", "README.md", "tests/test_lessons.py",
        "nabla_lessons_slopes/__init__.py",
        *(f"nabla_lessons_slopes/slopes/{name}" for name in lessons),
    }  # fmt: skip
    assert ("nabla-lessons-slopes", 2) == (pack.name, pack.lessons)
    assert () == check_paths([tmp_path / "pack" / "nabla_lessons_slopes"])


def test_a_folder_of_courses_is_one_pack(course: Path, tmp_path: Path):
    write_new_lesson(course.parent / "curves" / "bends.yaml")
    write_pack(tmp_path, "both", tmp_path / "pack")
    package = tmp_path / "pack" / "nabla_lessons_both"
    assert {"__init__.py", "slopes/01-ramps.yaml", "curves/bends.yaml"} == files(package)


def test_it_asks_for_the_nabla_that_its_lessons_need(course: Path, tmp_path: Path):
    write_pack(course, place=tmp_path / "any")
    text = (SAMPLES / "named.yaml").read_text("utf-8").replace("gradients/", "slopes/")
    newest = text.replace("needs: 0.2", f"needs: {__version__}")
    (course / "02-named.yaml").write_text(newest, encoding="utf-8")
    write_pack(course, place=tmp_path / "new")
    wanted = [project(tmp_path / name)["project"]["dependencies"] for name in ("any", "new")]  # type: ignore[index]
    assert [["nabla-tutor>=0.2"], [f"nabla-tutor>={__version__}"]] == wanted


def test_its_entry_point_leads_to_the_lessons(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As pip leaves it for an author who installs the folder itself."""
    write_pack(course, place=tmp_path / "pack")
    ((group, points),) = project(tmp_path / "pack")["project"]["entry-points"].items()  # type: ignore[index]
    record = tmp_path / "site" / "slopes-0.1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: slopes\nVersion: 0.1\n")
    lines = [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (record / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.setattr(sys, "path", [str(record.parent), str(tmp_path / "pack"), *sys.path])
    catalog = load_every_lesson({})
    assert "slopes" in [course.id for course in catalog.courses]
    assert () == catalog.left_out


def refused(folder: Path, name: str | None = None, place: Path | None = None) -> str:
    with pytest.raises(TutorError) as refusal:
        write_pack(folder, name, place)
    return str(refusal.value)


def test_what_others_would_stumble_over_is_not_packed(course: Path, tmp_path: Path):
    (course / "02-broken.yaml").write_text("format: 1\n", encoding="utf-8")
    said = refused(course, place=tmp_path / "pack")
    assert "02-broken.yaml" in said
    assert f"`nabla check {course}` lists all" in said
    assert not (tmp_path / "pack").exists()


def test_a_lesson_with_an_id_of_ours_is_not_packed(tmp_path: Path):
    write_new_lesson(tmp_path / "gradients" / "derivative.yaml")
    said = refused(tmp_path / "gradients", place=tmp_path / "pack")
    assert "gradients/derivative is already the id of" in said


def test_a_name_that_pip_knows_here_is_refused(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    record = tmp_path / "site" / "nabla_lessons_slopes-1.0.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: nabla-lessons-slopes\nVersion: 1.0\n"
    )
    monkeypatch.setattr(sys, "path", [str(record.parent), *sys.path])
    said = refused(course, place=tmp_path / "pack")
    assert "nabla-lessons-slopes is installed here already: choose another name" in said
    write_pack(course, "hills", tmp_path / "pack")


def test_a_folder_that_is_there_is_left_alone(course: Path, tmp_path: Path):
    assert "is there already: name another one with --to" in refused(course, place=tmp_path)


@pytest.mark.parametrize("name", ["My Course", "a_b", "课程", "-x"])
def test_a_name_that_no_pack_has_is_told_one(course: Path, name: str):
    assert "such as --name my-course" in refused(course, name)


def test_no_folder_and_no_lessons_are_told(tmp_path: Path):
    assert "there is no folder" in refused(tmp_path / "no", "x")
    (tmp_path / "empty").mkdir()
    assert "holds no lesson" in refused(tmp_path / "empty")


def test_the_command_says_what_to_do_next(course: Path, tmp_path: Path):
    done = run("pack", str(course), "--to", str(tmp_path / "pack"))
    assert f"Install it: pip install {tmp_path / 'pack'}" in done.stdout
    assert "a pack with 1 lesson." in done.stdout


@pytest.mark.thorough
def test_pip_installs_it_and_its_own_test_passes(course: Path, tmp_path: Path):
    pytest.importorskip("setuptools", reason="builds the pack; pip would fetch it")
    write_pack(course, place=tmp_path / "pack")
    site = str(tmp_path / "site")
    python(
        "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation",
        "--target", site, str(tmp_path / "pack"),
    )  # fmt: skip
    assert "slopes/ramps" in run_program("list", PYTHONPATH=site).stdout
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "pack"), PYTHONPATH=site)


def python(*arguments: str, **env: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], check=False, capture_output=True, text=True,
        env=os.environ | env,
    )  # fmt: skip
    assert 0 == done.returncode, done.stdout + done.stderr
