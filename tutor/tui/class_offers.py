"""Which keys of a class can be given now, by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.tui.commands import ANSWER_POLL, BRING_HERE, CLASS_ANSWERS, FOLLOW, OPEN_ROOM

if TYPE_CHECKING:
    from tutor.player.room_member import RoomMember


def offered(action: str, member: RoomMember, *, on_step: bool, in_room: bool) -> bool:
    """Return whether a member can give a command of the class.

    `on_step`: a step of a lesson is on the screen; `in_room`: the instructor's screen is open.
    """
    place = member.room.class_place(member.now)
    teaches = member.is_instructor
    offers = {
        OPEN_ROOM.action: teaches and not in_room,
        BRING_HERE.action: teaches and on_step,
        ANSWER_POLL.action: member.may_vote,
        FOLLOW.action: not member.leads and place is not None,
        CLASS_ANSWERS.action: not teaches and answers_are_open(member),
    }
    return offers.get(action, not teaches)


def answers_are_open(member: RoomMember) -> bool:
    """Return whether the instructor has opened what the class answered to its step."""
    return member.room.class_place(member.now) in member.room.lead.opened
