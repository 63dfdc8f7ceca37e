"""What the code of today reads in files of any release, as JSON: written beside them, compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.descent.run import run
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.pictures import main_chart
from tutor.engine.lab.state_code import decode
from tutor.lesson.catalog import Catalog
from tutor.player.player import Player
from tutor.player.schedule import review_of
from tutor.room import glance
from tutor.room.events import Place
from tutor.room.room import Room
from tutor.room.roster import roster
from tutor.store.exchange import entries_of, write_entries
from tutor.store.model import WorkshopEvent
from tutor.store.progress_store import ProgressStore

FOLDER: Final = Path(__file__).parent
MADE_WITH: Final = "versions.json"
"""In a release's folder: the versions of the libraries that its pictures were made with."""
PICTURE: Final = (64, 18)
"""Columns and rows of the pictures of labs."""
SIX_WEEKS_LATER: Final = datetime(2027, 1, 11, 9, tzinfo=UTC)
"""When the files' learners ask what there is to review."""


def learners_read(catalog: Catalog, store: ProgressStore, learner: str) -> dict[str, Any]:
    """Return all that a store says of a learner: entries, places in lessons, reviews to come."""
    records = store.records(learner)
    entries = write_entries(entries_of(records.attempts, records.points, records.resets))
    lessons = store.lesson_progress(learner)
    return {
        "entries": [json.loads(line) for line in entries.splitlines()[1:]],
        "lessons": {
            lesson: {
                "step": each.step, "completed": each.completed, "total": each.total,
                "done": each.done, "attempts": each.attempts,
                "misconceptions": dict(each.misconceptions),
            }
            for lesson, each in lessons.items()
        },
        "resumed": {lesson: _resumed(catalog, store, learner, lesson) for lesson in lessons},
        "reviews": _reviews(catalog, store, learner),
    }  # fmt: skip


def _resumed(catalog: Catalog, store: ProgressStore, learner: str, lesson: str) -> dict[str, Any]:
    """Return where a learner goes on who opens a lesson, and how each of its steps stands."""
    player = Player(
        catalog.lesson(lesson), store, learner=learner, now=lambda: SIX_WEEKS_LATER, seed=0
    )
    return {
        "step": player.run.step.id,
        "seed": player.run.seed,
        "steps": {
            step: {
                "outcome": state.standing, "values": dict(state.values), "answer": state.answer,
                "verdict": None if state.verdict is None else state.verdict.correct,
                "confidence": state.confidence, "tries": state.tries, "hints": state.hints,
                "solution": state.solution_shown, "variant": state.variant, "code": state.code,
            }
            for step, state in player.run.states.items()
        },
    }  # fmt: skip


def _reviews(catalog: Catalog, store: ProgressStore, learner: str) -> list[dict[str, Any]]:
    review = review_of(catalog, store, learner, SIX_WEEKS_LATER)
    return [
        {
            "question": f"{item.lesson.id}#{item.step.id}", "due": item.due.isoformat(),
            "box": item.box, "confident_miss": item.confident_miss,
            "last_answer": item.last_answer,
        }
        for item in review.items
    ]  # fmt: skip


def lab_read(code: str) -> dict[str, Any]:
    """Return what a state code brings back: its run's end, and the first picture of it."""
    lab = decode(code)
    made = run(lab.setup)
    ghosts = [run(ghost) for ghost in lab.ghosts]
    beside = run(lab.beside) if lab.beside is not None else None
    chart = main_chart(lab, made, ghosts=ghosts, beside=beside)
    picture = ChartRenderer().render(chart, *PICTURE, MONO).to_text()
    return {
        "code": code,
        "runs": [_setup(each) for each in (lab.setup, *lab.ghosts)],
        "beside": lab.beside and _setup(lab.beside),
        "looks": {"step": lab.step, "view": lab.view, "curve": lab.curve, "at": lab.cursor},
        "status": made.status,
        "end": list(map(repr, made.points[-1].tolist())),
        "picture": picture.split("\n"),
    }


