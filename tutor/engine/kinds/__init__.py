"""What each kind of step does, asks and shows: another is a module here, and a line below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tutor.engine.kinds.arranging import ArrangingKind
from tutor.engine.kinds.bug import BugKind
from tutor.engine.kinds.choice import ChoiceKind, SelectKind
from tutor.engine.kinds.code import CodeKind
from tutor.engine.kinds.experiment import ExperimentKind
from tutor.engine.kinds.graph import GraphKind
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.number import NumberKind
from tutor.engine.kinds.predict import PredictKind
from tutor.engine.kinds.text import TextKind
from tutor.lesson.model import Step

KINDS: Final[Mapping[str, Kind[Any]]] = {
    "text": TextKind(),
    "experiment": ExperimentKind(),
    "predict": PredictKind(),
    "choice": ChoiceKind(),
    "select": SelectKind(),
    "order": ArrangingKind(),
    "match": ArrangingKind(),
    "number": NumberKind(),
    "bug": BugKind(),
    "code": CodeKind(),
    "graph": GraphKind(),
}


def kind_of(step: Step) -> Kind[Any]:
    """Return what knows how a step like this behaves."""
    return KINDS[step.kind]
