"""What a learner can do by key: one value a command, from which everything else is made.

Bindings, the footer, the help screen and the tables of keys in the documents all come from here,
so that they cannot drift apart. Letters are swallowed while a field is being typed in, so every
command has a second key (Ctrl or F) that works there too. A letter means one thing wherever it
means something: in lesson, review, map, lab and room; the class's are capitals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from tutor.i18n import Message, message

_ALWAYS = frozenset({"ctrl+q", "ctrl+c", "ctrl+f", "ctrl+d", "ctrl+k"})
"""Keys that go before whatever a focused field does with them."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that keys do."""

    action: str
    """The action's name, `action_…` on the screen or app that carries it out; `{key}`: the key."""
    keys: tuple[str, ...]
    label: Message
    """One or two words for the footer."""
    help: Message
    """A sentence for the help screen."""
    in_footer: bool = True
    shown: str = ""
    """How the keys are written together, where not one by one: they are one entry of the footer."""

    def bindings(self) -> list[BindingType]:
        """Return Textual's bindings. The footer shows the first that works where one is.

        They are made once for all sessions, so they hold English templates: a `TutorScreen` turns
        them into its learner's words when they are shown.
        """
        return [
            Binding(
                key,
                self.action.replace("{key}", key),
                self.label.template,
                show=self._shows(key),
                key_display=self.shown or None,
                tooltip=self.help.template,
                priority=key in _ALWAYS,
            )
            for key in self.keys
        ]

    def _shows(self, key: str) -> bool:
        first_of_many = not self.shown or key == self.keys[0]
        return self.in_footer and key not in _ALWAYS and first_of_many

    @property
    def letter(self) -> str:
        """The first key as people write it."""
        return _key_name(self.keys[0])

    @property
    def key_names(self) -> str:
        """The keys as people write them."""
        return self.shown or ", ".join(_key_name(key) for key in self.keys)


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """Return Textual's bindings of several commands."""
    return [binding for command in commands for binding in command.bindings()]


def _key_name(key: str) -> str:
    names = {
        "question_mark": "?",
        "slash": "/",
        "escape": "Esc",
        "pagedown": "PgDn",
        "pageup": "PgUp",
    }
    if key in names:
        return names[key]
    *modifiers, last = key.split("+")
    last = last.upper() if modifiers or key.startswith("f") else last
    return "+".join(
        [*(m.capitalize() for m in modifiers), last.capitalize() if len(last) > 2 else last]
    )


QUIT = Command(
    "quit", ("q", "ctrl+q", "ctrl+c"), message("Quit"),
    message("Leave; the next start goes on at this step."),
)  # fmt: skip
HELP = Command(
    "show_help", ("question_mark", "f1"), message("Help"), message("Show every key.")
)  # fmt: skip
THEME = Command(
    "toggle_theme", ("t", "f9"), message("Theme"),
    message("Next theme: dark, light, vivid, high contrast."), in_footer=False,
)  # fmt: skip
OPEN_MAP = Command(
    "open_map", ("m", "f7"), message("Map"), message("Back to the course map; nothing is lost.")
)  # fmt: skip
NEXT = Command(
    "next_step", ("n", "ctrl+n", "enter"), message("Next"),
    message("Go on, once this step is answered."),
)  # fmt: skip
BACK = Command(
    "previous_step", ("b", "ctrl+b"), message("Back"),
    message("Go back a step; answers stay."),
)  # fmt: skip
HINT = Command(
    "show_hint", ("h", "f2"), message("Hint"),
    message("Show the next hint; each says a little more."),
)  # fmt: skip
SOLUTION = Command(
    "show_solution", ("o", "f3"), message("Solution"),
    message("Show the solution, after a tried answer."),
)  # fmt: skip
SKIP = Command(
    "skip_step", ("s", "f4"), message("Skip"), message("Go on without an answer."),
)  # fmt: skip
RESET = Command(
    "reset_parameters", ("r", "f5"), message("Reset"),
    message("Put every parameter back to its start value; a program to its starter."),
    in_footer=False,
)  # fmt: skip
UNDO = Command(
    "undo_change", ("u", "ctrl+z"), message("Undo"), message("Take back the last change."),
    in_footer=False,
)  # fmt: skip
PRESET = Command(
    "next_preset", ("p", "f6"), message("Preset"),
    message("Try the step's next ready-made setting."),
)  # fmt: skip
RUN = Command(
    "run_program", ("x", "ctrl+r"), message("Run"), message("Run the program of this step."),
)  # fmt: skip
TURN_VIEW = Command(
    "turn_view", ("l", "ctrl+o"), message("View"),
    message("See the heights of a chart as a surface in space, or as a map again."),
)  # fmt: skip
LANGUAGE = Command(
    "switch_language", ("z", "f10"), message("Language"),
    message("English or 中文; you stay where you are."), in_footer=False,
)  # fmt: skip
EXPORT_LESSON = Command(
    "export_lesson", ("e", "f12"), message("Export"),
    message("Write what you did into a file."), in_footer=False,
)  # fmt: skip
ANOTHER = Command(
    "another_problem", ("a", "ctrl+t"), message("Another"),
    message("Another one: the same question with other numbers."),
)  # fmt: skip
LEAVE_FIELD = Command(
    "leave_field", ("escape",), message("Leave field"),
    message("Leave the field; letters are commands again. Stops a program."),
    in_footer=False,
)  # fmt: skip

