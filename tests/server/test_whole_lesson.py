"""A learner works through a lesson in a workshop, by the stock ssh client."""

from __future__ import annotations

from tests.course import course
from tests.server.workshop import Workshop
from tests.walk import walk
from tests.walking import in_workshop
from tutor.sandbox.protection import protection


def test_a_lesson_is_worked_through_by_ssh_as_at_ones_own_computer(workshop: Workshop):
    """Every step wrong, then right, a learner's program among them; all of it is seen whole.

    `python -m tests.walk --ssh` goes through the others, in both languages and sizes. Where the
    server cannot shut programs in, it lets nobody run one: then a lesson without a program.
    """
    runs_programs = protection().kind == "bubblewrap"
    chinese = course("zh")
    lesson = chinese.lesson("gradient" if runs_programs else "learning-rate")
    assert runs_programs == ("code" in {step.kind for step in lesson.steps})
    walked = walk(lesson, "zh", (80, 24), in_workshop(workshop, "wei"))
    assert "" == "\n".join(walked.faults)
    assert walked.screens > len(lesson.steps)
