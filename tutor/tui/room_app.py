"""The app of who teaches, beside the server: it reads the room's events itself."""

from __future__ import annotations

from tutor.i18n import ENGLISH
from tutor.player.room_feed import RoomFeed
from tutor.tui.app import TutorApp
from tutor.tui.services import Services, Start


class RoomApp(TutorApp):
    """The tutor with the instructor's screen on top."""

    def __init__(
        self,
        services: Services,
        feed: RoomFeed,
        *,
        projector: bool = False,
        dark: bool = True,
        language: str = ENGLISH,
    ) -> None:
        super().__init__(services, Start(projector=projector), dark=dark, language=language)
        self._feed = feed

    async def on_mount(self) -> None:
        """Read the room, and go on reading."""
        self.run_worker(self._feed.run(), group="room")