OPEN_LAB = Command(
    "open_lab", ("L", "f8"), message("Lab"),
    message("Open the lab; from a lesson, on this step's setting."),
)  # fmt: skip

OPEN_ROW = Command(
    "select", ("enter",), message("Open"),
    message("Open it; on the first row: go on where you were."), shown="Enter",
)  # fmt: skip
CHOOSE_ROW = Command(
    "cursor_down", ("down",), message("Choose"),
    message("Go to a lesson; what it teaches stands beside or below."), shown="↑ ↓",
)  # fmt: skip
OPEN_NUMBER = Command(
    "type_digit('{key}')", tuple("1234567890"), message("Lesson"),
    message("Open the lesson of this number; of two digits, type both."), shown="1–9",
)  # fmt: skip
OPEN_REVIEW = Command(
    "open_review", ("v", "ctrl+r"), message("Review"),
    message("Answer again what is due for review."),
)  # fmt: skip
OPEN_PROGRESS = Command(
    "open_progress", ("i", "ctrl+p"), message("Progress"),
    message("See what you did, missed and how sure you were."),
)  # fmt: skip
SKIP_WARM_UP = Command(
    "skip_warm_up", ("j", "ctrl+l"), message("Lesson"),
    message("Leave the warm-up for the lesson."),
)  # fmt: skip

