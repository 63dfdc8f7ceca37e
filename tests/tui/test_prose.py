"""Prose as the screen shows it."""

from contextvars import copy_context

import pytest

from tutor.i18n import Session, begin_session
from tutor.tui.widgets.prose import line_content


@pytest.mark.parametrize(
    ("language", "markup", "style"),
    [("en", "This is the *limit*.", "italic"), ("zh", "这叫*极限*。", "bold")],
)
def test_emphasis_is_bold_where_the_script_has_no_italics(language, markup, style):
    def styles() -> list[str]:
        begin_session(Session(language))
        return [str(span.style) for span in line_content(markup).spans]

    assert [style] == copy_context().run(styles)
