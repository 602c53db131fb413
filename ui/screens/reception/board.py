"""The second screen of a reception day: which number is called now, and which numbers wait. Numbers only, no names.

Where several counters give numbers, the last line says which counter gives which.

A window of its own, full screen on another monitor where there is one. It asks the register at its own pace, so that it
follows whatever was done at the counter; what a petitioner came about never reaches it (domain reference, section 16).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from ui import law
from ui.context import Context
from ui.words import said_of, t

if TYPE_CHECKING:
    from models.reception.records import Board

EVERY_MS = 5_000
SIZE = (1024, 640)
"""Of the window where there is one monitor only."""
BANDS = ((0.04, 0.12, 0.09), (0.16, 0.48, 0.48), (0.66, 0.10, 0.07), (0.76, 0.15, 0.12), (0.92, 0.06, 0.04))
"""Of head, number, count, waiting numbers and whose numbers they are: top, height, and type, each as a share of the
window's height."""
SHOWN_WAITING = 12
"""Numbers shown of those who wait: the next ones; how many wait is told in full."""
GAP = "   "
MARGIN = 0.05


class BoardWindow(QWidget):
    """Numbers and nothing else."""

    closed = Signal()

    def __init__(self, context: Context, reception: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.context, self.reception = context, reception
        self.board: Board | None = None
        self.head, self.number, self.count, self.waiting, self.runs = t("reception.board_none"), "", "", "", ""
        self.setWindowTitle(t("reception.board"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay with the counter's window
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
                lambda _error: self._say(t("reception.board_silent")),
                owner=self,
                key=f"board-{id(self)}",
            )

    def _show(self, board: Board) -> None:
        self.board = board
        if board.state != "open":
            self._say(law.code("reception_state", board.state))
            return
        called = board.now is not None
        counted = t("reception.board_waiting", count=board.count) if board.count else t("reception.board_waiting_none")
        self._say(
            t("reception.board_now") if called else t("reception.board_none"),
            str(board.now) if called else "",
            counted,
            GAP.join(str(turn) for turn in board.waiting[:SHOWN_WAITING]),
            GAP.join(f"{one.first}–{one.last} {one.name}" for one in board.counters),
        )

    def _say(self, head: str, number: str = "", count: str = "", waiting: str = "", runs: str = "") -> None:
        """Show these words; without a number none is shown rather than a stale one."""
        self.head, self.number, self.count, self.waiting, self.runs = head, number, count, waiting, runs
        self.setAccessibleName(said_of(head, number, count, waiting, runs))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write as large as the window lets."""
        colours = self.context.look.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.paper))
        inks = (colours.second, colours.accent, colours.second, colours.ink, colours.second)
        words = (self.head, self.number, self.count, self.waiting, self.runs)
        for (top, height, share), ink, said in zip(BANDS, inks, words, strict=True):
            place = QRect(0, round(top * self.height()), self.width(), round(height * self.height()))
            if said:
                painter.setPen(QColor(ink))
                painter.setFont(self._font(said, round(share * self.height()), bold=ink == colours.accent))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, said)
        painter.end()

    def _font(self, said: str, pixels: int, *, bold: bool) -> QFont:
        """Return the font at this size, or smaller when the words are wider than the window."""
        font = QFont(self.font())
        font.setBold(bold)
        font.setPixelSize(max(pixels, 1))
        room = self.width() * (1 - 2 * MARGIN)
        wide = QFontMetrics(font).horizontalAdvance(said)
        if wide > room:
            font.setPixelSize(max(round(pixels * room / wide), 1))
        return font

    # The ways out.

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


def open_board(context: Context, reception: int, owner: QWidget) -> tuple[BoardWindow, bool]:
    """Open the board of a reception day beside the owner's monitor; returns it and whether it has one of its own."""
    made = BoardWindow(context, reception, owner)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made, made.open_on(QGuiApplication.screens(), owner.screen())