APP_COMMANDS = (HELP, THEME, LANGUAGE, QUIT, OPEN_LAB)
"""The lab comes last: where the footer has no room, its end is cut off."""
ROW_COMMANDS = (OPEN_ROW, CHOOSE_ROW)
"""What the list of lessons does with its own keys."""
HOME_COMMANDS = (OPEN_NUMBER, OPEN_REVIEW, OPEN_PROGRESS)
LESSON_COMMANDS = (
    NEXT, BACK, RUN, HINT, SOLUTION, SKIP, ANOTHER, RESET, UNDO, PRESET, TURN_VIEW, OPEN_MAP,
    EXPORT_LESSON, LEAVE_FIELD,
)  # fmt: skip
REVIEW_COMMANDS = LESSON_COMMANDS
LEAVE_PROGRESS = Command(
    "open_map", ("escape", "m", "f7"), message("Map"), message("Back to the course map."),
)  # fmt: skip
PROGRESS_COMMANDS = (LEAVE_PROGRESS,)
WARM_UP_COMMANDS = (*LESSON_COMMANDS, SKIP_WARM_UP)
PLAY = Command(
    "play_or_pause", ("space", "ctrl+p"), message("Play"), message("Play the run, or pause."),
)  # fmt: skip
FORWARD = Command(
    "change('forward')", ("n", "ctrl+n"), message("Step"), message("One step forward."),
)  # fmt: skip
BACKWARD = Command(
    "change('back')", ("b", "ctrl+b"), message("Back"), message("One step back."),
)  # fmt: skip
HALVE = Command(
    "halve_rate", ("K", "f2"), message("Halve η"), message("Halve η from this step on."),
    in_footer=False,
)  # fmt: skip
FROM_HERE = Command(
    "change('scope')", ("k", "f3"), message("From here on"), message("Change from here, or all."),
    in_footer=False,
)  # fmt: skip
PIN = Command(
    "change('pin')", ("g", "ctrl+g"), message("Ghost"), message("Pin this run as a ghost."),
    in_footer=False,
)  # fmt: skip
CLEAR_GHOSTS = Command(
    "change('clear_ghosts')", ("G", "f4"), message("No ghosts"), message("Clear all ghosts."),
    in_footer=False,
)  # fmt: skip
BESIDE = Command(
    "change('beside')", ("d", "ctrl+s"), message("Beside"), message("Keep this run beside."),
    in_footer=False,
)  # fmt: skip
SWAP = Command(
    "change('swap')", ("S", "f11"), message("Swap"), message("Turn the other of the two."),
    in_footer=False,
)  # fmt: skip
COMPARE = Command(
    "change('compare')", ("O", "ctrl+l"), message("All"), message("All optimizers at once."),
    in_footer=False,
)  # fmt: skip
NEXT_VIEW = Command(
    "change('view')", ("l", "f7"), message("View"), message("Next view of the function."),
    in_footer=False,
)  # fmt: skip
NEXT_CURVE = Command(
    "change('curve')", ("w", "ctrl+t"), message("Curve"), message("Next curve."), in_footer=False,
)  # fmt: skip
CURSOR = Command(
    "use_cursor", ("c", "ctrl+r"), message("Cursor"), message("Cursor on the chart."),
)  # fmt: skip
PICK_OBJECTIVE = Command(
    "pick('objective')", ("F", "ctrl+o"), message("Function"), message("Choose the function."),
    in_footer=False,
)  # fmt: skip
PICK_PRESET = Command(
    "pick('preset')", ("p", "f6"), message("Preset"), message("Show a telling failure."),
)  # fmt: skip
EXPORT = Command(
    "export_run", ("e", "f12"), message("Export"), message("Write the run into files."),
)  # fmt: skip
COPY_STATE = Command(
    "copy_state", ("y", "ctrl+y"), message("Copy code"), message("Copy the state code."),
    in_footer=False,
)  # fmt: skip
RESET_LAB = Command(
    "change('reset')", ("r", "f5"), message("Reset"), message("Begin anew."), in_footer=False,
)  # fmt: skip
UNDO_LAB = Command(
    "change('undo')", ("u", "ctrl+z"), message("Undo"), message("Take back a change."),
    in_footer=False,
)  # fmt: skip
NEXT_PAGE = Command(
    "turn_page(1)", ("pagedown",), message("Page"), message("Next page."),
    in_footer=False,
)  # fmt: skip
PREVIOUS_PAGE = Command(
    "turn_page(-1)", ("pageup",), message("Page back"), message("Previous page."),
    in_footer=False,
)  # fmt: skip
LEAVE_LAB = Command(
    "leave_field", ("escape",), message("Leave"), message("Leave the field, the lab."),
)  # fmt: skip
LAB_COMMANDS = (
    PLAY, FORWARD, BACKWARD, HALVE, FROM_HERE, PIN, CLEAR_GHOSTS, BESIDE, SWAP, COMPARE, NEXT_VIEW,
    NEXT_CURVE, CURSOR, PICK_OBJECTIVE, PICK_PRESET, EXPORT, COPY_STATE, RESET_LAB, UNDO_LAB,
    NEXT_PAGE, PREVIOUS_PAGE, LEAVE_LAB,
)  # fmt: skip
FOLLOW = Command(
    "in_class('toggle_follow')", ("f", "ctrl+f"), message("Class"),
    message("Go where the class is; there: leave it for your own pace."),
)  # fmt: skip
RAISE_HAND = Command(
    "in_class('toggle_hand')", ("H", "ctrl+d"), message("Hand"),
    message("Raise your hand, or lower it."),
)  # fmt: skip
ANSWER_POLL = Command(
    "in_class('answer_poll')", ("P", "ctrl+k"), message("Poll"),
    message("Answer the instructor's poll."),
)  # fmt: skip
OPEN_ROOM = Command(
    "in_class('open_room')", ("R", "f11"), message("Room"),
    message("For who teaches: see and lead the class."),
)  # fmt: skip
BRING_HERE = Command(
    "in_class('bring_here')", ("B",), message("Bring here"),
    message("For who teaches: bring everyone to this step."),
)  # fmt: skip
CLASS_ANSWERS = Command(
    "in_class('class_answers')", ("A",), message("Answers"),
    message("Once the instructor opened them: the answers of the class, without names."),
)  # fmt: skip
CLASS_COMMANDS = (FOLLOW, RAISE_HAND, ANSWER_POLL, CLASS_ANSWERS, OPEN_ROOM, BRING_HERE)
"""What there is in a workshop besides; without one these keys do nothing."""

