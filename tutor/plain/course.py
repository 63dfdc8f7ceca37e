"""The course map in lines, the way from it into lessons and back, the review, the last words."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from tutor.engine.lesson.events import StepOpened
from tutor.errors import TutorError
from tutor.i18n import message, plural
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Lesson
from tutor.plain.console import Console, LeftError, StoppedError
from tutor.plain.lesson import PlainLesson
from tutor.plain.words import say_parts
from tutor.player.course_map import CourseMap, course_map
from tutor.player.player import BEING_WRITTEN, PATIENCE, Player, Playing
from tutor.player.programs import Programs
from tutor.player.review import AT_MOST, ReviewPlayer, warm_up
from tutor.player.room_member import RoomMember
from tutor.player.room_player import RoomPlayer
from tutor.player.schedule import Review, review_of
from tutor.player.unwritten import command, farewell, keep_elsewhere, loss, proposed_file, written
from tutor.store.progress_store import ProgressStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTutor:
    """The whole program in lines, for one learner."""

    catalog: Catalog
    store: ProgressStore
    learner: str
    now: Callable[[], datetime]
    new_seed: Callable[[], int]
    console: Console
    programs: Programs = field(default_factory=Programs)
    member: RoomMember | None = None
    """The learner's part in a class, which is told of what they do and may hold an answer back."""

    def run(self, start_at: str | None = None, *, review: bool = False) -> None:
        """Play until the learner leaves; `start_at` is `lesson` or `lesson#step`.

        With `review`, what is due for review comes first.
        """
        following: Lesson | None = None
        try:
            if review:
                self._ask_again()
            if start_at is not None:
                name, _, step = start_at.partition("#")
                following = self._play(self.catalog.lesson(name), step or None)
            while True:
                following = self._choose(following)
        except LeftError as left:
            if self.member is None:  # a workshop's server says what became of the answers
                leave(self.store, self.console, can_ask=not isinstance(left, StoppedError))

    def _choose(self, following: Lesson | None) -> Lesson | None:
        """Show the map and open what is asked for; `next` means `following`.

        Returns what comes after a lesson that came to its end.
        """
        the_map = self._map()
        self._say_map(the_map)
        typed = self.console.ask(">")
        if typed.lower() in ("quit", "q", "退出"):
            raise LeftError
        if not typed and the_map.continue_at is not None:
            return self._play(self.catalog.lesson(the_map.entries[the_map.continue_at].lesson.id))
        if following is not None and typed.lower() in ("next", "n", "下一步"):
            return self._play(following)
        if typed.lower() in ("review", "v", "复习"):
            self._ask_again()
        elif typed.lower() not in ("", "help", "?", "map", "m", "帮助", "地图"):
            try:
                return self._open(typed, the_map)
            except TutorError as error:
                self.console.say(error.text)
        return following

    def _open(self, typed: str, the_map: CourseMap) -> Lesson | None:
        if typed.isdecimal() and 1 <= int(typed) <= len(the_map.entries):
            return self._play(self.catalog.lesson(the_map.entries[int(typed) - 1].lesson.id))
        name, _, step = typed.partition("#")
        return self._play(self.catalog.lesson(name), step or None)

    def _map(self) -> CourseMap:
        progress = self.store.lesson_progress(self.learner)
        return course_map(self.catalog.heads, progress, self._review().due_by_lesson)

    def _review(self) -> Review:
        return review_of(self.catalog, self.store, self.learner, self.now())

    def _ask_again(self) -> None:
        """Ask what is due, or what comes next, if the learner wants to practise."""
        review = self._review()
        if review.due or wants_practice(review, self.console):
            player = ReviewPlayer(
                (review.due or review.items)[:AT_MOST], self.store, learner=self.learner,
                now=self.now, seed=self.new_seed(), title=message("Review"),
            )  # fmt: skip
            play_review(player, self.console, self.catalog, self.programs)

    def _warmed_up(self, lesson: Lesson) -> bool:
        """Play the warm-up, where there is one; return whether to go on to the lesson."""
        player = warm_up(lesson, self.catalog, self.store, learner=self.learner, now=self.now,
                         seed=self.new_seed())  # fmt: skip
        return player is None or play_warm_up(player, self.console, self.catalog)

    def _say_map(self, the_map: CourseMap) -> None:
        console = self.console
        console.gap()
        console.say(message("Nabla: the lessons"))
        for number, entry in enumerate(the_map.entries, start=1):
            head = the_map.head_of(number - 1)
            if head is not None:
                console.say(message("Course {course}:", course=head))
            console.say(message("{number}. {title}, {minutes} min, {state}", number=number,
                                title=entry.lesson.title, minutes=entry.lesson.minutes,
                                state=entry.state_words))  # fmt: skip
        if self.catalog.left_out:
            console.say(message("left out: {problem}", problem=str(self.catalog.left_out[0])))
        if the_map.due:
            console.say(message("Review due: {n}; `review` asks again.", n=the_map.due))
        console.gap()
        if the_map.continue_at is not None:
            title = the_map.entries[the_map.continue_at].lesson.title
            console.say(message("Enter goes on with “{title}”; a number opens a lesson; `quit` "
                                "leaves.", title=title))  # fmt: skip

    def _play(self, lesson: Lesson, step: str | None = None) -> Lesson | None:
        """Play a lesson; return what comes after it where it was played to its end."""
        member = self.member
        alone = Player(
            lesson, self.store, learner=self.learner, now=self.now, seed=self.new_seed(),
            observer=None if member is None else member.observe,
        )  # fmt: skip
        player: Playing = alone if member is None else RoomPlayer(alone, member)
        if step is not None:
            player.send(StepOpened(step))
        elif player.run.is_complete:
            player.send(StepOpened(lesson.steps[0].id))
        elif not self._warmed_up(lesson):
            return None
        catalog = self.catalog
        is_finished = PlainLesson(player, self.console, self.programs, catalog=catalog).play()
        return catalog.after(lesson.id) if is_finished else None


