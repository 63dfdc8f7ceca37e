"""A workshop to take away: every answer as CSV, a report as Markdown with charts in text."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import SystemRandom
from statistics import median

from tutor.charts.chart import Chart
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.i18n import Text, message, plural, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.markdown import escaped, fenced
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.lesson.model import Lesson
from tutor.player.class_pictures import answers_chart
from tutor.player.room_words import clock
from tutor.room.events import Place
from tutor.room.glance import class_of, last_answers, misconceptions
from tutor.room.learner import Learner, Visit, shown
from tutor.room.room import Room

COLUMNS = (
    "learner", "seconds", "time", "lesson", "step", "kind", "answer", "correct", "misconception",
    "confidence", "seconds_on_step",
)  # fmt: skip
"""Of the CSV; `seconds` since the first answer of the class."""
_FORMULA = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""Also full width: where Chinese is written, spreadsheets take those as well."""
_CHART = (78, 14)

Naming = Callable[[str], str]


def naming(room: Room, *, anonymous: bool) -> Naming:
    """Return what to call the learners: themselves, or by numbers drawn anew at each export."""
    if not anonymous:
        return shown
    names = [learner.name for learner in class_of(room)]
    SystemRandom().shuffle(names)
    numbers = {name: f"learner {number}" for number, name in enumerate(names, start=1)}
    return lambda name: numbers[name]


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, on one line.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-0.5"), safe_cell("-2+3"), safe_cell("\uff1d1")
    ("'=HYPERLINK(1)", '-0.5', "'-2+3", "'\uff1d1")
    """
    line = shown(text, 500) if text else ""
    if line[:1] in _FORMULA and not _is_number(line):
        return f"'{line}"
    return line


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_of(room: Room, called: Naming, *, anonymous: bool) -> str:
    """Return every answer of every learner, a line each; anonymously, without the time of day."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    learners = sorted(class_of(room), key=lambda each: called(each.name))
    starts = [given.at for learner in learners for given in learner.answers]
    start = min(starts, default=None)
    for learner in learners:
        for row in _rows(learner, start, anonymous=anonymous):
            writer.writerow([safe_cell(called(learner.name)), *map(safe_cell, row)])
    return out.getvalue()


def _rows(learner: Learner, start: datetime | None, *, anonymous: bool) -> Iterator[Sequence[str]]:
    stays = _stays(learner)
    for given in learner.answers:
        answer = given.answer
        since = _since(stays.get(given.place, ()), given.at)
        yield (
            f"{(given.at - (start or given.at)).total_seconds():.0f}",
            "" if anonymous else given.at.isoformat(timespec="seconds"),
            answer.lesson, answer.step, answer.kind, answer.answer,
            "" if answer.correct is None else str(answer.correct).lower(),
            answer.misconception or "", answer.confidence or "",
            "" if since is None else f"{(given.at - since).total_seconds():.0f}",
        )  # fmt: skip


def _stays(learner: Learner) -> Mapping[Place, Sequence[Visit]]:
    """Return the learner's stays on each step in the order of their beginnings, the last too."""
    stays: dict[Place, list[Visit]] = {}
    for visit in learner.visits:
        stays.setdefault(visit.place, []).append(visit)
    if learner.place is not None and learner.since is not None:
        last = Visit(learner.place, learner.since, datetime.max.replace(tzinfo=UTC))
        stays.setdefault(learner.place, []).append(last)
    for each in stays.values():
        each.sort(key=_beginning)
    return stays


def _since(stays: Sequence[Visit], at: datetime) -> datetime | None:
    """Return when the learner had come to the step on which they stayed so, None if unknown."""
    count = bisect_right(stays, at, key=_beginning)
    return stays[count - 1].since if count and at <= stays[count - 1].until else None


def _beginning(visit: Visit) -> datetime:
    return visit.since


def report_of(room: Room, catalog: Catalog, called: Naming, *, anonymous: bool) -> str:
    """Return the report: who, how long each step took, misconceptions, the answers in charts."""
    parts = [f"# {render(message('The workshop'))}", *_head(room, anonymous=anonymous)]
    parts += _learners(room, called)
    parts += _misconceptions(room, called)
    for lesson in catalog.lessons:
        parts += _lesson(room, lesson)
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(room: Room, *, anonymous: bool) -> Iterator[str]:
    times = [given.at for learner in class_of(room) for given in learner.answers]
    day = f"{min(times):%Y-%m-%d}" if times and not anonymous else ""
    learners = plural("{count} learner", "{count} learners", len(list(class_of(room))))
    answers = plural("{count} answer", "{count} answers", len(times))
    yield " · ".join(filter(None, [day, render(learners), render(answers)]))


def _learners(room: Room, called: Naming) -> Iterator[str]:
    header: tuple[Text, ...] = (
        message("learner"), message("answers"), message("right"), message("wrong"),
        message("misconceptions"),
    )  # fmt: skip
    rows = []
    for learner in sorted(class_of(room), key=lambda each: called(each.name)):
        given = [each.answer.correct for each in learner.answers]
        met = sorted({misconception for _, misconception in learner.met})
        rows.append(
            [called(learner.name), str(len(given)), str(given.count(True)),
             str(given.count(False)), ", ".join(met)]
        )  # fmt: skip
    yield f"## {render(message('Learners'))}"
    yield _table([render(cell) for cell in header], rows)


def _misconceptions(room: Room, called: Naming) -> Iterator[str]:
    found = misconceptions(room)
    if not found:
        return
    yield f"## {render(message('Misconceptions met'))}"
    rows = []
    for each in found:
        meaning: Text = MISCONCEPTIONS.get(each.misconception, each.misconception)
        names = sorted(map(called, each.learners))
        rows.append([render(meaning), str(len(names)), str(each.count), ", ".join(names)])
    header = [message("misconception"), message("learners"), message("times"), message("who")]
    yield _table([render(cell) for cell in header], rows)


def _lesson(room: Room, lesson: Lesson) -> Iterator[str]:
    parts = [part for step in lesson.steps for part in _step(room, lesson, step.id)]
    if parts:
        yield f"## {escaped(shown(lesson.title, 200))}"
        yield from parts


def _step(room: Room, lesson: Lesson, step_id: str) -> Iterator[str]:
    place = Place(lesson.id, step_id)
    if not last_answers(room, place):
        return
    number = [step.id for step in lesson.steps].index(step_id) + 1  # type: ignore[arg-type]
    title = lesson.steps[number - 1].title or step_id
    yield f"### {number}. {escaped(title)}"
    took = room.durations.get(place)
    if took:
        yield render(message("Half of the class took {time} or less.", time=clock(median(took))))
    chart = answers_chart(room, lesson, step_id, truth=True)
    if chart is not None:
        yield fenced(_drawn(chart).splitlines())


def _drawn(chart: Chart) -> str:
    return ChartRenderer().render(chart, *_CHART, MONO).to_text()


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return text if text == "---" else escaped(shown(text, 300) if text else "").replace("|", "\\|")


def files_of(room: Room, catalog: Catalog, *, anonymous: bool) -> Mapping[str, str]:
    """Return the contents of the export by their endings."""
    called = naming(room, anonymous=anonymous)
    return {
        ".csv": csv_of(room, called, anonymous=anonymous),
        ".md": report_of(room, catalog, called, anonymous=anonymous),
    }
