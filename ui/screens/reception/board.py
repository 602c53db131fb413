"""The second screen of a reception day: which number is called now, and which numbers wait. Numbers only, no names.

A window of its own, full screen on another monitor where there is one. It asks the register at its own pace, so that it
follows whatever was done at the counter; what a petitioner came about never reaches it (domain reference, section 16).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QLabel, QWidget

from ui import law
from ui.context import Context
from ui.parts.layout import column, restyle, row
from ui.parts.text import label
from ui.words import said_of, t

if TYPE_CHECKING:
    from models.reception.records import Board

EVERY_MS = 5_000
SIZE = (1024, 640)
"""Of the window where there is one monitor only."""
NOW_SHARE, HEAD_SHARE, WAITING_SHARE = 0.42, 0.075, 0.12
"""Heights of the type, as shares of the window's height."""
WIDEST_NUMBER = 0.28
"""Width of one digit of the number that is called, as a share of the window's width."""
SHOWN_WAITING = 12
"""Numbers shown of those who wait: the next ones; how many wait is told in full."""


class BoardWindow(QWidget):
    """Numbers and nothing else."""

    closed = Signal()

    def __init__(self, context: Context, reception: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.context, self.reception = context, reception
        self.board: Board | None = None
        look = context.look
        self.setProperty("kind", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(t("reception.board"))
        outer = column(self, look, 4, 6)
        self.head = label(t("reception.board_now"), "second")
        self.number = label("", "strong")
        self.remark = label("", "second", wrap=True)
        self.waiting = label("", "second", wrap=True)
        for one in (self.head, self.number, self.remark, self.waiting):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer.addWidget(self.head)
        outer.addWidget(self.number, 1)
        outer.addWidget(self.remark)
        across = row(None, look, 4)
        across.addWidget(self.waiting, 1)
        outer.addLayout(across)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        context.register_changed.connect(self.refresh)

    def open_on(self, screens: list[QScreen], beside: QScreen | None) -> bool:
        """Show the board; full screen on a monitor other than `beside`. Returns whether there is one."""
        other = next((one for one in screens if one is not beside), None) if len(screens) > 1 else None
        self.refresh()
        self._timer.start()
        if other is None:
            self.resize(*SIZE)
            self.show()
            return False
        self.setGeometry(other.geometry())
        self.showFullScreen()
        return True

    def refresh(self) -> None:
        """Ask for the numbers."""
        reception = self.reception
        if self.context.desk is not None:
            self.context.ask(
                lambda desk: desk.reception.board(reception),
                self._show,
                lambda _error: self._silent(),
                owner=self,
                key=f"board-{id(self)}",
            )

    def _show(self, board: Board) -> None:
        self.board = board
        ended = board.state in ("closed", "cancelled")
        if ended or board.state == "planned":
            self.head.setText(law.code("reception_state", board.state))
            self._set_number("")
        else:
            called = board.now is not None
            self.head.setText(t("reception.board_now") if called else t("reception.board_none"))
            self._set_number(str(board.now) if called else "—")
        self.remark.setText("" if ended else _counted(board.count))
        self.waiting.setText("" if ended else "   ".join(str(turn) for turn in board.waiting[:SHOWN_WAITING]))
        for one in (self.remark, self.waiting):
            one.setVisible(bool(one.text()))
        self.setAccessibleName(said_of(self.head.text(), self.number.text(), self.remark.text(), self.waiting.text()))
        self._fit()

    def _set_number(self, words: str) -> None:
        self.number.setText(words)
        self.number.setAccessibleName(words)

    def _silent(self) -> None:
        """Show no number rather than a stale one."""
        self.board = None
        self.head.setText(t("reception.board_silent"))
        for one in (self.number, self.remark, self.waiting):
            one.setText("")

    # Sizes, and the ways out.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write as large as the window is high."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height, width = self.height(), self.width()
        digits = max(len(self.number.text()), 1)
        now = min(height * NOW_SHARE, width * WIDEST_NUMBER * 3 / digits)
        _write(self.number, round(now), self.context.look.colours.accent)
        _write(self.head, round(height * HEAD_SHARE))
        _write(self.remark, round(height * HEAD_SHARE))
        _write(self.waiting, round(height * WAITING_SHARE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; F11 turns full screen on and off."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() == Qt.Key.Key_F11:
            self._turn_full()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Turn full screen on and off."""
        self._turn_full()
        super().mouseDoubleClickEvent(event)

    def _turn_full(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the board is gone."""
        self._timer.stop()
        super().closeEvent(event)
        self.closed.emit()


def _counted(count: int) -> str:
    return t("reception.board_waiting_none") if not count else t("reception.board_waiting", count=count)


def _write(words: QLabel, pixels: int, colour: str = "") -> None:
    style = f"font-size: {max(pixels, 12)}px;" + (f" color: {colour}; font-weight: 600;" if colour else "")
    if words.styleSheet() != style:
        words.setStyleSheet(style)
        restyle(words)


def open_board(context: Context, reception: int, owner: QWidget) -> tuple[BoardWindow, bool]:
    """Open the board of a reception day beside the owner's monitor; returns it and whether it has one of its own."""
    made = BoardWindow(context, reception, owner)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made, made.open_on(QGuiApplication.screens(), owner.screen())
