"""Text that a terminal would obey, and what must not be among the bytes that reach it."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import Final

from tests.terminal import Terminal
from tutor.tui.terminal import ASK_GROUND

OSC: Final = (
    "\x1b]0;PLANTED\x07\x1b]8;;http://planted\x1b\\\x1b]52;c;UExBTlRFRA==\x07\x9d0;PLANTED\x9c"
    "\x1bP0;1|PLANTED\x1b\\\x1b_PLANTED\x1b\\\x1b^PLANTED\x1b\\\x1bXPLANTED\x1b\\\x90PLANTED\x9c"
)
"""The window's title, a link, the clipboard, a title in the signs of C1; DCS, APC, PM, SOS."""
CSI: Final = "\x1b[1337z\x9b1337z\x1b[31m\x1b[2J"
TURNED: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN: Final = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2028\u2029\u115f\u3164\ue000"
    "\U000e0001\U000e0041\U000e007f\U000e0100"
)
C0: Final = "".join(chr(code) for code in range(1, 32) if chr(code) not in "\t\n\r")
C1: Final = "".join(map(chr, range(0x7F, 0xA0)))
HOSTILE: Final = f"<{OSC}{CSI}{TURNED}{UNSEEN}{C0}{C1}a\ufe0f>"
"""Without NUL, which no argument and no file name can hold, and the ends of lines."""
PRINTED: Final = f"{HOSTILE}\0\udfff\ud800"
"""What a program may print and a file of JSON may hold besides: NUL, halves of pairs."""
HIDDEN: Final = f"{TURNED}\u200b\u200c\u200d\u2060\u00ad"
"""What a file of YAML may hold."""
SHORT: Final = "\x1b]0;P\x07\u202e\u200b\x9b"
"""For where there is little room."""

_PLANTED: Final = re.compile(r"\x1b\]|\x9d|\x1b\[1337z|\x1b\[2Jz|[\x07\x80-\x9f\x7f]")
_RAW: Final = re.compile(r"[\ud800-\udfff]|a\ufe0f")
"""Bytes that are no UTF-8, among them C1 as eight bits; a selector that nobody sees."""
_OWN: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|P=[12]s\x1b\\|[=>78]|\([AB0])")
"""What a program of full screens says itself: no titles, no links, no clipboard."""
_POINTER: Final = re.compile(r"\x1b\]22;[a-z-]*\x07")
"""The shape of the mouse's pointer, which Textual sets."""


def obeyed(output: bytes) -> set[str]:
    """Return the signs that a terminal would obey, or not show, besides a program's own."""
    decoder = getincrementaldecoder("utf-8")("surrogateescape")  # the end may be on its way
    text = _POINTER.sub("", decoder.decode(output)).replace(ASK_GROUND, "")
    planted = set(_PLANTED.findall(text)) | set(_RAW.findall(text))
    rest = _OWN.sub("", text)
    unseen = {sign for sign in rest if sign < " " and sign not in "\r\n\t"}
    return planted | unseen | (set(rest) & set(TURNED + UNSEEN + C1))


class Recorded(Terminal):
    """A terminal that keeps every byte that it was sent."""

    def take(self, output: bytes) -> None:
        """Keep it, and take it in."""
        self.sent = getattr(self, "sent", b"") + output
        super().take(output)
