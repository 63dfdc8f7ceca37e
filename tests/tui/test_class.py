"""A class: the instructor leads, learners follow, detach, catch up; on the screens of all."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Input

from tests.course import course
from tests.tui.apps import in_memory, lesson_screen, sample_catalog, tutor_app
from tests.tui.classrooms import LESSON, Classroom, Seat, classroom
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import encode
from tutor.engine.lesson.events import Predicted
from tutor.room import events as ev
from tutor.room.room import INSTRUCTOR
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.room import RoomScreen
from tutor.tui.screens.room_projector import ProjectorScreen
from tutor.tui.screens.room_watch import WatchScreen
from tutor.tui.widgets.class_line import ClassLine

SAYS = ev.Led(LESSON, "what-it-says")


def predict_step() -> str:
    return next(step.id for step in course().lesson(LESSON).steps if step.kind == "predict")


async def led(room: Classroom, *events: ev.Event) -> None:
    """Let the instructor, somewhere else, lead."""
    await room.tell(INSTRUCTOR, ev.Joined("elsewhere"), ev.LeadTaken(), *events)


async def test_without_a_room_nothing_of_it_is_there():
    with in_memory() as store:
        app = tutor_app(store, f"{LESSON}#tilt")
        async with app.run_test(size=(80, 24)) as pilot:
            await lesson_screen(pilot)
            await pilot.press("f", "H", "P", "R", "B", "ctrl+f", "ctrl+d", "ctrl+k")
            await pilot.pause()
            assert not app.screen.query(ClassLine)
            assert not app._notifications
            assert {"f", "H", "P", "R"}.isdisjoint(
                binding.binding.key for binding in app.screen.active_bindings.values()
                if binding.enabled
            )  # fmt: skip


async def test_in_a_field_the_keys_of_the_class_edit_as_ever_where_there_is_no_class():
    with in_memory() as store:
        app = tutor_app(store, "gradients/derivative#sixth-minute")
        async with app.run_test(size=(80, 24)) as pilot:
            await lesson_screen(pilot)
            await pilot.press("1", "2", "home", "ctrl+d")
            assert "2" == app.screen.query_one(Input).value


async def test_with_nobody_leading_a_learner_goes_on_alone():
    async with classroom() as room:
        ana = await room.seat("ana")
        await ana.pilot.press("f", "n")
        await room.pass_on()
        assert "tilt" == ana.step
        assert "class" not in ana.text.lower()


async def test_followers_go_where_the_class_goes_and_a_detached_one_catches_up_by_one_key():
    async with classroom() as room:
        ana, bo = await room.seat("ana"), await room.seat("bo", None)
        await led(room, ev.Led(LESSON, "tilt"))
        await room.until(bo, lambda: isinstance(bo.app.screen, LessonScreen))
        await ana.pilot.press("f")
        await led(room, SAYS)
        await room.until(bo, lambda: bo.step == "what-it-says")
        assert "tilt" == ana.step
        await room.see(ana, "f: catch up")
        await ana.pilot.press("f")
        await room.until(ana, lambda: ana.step == "what-it-says")
        await room.see(ana, "With the class")


async def test_the_class_is_followed_from_the_map_another_lesson_a_review_and_the_lab():
    async with classroom() as room:
        lab = await room.seat("lab")
        await lab.pilot.press("L")
        await room.until(lab, lambda: isinstance(lab.app.screen, LabScreen))
        other = await room.seat("other", "gradients/gradient")
        end = await room.seat("help")
        await end.pilot.press("question_mark")
        await led(room, SAYS)
        for seat in (lab, other, end):
            await room.until(seat, lambda seat=seat: _is_at(seat, "what-it-says"))
            depth = len(seat.app.screen_stack)
            assert 2 == depth, seat.member.name


def _is_at(seat: Seat, step: str) -> bool:
    return isinstance(seat.app.screen, LessonScreen) and seat.step == step


async def test_a_lab_that_the_class_called_away_from_is_kept():
    async with classroom() as room:
        ana = await room.seat("ana", None)
        await ana.pilot.press("L")
        await room.until(ana, lambda: isinstance(ana.app.screen, LabScreen))
        await ana.pilot.pause()
        await ana.pilot.press("p", "down", "enter")
        await room.until(ana, lambda: isinstance(ana.app.screen, LabScreen))
        await room.until(ana, lambda: bool(ana.app.screen.state.undo))
        kept = ana.app.screen.state.lab
        await led(room, SAYS)
        await room.until(ana, lambda: _is_at(ana, "what-it-says"))
        await ana.pilot.press("f", "m")
        await room.until(ana, lambda: isinstance(ana.app.screen, HomeScreen))
        await ana.pilot.press("L")
        await room.until(ana, lambda: isinstance(ana.app.screen, LabScreen))
        assert kept.setup == ana.app.screen.state.lab.setup


async def test_who_comes_late_is_brought_to_the_class():
    async with classroom() as room:
        await led(room, SAYS)
        await room.seat("ana")
        late = await room.seat("late", None)
        await room.until(late, lambda: _is_at(late, "what-it-says"))


async def test_a_call_is_followed_once():
    """Who goes back a step on their own is not pulled forth again each second."""
    async with classroom() as room:
        ana = await room.seat("ana")
        await led(room, SAYS)
        await room.until(ana, lambda: _is_at(ana, "what-it-says"))
        await ana.pilot.press("b")
        for _ in range(3):
            await room.pass_on()
        assert "tilt" == ana.step


async def test_the_class_stays_where_it_is_when_the_leader_is_gone_for_good():
    async with classroom() as room:
        ana = await room.seat("ana")
        await led(room, SAYS, ev.Left("elsewhere"))
        room.store.wait(61)
        await room.pass_on()
        assert "led no more" in ana.notices
        await room.until(ana, lambda: "The class is at" not in ana.text)


async def test_a_held_answer_is_not_on_the_screen_until_it_is_opened():
    async with classroom() as room:
        ana = await room.seat("ana")
        step = predict_step()
        await led(room, ev.Led(LESSON, step), ev.RevealHeld(LESSON, step))
        await room.until(ana, lambda: _is_at(ana, step))
        ana.lesson.take(Predicted("low"))
        await room.see(ana, "instructor opens the answer")
        assert not ana.lesson.view.is_revealed
        await led(room, ev.RevealOpened(LESSON, step))
        await room.until(ana, lambda: isinstance(ana.app.screen, ProjectorScreen))
        assert "The answer is open." in ana.notices
        await ana.pilot.press("escape")
        await room.until(ana, lambda: _is_at(ana, step) and ana.lesson.view.is_revealed)


async def test_the_classs_answers_are_left_when_nobody_leads_any_more():
    async with classroom() as room:
        ana = await room.seat("ana")
        step = predict_step()
        await led(room, ev.Led(LESSON, step), ev.RevealOpened(LESSON, step))
        await room.until(ana, lambda: _is_at(ana, step))
        await ana.pilot.press("A")
        await room.until(ana, lambda: isinstance(ana.app.screen, ProjectorScreen))
        await led(room, ev.Left("elsewhere"))
        room.store.wait(61)
        await room.until(ana, lambda: _is_at(ana, step))


async def test_a_hand_goes_up_in_a_field_too_and_down_by_either():
    async with classroom() as room:
        ana = await room.seat("ana", "gradients/derivative#sixth-minute")
        teacher = await room.instructor()
        await ana.pilot.press("1", "ctrl+d")
        await room.until(ana, lambda: ana.member.hand_is_up)
        await room.pass_on()
        assert "1" == ana.app.screen.query_one(Input).value
        await room.see(teacher, "1 hand up", "✋")
        await room.see(ana, "hand up")
        await teacher.pilot.press("H")
        await room.pass_on()
        assert "Your hand was lowered" in ana.notices
        assert ana.member.hand_is_up is False


async def test_a_message_reaches_everyone_or_one():
    async with classroom() as room:
        ana, bo = await room.seat("ana"), await room.seat("bo")
        await led(room, ev.Said("Ten more minutes[b]!"), ev.Said("Well done", "bo"))
        assert "instructor: Ten more minutes[b]!" in ana.notices
        assert "Well done" not in ana.notices
        assert "instructor to you: Well done" in bo.notices


async def test_a_learners_own_messages_and_calls_are_not_heard():
    async with classroom() as room:
        ana = await room.seat("ana")
        await room.tell("eve", ev.Said("Free cake"), ev.LeadTaken(), SAYS, ev.ClassEnded())
        assert "" == ana.notices
        assert "tilt" == ana.step


async def test_a_poll_is_answered_and_counted():
    async with classroom() as room:
        ana = await room.seat("ana")
        teacher = await room.instructor()
        await teacher.pilot.press("P", *"Clear?", "enter")
        await room.pass_on()
        await room.see(ana, "Poll (P): Clear?")
        await ana.pilot.press("P", "enter")
        await room.pass_on()
        await room.see(teacher, "Clear? yes 1  no 0")
        assert "Poll (P)" not in ana.text


async def test_the_instructor_brings_everyone_to_a_step_of_the_list():
    async with classroom() as room:
        ana = await room.seat("ana", None)
        teacher = await room.instructor()
        await teacher.pilot.press("B", "down", "enter")
        await room.pass_on()
        await room.until(ana, lambda: _is_at(ana, course().lessons[0].steps[1].id))
        await room.see(teacher, "you lead", "class at 1.2")


async def test_the_instructor_brings_everyone_to_the_step_on_their_own_screen():
    async with classroom() as room:
        ana = await room.seat("ana", None)
        teacher = await room.instructor()
        await teacher.app.navigation.play(LESSON, "what-it-says")
        await room.until(teacher, lambda: _is_at(teacher, "what-it-says"))
        await teacher.pilot.press("B")
        await room.pass_on()
        await room.until(ana, lambda: _is_at(ana, "what-it-says"))


async def test_the_class_opens_the_lab_on_a_code():
    async with classroom() as room:
        ana, bo = await room.seat("ana"), await room.seat("bo")
        await led(room, ev.Led(LESSON, "tilt"))
        await bo.pilot.press("f")
        saddle = Lab(setup=replace(Setup(), objective="saddle"))
        await led(room, ev.LabSet(encode(saddle)))
        await room.until(ana, lambda: isinstance(ana.app.screen, LabScreen))
        assert saddle.setup == ana.app.screen.state.lab.setup
        assert "tilt" == bo.step


async def test_the_misconceptions_of_the_class_are_counted_with_names():
    async with classroom() as room:
        await room.seat("ana")
        teacher = await room.instructor(size=(120, 50))
        wrong = ev.Answered(LESSON, "what-it-says", "choice", "0", False, "rise-is-slope", choice=0)
        for name in ("cy", "dee"):
            await room.tell(name, ev.Joined("elsewhere"), wrong)
        await room.see(teacher, "  2 The climb, not divided by the stretch", "cy, dee")


async def test_a_learners_screen_is_watched_with_a_notice_and_cannot_be_touched():
    async with classroom() as room:
        ana = await room.seat("ana")
        await ana.pilot.press("left", "left")
        teacher = await room.instructor()
        await teacher.pilot.press("W")
        await room.until(teacher, lambda: isinstance(teacher.app.screen, WatchScreen))
        await room.pass_on()
        assert "looks at your step" in ana.notices
        await room.pass_on()
        await room.see(ana, "watched")
        await room.see(teacher, "ana: 1.1", "0.3")
        await teacher.pilot.press("tab", "left", "left")
        assert {"slope": 0.3} == dict(ana.lesson.run.state.values)
        await teacher.pilot.press("escape")
        await room.pass_on()
        assert "Nobody looks" in ana.notices


async def test_the_projector_shows_the_class_without_names_or_truth_until_it_is_open():
    async with classroom() as room:
        teacher = await room.instructor()
        step = predict_step()
        for name in ("cy", "dee"):
            guess = ev.Answered(LESSON, step, "predict", "1", True, guess=(0.5,))
            await room.tell(name, ev.Joined("elsewhere"), guess)
        await room.tell(
            INSTRUCTOR, ev.LeadTaken(), ev.Led(LESSON, step), ev.RevealHeld(LESSON, step)
        )
        await teacher.pilot.press("J")
        await room.until(teacher, lambda: isinstance(teacher.app.screen, ProjectorScreen))
        await room.see(teacher, "2 have answered")
        assert "Guesses of the class" not in teacher.text
        await room.tell(INSTRUCTOR, ev.RevealOpened(LESSON, step))
        await room.see(teacher, "Guesses of the class", "right:")
        assert {"cy", "dee"}.isdisjoint(teacher.text.split())


async def test_the_projector_shows_what_is_to_be_selected_or_matched():
    """A match is shown shuffled: side by side the rows would be the answer."""
    lesson = "gradients/kinds"
    async with classroom(sample_catalog()) as room:
        teacher = await room.instructor()
        taken = ev.Answered(lesson, "descends", "select", "0,2", False)
        await room.tell("cy", ev.Joined("elsewhere"), taken)
        await room.tell(INSTRUCTOR, ev.LeadTaken(), ev.Led(lesson, "descends"))
        await teacher.pilot.press("J")
        await room.until(teacher, lambda: isinstance(teacher.app.screen, ProjectorScreen))
        await room.see(teacher, "A  η = 0.1", "D  η = 1.1", "1 has answered")
        assert "✓" not in teacher.text
        await room.tell(INSTRUCTOR, ev.RevealOpened(lesson, "descends"))
        await room.see(teacher, "✓ A  η = 0.1  1", "✓ B  η = 0.9  0", "C  η = 1  1")
        await room.tell(INSTRUCTOR, ev.Led(lesson, "which-curve"))
        await room.see(teacher, "A, B, C", "η = 0.02", "η = 0.4", "η = 1.05")
        places = [teacher.text.index(f"η = {rate}") for rate in ("0.02", "0.4", "1.05")]
        assert sorted(places) != places


async def test_the_history_of_a_learner_stands_on_a_page_of_its_own():
    async with classroom() as room:
        teacher = await room.instructor()
        wrong = ev.Answered(LESSON, "what-it-says", "choice", "0", False, "rise-is-slope", choice=0)
        await room.tell("cy", ev.Joined("elsewhere"), ev.Moved(LESSON, "tilt"), wrong)
        await teacher.pilot.press("enter")
        await room.see(teacher, "cy", "1× The climb", "✗ 0", "1.1", "1.2")


async def test_the_search_finds_a_learner():
    async with classroom() as room:
        teacher = await room.instructor()
        for name in ("cyd", "dee"):
            await room.tell(name, ev.Joined("elsewhere"))
        await teacher.pilot.press("slash", *"de")
        await room.until(teacher, lambda: ["dee"] == _names(teacher.room))
        await teacher.pilot.press("escape")
        await room.until(teacher, lambda: 2 == len(_names(teacher.room)))


async def test_a_name_that_would_break_the_screen_is_shown_harmlessly():
    async with classroom() as room:
        teacher = await room.instructor()
        await room.tell("=1\n\x1b[2J\u202e[b]", ev.Joined("elsewhere"))
        await room.see(teacher, r"=1 \x1b[2J")
        assert "\u202e" not in teacher.text


async def test_a_second_instructor_asks_and_is_handed_the_lead():
    async with classroom() as room:
        co = await room.seat("co", None)
        teacher = await room.instructor()
        await teacher.pilot.press("I", "C")
        await room.pass_on()
        assert "You may teach too" in co.notices
        await co.pilot.press("R")
        await room.until(co, lambda: isinstance(co.app.screen, RoomScreen))
        await co.pilot.press("I")
        await room.pass_on()
        assert "instructor leads: you asked" in co.notices
        await room.see(teacher, "co asks for the lead (N)")
        await teacher.pilot.press("N")
        await room.pass_on()
        assert "You lead the class now." in co.notices
        assert co.member.leads


async def test_the_room_says_itself_in_the_other_language():
    async with classroom() as room:
        ana = await room.seat("ana")
        teacher = await room.instructor()
        await led(room, SAYS)
        await ana.pilot.press("f")
        await room.pass_on()
        await ana.pilot.press("z")
        await room.pass_on()
        await room.see(ana, "课堂在")
        await teacher.pilot.press("z")
        await room.see(teacher, "学员")


def _names(screen: RoomScreen) -> list[str]:
    return [line.learner.name for line in screen.people.lines]


async def test_a_learner_who_tries_the_keys_of_the_instructor_is_told_no():
    async with classroom() as room:
        ana = await room.seat("ana")
        teacher = await room.instructor()
        await ana.pilot.press("R")
        await room.pass_on()
        assert "Only an instructor can do that." in ana.notices
        assert isinstance(ana.app.screen, LessonScreen)
        assert "ana tried" in teacher.notices


async def test_followers_who_answered_see_the_classs_answers_when_they_are_opened():
    async with classroom() as room:
        ana, bo = await room.seat("ana"), await room.seat("bo")
        step = predict_step()
        place = (LESSON, step)
        await led(room, ev.Led(*place), ev.RevealHeld(*place))
        await room.until(ana, lambda: _is_at(ana, step))
        guess = ev.Answered(LESSON, step, "predict", "1", True, guess=(0.5,))
        await room.tell("ana", guess)
        await room.tell("bo", guess)
        await bo.pilot.press("f")
        await room.pass_on()
        await room.tell(INSTRUCTOR, ev.RevealOpened(*place))
        await room.until(ana, lambda: isinstance(ana.app.screen, ProjectorScreen))
        await room.see(ana, "Guesses of the class", "right:")
        assert _is_at(bo, step)
        await bo.pilot.press("A")
        await room.until(bo, lambda: isinstance(bo.app.screen, ProjectorScreen))
        await room.see(bo, "Guesses of the class")
        await led(room, SAYS)
        await room.until(ana, lambda: _is_at(ana, "what-it-says"))
