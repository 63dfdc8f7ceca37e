"""Each check's good and bad case."""

from __future__ import annotations

import shutil
import sqlite3
from contextvars import copy_context
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from tests.store.entries import attempt
from tutor.cli.doctor import Check, examined, installation, learner, terminal, tilde
from tutor.cli.doctor.finding import Finding, Outcome, Surroundings, Widths
from tutor.cli.doctor.installation import is_within, requirement
from tutor.cli.language import choose_language
from tutor.i18n import Session, Text, begin_session, message, render
from tutor.private_names import PrivateName, Use
from tutor.sandbox.protection import plain_protection, protection
from tutor.store.backups import back_up
from tutor.store.data_folder import progress_file
from tutor.store.opening import open_store
from tutor.store.settings import change_settings


def around(widths: Widths | None = None, **environment: str) -> Surroundings:
    return Surroundings(environment, choose_language([], environment), widths or Widths())


@pytest.mark.parametrize(
    ("version", "versions", "expected"),
    [
        ("8.2.8", ">=8.2.8,<9", True),
        ("9.0", "<9,>=8.2.8", False),
        ("8.2.10", ">=8.2.8,<9", True),
        ("8.2", ">=8.2.8", False),
        ("3.0.0", "==3", True),
        ("3.1", "!=3.1", False),
        ("1.0", "", True),
    ],
)
def test_a_version_is_compared_number_by_number(version: str, versions: str, expected: bool):
    assert expected == is_within(version, versions)


def test_every_requirement_of_ours_is_understood():
    for line in metadata.requires(installation.PACKAGE) or ():
        read = requirement(line)
        assert line.startswith(read.package)
        assert bool(read.condition) == (";" in line)


def test_packages_are_there_and_tested():
    found = installation.packages(around())
    assert (Outcome.GOOD, None) == (found.outcome, found.mend)


def test_a_package_of_another_version_is_told_with_the_range(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == "plotext" else "8.2.8")
    monkeypatch.setattr(metadata, "requires", lambda _: ["plotext<6,>=5.3.2", "textual>=8.2.8"])
    found = installation.packages(around())
    assert Outcome.WARNING == found.outcome
    assert '"plotext<6,>=5.3.2"' in render(found.mend)
    assert "textual" not in render(found.mend)


def test_without_metadata_nothing_is_claimed(monkeypatch):
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    monkeypatch.setattr(metadata, "metadata", missing)
    for check in (installation.packages, installation.nabla):
        found = check(around())
        assert Outcome.WARNING == found.outcome
        assert found.mend is not None


def test_other_systems_are_told_that_they_are_not_tested(monkeypatch):
    assert Outcome.GOOD == installation.system(around()).outcome
    monkeypatch.setattr(installation.platform, "system", lambda: "Darwin")
    found = installation.system(around())
    assert Outcome.WARNING == found.outcome
    assert "not on Windows or macOS" in render(found.words)


def test_a_private_name_that_is_gone_is_told(monkeypatch):
    assert Outcome.GOOD == installation.private_names(around()).outcome
    use = Use("textual", "8.2.8", message("It is quick."), message("It is slow."))
    gone = (PrivateName(use, "textual.app:App._gone"),)
    monkeypatch.setattr("tutor.tui.private.switched_off", lambda: gone)
    found = installation.private_names(around())
    assert (Outcome.WARNING, True) == (found.outcome, "It is slow." in render(found.words))
    assert '"textual==8.2.8"' in render(found.mend)
    assert [{"library": "textual", "name": "textual.app:App._gone"}] == found.facts["gone"]


def test_a_system_without_ssh_is_no_fault(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Outcome.NOTE == installation.ssh(around()).outcome
    (tmp_path / "ssh").write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    (tmp_path / "ssh").chmod(0o755)
    found = installation.ssh(around())
    assert (Outcome.WARNING, True) == (found.outcome, "broken" in render(found.words))


@pytest.mark.parametrize(
    ("environment", "count", "variable", "outcome"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1 << 24, "COLORTERM", Outcome.GOOD),
        ({"TERM": "xterm-256color"}, 256, "TERM", Outcome.GOOD),
        ({"TERM": "linux"}, 16, "TERM", Outcome.GOOD),
        ({"TERM": "xterm"}, 16, "TERM", Outcome.WARNING),
        ({"TERM": "dumb"}, 0, "TERM", Outcome.WARNING),
        ({"TERM": "xterm", "NO_COLOR": ""}, 0, "NO_COLOR", Outcome.GOOD),
        ({"TEXTUAL_COLOR_SYSTEM": "256"}, 256, "TEXTUAL_COLOR_SYSTEM", Outcome.GOOD),
    ],
)
def test_colours_are_told_with_their_variable(
    environment, count, variable, outcome, monkeypatch: pytest.MonkeyPatch
):
    for name in ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)  # Rich looks into the real ones
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = terminal.colours(around(**environment))
    assert outcome == found.outcome
    assert (count, variable) == (found.facts["colours"], found.facts["variable"])
    assert (outcome is Outcome.WARNING) == (found.mend is not None)