def _setup(setup: Setup) -> dict[str, Any]:
    rules = [(0, setup.rule), *((branch.step, branch.rule) for branch in setup.branches)]
    return {
        "f": setup.objective or setup.formula, "start": setup.start, "window": setup.window,
        "steps": setup.steps, "rules": [[step, asdict(rule)] for step, rule in rules],
    }  # fmt: skip


def events_read(rows: Iterable[WorkshopEvent]) -> list[dict[str, Any]]:
    """Return events of a workshop, each as a line of a file."""
    return [
        {
            "id": row.id, "workshop": row.workshop, "learner": row.learner, "kind": row.kind,
            "data": dict(row.data), "at": row.at.isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def row_of(line: Mapping[str, Any]) -> WorkshopEvent:
    """Return the event of such a line."""
    return WorkshopEvent(**(line | {"at": datetime.fromisoformat(line["at"])}))


def class_read(room: Room, now: datetime) -> dict[str, Any]:
    """Return the class as who teaches sees it at a moment: roster, lead, glance."""
    return {"roster": _roster(room, now), "lead": _lead(room, now), "glance": _glance(room, now)}


def _roster(room: Room, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "name": line.learner.name, "online": line.is_online, "seconds": line.seconds,
            "need": round(line.need, 9), "stuck": line.is_stuck,
            "place": _place(line.learner.place), "hand": _moment(line.learner.hand_at),
            "follows": line.learner.follows, "done": line.learner.is_done,
            "tries": line.learner.tries, "answers": len(line.learner.answers),
            "key": line.learner.key,
            "shown": line.learner.shown and dict(line.learner.shown),
        }
        for line in roster(room, now)
    ]  # fmt: skip


def _lead(room: Room, now: datetime) -> dict[str, Any]:
    lead = room.lead
    poll = lead.poll and {
        "question": lead.poll.question, "options": list(lead.poll.options),
        "counts": list(lead.poll.counts()), "is_open": lead.poll.is_open,
    }  # fmt: skip
    return {
        "leader": room.leader(now), "kept": lead.kept.total_seconds(), "asked_by": lead.asked_by,
        "place": _place(lead.place), "called": lead.called, "held": sorted(map(_place, lead.held)),
        "opened": sorted(map(_place, lead.opened)), "poll": poll,
        "timer_ends": _moment(lead.timer_ends), "lab": lead.lab and list(lead.lab),
        "instructors": sorted(room.instructors), "watched": dict(room.watched),
        "messages": [[happened.who, said.text, said.to] for happened, said in room.messages],
        "refusals": [[refusal.who, refusal.what] for refusal in room.refusals],
    }  # fmt: skip


def _glance(room: Room, now: datetime) -> dict[str, Any]:
    places = sorted({place for each in glance.class_of(room) for place in each.latest}, key=_place)
    steps = {lesson: [p.step for p in places if p.lesson == lesson] for lesson in _lessons(places)}
    return {
        "lessons": list(glance.lessons(room)),
        "on_each_step": {
            lesson: dict(zip(ids, glance.on_each_step(room, lesson, ids, now), strict=True))
            for lesson, ids in steps.items()
        },
        "answers": {
            _place(place): {
                "last": {
                    name: each.answer.answer for name, each in glance.last_answers(room, place)
                },
                "choices": {str(k): list(who) for k, who in glance.by_choice(room, place).items()},
                "numbers": list(glance.numbers(room, place)),
                "guesses": list(map(list, glance.guesses(room, place))),
            }
            for place in places
        },
        "misconceptions": [
            [each.misconception, each.count, list(each.learners)]
            for each in glance.misconceptions(room)
        ],
    }  # fmt: skip


def _lessons(places: Iterable[Place]) -> list[str]:
    return sorted({place.lesson for place in places})


def _place(place: Place | None) -> str:
    return "" if place is None else f"{place.lesson}#{place.step}"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
