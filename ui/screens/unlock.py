"""The first thing seen: who is at the desk, and the passphrase. Imports nothing that the first paint does not need."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from models.errors import RegisterError
from ui.parts.layout import Page, restyle
from ui.parts.text import button, label
from ui.tokens import Look
from ui.words import sentence, t


class Seal(QWidget):
    """The mark of the product: a square seal with the lines of a register and one stroke of a brush."""

    def __init__(self, look: Look, pixels: int = 56) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(QSize(look.size(pixels), look.size(pixels)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the seal."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(self.width())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.colours.seal))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.16, side * 0.16)
        pen = QPen(QColor("#ffffff"), side * 0.055)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for height, to in ((0.28, 0.72), (0.44, 0.72), (0.60, 0.46)):
            painter.drawLine(QPointF(side * 0.28, side * height), QPointF(side * to, side * height))
        painter.drawPolyline(
            [QPointF(side * 0.50, side * 0.68), QPointF(side * 0.58, side * 0.77), QPointF(side * 0.76, side * 0.56)]
        )


class UnlockScreen(QWidget):
    """Login and passphrase. Emits what was typed; says what is wrong without saying which of the two."""

    submitted = Signal(str, str)
    """Login, passphrase."""

    def __init__(
        self, look: Look, register: Path, *, login: str = "", practice_passphrase: str = "", locked: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("kind", "window")
        self._look = look
        page = Page(look, width=360, margin=4, gap=2 if look.large else 3)
        outside = page.body
        outside.addStretch(2)
        head = QBoxLayout(QBoxLayout.Direction.LeftToRight if look.large else QBoxLayout.Direction.TopToBottom)
        head.setSpacing(look.space(5 if look.large else 4))
        head.addWidget(Seal(look, 40 if look.large else 56), 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(label(t("app.name"), "page"), 1)
        outside.addLayout(head)
        outside.addWidget(
            label(t("unlock.locked") if locked else t("unlock.register", name=register.stem), "second", wrap=True)
        )
        outside.addSpacing(look.space(2 if look.large else 4))

        outside.addWidget(label(t("unlock.login"), "label"))
        self.login = QLineEdit(login)
        self.login.setAccessibleName(t("unlock.login"))
        outside.addWidget(self.login)
        outside.addSpacing(look.space(1))
        outside.addWidget(label(t("unlock.passphrase"), "label"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(t("unlock.passphrase"))
        outside.addWidget(self.passphrase)
        self.message: QLabel = label("", wrap=True)
        self.message.setMinimumHeight(look.size(44))
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        outside.addWidget(self.message)
        self.open = button(t("unlock.open"), self._submit, "primary")
        outside.addWidget(self.open)
        if practice_passphrase:
            outside.addSpacing(look.space(3))
            hint = label(t("unlock.practice", passphrase=practice_passphrase), "small", wrap=True, copy=True)
            outside.addWidget(hint)
        outside.addStretch(3)

        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(page)
        self.login.returnPressed.connect(self._submit)
        self.passphrase.returnPressed.connect(self._submit)
        QWidget.setTabOrder(self.login, self.passphrase)
        QWidget.setTabOrder(self.passphrase, self.open)
        self.take_focus()

    def take_focus(self) -> None:
        """Put the cursor where the next key belongs."""
        (self.passphrase if self.login.text() else self.login).setFocus()

    def show_waiting(self) -> None:
        """Show that the key is being made; typing waits."""
        self._say(t("unlock.opening"), "second")
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
            return
        if not self.passphrase.text():
            self.passphrase.setFocus()
            return
        self.submitted.emit(self.login.text().strip(), self.passphrase.text())

    def _say(self, words: str, tone: str) -> None:
        self.message.setText(("⚠ " if tone == "late" else "") + words)
        self.message.setProperty("tone", tone)
        self.message.setAccessibleName(words)
        restyle(self.message)
