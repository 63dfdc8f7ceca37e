"""Private names of libraries: which the program uses, and what it does where one is gone.

A name that begins with an underscore may be gone in the library's next release. Each part of the
program that uses such names has one room for them (`tui/private/`, `server/private/`,
`charts/plotext_renderer.py`), with one list. Names that serve one purpose are one `Use`: where one
of them is gone, or takes other parameters, that use is off and all goes the library's own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TypeVar

from tutor.i18n import Message, message

C = TypeVar("C", bound=type)


# Plain classes: two dataclasses would cost every start 2 ms.
class Use:
    """What some private names of one library are used for, together."""

    def __init__(self, library: str, tested: str, purpose: Message, without: Message) -> None:
        """`tested` says with which version; `without`, what happens where a name is gone."""
        self.library, self.tested = library, tested
        self.purpose, self.without = purpose, without


class PrivateName:
    """A name that its library does not promise."""

    def __init__(self, use: Use, path: str, parameters: str | None = None) -> None:
        """Name a place, such as `textual.screen:Screen._on_timer_update`.

        The last part may also be what `__init__` gives to each object of the class. A function
        must take these `parameters`, no more and no fewer, such as `self screen`.
        """
        self.use, self.path, self.parameters = use, path, parameters

    @property
    def library(self) -> str:
        """Whose name it is."""
        return self.use.library

    def trouble(self) -> Message:
        """Say what the program does without where the name is not as tested, and the mend."""
        from importlib.metadata import version  # noqa: PLC0415 - only where something is wrong

        use = self.use
        return message(
            "{library} {version} is not as tested ({name}). {without} "
            "With {library} {tested} nothing is missing.",
            library=use.library, version=version(use.library), name=self.path,
            without=use.without, tested=use.tested,
        )  # fmt: skip

    def is_as_tested(self) -> bool:
        """Whether the name is there, with the parameters that we rely on."""
        module, _, place = self.path.partition(":")
        *outer, name = place.split(".")
        try:
            owner: object = import_module(module)
            for each in outer:
                owner = getattr(owner, each)
        except (ImportError, AttributeError):
            return False
        found = getattr(owner, name, None)
        if self.parameters is not None:
            return found is not None and self.parameters.split() == _parameters(found)
        return hasattr(owner, name) or _is_set_by_constructor(owner, name)


def _parameters(function: object) -> list[str]:
    from inspect import signature  # noqa: PLC0415 - only where parameters matter

    try:
        return list(signature(function).parameters)  # type: ignore[arg-type]  # or TypeError
    except (TypeError, ValueError):
        return []


def _is_set_by_constructor(owner: object, name: str) -> bool:
    """Whether the constructors of a class know this attribute of its objects."""
    makers = (vars(each).get("__init__") for each in getattr(owner, "__mro__", ()))
    return any(name in maker.__code__.co_names for maker in makers if hasattr(maker, "__code__"))


def missing(names: Iterable[PrivateName]) -> tuple[PrivateName, ...]:
    """Return those names that are gone, or take other parameters."""
    return tuple(name for name in names if not name.is_as_tested())


def overrides(*names: str, only_if: bool) -> Callable[[C], C]:
    """Return what takes these methods out of a class again, unless their use is on.

    What a library calls in another way now, or not at all, must not be answered by half.
    """

    def keep_or_drop(ours: C) -> C:
        if not only_if:
            for name in names:
                delattr(ours, name)
        return ours

    return keep_or_drop
