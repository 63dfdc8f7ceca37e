"""The catalogues of the program's words, made and brought up to date from the code.

    python -m tests.catalogue            # after a message was added or changed
    python -m tests.catalogue --check    # say what a translator still has to do; 1 if anything

The first writes every message of the code into `tutor/locale/LANGUAGE/LC_MESSAGES/nabla.po`,
keeps the translations that are there, drops what the code no longer says, and compiles `nabla.mo`,
which is committed too: a checkout and an editable install need no build step. A translator fills in
the empty `msgstr` lines of the .po file; then the command is run once more.

Messages are found by reading the code, not by running it: the first argument of `message`, the
first two of `plural`, as literals or through a name or a table that holds literals.
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tutor.i18n import ENGLISH, LANGUAGES

PACKAGE = Path(__file__).parents[1] / "tutor"
LOCALE = PACKAGE / "locale"
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)
_PATTERNS = {"message": 1, "plural": 2}
"""How many templates each function takes first."""

Templates: TypeAlias = tuple[str, ...]
"""One template, or those for one and for many."""


@dataclass
class Words:
    """What the code says, and the places where its words could not be found."""

    places: dict[Templates, list[str]] = field(default_factory=dict)
    """Each message with the files that say it."""
    hidden: list[str] = field(default_factory=list)
    """Calls whose template cannot be read from the code."""


@cache
def words_of_the_code() -> Words:
    """Return every message of the package."""
    words = Words()
    modules = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    }
    shared = {
        name: values
        for tree in modules.values()
        for name, values in _assigned(tree.body).items()
        if name.isupper()
    }
    for path, tree in modules.items():
        place = path.relative_to(PACKAGE.parent).as_posix()
        for call, known in _calls(tree, {**shared, **_assigned(tree.body)}):
            _note(call, known, place, words)
    return words


def placeholders(template: str) -> set[str]:
    """Return what stands between braces: a name, and how it is written (`value:.3g`)."""
    fields = string.Formatter().parse(template)
    return {f"{name}:{spec}" for _, name, spec, _ in fields if name is not None}


def po_file(language: str) -> Path:
    """Return where the catalogue of a language stands."""
    return LOCALE / language / "LC_MESSAGES" / "nabla.po"


def read_catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as it stands on disk."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.creation_date = catalogue.revision_date = _NEVER  # else it is now: no two alike
    return catalogue


def updated(language: str) -> Catalog:
    """Return the catalogue with exactly the messages of the code, and the translations it has."""
    old = read_catalogue(language)
    new = Catalog(
        locale=language, project="Nabla", version="1", charset="utf-8",
        header_comment=_HEADER, fuzzy=False,
        creation_date=_NEVER, revision_date=_NEVER,
    )  # fmt: skip
    for templates, places in words_of_the_code().places.items():
        kept = old.get(templates[0])
        own = kept.string if kept is not None and _same(kept.id, templates) else ""
        name = templates[0] if len(templates) == 1 else templates
        new.add(
            name, own or (() if len(templates) == 2 else ""), locations=[(p, 0) for p in places]
        )
    return new


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as translators edit it, the same for the same words."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_UNSTEADY)).encode()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing(language: str) -> list[str]:
    """Return the messages without a translation."""
    return [str(each.id) for each in updated(language) if each.id and not _is_full(each.string)]


def main(arguments: list[str]) -> int:
    """Bring the catalogues up to date, or say what they lack."""
    words = words_of_the_code()
    for place in words.hidden:
        print(f"{place}: the words of this message cannot be found by reading the code")
    for language in TRANSLATED:
        if "--check" not in arguments:
            path = po_file(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue = updated(language)
            path.write_bytes(po_bytes(catalogue))
            path.with_suffix(".mo").write_bytes(mo_bytes(read_catalogue(language)))
        lacking = missing(language)
        print(f"{language}: {len(words.places)} messages, {len(lacking)} without a translation")
        for text in lacking:
            print(f"  {text}")
    return 1 if words.hidden or any(map(missing, TRANSLATED)) else 0


_HEADER = "# The words of Nabla. Brought up to date by: python -m tests.catalogue"
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
_UNSTEADY = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator',
             '"Language-Team', '"Report-Msgid')  # fmt: skip


def _same(identity: object, templates: Templates) -> bool:
    return identity == (templates[0] if len(templates) == 1 else templates)


def _is_full(words: object) -> bool:
    return all(words) if isinstance(words, tuple | list) else bool(words)


def _note(call: ast.Call, known: dict[str, list[str]], place: str, words: Words) -> None:
    """Note the templates of a call, or that they cannot be found."""
    assert isinstance(call.func, ast.Name)
    count = _PATTERNS[call.func.id]
    found = [_literals(argument, known) for argument in call.args[:count]]
    if any(each is None for each in found):
        words.hidden.append(f"{place}:{call.lineno}")
        return
    templates = [each or [] for each in found]
    for one in zip(*templates, strict=True) if count == 2 else ((t,) for t in templates[0]):
        places = words.places.setdefault(one, [])
        if place not in places:
            places.append(place)


def _literals(node: ast.expr, known: dict[str, list[str]]) -> list[str] | None:
    """Return the texts that an expression may be; None where the code does not tell."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            both = [_literals(body, known), _literals(other, known)]
            return None if None in both else [text for part in both for text in part or ()]
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return known.get(name)
        case ast.Attribute(attr="template"):
            return []  # of a message that was found where it was made
    return None


def _calls(
    tree: ast.AST, known: dict[str, list[str]]
) -> Iterator[tuple[ast.Call, dict[str, list[str]]]]:
    """Yield the calls that make messages, with the texts that names stand for there."""
    for node in ast.iter_child_nodes(tree):
        inner = known
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = {**known, **_assigned(list(ast.walk(node)))}
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in _PATTERNS:
            yield node, known
        yield from _calls(node, inner)


def _assigned(nodes: list[ast.stmt] | list[ast.AST]) -> dict[str, list[str]]:
    """Return the names that are given literal texts (or tables of them), with all of these."""
    found: dict[str, list[str]] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        values = value.values if isinstance(value, ast.Dict) else [value]
        texts = [_literals(each, {}) for each in values]
        if texts and None not in texts:
            found.setdefault(name, []).extend(text for part in texts for text in part or ())
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
