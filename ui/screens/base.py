"""What every screen of the frame can be asked."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtWidgets import QWidget


class Screen(QWidget):
    """What the frame shows in its middle. `name` is its place in the rail or ''."""

    name = ""

    def enter(self) -> None:
        """Fetch what is shown and put the focus where work begins."""

    def leave(self) -> None:
        """Keep what is not yet kept. Called before the screen goes away for whatever reason."""

    def back(self) -> bool:
        """Take one step back within the screen; False when there is none."""
        return False


def today() -> date:
    """Return the local calendar day at the counter."""
    return datetime.now().astimezone().date()
