"""What to say of an exception in a learner's program: where it is, what it is, and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tutor.i18n import Message, Text, message
from tutor.lesson.markdown import code_span, escaped
from tutor.lesson.programs import Fault
from tutor.typed import folded_key

_MOST_TEXT: Final = 160


def fault_sentence(fault: Fault, call: str = "") -> Text:
    """Return the sentence, as prose, with the line where there is one.

    `call` is what brought it about, quoted.
    """
    what = _what(fault)
    if fault.line is not None:
        return message("Line {line}: {what}", line=fault.line, what=what)
    if call:
        return message("{call}: {what}", call=call, what=what)
    return what


def _what(fault: Fault) -> Text:
    for kind in fault.kinds:
        say = _SENTENCES.get(kind)
        if say is not None:
            return say(fault)
    return message("{kind}: {text}", kind=escaped(fault.kind), text=_text(fault))


def _syntax(fault: Fault) -> Text:
    sign = _FOREIGN_SIGN.match(fault.text)
    if sign is not None:
        return _foreign(chr(int(sign[1], 16)))
    for pattern, say in _SYNTAX_ERRORS:
        found = re.match(pattern, fault.text)
        if found is not None:
            parts = {name: code_span(part) for name, part in found.groupdict().items()}
            return message(say.template, **parts)
    return message("Python cannot read this: {text}.", text=_text(fault))


def _foreign(sign: str) -> Text:
    """What an input method gives in place of a key, and the key."""
    key = folded_key(sign)
    if key == " ":
        return message("a full-width space stands here: a program needs the plain one.")
    if key == sign:
        return message("the sign {sign} has no place in a program.", sign=code_span(sign))
    return message(
        "the sign {sign} stands here: a program needs {key}, with the input method off.",
        sign=code_span(sign),
        key=code_span(key),
    )


_FOREIGN_SIGN: Final = re.compile(r"invalid (?:non-printable )?character .*?U\+([0-9A-F]+)")
_SYNTAX_ERRORS: Final[tuple[tuple[str, Message], ...]] = (
    ("expected ':'", message("a colon `:` is missing before the block that begins here.")),
    ("'(?P<sign>.)' was never closed", message("{sign} is opened here and never closed.")),
    ("unmatched '(?P<sign>.)'", message("{sign} closes nothing: one is missing before it, or this "
                                        "is too much.")),
    ("closing parenthesis '(?P<sign>.)' does not match opening parenthesis '(?P<other>.)'",
     message("{sign} stands where {other} is to be closed.")),
    ("invalid syntax. Perhaps you forgot a comma", message(
        "two things stand side by side: a comma or an operator is missing between them.")),
    ("invalid syntax. Maybe you meant '=='|cannot assign to .* Maybe you meant '=='", message(
        "`=` gives a name a value; to compare, write `==`.")),
    ("unterminated (triple-quoted )?(f-)?string literal", message(
        "a text begins here and does not end: a quotation mark is missing.")),
    ("invalid decimal literal", message(
        "a number and a name touch: write `*` between them, or begin the name with a letter.")),
    ("'return' outside function", message(
        "`return` stands outside a function: is the line moved in by four spaces?")),
    ("invalid syntax$", message(
        "Python cannot read this line: is a sign missing, in it or at the end of the one before?")),
)  # fmt: skip
"""Python's commonest words for what it cannot read, and ours."""


def _indentation(fault: Fault) -> Text:
    rule = message("The lines of one block begin in one column, four spaces further in.")
    for pattern, what in _INDENTATION_ERRORS:
        if re.match(pattern, fault.text):
            return message("{what} {rule}", what=what, rule=rule)
    return message("{text}. {rule}", text=_text(fault), rule=rule)


_INDENTATION_ERRORS: Final[tuple[tuple[str, Message], ...]] = (
    ("unexpected indent", message("this line begins too far in.")),
    ("expected an indented block", message("the block that should begin here is not moved in.")),
    ("unindent does not match", message("this line begins in a column where no block does.")),
    ("inconsistent use of tabs", message("tabs and spaces are mixed: use spaces alone.")),
)


def _name(fault: Fault) -> Text:
    if fault.near is not None:
        return message(
            "the name {name} is not known. Did you mean {near}?",
            name=_name_of(fault),
            near=code_span(fault.near),
        )
    if fault.line is None:
        return message("your program defines no {name}.", name=_name_of(fault))
    return message(
        "the name {name} is not known here: is it spelt right, and defined before?",
        name=_name_of(fault),
    )


def _unbound(fault: Fault) -> Text:
    return message("{name} is used in this function before it has a value.", name=_name_of(fault))


def _attribute(fault: Fault) -> Text:
    if fault.near is not None:
        return message(
            "{text}. Did you mean {near}?", text=_text(fault), near=code_span(fault.near)
        )
    return message("{text}.", text=_text(fault))


def _import(fault: Fault) -> Text:
    return message(
        "{text}. NumPy is there as `np`, and Python's own library; nothing else is.",
        text=_text(fault),
    )


def _value(fault: Fault) -> Text:
    if "could not be broadcast" in fault.text or "not aligned" in fault.text:
        return message(
            "these shapes do not fit together ({text}): print the shapes of both.",
            text=_text(fault),
        )
    if "truth value of an array" in fault.text:
        return message(
            "a whole array is neither true nor false: compare one element, or use `np.all`."
        )
    return message("{kind}: {text}.", kind=escaped(fault.kind), text=_text(fault))


def _index(fault: Fault) -> Text:
    return message("{text}. The first index is 0, the last is size − 1.", text=_text(fault))


def _zero(_fault: Fault) -> Text:
    return message("a division by zero.")


def _memory(_fault: Fault) -> Text:
    return message("it takes more memory than it may have. Is an array or a list too large?")


def _recursion(_fault: Fault) -> Text:
    return message("the function calls itself without end: which call does not?")


def _exit(_fault: Fault) -> Text:
    return message("this ends the program before it is checked: take it out.")


def _input(_fault: Fault) -> Text:
    return message("nobody can type into the program while it runs: take `input` out.")


def _system(fault: Fault) -> Text:
    return message(
        "{text}. A program of a lesson may use no files, no network and no other programs.",
        text=_text(fault),
    )


def _interrupt(fault: Fault) -> Text:
    return message("{kind} stopped the program.", kind=escaped(fault.kind))


_SENTENCES: Final[Mapping[str, Callable[[Fault], Text]]] = {
    "IndentationError": _indentation,
    "SyntaxError": _syntax,
    "UnboundLocalError": _unbound,
    "NameError": _name,
    "AttributeError": _attribute,
    "ImportError": _import,
    "ValueError": _value,
    "IndexError": _index,
    "ZeroDivisionError": _zero,
    "MemoryError": _memory,
    "RecursionError": _recursion,
    "SystemExit": _exit,
    "EOFError": _input,
    "OSError": _system,
    "KeyboardInterrupt": _interrupt,
}
"""By the name of the exception, or of the nearest above it that stands here."""


def _text(fault: Fault) -> str:
    """Return Python's own words, in one line, without the dot that the sentence brings."""
    return escaped(" ".join(fault.text.split())[:_MOST_TEXT].rstrip("."))


def _name_of(fault: Fault) -> str:
    return code_span(fault.name or "?")
