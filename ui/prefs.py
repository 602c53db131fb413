"""Preferences of this workstation's window: language, theme, text size. Of the machine, not of the register."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.errors import Language
from ui.tokens import TEXT_PERCENTS, Look, Theme

ThemeChoice = Literal["system", "light", "dark"]

LOCK_CHOICES = (5, 15, 30, 60, 0)
"""Minutes offered for the lock; 0 is never."""
LOCK_MINUTES = 15
SYNC_CHOICES = (5, 15, 30, 60, 0)
"""Minutes between rounds with the hub when nothing is entered; 0 is by hand only."""
SYNC_MINUTES = 15


class Preferences:
    """What the person chose; saved beside the program's other settings, without any content of the register.

    Attributes:
        language: Of the window and of errors.
        theme: As the system, or fixed.
        text_percent: One of `ui.tokens.TEXT_PERCENTS`.
        login: Last login typed on this workstation.
        story_newest_first: Order of a matter's story.
        lock_minutes: Minutes without input after which the window locks by itself; 0 for never.
        sync_minutes: Minutes between rounds with the hub when nothing is entered; 0 for by hand only.
        path: Where to save; None keeps them in memory only.
    """

    __slots__ = (
        "language",
        "lock_minutes",
        "login",
        "path",
        "story_newest_first",
        "sync_minutes",
        "text_percent",
        "theme",
    )

    def __init__(
        self,
        language: Language = "zh",
        theme: ThemeChoice = "system",
        text_percent: int = 100,
        login: str = "",
        story_newest_first: bool = True,
        lock_minutes: int = LOCK_MINUTES,
        sync_minutes: int = SYNC_MINUTES,
        path: Path | None = None,
    ) -> None:
        self.language, self.theme, self.text_percent = language, theme, text_percent
        self.lock_minutes, self.sync_minutes = lock_minutes, sync_minutes
        self.login, self.story_newest_first, self.path = login, story_newest_first, path

    def look(self, system: Theme) -> Look:
        """Return the look for these preferences when the system's own theme is `system`."""
        return Look(theme=system if self.theme == "system" else self.theme, scale=self.text_percent / 100)

    def save(self) -> None:
        """Write the file anew and put it in place of the old one."""
        if self.path is None:
            return
        import json

        values = {name: getattr(self, name) for name in self.__slots__ if name != "path"}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(self.path)


def load(path: Path) -> Preferences:
    """Return the preferences kept at `path`; what is absent or not understood there falls back to its default."""
    found = Preferences(path=path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return found
    import json  # only where there is a file to read

    try:
        values = json.loads(text)
    except ValueError:
        return found
    if not isinstance(values, dict):
        return found
    if values.get("language") in ("zh", "en"):
        found.language = values["language"]
    if values.get("theme") in ("system", "light", "dark"):
        found.theme = values["theme"]
    if values.get("text_percent") in TEXT_PERCENTS:
        found.text_percent = values["text_percent"]
    if values.get("lock_minutes") in LOCK_CHOICES:
        found.lock_minutes = values["lock_minutes"]
    if values.get("sync_minutes") in SYNC_CHOICES:
        found.sync_minutes = values["sync_minutes"]
    found.login = str(values.get("login", ""))
    found.story_newest_first = bool(values.get("story_newest_first", True))
    return found
