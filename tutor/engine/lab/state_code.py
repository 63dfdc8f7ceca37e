"""A whole lab as one line that can be typed: `nabla1:o=sphere/x=-3,4/lr=0.1/n=100:16sk1b0`.

After the version come parts joined by `+`: the run itself, then ghosts (`g`), the run beside
(`b`) and what is looked at (`v`). A part is fields joined by `/`, a field `key=value`; what
stands at its default is left out. At the end stands a checksum. Every character is one that
shells and chats leave alone, numbers are the shortest that read back to the same float, and
formulas are percent-encoded.

The defaults of `Rule` and `Setup` belong to version 1: a default that changes is a version 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args
from urllib.parse import quote, unquote
from zlib import crc32

from tutor.engine.descent.check import check_setup, checked_cursor
from tutor.engine.descent.setup import Branch, Rule, Setup
from tutor.engine.lab.lab import Curve, Lab, View
from tutor.errors import TutorError
from tutor.i18n import message

_PREFIX, _VERSION = "nabla", 1
_LONGEST = 20_000
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, which are misread."""
_CHECK_LENGTH = 7
_RULE_KEYS: Mapping[str, str] = {
    "op": "optimizer",
    "lr": "learning_rate",
    "mu": "momentum",
    "b1": "beta1",
    "b2": "beta2",
    "al": "alpha",
    "ep": "epsilon",
    "sc": "schedule",
    "gr": "gradient",
    "h": "h",
}
_MOST_GHOSTS = 5


def encode(what: Lab | Setup) -> str:
    """Return the line that brings this lab, or this run, back."""
    lab = what if isinstance(what, Lab) else Lab(setup=what)
    payload = "+".join(_parts(lab))
    return f"{_PREFIX}{_VERSION}:{payload}:{_checksum(payload)}"


def decode(text: str) -> Lab:
    """Return the lab of a state code. Spaces, line breaks and quotes around it do not matter.

    Raises:
        TutorError: for a code that is cut short, altered, of a later version, or none at all.
    """
    code = "".join(text[: 2 * _LONGEST].split()).strip("`'\"“”<>")
    payload = _payload(code)
    try:
        return _lab(payload)
    except (ValueError, KeyError, OverflowError) as error:
        raise TutorError(message("this state code holds something that this version of Nabla does "
                                 "not know; update Nabla")) from error  # fmt: skip


def _payload(code: str) -> str:
    """Return what stands between the version and the checksum, if both are right."""
    version = re.match(rf"{_PREFIX}(\d+)(:|$)", code, re.IGNORECASE)
    if version is None:
        raise TutorError(message("a state code begins with nabla1: — copy the whole line"))
    if version[1] != str(_VERSION):
        raise TutorError(
            message("this state code is of version {found}, and this Nabla reads version {known}: "
                    "update Nabla to open it", found=version[1][:9], known=_VERSION)
        )  # fmt: skip
    payload, colon, check = code[version.end() :].rpartition(":")
    check = check.lower()
    if not colon or len(check) < _CHECK_LENGTH or not set(check) <= set(_DIGITS):
        raise TutorError(message("this state code is cut short: its end is missing; copy the whole "
                                 "line"))  # fmt: skip
    if check != _checksum(payload):
        raise TutorError(message("this state code was altered: a character is wrong, missing or "
                                 "too many; compare it with the original"))  # fmt: skip
    return payload


def _checksum(payload: str) -> str:
    value = crc32(payload.encode())
    return "".join(_DIGITS[value >> 5 * place & 31] for place in range(_CHECK_LENGTH))


# Writing


def _parts(lab: Lab) -> Iterator[str]:
    yield _written(lab.setup)
    yield from (f"g/{_written(ghost)}" for ghost in lab.ghosts)
    if lab.beside is not None:
        yield f"b/{_written(lab.beside)}"
    looks = {
        "step": None if lab.step is None else str(lab.step),
        "view": lab.view if lab.view != Lab().view else None,
        "curve": lab.curve if lab.curve != Lab().curve else None,
        "at": None if lab.cursor is None else _numbers(lab.cursor),
    }
    fields = [f"{key}={value}" for key, value in looks.items() if value is not None]
    if fields:
        yield "/".join(["v", *fields])


