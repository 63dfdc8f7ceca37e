"""All the prose of a step, with its key paths."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lesson.model import CodeStep, DescentExperiment, Step

_SINGLE = ("title", "body", "solution", "explain", "debrief", "right", "wrong", "unit", "worked")
_LISTED = {
    "choices": ("text", "feedback"),
    "near_misses": ("feedback",),
    "lines": ("feedback",),
    "items": ("label",),
    "parameters": ("label",),
    "presets": ("name",),
}


def texts_of(step: Step, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield (key path, the last key of it, the author's markup) for each text of the step."""
    for key in _SINGLE:
        if (text := _text_at(step, key)) is not None:
            yield f"{path}.{key}", key, text
    for number, hint in enumerate(step.hints, 1):
        yield f"{path}.hints[{number}]", "hints", hint
    for list_name, keys in _LISTED.items():
        for number, item in enumerate(getattr(step, list_name, ()), 1):
            for key in keys:
                yield f"{path}.{list_name}[{number}].{key}", key, getattr(item, key)
    yield from _feedback_of(step, path)
    if isinstance(step.experiment, DescentExperiment):
        yield from _labels_of(step.experiment, f"{path}.experiment")


def _text_at(step: Step, key: str) -> str | None:
    """Return the text at a key, None where there is none or it is a program."""
    is_program = key == "solution" and isinstance(step, CodeStep)
    text: str | None = None if is_program else getattr(step, key, None)
    return text


def _feedback_of(step: Step, path: str) -> Iterator[tuple[str, str, str]]:
    for number, check in enumerate(getattr(step, "checks", ()), 1):
        here = f"{path}.checks[{number}]"
        yield f"{here}.feedback", "feedback", check.feedback
        for place, miss in enumerate(check.misses, 1):
            yield f"{here}.misses[{place}].feedback", "feedback", miss.feedback


def _labels_of(experiment: DescentExperiment, path: str) -> Iterator[tuple[str, str, str]]:
    if experiment.label is not None:
        yield f"{path}.label", "label", experiment.label
    for number, rival in enumerate(experiment.rivals, 1):
        yield f"{path}.rivals[{number}].label", "label", rival.label
