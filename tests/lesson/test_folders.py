"""Lessons come from extra folders and installed packs too; what is wrong with one is a notice."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.authoring.new_lesson import write_new_lesson
from tutor.lesson.catalog import Catalog, load_every_lesson
from tutor.lesson.folders import every_lesson_folder, use_lessons


@pytest.fixture(autouse=True)
def _no_folders_after() -> Iterator[None]:
    yield
    use_lessons([])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the course `slopes`, which has one lesson."""
    write_new_lesson(tmp_path / "more" / "slopes" / "01-ramps.yaml")
    return tmp_path / "more"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where distributions are installed."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.setattr(sys, "path", [str(place), *sys.path])
    return place


def install(site: Path, name: str, value: str) -> None:
    """Install a distribution with an entry point, as pip leaves it behind."""
    record = site / f"{name}-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text(f"[nabla.lessons]\n{name} = {value}\n")


def courses(catalog: Catalog) -> list[str]:
    return [course.id for course in catalog.courses]


def test_without_more_there_are_our_own_lessons():
    assert ["gradients"] == courses(load_every_lesson({}))


def test_a_folder_of_the_environment_is_shown_after_our_own(folder: Path):
    assert ["gradients", "slopes"] == courses(load_every_lesson({"NABLA_LESSONS": str(folder)}))


def test_a_folder_that_is_one_course_will_do(folder: Path):
    listed = {"NABLA_LESSONS": str(folder / "slopes")}
    assert ["gradients", "slopes"] == courses(load_every_lesson(listed))


def test_several_folders_are_listed_as_the_system_lists_paths(folder: Path, tmp_path: Path):
    write_new_lesson(tmp_path / "third" / "curves" / "bends.yaml")
    listed = os.pathsep.join([str(folder), "", str(tmp_path / "third")])
    assert ["gradients", "slopes", "curves"] == courses(
        load_every_lesson({"NABLA_LESSONS": listed})
    )


def test_a_folder_of_the_command_line_and_the_environment_is_shown_once(folder: Path):
    use_lessons([folder])
    catalog = load_every_lesson({"NABLA_LESSONS": str(folder)})
    assert (["gradients", "slopes"], ()) == (courses(catalog), catalog.left_out)


def test_a_folder_that_is_not_there_is_a_notice(tmp_path: Path):
    use_lessons([tmp_path / "no"])
    catalog = load_every_lesson({})
    assert ["gradients"] == courses(catalog)
    assert ["there is no such folder of lessons"] == [str(p.what) for p in catalog.left_out]


def test_a_lesson_with_an_id_of_ours_is_left_out(tmp_path: Path):
    write_new_lesson(tmp_path / "more" / "gradients" / "derivative.yaml")
    use_lessons([tmp_path / "more"])
    catalog = load_every_lesson({})
    (problem,) = catalog.left_out
    assert str(problem.what).startswith("gradients/derivative is already the id of ")


def test_a_broken_lesson_leaves_the_others(folder: Path):
    (folder / "slopes" / "02-broken.yaml").write_text("format: 2\n", encoding="utf-8")
    use_lessons([folder])
    catalog = load_every_lesson({})
    assert ["gradients", "slopes"] == courses(catalog)
    assert {"02-broken.yaml"} == {Path(problem.file).name for problem in catalog.left_out}


def test_a_number_means_our_own_lesson(folder: Path):
    use_lessons([folder])
    assert "gradients/derivative" == load_every_lesson({}).lesson("1").id


def test_an_installed_pack_is_found_and_not_imported(site: Path):
    write_new_lesson(site / "slopes_pack" / "slopes" / "ramps.yaml")
    (site / "slopes_pack" / "__init__.py").write_text("raise SystemExit('imported')\n")
    install(site, "slopes", "slopes_pack")
    assert ["gradients", "slopes"] == courses(load_every_lesson({}))


def test_a_pack_may_name_a_folder_inside_its_package(site: Path):
    write_new_lesson(site / "slopes_pack" / "lessons" / "slopes" / "ramps.yaml")
    install(site, "slopes", "slopes_pack.lessons")
    assert ["gradients", "slopes"] == courses(load_every_lesson({}))


def test_a_pack_whose_package_is_gone_is_a_notice(site: Path):
    install(site, "slopes", "slopes_pack")
    catalog = load_every_lesson({})
    assert ["gradients"] == courses(catalog)
    assert [
        "slopes: the lesson pack slopes names slopes_pack, which is not installed; "
        "install the pack again, or uninstall it"
    ] == [str(problem) for problem in catalog.left_out]


def test_a_tilde_in_the_list_of_folders_is_the_home_folder(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    assert tmp_path / "mine" in every_lesson_folder([], {"NABLA_LESSONS": "~/mine"})
