"""A chart on the page: title, legend, picture, the value at hand, note, and every value as text.

The same `Chart` that `models.sheets` prints is drawn here, so that screen and paper say the same. The picture is an
extra: whoever cannot see it hears all its values as the chart's description, reads them one by one with the arrows, or
has them listed as text. pyqtgraph is imported aside when the first chart is shown, never before.
"""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui import immortal
from ui.parts import chart_words
from ui.parts.layout import Wrapping, clear, column, row
from ui.parts.text import button, label
from ui.timers import after_pause
from ui.tokens import Look
from ui.words import t

if TYPE_CHECKING:
    from models.sheets.content import Chart
    from ui.parts.plots.paint import Paint

ROOM = "ui.parts.plots"
DRAW_AGAIN_MS = 60
"""A picture is drawn again so long after the width changed last."""
WAITING_HEIGHT = 120
"""Pixels at 100 % that are kept free for a picture which is not drawn yet."""
SWATCH = 12


class _Library(QObject):
    """Brings pyqtgraph and the rooms that draw with it, on a thread of its own, once for all charts."""

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.room: Any = None
        self._begun = False

    def want(self) -> bool:
        """Return whether charts can be drawn; otherwise `ready` tells when."""
        if self.room is None and not self._begun:
            self._begun = True
            threading.Thread(target=self._bring, name="charts", daemon=True).start()
        return self.room is not None

    def _bring(self) -> None:
        immortal.keep()  # pictures call Qt thousands of times
        self.room = importlib.import_module(ROOM)
        self.ready.emit()


_library: list[_Library] = []


def library() -> _Library:
    """Return what draws charts; made on the window thread with the first chart."""
    if not _library:
        _library.append(_Library())
    return _library[0]


class ChartPart(QFrame):
    """One chart; Tab reaches it, arrows go from value to value, Enter opens what is at hand."""

    chosen = Signal(int)
    """Enter was pressed at this place of the chart."""

    def __init__(self, chart: Chart, look: Look) -> None:
        super().__init__()
        self.chart, self._look = chart, look
        self.readings = chart_words.readings(chart)
        self.at = -1
        """The place at hand; -1 before the first arrow."""
        self.paint: Paint | None = None
        self.setProperty("kind", "chart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(chart_words.whole(chart))
        self.setToolTip(t("chart.hint"))
        inside = column(self, look, 1, 3)
        head = row(None, look, 3)
        head.addWidget(label(chart.title, "strong", wrap=True), 1)
        if chart.unit not in ("", "%"):
            head.addWidget(label(t("chart.unit", unit=chart.unit), "small"), 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(head)
        if len(chart.series) > 1 and chart.kind in ("bar", "stack"):
            inside.addWidget(self._legend())
        self._holder = QWidget()
        self._picture = column(self._holder, look, 0)
        self._waiting = label(t("chart.drawing"), "small")
        self._waiting.setMinimumHeight(look.size(WAITING_HEIGHT))
        self._picture.addWidget(self._waiting)
        inside.addWidget(self._holder)
        self.reading = label("", "second", wrap=True)
        self.reading.hide()
        inside.addWidget(self.reading)
        if chart.note:
            inside.addWidget(label(chart.note, "small", wrap=True))
        self.as_text = button(t("chart.as_text"), self.show_text, "quiet")
        inside.addWidget(self.as_text, 0, Qt.AlignmentFlag.AlignLeft)
        self._text = column(None, look, 1)
        inside.addLayout(self._text)
        self._again = after_pause(self, DRAW_AGAIN_MS, self._draw)
        self._drawn_width = 0

    def _legend(self) -> Wrapping:
        made = Wrapping(self._look, 3)
        for series, fill in zip(self.chart.series, self._look.colours.series, strict=False):
            one = QWidget()
            across = row(one, self._look, 1)
            square = QLabel()
            pixels = self._look.size(SWATCH)
            picture = QPixmap(QSize(pixels, pixels))
            picture.fill(fill)
            square.setPixmap(picture)
            across.addWidget(square)
            across.addWidget(label(series.name, "small"))
            made.add(one)
        return made

    # Drawing.

    def showEvent(self, event: QShowEvent) -> None:
        """Draw, as soon as the library is there."""
        super().showEvent(event)
        if self.paint is None:
            brought = library()
            if brought.want():
                self._again.start()
            else:
                brought.ready.connect(self._again.start, Qt.ConnectionType.SingleShotConnection)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw again for another width."""
        super().resizeEvent(event)
        if self._holder.width() != self._drawn_width:
            self._again.start()

    def _draw(self) -> None:
        room = library().room
        if room is None or not self.isVisible():
            return
        self._drawn_width = self._holder.width()
        if self.paint is None:
            self._waiting.hide()
            picture = room.Picture(self._look, self._holder)
            picture.setAccessibleName(self.chart.title)
            self._picture.addWidget(picture)
        else:
            picture = self.paint.picture
        self.paint = room.draw(picture, self.chart, self._look, self._drawn_width)
        self.paint.mark(self.at)

    # Reading.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read the next value with the right arrow, the one before with the left; Home, End; Enter opens it."""
        last = len(self.readings) - 1
        to = {
            Qt.Key.Key_Right: min(self.at + 1, last),
            Qt.Key.Key_Left: max(self.at - 1, 0),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is not None and last >= 0:
            self.read(to)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.at >= 0:
            self.chosen.emit(self.at)
        else:
            super().keyPressEvent(event)

    def read(self, place: int) -> None:
        """Read out one value: shown under the picture, marked in it, and said as the description."""
        self.at = place
        said = self.readings[place].said
        self.reading.setText(said)
        self.reading.show()
        self.setAccessibleDescription(said)
        if self.paint is not None:
            self.paint.mark(place)

    def show_text(self) -> None:
        """List every value as text under the picture, or put the list away."""
        if self._text.count():
            clear(self._text)
        else:
            lines = [one.said for one in self.readings] + [limit.name for limit in self.chart.limits]
            if self.chart.mean is not None:
                lines.append(chart_words.mean(self.chart))
            for said in lines:
                self._text.addWidget(label(said, "second", wrap=True, copy=True))
        words = t("chart.without_text") if self._text.count() else t("chart.as_text")
        self.as_text.setText(words)
        self.as_text.setAccessibleName(words)
