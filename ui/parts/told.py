"""What the window says after something was done or went wrong: a slip over the foot of the page.

It lies over the page and moves nothing: a button must not slide from under the pointer when a slip comes or goes.
Trouble stays until it is put away, anything else for a few seconds.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui import icons
from ui.parts.layout import restyle, row
from ui.parts.text import icon_button, label
from ui.timers import after_pause
from ui.tokens import Look
from ui.words import t

TOLD_FOR_MS = 8_000
WIDEST = 720
ABOVE_BAR = 64
"""Height kept free for the bar of acts at the foot, at 100 %."""


class Told(QFrame):
    """One sentence with its sign, over the foot of `stage`."""

    def __init__(self, stage: QWidget, look: Look) -> None:
        super().__init__(stage)
        self._look = look
        self.setProperty("kind", "notice")
        self.setProperty("floating", True)
        inside = row(self, look, 2)
        inside.setContentsMargins(look.space(4), look.space(2), look.space(2), look.space(2))
        self._sign = QLabel()
        inside.addWidget(self._sign)
        self.words = label("", wrap=True, copy=True)
        inside.addWidget(self.words, 1)
        inside.addWidget(icon_button(t("sheet.close"), "remove", look, self.hide))
        self._timer = after_pause(self, TOLD_FOR_MS, self.hide)
        stage.installEventFilter(self)
        self.hide()

    def tell(self, words: str, tone: str) -> None:
        """Say a sentence."""
        look = self._look
        self.setProperty("tone", tone)
        restyle(self)
        meaning = {"late": "late", "soon": "doubt", "done": "done"}.get(tone, "doubt")
        colour = look.colours.late if tone == "late" else look.colours.done if tone == "done" else look.colours.accent
        self._sign.setPixmap(icons.picture(meaning, colour, look.size(18)))
        self.words.setText(words)
        self.setAccessibleName(words)
        self._fit()
        self.show()
        self.raise_()
        if tone == "late":
            self._timer.stop()
        else:
            self._timer.start()

    def _fit(self) -> None:
        stage, look = self.parentWidget(), self._look
        if stage is None:
            return
        self.ensurePolished()
        around = self.sizeHint().width() - self.words.sizeHint().width()
        line = self.words.fontMetrics().horizontalAdvance(self.words.text()) + around + look.space(2)
        width = min(line, look.size(WIDEST), stage.width() - 2 * look.space(5))
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry((stage.width() - width) // 2, stage.height() - height - look.size(ABOVE_BAR), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot of the page."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)
