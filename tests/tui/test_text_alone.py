"""Whatever comes from others or is typed, every screen paints it as text alone."""

from __future__ import annotations

import csv
from base64 import b64decode
from pathlib import Path

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widgets import Input

from tests.course import course
from tests.hostile_text import HIDDEN, HOSTILE, PRINTED, obeyed
from tests.tui.apps import at_rest, in_memory, tutor_app, until
from tests.tui.classrooms import LESSON, Classroom, Seat, classroom
from tutor.player.files import write_files
from tutor.player.room_export import files_of
from tutor.room import events as ev
from tutor.room.room import INSTRUCTOR
from tutor.tui.app import TutorApp
from tutor.tui.line_filters import TextAlone
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.room_projector import ProjectorScreen
from tutor.tui.screens.room_watch import WatchScreen

CODE, CHOICE = "write-secant", "what-it-says"
PROGRAM = (
    f"print(bytes.fromhex({PRINTED.encode('utf-8', 'surrogatepass').hex()!r})"
    ".decode('utf-8', 'surrogatepass'))\n"
)
SHOWN = r"\x1b]0;P"


def painted(app: TutorApp) -> set[str]:
    """Return what a terminal would obey, or not show, of a screen as it is painted."""
    strips = app.screen._compositor.render_strips()
    return obeyed("\n".join(strip.text for strip in strips).encode("utf-8", "surrogatepass"))


async def seen(room: Classroom, seat: Seat, *words: str) -> None:
    await room.see(seat, *words)
    assert set() == painted(seat.app), words


async def test_a_class_sees_and_takes_away_what_learners_say_as_text_alone(tmp_path: Path):
    """Names, hands, answers, a poll, messages, the roster, the projector; then the files."""
    name = f"=cmd|'{HOSTILE}'!A1"
    wrong = ev.Answered(LESSON, CHOICE, "choice", f"={PRINTED}", False, PRINTED, PRINTED, choice=0)
    async with classroom() as room:
        ana = await room.seat("ana")
        teacher = await room.instructor(size=(120, 50))
        await room.tell(name, ev.Joined(HOSTILE, HOSTILE), ev.Moved(LESSON, CHOICE))
        await room.tell(name, wrong, ev.HandRaised())
        await room.tell(name, ev.Moved(HOSTILE, HOSTILE), ev.Moved(LESSON, CHOICE))
        await room.tell(INSTRUCTOR, ev.LeadTaken(), ev.Led(LESSON, CHOICE))
        await room.tell(INSTRUCTOR, ev.PollOpened(HOSTILE, (HOSTILE, "b")), ev.Said(HOSTILE))
        await seen(room, ana, SHOWN)
        await seen(room, teacher, r"=cmd|'<\x1b]0;P")
        await teacher.pilot.press("enter")
        await seen(room, teacher, "1.2")
        await teacher.pilot.press("escape", "J")
        await room.until(teacher, lambda: isinstance(teacher.app.screen, ProjectorScreen))
        assert set() == painted(teacher.app)
        files = files_of(teacher.feed.room, course(), anonymous=False)
        write_files(tmp_path, files)
    for file in tmp_path.iterdir():
        assert "PLANTED" in file.read_text("utf-8")
        assert set() == obeyed(file.read_bytes())
    rows = csv.reader((tmp_path / "nabla-run.csv").read_text("utf-8").splitlines())
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]


async def test_a_watched_program_and_what_it_prints_are_text_alone():
    async with classroom() as room:
        ana = await room.seat("ana", f"{LESSON}#{CODE}", size=(120, 36))
        editor = ana.app.screen.query_one("#program")
        editor.text = f"# {HIDDEN}\n{PROGRAM}"
        await seen(room, ana, r"# \u202a")
        await ana.pilot.press("ctrl+r")
        await seen(room, ana, SHOWN)
        teacher = await room.instructor()
        await teacher.pilot.press("W")
        await room.until(teacher, lambda: isinstance(teacher.app.screen, WatchScreen))
        await room.pass_on()
        await room.pass_on()
        await seen(room, teacher, "ana:", r"# \u202a")


async def test_every_field_of_the_lab_shows_what_is_typed_as_text_alone():
    with in_memory() as store:
        app = tutor_app(store)
        async with app.run_test(size=(120, 36)) as pilot:
            await at_rest(pilot)
            await pilot.press("L")
            await until(pilot, lambda: isinstance(app.screen, LabScreen))
            for field in app.screen.query(Input):
                field.value = HOSTILE
                field.post_message(Input.Submitted(field, HOSTILE))
                await pilot.pause()
                assert set() == painted(app), field


async def test_the_clipboard_is_given_text_alone():
    with in_memory() as store:
        app = tutor_app(store)
        async with app.run_test() as pilot:
            await at_rest(pilot)
            said: list[str] = []
            app._driver.write = said.append  # type: ignore[method-assign, union-attr]
            app.copy_to_clipboard(PRINTED)
    (told,) = [each for each in said if each.startswith("\x1b]52;c;")]
    assert set() == obeyed(b64decode(told.removeprefix("\x1b]52;c;").rstrip("\x07")))


def test_a_link_is_taken_out_of_a_line():
    line = [Segment("a", Style(bold=True, link="http://planted\x07"))]
    (shown,) = TextAlone().apply(line, Color(0, 0, 0))
    assert ("a", None, True) == (shown.text, shown.style.link, shown.style.bold)
