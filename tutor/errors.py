"""The errors that a person can mend, each with the sentence that says how."""

from __future__ import annotations

from tutor.i18n import Text, render


class TutorError(Exception):
    """Something that a learner, author or instructor can mend.

    Its text names what is wrong and what to do instead; the command line prints it as one
    line on stderr, a screen beside the field.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return render(self.text)


class UsageError(TutorError):
    """The command line was called in a way that cannot work (exit status 2)."""
