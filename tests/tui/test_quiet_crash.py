"""An unexpected error is kept for whoever ran the app, and nothing of it is printed."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.pilot import Pilot

from tutor.tui.private.quiet_crash import QuietCrash


class Failing(QuietCrash[None]):
    """Fails when it is told to."""

    def action_fail(self) -> None:
        raise ZeroDivisionError("a slope of nothing")


class OnItsOwn(Failing):
    """The same, where Textual handles an error in a way that we do not know."""

    _fatal_error = App._fatal_error


async def fail(pilot: Pilot[None]) -> None:
    pilot.app.call_later(pilot.app.run_action, "fail")


@pytest.mark.parametrize(
    ("kind", "error"), [(Failing, ZeroDivisionError), (OnItsOwn, RuntimeError)]
)
async def test_an_error_is_kept_and_not_printed(
    kind: type[Failing], error: type[Exception], capfd: pytest.CaptureFixture[str]
):
    app = kind()
    await app.run_async(headless=True, auto_pilot=fail)
    assert error is type(app.failure)
    assert "a slope of nothing" in str(app.failure)
    assert ("", "") == capfd.readouterr()


async def test_who_leaves_has_not_failed():
    app = Failing()
    await app.run_async(headless=True, auto_pilot=lambda pilot: pilot.exit(None))
    assert app.failure is None
