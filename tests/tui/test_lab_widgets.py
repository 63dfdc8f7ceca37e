"""Each widget of the lab, mounted alone in a five-line app."""

from __future__ import annotations

from textual.widgets import Input

from tests.tui.apps import FiveLineApp
from tutor.tui.widgets.lab_bars import LabTabs
from tutor.tui.widgets.lab_choice import LabChoice, Option
from tutor.tui.widgets.lab_field import LabField
from tutor.tui.widgets.lab_track import LabTrack

VIEWS = [Option("a", "one"), Option("b", "two"), Option("c", "three")]


class Hearing(FiveLineApp):
    """Keeps what its widget says."""

    def on_lab_choice_chosen(self, event: LabChoice.Chosen) -> None:
        self.heard.append(event.key)

    def on_lab_choice_list_asked(self, event: LabChoice.ListAsked) -> None:
        self.heard.append(f"list of {event.name}")

    def on_lab_track_scrubbed(self, event: LabTrack.Scrubbed) -> None:
        self.heard.append(event.step)

    def on_lab_field_typed(self, event: LabField.Typed) -> None:
        self.heard.append(event.entry)

    def on_lab_field_entered(self, event: LabField.Entered) -> None:
        self.heard.append((event.entry,))

    def on_lab_tabs_page_picked(self, event: LabTabs.PagePicked) -> None:
        self.heard.append(event.page)


def choice(value: str = "b") -> list[LabChoice]:
    return [LabChoice("view", "view", VIEWS, value, label_width=6)]


async def test_arrows_ask_for_the_options_around_and_wrap():
    app = Hearing(lambda: choice("c"))
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.press("tab", "left", "right")
        assert ["b", "a"] == app.heard


async def test_all_options_show_where_they_fit_else_the_chosen_one():
    app = Hearing(choice)
    async with app.run_test(size=(60, 3)) as pilot:
        wide = str(app.query_one(LabChoice).render())
        await pilot.resize_terminal(24, 3)
        await pilot.pause()
        narrow = str(app.query_one(LabChoice).render())
        assert ("view    one ‹two› three ", "view   ‹two›  2/3 ↵") == (wide, narrow)


async def test_enter_asks_for_the_list():
    app = Hearing(choice)
    async with app.run_test(size=(24, 3)) as pilot:
        await pilot.press("tab", "enter")
        assert ["list of view"] == app.heard


async def test_nothing_chosen_is_said():
    app = Hearing(lambda: choice(""))
    async with app.run_test(size=(25, 3)):
        assert "choose one of 3" in str(app.query_one(LabChoice).render())


async def test_the_track_scrubs_within_the_run():
    def track() -> list[LabTrack]:
        row = LabTrack()
        row.steps, row.step, row.branches = 100, 95, (95, 40)
        return [row]

    app = Hearing(track)
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.press("tab", "right", "shift+right", "home", "end")
        assert [96, 100, 0, 100] == app.heard


async def test_a_branch_shows_on_the_track_and_under_the_handle():
    def track() -> list[LabTrack]:
        row = LabTrack()
        row.steps, row.step, row.branches = 100, 40, (40, 80)
        return [row]

    app = Hearing(track)
    async with app.run_test(size=(80, 3)):
        shown = str(app.query_one(LabTrack).render())
        assert (1, 1) == (shown.count("╋"), shown.count("┃"))


async def test_a_field_tells_typing_from_meaning():
    app = Hearing(lambda: [LabField("formula", "formula", "in x")])
    async with app.run_test(size=(60, 4)) as pilot:
        app.query_one(Input).focus()
        await pilot.press("x", "enter")
        assert ["x", ("x",)] == app.heard


async def test_what_is_shown_or_suggested_counts_as_nothing_typed():
    app = Hearing(lambda: [LabField("state", "state")])
    async with app.run_test(size=(60, 4)) as pilot:
        field = app.query_one(LabField)
        field.show("nabla1:a")
        field.suggest("nabla1:b")
        await pilot.pause()
        assert ([], "nabla1:b", "") == (app.heard, field.suggested, field.entry)


async def test_a_page_is_clicked():
    app = Hearing(lambda: [LabTabs(["One", "Two", "Three"])])
    async with app.run_test(size=(60, 3)) as pilot:
        column = str(app.query_one(LabTabs).render()).index("Two")
        await pilot.click(LabTabs, offset=(1 + column, 0))
        assert [1] == app.heard
