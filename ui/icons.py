"""Icons by meaning. The pictures are Phosphor, drawn by qtawesome.

qtawesome costs 130-160 ms to import and another 40 to load all its fonts, so it is off the way to the first paint:
`ui.start` imports it in the background, and only the one font that is used is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap

if TYPE_CHECKING:
    from qtawesome.iconic_font import IconicFont

PICTURES: dict[str, str] = {
    "today": "ph.calendar-check",
    "new": "ph.pencil-line",
    "register": "ph.books",
    "reception": "ph.chats-circle",
    "screen": "ph.monitor",
    "programme": "ph.flag",
    "reports": "ph.chart-bar",
    "sync": "ph.arrows-clockwise",
    "settings": "ph.sliders-horizontal",
    "help": "ph.question",
    "search": "ph.magnifying-glass",
    "person": "ph.user",
    "people": "ph.users",
    "unit": "ph.buildings",
    "lock": "ph.lock-simple",
    "visit": "ph.person-simple-walk",
    "letter": "ph.envelope-simple",
    "call": "ph.phone",
    "web": "ph.globe-simple",
    "fax": "ph.printer",
    "add": "ph.plus",
    "remove": "ph.x",
    "back": "ph.arrow-left",
    "more": "ph.dots-three",
    "open": "ph.arrow-right",
    "late": "ph.warning-circle",
    "soon": "ph.hourglass-medium",
    "done": "ph.check-circle",
    "waiting": "ph.circle",
    "clock": "ph.clock",
    "doubt": "ph.info",
    "print": "ph.printer",
    "save": "ph.download-simple",
    "document": "ph.file-text",
    "paper": "ph.paperclip",
    "calendar": "ph.calendar-blank",
    "sealed": "ph.lock-key",
    "story": "ph.clock-counter-clockwise",
    "claim": "ph.chat-text",
    "why": "ph.question",
    "stick": "ph.hard-drives",
    "send": "ph.paper-plane-tilt",
    "backup": "ph.archive-box",
    "draft": "ph.note-pencil",
    "folder": "ph.folder-open",
    "key": "ph.key",
    "empty": "ph.tray",
    "down": "ph.caret-down",
    "up": "ph.caret-up",
    "same": "ph.copy-simple",
    "half": "ph.circle-half",
    "again": "ph.arrow-counter-clockwise",
}

_font: list[IconicFont] = []


def load() -> None:
    """Load the icon font. On the window thread, once the application stands; further calls do nothing."""
    if not _font:
        from qtawesome.iconic_font import IconicFont

        _font.append(IconicFont(("ph", "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json")))


def icon(meaning: str, colour: str) -> QIcon:
    """Return the icon of a meaning in a colour (`#rrggbb`)."""
    load()
    found: QIcon = _font[0].icon(PICTURES[meaning], color=QColor(colour))
    return found


def picture(meaning: str, colour: str, pixels: int) -> QPixmap:
    """Return the icon of a meaning as a square picture of `pixels`."""
    return icon(meaning, colour).pixmap(QSize(pixels, pixels))