BRING = Command(
    "lead('bring')", ("B",), message("Bring"), message("Bring everyone to a step of the list."),
)  # fmt: skip
REVEAL = Command(
    "lead('reveal')", ("V",), message("Hold/open"),
    message("Hold back the answer to the class's step; again: open it."),
)  # fmt: skip
SAY_TO_ALL = Command("lead('say_to_all')", ("T",), message("To all"), message("Write to everyone."))
SAY_TO_ONE = Command(
    "lead('say_to_one')", ("M",), message("To one"),
    message("Write to the learner under the cursor."),
)  # fmt: skip
POLL = Command("lead('poll')", ("P",), message("Poll"), message("Ask a poll; again: close it."))
TIMER = Command(
    "lead('timer')", ("D",), message("Timer"), message("Set a timer for all, in minutes.")
)
SET_LAB = Command(
    "lead('lab')", ("Y",), message("Set lab"), message("Open the lab for all, on a state code."),
)  # fmt: skip
WATCH = Command(
    "lead('watch')", ("W",), message("Watch"),
    message("See the learner's step as they see it; they are told."),
)  # fmt: skip
LOWER_HAND = Command(
    "lead('lower_hand')", ("H",), message("Hand down"), message("Lower the learner's hand."),
    in_footer=False,
)  # fmt: skip
FREE_NAME = Command(
    "lead('free')", ("X",), message("Free name"),
    message("Give the learner's name away: a PIN or a key is lost."), in_footer=False,
)  # fmt: skip
TAKE_LEAD = Command(
    "lead('take')", ("I",), message("Lead"),
    message("Lead the class; where another does: ask them."),
)  # fmt: skip
HAND_OVER = Command(
    "lead('hand_over')", ("N",), message("Hand over"),
    message("Let the co-instructor under the cursor, or who asked, lead."), in_footer=False,
)  # fmt: skip
CO_INSTRUCTOR = Command(
    "lead('co_instructor')", ("C",), message("Co-instructor"),
    message("Let the one under the cursor teach too; again: no more."), in_footer=False,
)  # fmt: skip
SEARCH = Command(
    "search", ("slash",), message("Search"), message("Show whose name holds what you type."),
)  # fmt: skip
PROJECT = Command(
    "lead('projector')", ("J",), message("Projector"),
    message("The class's step for all to see, with its answers, no names."),
)  # fmt: skip
OTHER_SIDE = Command(
    "next_side", ("l",), message("View"),
    message("On a narrow screen: the roster, or the class at a glance."),
)  # fmt: skip
END_CLASS = Command(
    "lead('end')", ("E",), message("End"), message("End the class: everyone at their own pace."),
    in_footer=False,
)  # fmt: skip
LEAVE_ROOM = Command(
    "leave_room", ("escape",), message("Back"), message("Back to where you were."),
    in_footer=False,
)  # fmt: skip
ROOM_COMMANDS = (
    BRING, REVEAL, SAY_TO_ALL, SAY_TO_ONE, POLL, TIMER, SET_LAB, WATCH, LOWER_HAND, TAKE_LEAD,
    HAND_OVER, CO_INSTRUCTOR, FREE_NAME, SEARCH, OTHER_SIDE, PROJECT, END_CLASS, LEAVE_ROOM,
)  # fmt: skip
ROSTER_KEYS = (
    ("↑  ↓, PgUp, PgDn", message("Go to a learner.")),
    ("Enter", message("What the learner did.")),
)
"""What the roster does with its own keys, for the help screen."""
PARAMETER_KEYS = (
    ("←  →, Home, End", message("Turn by a step (with Shift, or < >: ten), to an end.")),
    ("0–9 − . =", message("Type a value (= opens it); Enter takes, Esc leaves.")),
    ("↑  ↓  Tab", message("Next control or choice; Shift+↑ ↓ (< >) moves an item.")),
    (message("mouse"), message("Click, drag or wheel on a track; click values, charts.")),
)
"""What the focused control does with its own keys, for the help screen."""