def play_review(
    player: ReviewPlayer, console: Console, catalog: Catalog, programs: Programs | None = None
) -> None:
    """Ask the questions and say what comes back when.

    Raises:
        LeftError: The learner left the program; what was answered is kept.
    """
    words = plural("Review: {count} question.", "Review: {count} questions.", len(player.items))
    if not PlainLesson(player, console, programs, words, catalog).play():
        say_parts(console, player.recap(catalog))


def wants_practice(review: Review, console: Console) -> bool:
    """Say that nothing is due and when something will be; return whether to practise anyway."""
    console.say(message("Nothing is due now."))
    console.say(review.next_words)
    if not review.items:
        return False
    console.say(message("Type `yes` to practise anyway; Enter goes to the list of lessons."))
    return console.ask(">").strip().lower() in ("yes", "y", "是")


def play_warm_up(player: ReviewPlayer, console: Console, catalog: Catalog) -> bool:
    """Ask the questions, if the learner wants them; return whether to go on to the lesson.

    Raises:
        LeftError: The learner left the program; what was answered is kept.
    """
    console.gap()
    console.say(
        plural(
            "Warm-up: {count} question from an earlier lesson.",
            "Warm-up: {count} questions from earlier lessons.",
            len(player.items),
        )
    )
    console.say(message("Enter begins it; `skip` goes to the lesson."))
    if console.ask(">").strip().lower() in ("skip", "s", "跳过"):
        return True
    return PlainLesson(player, console, name=message("Warm-up"), catalog=catalog).play()


_WITHOUT = ("quit", "q")


def leave(store: ProgressStore, console: Console, *, can_ask: bool = True) -> None:
    """Try once more to write everything, offer another file for the rest, and say goodbye."""
    with suppress(OSError):  # the terminal is gone: nobody hears it
        _retry(store, console)
        is_elsewhere = False
        if can_ask and store.unwritten:
            with suppress(LeftError):
                is_elsewhere = _keep_elsewhere(store, console)
        console.say(message("Goodbye.") if is_elsewhere else farewell(store))


def _retry(store: ProgressStore, console: Console) -> None:
    retried = store.retry_beside()
    if not wait([retried], PATIENCE).done:
        console.say(BEING_WRITTEN)
    retried.result()


def _keep_elsewhere(store: ProgressStore, console: Console) -> bool:
    """Ask for a file until one can be written, or none is wanted; return whether one is."""
    console.say(loss(store) or "", store.trouble or "")
    while True:
        proposed = proposed_file(store)
        if proposed is None:
            console.say(message("Type the path of a file to keep them in; Enter or `quit` leaves "
                                "without."))  # fmt: skip
        else:
            console.say(message("Type the path of a file to keep them in; Enter takes {file}, "
                                "`quit` leaves without.", file=str(proposed)))  # fmt: skip
        typed = console.ask_raw(">").strip()  # a path stays as it is
        if typed.lower() in _WITHOUT or not (typed or proposed):
            return False
        try:
            path = keep_elsewhere(store, typed or str(proposed))
        except TutorError as error:
            console.say(error.text)
        else:
            console.say(written(path))
            console.say_lines([command(path)])
            return True
