"""What the lesson model says of itself: the docstrings of its classes, fields and type names.

Python keeps no docstring of a field, so they are read from the source, where they follow it.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType

from tutor.lesson import experiments, fields, proofs


@cache
def words_of_fields(record: type) -> Mapping[str, str]:
    """Return what the model says of the fields of a class, with those that it inherits."""
    words: dict[str, str] = {}
    for owner in reversed(record.__mro__[:-1]):
        words.update(_own_fields(owner))
    return words


def words_of_class(record: type) -> str:
    """Return what the model says of a class."""
    return _flat(inspect.getdoc(record) or "")


def _own_fields(owner: type) -> Iterator[tuple[str, str]]:
    """Yield the fields of a class with their docstrings, else with that of their type's name."""
    named = _words_of_types()
    (body,) = (
        node.body
        for node in _tree(sys.modules[owner.__module__]).body
        if isinstance(node, ast.ClassDef) and node.name == owner.__name__
    )
    for node, doc in _with_docs(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            types = [n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)]
            said = doc or next((named[name] for name in types if name in named), "")
            if said:
                yield node.target.id, said


@cache
def _words_of_types() -> Mapping[str, str]:
    """Return the docstrings of the model's type names, such as Interval."""
    words = {}
    for module in (fields, experiments, proofs):
        for node, doc in _with_docs(_tree(module).body):
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            target = node.target if isinstance(node, ast.AnnAssign) else target
            if doc and isinstance(target, ast.Name):
                words[target.id] = doc
    return words


def _with_docs(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each statement with the docstring that follows it, if one does."""
    for node, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        yield node, _flat(after.value.value) if _is_docstring(after) else ""  # type: ignore[attr-defined]  # as the condition says


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _flat(text: str) -> str:
    return " ".join(text.split())