@pytest.mark.parametrize("check", [terminal.ambiguous_signs, terminal.braille, terminal.chinese])
def test_signs_of_another_width_are_told(check):
    assert Outcome.GOOD == check(around(Widths(4, 2, 2))).outcome
    wrong = check(around(Widths(8, 4, 1)))
    assert Outcome.WARNING == wrong.outcome
    assert wrong.mend is not None
    assert Outcome.NOTE == check(around()).outcome


def test_the_language_comes_with_what_said_so(nabla_home: Path):
    assert "LANG=zh_CN.UTF-8" in render(learner.language(around(LANG="zh_CN.UTF-8")).words)
    change_settings(language="zh")
    assert "settings.json" in render(learner.language(around()).words)


def test_the_data_folder_is_tried_and_left_as_it_was(nabla_home: Path):
    assert Outcome.GOOD == learner.data_folder(around()).outcome
    assert not nabla_home.exists()
    nabla_home.mkdir()
    learner.data_folder(around())
    assert [] == list(nabla_home.iterdir())


def test_a_data_folder_that_cannot_be_made_is_wrong(monkeypatch):
    monkeypatch.setenv("NABLA_HOME", "/proc/nabla")
    found = learner.data_folder(around())
    assert (Outcome.WRONG, True) == (found.outcome, "NABLA_HOME" in render(found.mend))


def test_a_full_disk_is_told(monkeypatch, nabla_home: Path):
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert Outcome.WARNING == learner.data_folder(around()).outcome


def test_progress_opens_and_looking_changes_nothing(nabla_home: Path):
    assert "none yet" in render(learner.progress(around()).words)
    assert not nabla_home.exists()
    open_store().store.close()
    before = progress_file().read_bytes()
    found = learner.progress(around())
    assert (Outcome.GOOD, True) == (found.outcome, found.facts["opens"])
    assert before == progress_file().read_bytes()
    assert [progress_file()] == list(nabla_home.iterdir())


def test_broken_newer_and_waiting_progress_is_told(nabla_home: Path):
    open_store().store.close()
    (nabla_home / "progress.waiting-1.json").write_text("[]")
    (nabla_home / "progress.waiting-2.json").write_text("{")
    found = learner.progress(around())
    assert (Outcome.WARNING, 1) == (found.outcome, found.facts["damaged_waiting"])

    with sqlite3.connect(progress_file()) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    assert Outcome.WRONG == learner.progress(around()).outcome

    progress_file().write_bytes(b"no database" * 1000)
    found = learner.progress(around())
    assert (Outcome.WARNING, True) == (found.outcome, found.mend is not None)
    assert progress_file().read_bytes().startswith(b"no database")


def test_the_newest_backup_is_told_with_its_age_and_the_way_back(nabla_home: Path):
    assert (Outcome.NOTE, {"count": 0}) == (
        learner.backups(around()).outcome, learner.backups(around()).facts,
    )  # fmt: skip
    store = open_store().store
    store.record_attempt(attempt())
    store.close()
    today = datetime.now().astimezone().date()
    for age, outcome, told in (
        (3, Outcome.WARNING, "3 days ago"),
        (0, Outcome.GOOD, "the newest of today"),
        (-2, Outcome.GOOD, "a day to come"),
    ):
        back_up(progress_file(), today - timedelta(days=age))
        found = learner.backups(around())
        assert (outcome, age) == (found.outcome, found.facts["age_days"])
        assert told in render(found.words)
        assert "nabla progress --restore" in render(found.words)
    assert "留有 3 份" in copy_context().run(in_chinese, learner.backups(around()).words)


def in_chinese(words: Text) -> str:
    begin_session(Session("zh"))
    return render(words)


def test_programs_are_run_and_consent_is_told(monkeypatch):
    shut_in = protection()
    expected = Outcome.WARNING if shut_in.needs_consent else Outcome.GOOD
    assert expected == learner.programs(around()).outcome
    reason = message("install the package bubblewrap")
    monkeypatch.setattr("tutor.cli.doctor.learner.protection", lambda: plain_protection(reason))
    asks = learner.programs(around())
    assert (Outcome.WARNING, reason) == (asks.outcome, asks.mend)
    assert asks.facts["runs"]
    assert "once you agree" in render(asks.words)
    change_settings(run_programs=True)
    assert "as you agreed" in render(learner.programs(around()).words)


def test_programs_that_do_not_run_are_wrong(monkeypatch):
    monkeypatch.setattr(learner, "_PROBE", "raise OSError('no')")
    found = learner.programs(around())
    assert (Outcome.WRONG, True) == (found.outcome, "no" in render(found.words))


def test_a_check_that_raises_is_a_line():
    found = examined(Check(message("Nothing"), "nowhere", "nothing"), around())
    assert isinstance(found, Finding)
    assert Outcome.WRONG == found.outcome
    assert found.mend is not None


def test_the_home_folder_is_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ana")
    assert "~/x, ~ and /home/anabel" == tilde("/home/ana/x, /home/ana and /home/anabel")
