"""A screen is painted once for all that changed in one go, and what waits for that comes after."""

from __future__ import annotations

import inspect

from textual._compositor import LayoutUpdate
from textual.app import App
from textual.screen import Screen

from tutor.tui.private.paint_once import PaintsOnce


class Plain(App[None]):
    """Shows one such screen, on which nothing happens."""

    def get_default_screen(self) -> Screen[object]:
        return PaintsOnce()


async def test_a_screen_is_painted_once_for_all_that_changed_in_one_go(monkeypatch):
    app = Plain()
    async with app.run_test() as pilot:
        await pilot.pause()
        painted: list[object] = []
        monkeypatch.setattr(app, "_display", lambda _, frame: frame and painted.append(frame))
        for _ in range(3):
            app.screen._refresh_layout(app.size)
            app.screen.refresh()
        assert [] == painted
        await pilot.pause()
        assert 1 == sum(isinstance(frame, LayoutUpdate) for frame in painted)


async def test_what_waits_for_the_frame_comes_after_it(monkeypatch):
    app = Plain()
    async with app.run_test() as pilot:
        await pilot.pause()
        done: list[str] = []
        monkeypatch.setattr(app, "_display", lambda *_: done.append("painted"))
        app.screen.refresh(layout=True)
        app.screen.call_after_refresh(done.append, "called")
        await pilot.pause()
        assert ["painted", "called"] == done[:2]


def test_textual_still_paints_where_we_gather():
    source = inspect.getsource(Screen._refresh_layout)
    assert "self._compositor_refresh()" in source
    assert "self._compositor_refresh()" in inspect.getsource(Screen._on_timer_update)
    assert issubclass(PaintsOnce, Screen)
