"""What every screen of the frame can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from models.records import OpenAct, PaperDraft


@dataclass(frozen=True, slots=True)
class LettersOfAct:
    """An act that is filled in and goes on to its letters: taken when they are issued."""

    act: OpenAct
    inputs: dict[str, Any]
    papers: tuple[PaperDraft, ...]
    kinds: tuple[str, ...]
    rules: str
    """Rule set of the matter."""


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
