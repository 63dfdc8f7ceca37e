"""A class is led through two lessons over SSH, and what happens is on the screens of all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.scripted_class import AVERAGE, EXACTLY, HEIGHT, RIGHT, ScriptedClass, make_key
from tests.server.workshop import Serve
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import encode

CHOICE = "gradients/derivative#what-it-says"
SECANT = "gradients/derivative#wide-secant"
FIRST_STEP = "gradients/gradient-descent#first-step"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(params=[5, pytest.param(30, marks=pytest.mark.thorough)])
async def led(
    request: pytest.FixtureRequest, serve: Serve, tmp_path: Path
) -> AsyncIterator[ScriptedClass]:
    """A class that has come in, some before the instructor, who comes by the stock client."""
    key = make_key(tmp_path)
    workshop = serve(
        "--instructor-key", f"{key}.pub", "--lead-seconds", "2", "--workers", "2",
        "--idle-minutes", "60",
    )  # fmt: skip
    teacher = workshop.ssh("instructor", "-i", str(key), columns=120, rows=50)
    scripted = ScriptedClass(workshop, teacher)
    try:
        await scripted.come_in(request.param)
        await scripted.teacher_sees(f"{request.param} learners here")
        yield scripted
    finally:
        await scripted.go_home()
        teacher.close()


async def test_a_class_is_led_through_two_lessons(led: ScriptedClass):
    """One act after another: each begins where the one before ended."""
    await _nobody_but_the_instructor_drives(led)
    await _all_are_brought_to_a_step_and_answer(led)
    await _one_goes_and_comes_back(led)
    await _one_detaches_and_catches_up(led)
    await _an_answer_is_held_and_opened(led)
    await _words_polls_timer_and_hands(led)
    await _one_is_watched(led)
    await _all_open_the_lab(led)
    await _another_lesson_ends_with_a_cloud(led)
    await _the_lead_is_handed_over(led)
    await _the_leader_drops_out(led)


async def _nobody_but_the_instructor_drives(led: ScriptedClass) -> None:
    eve = led.people[0]
    eve.seat.press("R")
    await eve.seat.wait_for("Only an instructor can do that.")
    await asyncio.to_thread(led.workshop.wait_for_event, "refused", name=eve.name)


async def _all_are_brought_to_a_step_and_answer(led: ScriptedClass) -> None:
    await led.bring_to(CHOICE)
    await led.all_see("With the class: 1.2")
    await led.all_see(lambda seat: all(each in seat.text for each in (RIGHT, AVERAGE, HEIGHT)))
    for person in led.of("quick", "comes and goes"):
        person.choose(RIGHT)
    for person in led.of("wrong"):
        person.choose(AVERAGE)
    for person in led.of("stuck"):
        person.choose(HEIGHT)
        await person.seat.wait_for("Not yet. How far she has come")
        person.choose(EXACTLY)
    wrong = led.of("wrong")
    await led.teacher_sees(lambda seen: f"{len(wrong)} The average over a stretch" in seen.text)
    await led.teacher_sees(wrong[0].name)
    await led.teacher_sees("2✗")


async def _one_goes_and_comes_back(led: ScriptedClass) -> None:
    for person in led.of("comes and goes"):
        await led.leave(person)
    await led.teacher_sees(f"{len(led.people) - len(led.of('comes and goes'))} learners here")
    for person in led.of("comes and goes"):
        await led.come_back(person)
    await led.all_see("With the class: 1.2")
    await led.teacher_sees(f"{len(led.people)} learners here")


async def _one_detaches_and_catches_up(led: ScriptedClass) -> None:
    own = led.of("quick")[0]
    own.seat.press("f")
    await own.seat.wait_for("f: catch up")
    await led.bring_to(SECANT)
    await led.all_see("With the class: 1.4", [each for each in led.people if each is not own])
    await own.seat.wait_for("The class is at 1.4")
    assert own.seat.shows("step 2 of")
    own.seat.press("f")
    await own.seat.wait_for("With the class: 1.4")


async def _an_answer_is_held_and_opened(led: ScriptedClass) -> None:
    await led.teacher_presses("V", "answer held")
    guessers = led.of("quick", "wrong", "stuck", "comes and goes")
    for number, person in enumerate(guessers):
        await person.seat.wait_for("slope 0")
        person.seat.type(f"0.{number % 9 + 1}\r")
        await person.seat.wait_for(f"slope 0.{number % 9 + 1}")
        await person.seat.wait_until_gone("takes it, Esc")
        person.seat.press("enter")
        await person.seat.wait_for("2 fairly")
        person.seat.press("2")
    await led.all_see("Your guess is in.", guessers)
    assert not any("divided by the stretch" in person.seat.text for person in led.people)
    await led.teacher_sees(f"{len(guessers)} answers")
    await led.teacher_presses("V", "answer open")
    await led.all_see("Guesses of the class", guessers)
    await led.all_see("right: 0.25", guessers)
    names = [person.name for person in led.people]
    assert not any(name in person.seat.text for name in names for person in guessers)
    for person in led.of("silent"):
        await person.seat.wait_for("A: its answers")
        person.seat.press("A")
        await person.seat.wait_for("Guesses of the class")
    for person in led.people:
        person.seat.press("escape")
    await led.all_see("With the class: 1.4")


async def _words_polls_timer_and_hands(led: ScriptedClass) -> None:
    one, *others = led.people
    await led.teacher_types("T", "To everyone", "look at the chart")
    await led.all_see("look at the chart")
    await led.teacher_finds(one)
    await led.teacher_types("M", f"To {one.name}", "well guessed")
    await one.seat.wait_for("well guessed")
    assert not any(person.seat.shows("well guessed") for person in others)
    await led.teacher_leaves_search()
    await led.teacher_types("P", "A poll", "Clear? yes / no")
    for number, person in enumerate(led.people):
        await person.seat.wait_for("Poll (P)")
        person.seat.press("P")
        await person.seat.wait_for("Enter takes it")
        person.seat.press(*["down"] * (number % 2), "enter")
    half = len(led.people) // 2
    await led.teacher_sees(f"Clear? yes {len(led.people) - half}  no {half}")
    led.teacher.press("P")
    await led.teacher_types("D", "A timer", "5")
    await led.all_see("⏱ 4:")
    one.seat.press("H")
    await led.teacher_sees("1 hand up")
    await led.teacher_finds(one)
    led.teacher.press("H")
    await one.seat.wait_for("Your hand was lowered.")
    await led.teacher_leaves_search()
    await led.teacher_types("D", "A timer", "0")


async def _one_is_watched(led: ScriptedClass) -> None:
    silent = led.of("silent")[0]
    await led.teacher_finds(silent)
    await led.teacher_presses("W", f"{silent.name}: 1.4")
    await silent.seat.wait_for("looks at your step")
    await silent.seat.wait_for("watched")
    silent.seat.type("0.7\r")
    await led.teacher_sees("slope 0.7")
    led.teacher.type("0.3\r")
    led.teacher.press("escape")
    await silent.seat.wait_for("Nobody looks at your step")
    assert silent.seat.shows("slope 0.7")
    await led.teacher_leaves_search()


async def _all_open_the_lab(led: ScriptedClass) -> None:
    code = encode(Lab(setup=Setup(objective="himmelblau")))
    await led.teacher_types("Y", "The lab for all", code)
    await led.all_see("Lab  f = (x₀² + x₁ − 11)²")


async def _another_lesson_ends_with_a_cloud(led: ScriptedClass) -> None:
    await led.bring_to(FIRST_STEP)
    await led.all_see("With the class: 5.")
    await led.teacher_presses("V", "answer held")
    guessers = led.of("quick", "wrong")
    for person in guessers:
        person.seat.press("right", "right", "down", "enter")
        await person.seat.wait_for("2 fairly")
        person.seat.press("2")
    await led.all_see("Your guess is in.", guessers)
    await led.teacher_presses("V", "answer open")
    await led.all_see("the class", guessers)
    await led.all_see(f"{len(guessers)} have answered", guessers)


async def _the_lead_is_handed_over(led: ScriptedClass) -> None:
    co = led.of("silent")[0]
    await led.teacher_finds(co)
    led.teacher.press("C")
    await co.seat.wait_for("You may teach too")
    co.seat.press("R")
    await co.seat.wait_for("instructor leads (I: ask)")
    co.seat.press("I")
    await co.seat.wait_for("you asked")
    await led.teacher_sees("asks for the lead (N)")
    led.teacher.press("N")
    await co.seat.wait_for("You lead the class now.")
    await co.seat.wait_for("you lead")
    await led.teacher_leaves_search()


async def _the_leader_drops_out(led: ScriptedClass) -> None:
    co = led.of("silent")[0]
    await led.leave(co)
    others = [person for person in led.people if person is not co]
    await led.all_see("is gone: the class", others)
    await led.all_see("step 4 of", others)
    await led.teacher_sees("nobody leads")
    await led.all_see(lambda seat: "the class:" not in seat.text, others)
