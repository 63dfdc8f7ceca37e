"""What to say of an exception in a learner's program: where it is, what it is, and the mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tutor.i18n import Text, message
from tutor.lesson.markdown import code_span, escaped
from tutor.lesson.programs import Fault

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
    return message("Python cannot read this: {text}.", text=_text(fault))


def _indentation(fault: Fault) -> Text:
    return message(
        "{text}. The lines of one block begin in one column, four spaces further in.",
        text=_text(fault),
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
