"""The command `new`: writes a lesson that works, explains itself, and is to be replaced."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from tutor.authoring.json_schema import SCHEMA_FILE, SCHEMA_LINE
from tutor.errors import UsageError
from tutor.i18n import message
from tutor.lesson.folders import find_lesson_folders
from tutor.player.files import cannot_write, write_new

_NUMBER: Final = re.compile(r"^\d+-")
_NOT_OF_AN_ID: Final = re.compile(r"[^a-z0-9]+")


def write_new_lesson(path: Path) -> str:
    """Write a working lesson to a file that is not there yet; return its id.

    Raises:
        TutorError: The name is none for a lesson, or the file is there already.
    """
    if path.suffix != ".yaml" or path.name.count(".") != 1:
        raise UsageError(message("a lesson file ends in .yaml and has no other dot: {name}",
                                 name=path.name))  # fmt: skip
    folder = path.absolute().parent.name
    name, course = _identifier(_NUMBER.sub("", path.stem)), _identifier(folder)
    if course != folder and not path.parent.exists():
        better = Path(path.parent.parent, course or "my-course", path.name)
        raise UsageError(message("no id can name the folder {folder}: write `nabla new {path}`",
                                 folder=folder, path=better))  # fmt: skip
    identity = f"{course or 'my-course'}/{name or 'my-lesson'}"
    text = _SKELETON.format(
        schema=SCHEMA_LINE + _schema_place(path),
        id=identity,
        title=identity.partition("/")[2].replace("-", " ").capitalize(),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    write_new(path, text)
    return identity


def _identifier(text: str) -> str:
    """Return a name in lower-case words joined by hyphens."""
    return _NOT_OF_AN_ID.sub("-", text.lower()).strip("-")


def _schema_place(path: Path) -> str:
    """Return where an editor finds the schema: beside the course, else where Nabla is installed."""
    if (path.absolute().parents[1] / SCHEMA_FILE).is_file():
        return f"../{SCHEMA_FILE}"
    shipped = find_lesson_folders()[0] / SCHEMA_FILE
    try:
        return Path(os.path.relpath(shipped, path.absolute().parent)).as_posix()
    except ValueError:  # on another drive
        return shipped.as_uri()


_SKELETON: Final = """\
{schema}
# A lesson of Nabla. It works as it stands: see it with `nabla preview`, and prove it with
# `nabla check`. Then replace its words, one step at a time; every key is explained in
# lessons/README.md, and by an editor that knows the schema named above.
format: 1
id: {id}     # course/name: progress is kept under it, so it never changes
title: {title}
summary: One line for the course map. What is it about?
minutes: 10
sources: ['Written by you']
objectives:                    # You will be able to ...
  - Tell the slope of a curve from its height
  - Find a slope with your own hands

steps:
  # A guess comes first: nothing is shown before the learner has committed to an answer.
  - id: guess-the-slope        # never changes either
    kind: predict
    title: How steep is it?
    body: |
      A skateboard ramp has the shape $f(x) = x^2/4$. How steep is it at $x = 3$?
      Tilt the line until it has the slope that you expect.
    experiment: {{formula: x**2/4, x: 3, window: [-1, 6], show: [curve]}}
    charts: [curve]
    ask: slope
    guess_range: [-1, 4]
    tolerance: 0.2             # as near as this counts as right
    near_misses:               # a wrong answer that tells how the learner thought
      - value: ['2.25']
        feedback: That is how high the ramp is at $x = 3$. How fast does it rise there?
        misconception: D1      # an id of tutor/lesson/misconceptions.py; or leave it out
    right: Your line and the ramp look alike near the point.
    wrong: Near the point, line and ramp should look alike.
    explain: One step to the right, one and a half up.

  # Something to turn, with a goal. The witness proves that the goal can be reached.
  - id: graze
    kind: experiment
    title: Only graze it
    body: |
      Now at $x = 4$: tilt your line until it only grazes the ramp.
    experiment: {{formula: x**2/4, x: 4, slope: 0.5, window: [-1, 6], show: [curve, line]}}
    charts: [curve]
    parameters:
      - {{name: slope, label: your slope, value: 0.5, range: [-1, 4], step: 0.05}}
    goal: {{quantity: error, is: below, value: 0.06}}
    witness: {{slope: 2}}
    hints:                     # a ladder: each says more, none says the answer
      - Does your line meet the ramp in a second place? Then it cuts.
      - To the right of the point, does the ramp run above your line or below it?
    debrief: The line that only grazes is the tangent, and its slope is the slope of the ramp.

  # A question with choices. Every wrong one has a sentence for whoever takes it.
  - id: what-grows
    kind: choice
    title: Further up
    body: |
      Going to the right along this ramp, what happens to its slope?
    choices:
      - {{text: It grows., correct: true, feedback: 'It is $x/2$, and $x$ grows.'}}
      - {{text: It stays the same., feedback: 'Then the ramp would be a straight line.'}}
      - text: It grows as the height does.
        feedback: The height grows with the square of $x$. Does the slope?
        misconception: D1

  # A question whose answer is a number. Write a formula: the number is computed.
  - id: at-ten
    kind: number
    title: By heart
    body: |
      The slope of $x^2/4$ is $x/2$. How steep would the ramp be at $x = 10$?
    answer: 10/2
    # A second way to the answer, of another kind: the slope that a difference of heights gives.
    proof: {{slope: x**2/4, at: [10]}}
    rtol: 1e-3
    near_misses:
      - {{value: 10**2/4, feedback: That is the height., misconception: D1}}
    explain: Half of ten.

  # Something to read.
  - id: end
    kind: text
    body: |
      A height answers "how much?", a slope answers "how fast?".
"""
