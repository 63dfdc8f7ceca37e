"""Plants faults of the kinds that can be computed into our lessons, at places that chance picks.

    python -m tests.planted [SEED ...]

prints what `check` finds of sixty for each seed, by kind, and where it finds nothing. A place is
chosen by how it looks alone, never by what a rule would make of it; each fault stands in one
language, and the other one is not looked at.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from tutor.authoring.proved import is_long
from tutor.authoring.rules import check_step
from tutor.authoring.rules.facts import facts_of
from tutor.authoring.rules.statements import check_statements
from tutor.authoring.rules.translations import check_translation
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.loader import LessonSource, load_source
from tutor.lesson.model import BugStep, ChoiceStep, CodeStep, ExperimentStep, NumberStep, Step
from tutor.lesson.texts import AuthorText, map_texts, texts_of
from tutor.lesson.translation import Translation, load_translation, translated

COUNT: Final = 60
_WORDS: Final = 4
"""Of a sentence that is left in English."""
_READ: Final = ("body", "right", "wrong", "explain", "debrief", "feedback", "hints")
_NUMBER: Final = r"[-−]?\d+(?:\.\d+)?"
_SUM: Final = re.compile(
    rf"(?<![\w.^_{{])\d[\d.]*\)? ?(?:[·+/*−-]|\\cdot) ?[^=\n$;,]{{1,40}}?(?:=| is ) ?"
    rf"(?P<told>{_NUMBER})(?![\w^.]*\d)"
)
_POINT: Final = re.compile(rf"\((?P<x>{_NUMBER}), (?P<y>{_NUMBER})\)")
_FORMULA: Final = re.compile(r"f\(x(?:_0, x_1)?\) = (?P<told>[^$=]*\^[^$=]*)\$")
_LONG_NUMBER: Final = re.compile(r"(?<![\w.,^_{])\d*\.?\d{3,}(?![\w^]|[.,]\d)")
_ORDER: Final = re.compile(
    r"(?:(?:falls|rises|falls|grows|shrinks) from|between|从|在) ?(?P<x>\d+(?:\.\d+)?)"
    r" ?(?:to|and|降到|升到|变到|和) ?(?P<y>\d+(?:\.\d+)?)"
    r"|(?P<v>\d+(?:\.\d+)?)(?: is (?:more|less|larger|smaller) than | ?比 ?)(?P<w>\d+(?:\.\d+)?)"
)


@dataclass(frozen=True, eq=False)
class Course:
    """A lesson in one language."""

    source: LessonSource
    translation: Translation | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Fault:
    """A step with a fault in it."""

    kind: str
    course: Course
    place: int
    step: Step
    path: str
    words: str
    """What stands there now."""

    def is_found(self) -> bool:
        """Return whether `check` tells of this place."""
        faults = _found_in(self)
        return any(path.startswith(self.path) for path in faults)


def plant(seed: int, count: int = COUNT) -> Iterator[Fault]:
    """Yield so many faults, each kind in turn."""
    chance = random.Random(seed)
    kinds = list(_KINDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield chance.choice(_places(kind))(chance)


@cache
def courses() -> tuple[Course, ...]:
    """Return our lessons, each in each language."""
    found = []
    for file in sorted((find_lesson_folders()[0] / "gradients").glob("??-*.yaml")):
        if file.name.count(".") == 1:
            source = load_source(file)
            translation = load_translation(file.with_suffix(".zh.yaml"), source.lesson)
            whole = translated(source.lesson, translation)
            found += [Course(source, None, source.lesson.steps),
                      Course(source, translation, whole.steps)]  # fmt: skip
    return tuple(found)


Plant = Callable[[random.Random], Fault]


@cache
def _places(kind: str) -> tuple[Plant, ...]:
    return tuple(
        plan
        for course in courses()
        for place, step in enumerate(course.steps)
        for plan in _KINDS[kind](kind, course, place, step)
    )


def _texts(step: Step) -> Iterator[AuthorText]:
    for text in texts_of(step, f"steps[{step.id}]"):
        if text.key in _READ:
            yield text


def _other(kind: str, course: Course, place: int, text: AuthorText, new: str, words: str) -> Fault:
    step = course.steps[place]
    other = map_texts(
        step, f"steps[{step.id}]", lambda each: new if each.path == text.path else each.text
    )
    return Fault(kind, course, place, other, text.path, words)


def _by_pattern(
    pattern: re.Pattern[str], change: Callable[[re.Match[str], random.Random], str]
) -> Callable[[str, Course, int, Step], Iterator[Plant]]:
    """Return a kind of fault: what a pattern finds is written otherwise."""

    def plans(kind: str, course: Course, place: int, step: Step) -> Iterator[Plant]:
        for text in _texts(step):
            for found in pattern.finditer(text.text):

                def plan(
                    chance: random.Random, text: AuthorText = text, found: re.Match[str] = found
                ) -> Fault:
                    words = change(found, chance)
                    new = text.text[: found.start()] + words + text.text[found.end() :]
                    around = text.text[max(0, found.start() - 30) : found.start()] + f"[{words}]"
                    return _other(kind, course, place, text, new, around)

                if change(found, random.Random(0)) != found[0]:
                    yield plan

    return plans


def _digit(number: str, chance: random.Random) -> str:
    """Return a number with one digit other than it was, its last ones among them."""
    places = [n for n, sign in enumerate(number) if sign.isdigit()]
    at = chance.choice(places[-3:])
    return number[:at] + chance.choice(sorted(set("123456789") - {number[at]})) + number[at + 1 :]


def _told(found: re.Match[str], new: str) -> str:
    start, end = found.start("told") - found.start(), found.end("told") - found.start()
    return found[0][:start] + new + found[0][end:]


def _other_formula(found: re.Match[str], chance: random.Random) -> str:
    told = found["told"]
    places = [m.start() for m in re.finditer(r"(?<![_\d.])\d", told)]
    if not places:
        return found[0]
    at = chance.choice(places)
    digit = chance.choice(sorted(set("23456789") - {told[at]}))
    return _told(found, told[:at] + digit + told[at + 1 :])


def _other_sign(found: re.Match[str], _chance: random.Random) -> str:
    told = found["told"]
    if float(told.replace("−", "-")) == 0:
        return found[0]
    return _told(found, told.lstrip("-−") if told[0] in "-−" else f"−{told}")


def _swapped(found: re.Match[str], chance: random.Random) -> str:
    x, y = found["x"], found["y"]
    if chance.random() < 0.5 and float(x.replace("−", "-")) != 0:
        return f"({x.lstrip('-−') if x[0] in '-−' else f'−{x}'}, {y})"
    return f"({y}, {x})"


def _turned(found: re.Match[str], _chance: random.Random) -> str:
    one, two = (found["x"], found["y"]) if found["x"] else (found["v"], found["w"])
    at = found[0].index(one)
    return found[0][:at] + two + found[0][at + len(one) :].replace(two, one, 1)


def _given_away(kind: str, course: Course, place: int, step: Step) -> Iterator[Plant]:
    """A hint that says the right choice, the line of the solution, the witness or the mend."""
    said = ""
    if isinstance(step, ChoiceStep):
        said = next(str(choice.text) for choice in step.choices if choice.correct)
    elif isinstance(step, CodeStep):
        shown = set(step.starter.split("\n"))
        said = next((f"`{line.strip()}`" for line in step.solution.split("\n")
                     if line not in shown), "")  # fmt: skip
    elif isinstance(step, BugStep):
        said = f"`{step.mend.strip()}`"
    elif isinstance(step, ExperimentStep) and step.witness:
        name, value = next(iter(step.witness.items()))
        label = next(p.label for p in step.parameters if p.name == name)
        said = f"{label} = {value:g}"
    if said and step.hints:
        path = f"steps[{step.id}].hints[{len(step.hints)}]"
        hint: Any = f"{step.hints[-1]} {said}"
        other = replace(step, hints=(*step.hints[:-1], hint))
        yield lambda _: Fault(kind, course, place, other, path, said)


def _broken_code(kind: str, course: Course, place: int, step: Step) -> Iterator[Plant]:
    """A program to be read that lacks a bracket or a colon."""
    program = getattr(step, "code", None) or getattr(step, "starter", None)
    key = "code" if getattr(step, "code", None) else "starter"
    path = f"steps[{step.id}]"
    for sign in ("(", ")", ":"):
        if program and sign in program:
            other = replace(step, **{key: program.replace(sign, "", 1)})  # type: ignore[arg-type]
            yield lambda _, other=other, sign=sign: Fault(  # type: ignore[misc]
                kind, course, place, other, path, f"{key} without {sign}"
            )


def _untranslated(kind: str, course: Course, place: int, step: Step) -> Iterator[Plant]:
    """A text, or a sentence of one, that stays English in the translation."""
    if course.translation is None:
        return
    english = course.source.lesson.steps[place]
    for text in texts_of(english, f"steps[{step.id}]"):
        if text.key in _READ and len(re.findall(r"[A-Za-z]{2,}", text.text)) > 6:
            sentence = re.split(r"(?<=[.?!])\s", text.text)[0]
            if len(re.findall(r"\b[a-z]{2,}\b", re.sub(r"[$`][^$`]*[$`]", "", sentence))) < _WORDS:
                continue
            here = next(t.text for t in texts_of(step, f"steps[{step.id}]") if t.path == text.path)
            for new in (text.text, f"{sentence} {here}"):
                yield (
                    lambda _, text=text, new=new: _other(  # type: ignore[misc]
                        kind, course, place, text, new, new[:50]
                    )
                )


def _wrong_answer(kind: str, course: Course, place: int, step: Step) -> Iterator[Plant]:
    """An answer with another digit in its formula (programs that prove one are run elsewhere)."""
    if isinstance(step, NumberStep) and course.translation is None and not is_long(step):
        found = list(re.finditer(r"(?<![\w.])\d+(?:\.\d+)?", step.answer))
        for number in found:

            def plan(chance: random.Random, number: re.Match[str] = number) -> Fault:
                digits = _digit(number[0], chance)
                answer: Any = step.answer[: number.start()] + digits + step.answer[number.end() :]
                other = replace(step, answer=answer)
                return Fault(kind, course, place, other, f"steps[{step.id}]", answer)

            yield plan


_KINDS: Final[dict[str, Callable[[str, Course, int, Step], Iterator[Plant]]]] = {
    "sum": _by_pattern(_SUM, lambda found, chance: _told(found, _digit(found["told"], chance))),
    "sign": _by_pattern(_SUM, _other_sign),
    "formula": _by_pattern(_FORMULA, _other_formula),
    "point": _by_pattern(_POINT, _swapped),
    "number": _by_pattern(_LONG_NUMBER, lambda found, chance: _digit(found[0], chance)),
    "order": _by_pattern(_ORDER, _turned),
    "giveaway": _given_away,
    "code": _broken_code,
    "untranslated": _untranslated,
    "answer": _wrong_answer,
}


def _found_in(fault: Fault) -> list[str]:
    """Return the key paths of what `check` tells of a lesson with the fault in it."""
    course, lesson = fault.course, fault.course.source.lesson
    steps = [*course.steps[: fault.place], fault.step, *course.steps[fault.place + 1 :]]
    path = f"steps[{fault.step.id}]"
    facts = {f"steps[{step.id}]": facts_of(step) for step in lesson.steps}
    if course.translation is not None and fault.kind not in ("code", "answer"):
        texts = {text.path: text.text for step in steps
                 for text in texts_of(step, f"steps[{step.id}]")}  # fmt: skip
        own = {p: texts.get(p, text) for p, text in course.translation.texts.items()}
        changed = replace(course.translation, texts=own)
        return [_lesson_path(each.key_path) for each in check_translation(lesson, changed, facts)
                if not _is_by_comparison(str(each.what))]  # fmt: skip
    named = [(f"steps[{step.id}]", step) for step in steps]
    found = [*check_step(fault.step, path, runs=fault.kind == "answer")]
    return [where for where, _, _ in (*found, *check_statements(named, facts))]


def _lesson_path(path: str) -> str:
    return re.sub(r"^steps\.([\w-]+)", r"steps[\1]", path)


def _is_by_comparison(what: str) -> bool:
    """Return whether a translation alone gave the fault away."""
    return "of the English text is missing" in what or "the English text has no" in what


def _print(seeds: Sequence[int]) -> None:
    for seed in seeds:
        faults = list(plant(seed))
        found = {fault: fault.is_found() for fault in faults}
        kinds = Counter(fault.kind for fault, is_found in found.items() if is_found)
        of = Counter(fault.kind for fault in found)
        told = ", ".join(f"{kind} {kinds[kind]}/{of[kind]}" for kind in _KINDS)
        print(f"seed {seed}: {sum(found.values())} of {len(found)} found: {told}")
        for fault, is_found in found.items():
            if not is_found:
                lesson = fault.course.source.lesson.id
                print(f"    {fault.kind}: {lesson} {fault.path}: {fault.words}")


if __name__ == "__main__":
    _print([int(seed) for seed in sys.argv[1:]] or [1, 2, 3])
