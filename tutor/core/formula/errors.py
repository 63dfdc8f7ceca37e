"""What the formula language says to a text that it does not take."""

from __future__ import annotations

from tutor.errors import TutorError
from tutor.i18n import Text


class FormulaError(TutorError):
    """A typed formula that cannot be read or computed; its text names the mend.

    `position` is the index of the offending character where one is to blame, else None; it counts
    in the text without the spaces around it and with x[0] spelt x0.
    """

    def __init__(self, text: Text, position: int | None = None) -> None:
        super().__init__(text)
        self.position = position
