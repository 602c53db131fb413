"""The first thing seen: who is at the desk, and the passphrase. Imports nothing that the first paint does not need.

Not even the namespace `Qt` (its enums cost some 35 ms to make ready) nor the shared parts that use it: this one screen
is set out by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPolygonF
from PySide6.QtWidgets import QBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from models.errors import RegisterError
from ui.tokens import Look
from ui.words import sentence, t

if TYPE_CHECKING:
    from PySide6.QtGui import QBrush, QPaintEvent

COLUMN_WIDTH = 360
MESSAGE_HEIGHT = 44


class Seal(QWidget):
    """The mark of the product: a square seal with the lines of a register and one stroke of a brush."""

    def __init__(self, look: Look, pixels: int) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(look.size(pixels), look.size(pixels))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the seal."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(self.width())
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(0, 0, side, side), side * 0.16, side * 0.16)
        painter.fillPath(ground, _solid(self._look.colours.seal))
        signs = QPainterPath()
        thick = side * 0.055
        for height, to in ((0.28, 0.72), (0.44, 0.72), (0.60, 0.46)):
            signs.addRoundedRect(
                QRectF(side * 0.26, side * height - thick / 2, side * (to - 0.26), thick), thick / 2, thick / 2
            )
        stroke = ((0.48, 0.69), (0.52, 0.65), (0.58, 0.71), (0.74, 0.53), (0.78, 0.57), (0.58, 0.79))
        signs.addPolygon(QPolygonF([QPointF(side * across, side * down) for across, down in stroke]))
        painter.fillPath(signs, _solid("#ffffff"))
        painter.end()


def _solid(colour: str) -> QBrush:
    """Return the brush of a colour. Asked of a palette: making one of a colour itself calls the namespace `Qt` up."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor(colour))
    return palette.window()


def _words(words: str, role: str) -> QLabel:
    made = QLabel(words)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made


class UnlockScreen(QWidget):
    """Login and passphrase. Emits what was typed; says what is wrong without saying which of the two."""

    submitted = Signal(str, str)
    """Login, passphrase."""

    def __init__(
        self, look: Look, register: Path, *, login: str = "", practice_passphrase: str = "", locked: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("kind", "window")
        outside = self._column(look)
        outside.addStretch(2)
        direction = QBoxLayout.Direction
        head = QBoxLayout(direction.LeftToRight if look.large else direction.TopToBottom)
        head.setSpacing(look.space(4))
        head.addWidget(Seal(look, 40 if look.large else 56))
        head.addWidget(_words(t("app.name"), "page"), 1)
        outside.addLayout(head)
        # A register's name is a file's name: a "<" in it must not be read as markup.
        name = register.stem.replace("<", "‹")
        outside.addWidget(_words(t("unlock.locked") if locked else t("unlock.register", name=name), "second"))
        outside.addSpacing(look.space(2 if look.large else 4))
        self.login = QLineEdit(login)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        for key, field in (("unlock.login", self.login), ("unlock.passphrase", self.passphrase)):
            outside.addWidget(_words(t(key), "label"))
            field.setAccessibleName(t(key))
            field.returnPressed.connect(self._submit)
            outside.addWidget(field)
        self.message = _words("", "second")
        self.message.setMinimumHeight(look.size(MESSAGE_HEIGHT))
        outside.addWidget(self.message)
        self.open = QPushButton(t("unlock.open"))
        self.open.setProperty("kind", "primary")
        self.open.clicked.connect(lambda: self._submit())
        outside.addWidget(self.open)
        if practice_passphrase:
            outside.addWidget(_words(t("unlock.practice", passphrase=practice_passphrase), "small"))
        outside.addStretch(3)
        QWidget.setTabOrder(self.login, self.passphrase)
        QWidget.setTabOrder(self.passphrase, self.open)
        self.take_focus()

    def _column(self, look: Look) -> QVBoxLayout:
        """Return the one column, in the middle of a page that scrolls when text is large."""
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        page = QScrollArea()
        page.setWidgetResizable(True)
        around.addWidget(page)
        inner = QWidget()
        inner.setProperty("kind", "page")
        across = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        middle = QWidget()
        middle.setMaximumWidth(look.size(COLUMN_WIDTH))
        across.addStretch(1)
        across.addWidget(middle, 1000)
        across.addStretch(1)
        page.setWidget(inner)
        down = QVBoxLayout(middle)
        down.setSpacing(look.space(2))
        return down

    def take_focus(self) -> None:
        """Put the cursor where the next key belongs."""
        (self.passphrase if self.login.text() else self.login).setFocus()

    def show_waiting(self) -> None:
        """Show that the key is being made; typing waits."""
        self._say(t("unlock.opening"), "")
        for widget in (self.login, self.passphrase, self.open):
            widget.setEnabled(False)

    def show_error(self, error: RegisterError) -> None:
        """Say what was wrong and let the person try again."""
        for widget in (self.login, self.passphrase, self.open):
            widget.setEnabled(True)
        self._say(sentence(error), "late")
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def _submit(self) -> None:
        if not self.login.text().strip():
            self.login.setFocus()
        elif not self.passphrase.text():
            self.passphrase.setFocus()
        else:
            self.submitted.emit(self.login.text().strip(), self.passphrase.text())

    def _say(self, words: str, tone: str) -> None:
        self.message.setText(("⚠ " if tone == "late" else "") + words.replace("<", "‹"))
        self.message.setProperty("tone", tone)
        self.message.setAccessibleName(words)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