def _written(setup: Setup) -> str:
    what = f"f={_quoted(setup.formula)}" if setup.formula else f"o={setup.objective}"
    fields = [what, f"x={_numbers(setup.start)}"]
    if setup.window:
        fields.append(f"w={_numbers(setup.window)}")
    # η and the number of steps always stand there: they are what a reader looks for.
    fields += [*_changes(replace(Rule(), learning_rate=float("nan")), setup.rule)]
    fields.append(f"n={setup.steps}")
    rule = setup.rule
    for branch in setup.branches:
        fields += [f"k={branch.step}", *_changes(rule, branch.rule)]
        rule = branch.rule
    return "/".join(fields)


def _changes(before: Rule, after: Rule) -> Iterator[str]:
    for key, name in _RULE_KEYS.items():
        value = getattr(after, name)
        if value != getattr(before, name):
            yield f"{key}={value if isinstance(value, str) else _number(value)}"


def _quoted(formula: str) -> str:
    return quote(formula, safe="").replace("_", "%5F").replace("~", "%7E")


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0").replace("e+", "e")


def _numbers(values: tuple[float, ...]) -> str:
    return ",".join(map(_number, values))


# Reading


def _lab(payload: str) -> Lab:
    first, *rest = payload.split("+")
    lab = Lab(setup=_setup(first))
    for part in rest:
        kind, _, fields = part.partition("/")
        if kind == "v":
            lab = _with_look(lab, dict(_fields(fields)))
        elif kind == "g" and len(lab.ghosts) < _MOST_GHOSTS:
            lab = replace(lab, ghosts=(*lab.ghosts, _setup(fields)))
        elif kind == "b":
            lab = replace(lab, beside=_setup(fields))
        else:
            raise ValueError(part)
    return lab


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for field in text.split("/"):
        key, equals, value = field.partition("=")
        if not equals:
            raise ValueError(field)
        yield key, value


@dataclass
class _Reading:
    """A setup as far as it has been read."""

    setup: Setup
    rule: Rule
    """The rule that the next fields change."""
    at: int | None = None
    """The step at which it begins; None: the run's own."""

    def take(self, key: str, value: str) -> None:
        if key in _RULE_KEYS:
            self.rule = _with_part(self.rule, _RULE_KEYS[key], value)
            return
        if key == "k":
            self.close()
            self.at = int(value)
            return
        self.setup = replace(self.setup, **_setup_field(key, value))

    def close(self) -> Setup:
        if self.at is None:
            self.setup = replace(self.setup, rule=self.rule)
        else:
            branch = Branch(step=self.at, rule=self.rule)
            self.setup = replace(self.setup, branches=(*self.setup.branches, branch))
        return self.setup


def _setup(text: str) -> Setup:
    reading = _Reading(Setup(), Rule())
    for key, value in _fields(text):
        reading.take(key, value)
    setup = reading.close()
    check_setup(setup)
    return setup


def _with_part(rule: Rule, name: str, value: str) -> Rule:
    part: Any = value if isinstance(getattr(rule, name), str) else float(value)
    return replace(rule, **{name: part})


def _setup_field(key: str, value: str) -> dict[str, Any]:
    match key:
        case "o":
            return {"objective": value}
        case "f":
            return {"objective": "", "formula": unquote(value, errors="strict")}
        case "x":
            return {"start": _read_numbers(value)}
        case "w":
            return {"window": _read_numbers(value)}
        case "n":
            return {"steps": int(value)}
        case _:
            raise KeyError(key)


def _with_look(lab: Lab, fields: Mapping[str, str]) -> Lab:
    if not fields.keys() <= {"step", "view", "curve", "at"}:
        raise KeyError(*fields)
    view, curve = fields.get("view", lab.view), fields.get("curve", lab.curve)
    if view not in get_args(View) or curve not in get_args(Curve):
        raise ValueError(view, curve)
    step = int(fields["step"]) if "step" in fields else None
    at = _read_numbers(fields["at"]) if "at" in fields else None
    return replace(
        lab,
        step=None if step is None or step >= lab.setup.steps else max(step, 0),
        view=cast(View, view),
        curve=cast(Curve, curve),
        cursor=checked_cursor(lab.setup, at),
    )


def _read_numbers(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split(",")))
