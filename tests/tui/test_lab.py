"""The lab by keyboard: every ability, on the real program with its engine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from textual.widgets import Input, OptionList

from tests.tui.apps import in_memory, lesson_screen, tutor_app, until
from tests.tui.labs import BOWL, open_lab, press, settled, words
from tutor.engine.descent.setup import Branch, Rule, Setup
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.presets import PRESETS
from tutor.engine.lab.state_code import encode
from tutor.tui.commands import LAB_COMMANDS
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.pick import PickScreen
from tutor.tui.widgets.chart_view import sample_of
from tutor.tui.widgets.key_bar import KeyBar

SLOW = replace(BOWL, rule=Rule(learning_rate=0.5))


async def test_the_lab_opens_from_the_map_and_esc_goes_back():
    with in_memory() as store:
        app = tutor_app(store)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("L")
            await until(pilot, lambda: isinstance(app.screen, LabScreen))
            await pilot.pause()
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_the_lab_opens_on_the_steps_setting_and_esc_returns_to_the_step():
    """η as the learner has turned it, the objective and the start of the step."""
    with in_memory() as store:
        app = tutor_app(store, "gradients/gradient-descent#reach-the-floor")
        async with app.run_test(size=(80, 24)) as pilot:
            lesson = await lesson_screen(pilot)
            await pilot.press("right")
            await pilot.pause()
            eta = lesson.run.state.values["learning_rate"]
            await pilot.press("f8")
            await until(pilot, lambda: isinstance(app.screen, LabScreen))
            screen = app.screen
            assert isinstance(screen, LabScreen)
            setup = screen.state.lab.setup
            expected = ("elongated-bowl", (-7.0, 2.0), eta)
            assert expected == (setup.objective, setup.start, setup.rule.learning_rate)
            await pilot.pause()
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, LessonScreen))
            assert "reach-the-floor" == lesson.run.step.id


async def test_eta_is_turned_and_the_sentence_follows():
    async with open_lab() as (pilot, screen):
        before = words(screen, "sentence")
        await press(pilot, screen, "left")
        assert pytest.approx(0.794) == screen.state.lab.setup.rule.learning_rate
        assert before != words(screen, "sentence")


async def test_a_burst_of_keys_is_counted_in_full():
    async with open_lab() as (pilot, screen):
        await pilot.press(*["left"] * 20)
        await settled(pilot, screen)
        assert pytest.approx(0.01) == screen.state.lab.setup.rule.learning_rate


async def test_a_step_is_looked_at_forward_and_back():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "b", "b", "b", "n")
        assert 28 == screen.state.lab.step
        assert words(screen, "update").startswith("step 28: x ←")


async def test_playback_goes_on_from_the_start_and_stops_at_the_end():
    """Nothing ticks before it and nothing after it."""
    async with open_lab(Lab(setup=replace(BOWL, steps=3))) as (pilot, screen):
        assert not screen.playback.is_playing
        screen.playback.speed = 100_000
        await pilot.press("space")
        await until(pilot, lambda: not screen.playback.is_playing)
        await settled(pilot, screen)
        assert (None, 3) == (screen.state.lab.step, screen.picture.track.step)


async def test_playback_pauses_where_it_is():
    async with open_lab(Lab(setup=replace(BOWL, steps=2_000))) as (pilot, screen):
        screen.playback.speed = 1  # each step is a picture, which the waiting would wait for
        await pilot.press("space")
        await until(pilot, lambda: (screen.state.lab.step or 0) > 0)
        await press(pilot, screen, "space")
        step = screen.state.lab.step
        await pilot.pause()
        assert (step, False) == (screen.state.lab.step, screen.picture.track.is_playing)


async def test_the_track_scrubs_to_any_step():
    async with open_lab() as (pilot, screen):
        screen.picture.track.focus()
        await press(pilot, screen, "home", "shift+right", "right")
        assert 11 == screen.state.lab.step


async def test_eta_is_halved_from_the_step_that_is_looked_at():
    async with open_lab() as (pilot, screen):
        screen.picture.track.focus()
        await press(pilot, screen, "home", "shift+right", "K")
        branch = Branch(step=10, rule=Rule(learning_rate=0.45))
        assert (branch,) == screen.state.lab.setup.branches
        assert (10,) == screen.picture.track.branches


async def test_changes_apply_from_here_on_after_k():
    """The rule that is shown and turned is then the one of the step looked at."""
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "b", "b", "k", "left")
        setup = screen.state.lab.setup
        assert 0.9 == setup.rule.learning_rate
        assert [28] == [branch.step for branch in setup.branches]
        assert pytest.approx(0.794) == setup.branches[0].rule.learning_rate


async def test_a_run_is_pinned_and_stays_while_eta_changes():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "g", "left")
        assert (BOWL,) == screen.state.lab.ghosts
        assert "η = 0.9" in str(screen.settings.legend.render())
        await press(pilot, screen, "G")
        assert () == screen.state.lab.ghosts


async def test_a_fifth_pin_is_refused_with_a_sentence():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, *["g", "left"] * 5)
        assert 4 == len(screen.state.lab.ghosts)
        await press(pilot, screen, "g")
        assert "room for four runs" in words(screen, "sentence")


async def test_two_settings_stand_side_by_side_and_swap():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "d", "left", "S")
        lab = screen.state.lab
        assert BOWL == lab.setup
        assert lab.beside is not None
        assert pytest.approx(0.794) == lab.beside.rule.learning_rate


async def test_the_other_optimizers_walk_from_the_same_start():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "O")
        ghosts = screen.state.lab.ghosts
        names = {"momentum", "nesterov", "adagrad", "rmsprop", "adam"}
        assert names == {ghost.rule.optimizer for ghost in ghosts}
        assert {BOWL.start} == {ghost.start for ghost in ghosts}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_rival_is_named_with_its_own_colour_and_mark(language):
    """Over the charts, whatever page is open, and with where it ends on the page that compares."""
    async with open_lab(size=(80, 24), language=language) as (pilot, screen):
        await press(pilot, screen, "O")
        rivals = screen.bar.rivals
        marks, styles = zip(*(sample_of(each.role, screen.app) for each in rivals), strict=True)
        assert (5, 5) == (len(set(marks)), len(set(styles)))
        row = str(screen.bar.render())
        assert all(f"{mark} " in row for mark in marks)
        assert all(name in row for name in ("Nesterov", "AdaGrad", "RMSProp", "Adam"))
        assert "…" not in row
        await press(pilot, screen, "pagedown", "pagedown")
        legend = screen.settings.legend
        lines = str(legend.render()).splitlines()
        assert len(lines) <= legend.size.height
        assert all(any(each.value in line for line in lines) for each in rivals)


async def test_the_cursor_reads_value_and_gradient_and_sets_the_start():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "c", "right", "right", "down")
        cursor = screen.state.lab.cursor
        assert cursor is not None
        assert str(screen.bar.reading).startswith("(")
        assert "∇f" in str(screen.bar.reading)
        await press(pilot, screen, "enter")
        assert cursor == screen.state.lab.setup.start
        await press(pilot, screen, "escape")
        assert screen.state.lab.cursor is None
        assert screen.is_current


async def test_the_cursor_goes_with_the_focus():
    """And Esc then leaves the lab, not the cursor."""
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "c", "right", "tab")
        assert screen.state.lab.cursor is None
        await pilot.hover("#main-chart", offset=(20, 6))
        await pilot.pause()
        assert "∇f" in str(screen.bar.reading)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))


async def test_the_cursor_of_an_opened_code_is_left_before_the_lab():
    async with open_lab(Lab(setup=BOWL, cursor=(1.0, 1.0))) as (pilot, screen):
        await press(pilot, screen, "escape")
        assert (None, True) == (screen.state.lab.cursor, screen.is_current)


async def test_the_lab_opens_again_as_it_was_left():
    """With its undo; `r` begins anew."""
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "left", "g")
        left = screen.state.lab
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen))
        again = pilot.app.screen
        assert isinstance(again, LabScreen)
        await settled(pilot, again)
        assert left == again.state.lab
        assert words(again, "sentence").startswith("The lab as you left it")
        await press(pilot, again, "u", "r")
        assert Lab() == again.state.lab


async def test_a_footer_offers_the_lab_wherever_it_is_not_open():
    async with open_lab() as (pilot, screen):
        labels = {"Play", "Lab"} & {key.description for key in screen.query_one(KeyBar).keys}
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
        await pilot.pause()
        on_map = {key.description for key in pilot.app.screen.query_one(KeyBar).keys}
        assert ({"Play"}, True) == (labels, "Lab" in on_map)


async def test_an_objective_is_picked_from_the_list():
    """All its ghosts go with the old ground; the start is one that suits the new one."""
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "g")
        await pilot.press("F")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
        pilot.app.screen.query_one(OptionList).highlighted = 13
        await pilot.press("enter")
        await until(pilot, lambda: screen.is_current)
        await settled(pilot, screen)
        lab = screen.state.lab
        assert ("rosenbrock", (-1.2, 1.0), ()) == (lab.setup.objective, lab.setup.start, lab.ghosts)
        assert "✓ checked by differences" in words(screen, "field-formula .remark")


async def test_numbers_appear_with_the_optimizer_that_has_them():
    async with open_lab() as (pilot, screen):
        shown = {}
        for name in ("momentum", "adam", "rmsprop", "gradient-descent"):
            screen.settings.choose("optimizer", name)
            await settled(pilot, screen)
            rule = ("momentum", "alpha", "beta1", "beta2")
            shown[name] = [
                each for each in rule if not screen.settings.number(each).has_class("-off")
            ]
        expected = {"momentum": ["momentum"], "adam": ["beta1", "beta2"], "rmsprop": ["alpha"]}
        assert {**expected, "gradient-descent": []} == shown


async def test_the_gradient_is_numerical_with_a_chosen_h():
    async with open_lab() as (pilot, screen):
        screen.query_one("#choice-gradient").focus()
        await press(pilot, screen, "right")
        screen.settings.number("h").focus()
        await press(pilot, screen, *"1e-2", "enter")
        rule = screen.state.lab.setup.rule
        assert ("numerical", 0.01) == (rule.gradient, rule.h)


async def test_every_preset_opens_with_its_sentence():
    async with open_lab() as (pilot, screen):
        for number, preset in enumerate(PRESETS):
            await pilot.press("p")
            await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
            pilot.app.screen.query_one(OptionList).highlighted = number
            await pilot.press("enter")
            await until(pilot, lambda: screen.is_current)
            await settled(pilot, screen)
            assert preset.setup == screen.state.lab.setup
            assert str(preset.sentence) == words(screen, "preset-words")


@pytest.mark.parametrize("keys", [["u"], ["r"]])
async def test_the_words_of_a_preset_go_when_it_goes(keys):
    async with open_lab() as (pilot, screen):
        screen.settings.choose("preset", "cliff")
        await settled(pilot, screen)
        assert words(screen, "preset-words")
        await press(pilot, screen, *keys)
        assert ("", "") == (screen.state.preset, words(screen, "preset-words"))


async def test_the_words_of_a_preset_go_with_its_function():
    async with open_lab() as (pilot, screen):
        screen.settings.choose("preset", "cliff")
        await press(pilot, screen, "left")
        assert "cliff" == screen.state.preset
        screen.settings.choose("objective", "booth")
        await settled(pilot, screen)
        assert "" == words(screen, "preset-words")


async def test_reset_lets_changes_apply_to_the_whole_run_again():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "b", "k", "left", "r")
        assert (False, "run") == (screen.state.from_here, screen.query_one("#choice-scope").value)


async def test_every_view_is_drawn():
    """The map of basins comes from a thread, piece by piece."""
    async with open_lab(Lab(setup=replace(SLOW, steps=20))) as (pilot, screen):
        seen = {}
        for _ in range(5):
            await press(pilot, screen, "l")
            chart = screen.picture.main.chart
            still = chart.backdrop.layers if chart.backdrop else ()
            kinds = {type(layer).__name__ for layer in (*chart.layers, *still)}
            seen[screen.state.lab.view] = (str(chart.title), kinds)
        assert "ContourLayer" in seen["contour"][1]
        assert "ContourLayer" in seen["surface"][1]
        assert "HeatMap" in seen["heat-map"][1]
        assert seen["slices"][0].startswith("slices through")
        assert "Regions" in seen["basins"][1]


async def test_every_curve_is_drawn():
    """The sweep comes from a thread, piece by piece."""
    async with open_lab(Lab(setup=replace(SLOW, steps=20))) as (pilot, screen):
        seen = {}
        for _ in range(5):
            await press(pilot, screen, "w")
            chart = screen.picture.curve.chart
            seen[screen.state.lab.curve] = (str(chart.title), chart.y_axis.scale)
        assert ("f at each step", "linear") == seen["loss"]
        assert ("f at each step", "log") == seen["log-loss"]
        assert seen["distance"][0].startswith("distance")
        assert seen["step-length"][0].startswith("length")
        assert seen["sweep"][0].endswith("for each η")


async def test_undo_takes_changes_back_one_by_one():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "left", "g", "u")
        assert () == screen.state.lab.ghosts
        await press(pilot, screen, "ctrl+z")
        assert BOWL == screen.state.lab.setup
        await press(pilot, screen, "u")
        assert "nothing to take back" in words(screen, "sentence")


async def test_reset_is_the_setting_that_the_lab_opened_with():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "left", "left", "r")
        assert BOWL == screen.state.lab.setup


async def test_export_writes_four_files_and_never_over_old_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with open_lab() as (pilot, screen):
        for _ in range(2):
            await pilot.press("e")
            await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
            await pilot.press("enter")
            await until(pilot, lambda: screen.is_current)
            await settled(pilot, screen)
            assert "Written: " in words(screen, "sentence")
        endings = (".csv", ".md", ".py", ".svg")
        expected = {f"{stem}{end}" for stem in ("nabla-run", "nabla-run-2") for end in endings}
        assert expected == {path.name for path in tmp_path.iterdir()}
        assert str(encode(BOWL)) in (tmp_path / "nabla-run.md").read_text("utf-8")


async def test_a_long_run_is_computed_beside_the_screen_and_can_be_stopped():
    """The chart shows the run before; Esc stops, u goes back."""
    long = Setup(rule=Rule(optimizer="adam"), steps=1_000_000)
    async with open_lab() as (pilot, screen):
        screen.settings.choose("optimizer", "adam")
        await settled(pilot, screen)
        screen.take(ev.PartSet("steps", long.steps))
        await until(pilot, lambda: "Computing" in words(screen, "sentence"))
        assert 30 == screen.scene.run.steps_done
        await press(pilot, screen, "escape")
        assert "Stopped" in words(screen, "sentence")
        assert screen.is_current
        await press(pilot, screen, "u")
        assert 30 == screen.state.lab.setup.steps == screen.scene.run.steps_done
        screen.take(ev.PartSet("steps", long.steps))
        await until(pilot, lambda: "Computing" in words(screen, "sentence"))
        await press(pilot, screen, "escape")


async def test_a_run_of_a_hundred_thousand_steps_arrives():
    async with open_lab() as (pilot, screen):
        screen.settings.number("steps").focus()
        await press(pilot, screen, *"100000", "enter")
        await until(pilot, lambda: screen.scene.run.steps_done == 100_000)


async def test_nothing_runs_while_nothing_happens():
    """No timer of the lab is left: an idle lab costs nothing."""
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "left")
        assert not [timer for timer in screen._timers if "Playback" in repr(timer._callback)]
        assert screen.runs.are_there()


async def test_every_command_has_a_key_that_a_field_does_not_swallow(monkeypatch):
    """Pressed with the formula in focus, it does not end up in the field."""
    async with open_lab() as (pilot, screen):
        field = screen.settings.field("formula")
        field.input.focus()
        await pilot.pause()
        heard: list[str] = []

        def hear(action: str, *values: object) -> None:
            heard.append(action + (f"({values[0]!r})" if values else ""))

        for action in {command.action.partition("(")[0] for command in LAB_COMMANDS}:
            hears = partial(hear, action)
            monkeypatch.setattr(screen, f"action_{action}", hears, raising=False)
        for command in LAB_COMMANDS:
            await pilot.press(command.keys[-1])
            await pilot.pause()
            assert [command.action] == heard
            assert "x0**2/20 + x1**2" == field.entry
            assert field.input.has_focus
            heard.clear()


async def test_letters_are_commands_wherever_no_field_is():
    async with open_lab(size=(80, 24)) as (pilot, screen):
        for page in range(5):
            await press(pilot, screen, "pagedown")
            assert not isinstance(screen.focused, Input), page


async def test_the_help_of_the_lab_lists_its_keys_and_fits():
    async with open_lab(size=(80, 24)) as (pilot, _):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await pilot.pause()
        box = pilot.app.screen.query_one("#help")
        assert "Halve η from this step on." in str(box.query("Static").first().visual)
        assert 0 == box.max_scroll_y


async def test_in_one_variable_the_cursor_walks_along_x():
    setup = Setup(objective="double-well", start=(1.5,), rule=Rule(learning_rate=0.02), steps=20)
    async with open_lab(Lab(setup=setup)) as (pilot, screen):
        await press(pilot, screen, "c", "left", "left", "up")
        (x,) = screen.state.lab.cursor
        assert 1.3 < x < 1.5
        assert "Guide" in {type(layer).__name__ for layer in screen.picture.main.chart.layers}
        await press(pilot, screen, "enter")
        assert (x,) == screen.state.lab.setup.start


async def test_in_one_variable_the_basins_lie_along_x():
    setup = Setup(objective="double-well", start=(1.5,), rule=Rule(learning_rate=0.02), steps=20)
    async with open_lab(Lab(setup=setup, view="basins")) as (_, screen):
        chart = screen.picture.main.chart
        layers = (*chart.layers, *(chart.backdrop.layers if chart.backdrop else ()))
        assert {"Regions", "Band"} & {type(layer).__name__ for layer in layers}
