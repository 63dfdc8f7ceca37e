"""What waits for a database is bounded, and what was taken is not given up."""

from __future__ import annotations

from tutor.store.backlog import Backlog


def backlog(most: int) -> Backlog[str]:
    """Capital letters are fleeting."""
    return Backlog(most=most, is_fleeting=str.isupper)


def test_beyond_the_most_nothing_is_taken_and_that_is_counted() -> None:
    waiting = backlog(3)
    waiting.put("abcde")
    assert (["a", "b", "c"], 2, True) == (waiting.items, waiting.lost, waiting.is_full)


def test_there_is_room_again_when_something_is_written() -> None:
    waiting = backlog(2)
    waiting.put("ab")
    waiting.begin(1)
    waiting.end(1)
    waiting.put("c")
    assert (["b", "c"], 0) == (waiting.items, waiting.lost)


def test_fleeting_items_give_way_the_older_ones_first() -> None:
    waiting = backlog(20)
    waiting.put("aABCDbE")
    assert ["a", "C", "D", "b", "E"] == waiting.items
    assert 0 == waiting.lost


def test_what_is_being_written_does_not_give_way() -> None:
    waiting = backlog(20)
    waiting.put("ABCD")
    assert ["A", "B"] == waiting.begin(2)
    waiting.put("E")
    assert ["A", "B", "E"] == waiting.items


def test_fleeting_items_beyond_the_most_are_no_loss() -> None:
    waiting = backlog(2)
    waiting.put("abC")
    assert 0 == waiting.lost
