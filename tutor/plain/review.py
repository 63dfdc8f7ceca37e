"""The review and the warm-up in lines."""

from __future__ import annotations

from tutor.i18n import message, plural
from tutor.lesson.catalog import Catalog
from tutor.plain.console import Console
from tutor.plain.lesson import PlainLesson
from tutor.plain.words import say_parts
from tutor.player.programs import Programs
from tutor.player.review import ReviewPlayer
from tutor.player.schedule import Review


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
