"""What all pictures of charts share: the plot, fonts and colours from the tokens, texts of a fixed size in pixels.

A picture is drawn for the width that it has, so that words at its edges have the room they need, and drawn again when
the width changes. It takes no keys, no pointer and no wheel: the page scrolls, and `ui.parts.charts` reads values out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem, QWidget

from ui.tokens import TYPE, Look, contrast

if TYPE_CHECKING:
    from models.sheets.content import Chart

DASHES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}


class Picture(pyqtgraph.PlotWidget):  # type: ignore[misc]  # the library carries no types
    """The plot of one chart, without anything that is moved by a pointer."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=look.colours.surface)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the library gives it one of its own
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFrameShape(self.Shape.NoFrame)
        self.plot = self.getPlotItem()
        self.plot.setContentsMargins(0, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class Paint:
    """A chart being drawn: where things lie is told in the chart's own values, room for words in pixels."""

    def __init__(self, picture: Picture, chart: Chart, look: Look, width: int) -> None:
        """Begin anew on `picture`, which is `width` pixels wide."""
        self.picture, self.chart, self.look = picture, chart, look
        self.width, self.height = max(width, look.size(200)), 0
        self.plot = picture.plot
        self.plot.clear()
        self.texts: list[str] = []
        """Everything written into the picture, in the order of writing."""
        self.marks: list[QPointF] = []
        """Where each place of the chart lies: what is at hand is marked there."""
        self.small = _font(look.text(TYPE.small))
        self.body = _font(look.text(TYPE.body))
        self.strong = _font(look.text(TYPE.body), bold=True)
        self._marker: QGraphicsItem | None = None
        for side in ("left", "bottom", "top", "right"):
            self.plot.hideAxis(side)

    def wide(self, words: str, font: QFont | None = None) -> float:
        """Return the width of one line in pixels."""
        return QFontMetricsF(font or self.small).horizontalAdvance(words)

    def high(self, font: QFont | None = None) -> float:
        """Return the height of a line in pixels."""
        return QFontMetricsF(font or self.small).height()

    def broken(self, words: str, width: float, font: QFont | None = None, lines: int = 2) -> str:
        """Return words over at most so many lines of a width in pixels; what does not fit ends in an ellipsis."""
        metrics = QFontMetricsF(font or self.small)
        made: list[str] = []
        rest = words
        while rest and len(made) < lines - 1 and metrics.horizontalAdvance(rest) > width:
            cut = next(
                (at for at in range(len(rest), 0, -1) if metrics.horizontalAdvance(rest[:at]) <= width),
                1,
            )
            blank = rest.rfind(" ", 1, cut + 1)
            cut = blank if blank > 0 else cut
            made.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        if rest:
            made.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
        return "\n".join(made)

    def axes(
        self,
        *,
        left: list[tuple[float, str]] | None = None,
        bottom: list[tuple[float, str]] | None = None,
        left_width: float = 0.0,
        under: str = "",
        font: QFont | None = None,
        colour: str = "",
    ) -> None:
        """Show an axis with these words at these values; none where none are given. `under` names the lower one."""
        for side, words in (("left", left), ("bottom", bottom)):
            if words is None:
                continue
            axis = self.plot.getAxis(side)
            self.plot.showAxis(side)
            axis.setTicks([words])
            axis.setStyle(tickLength=0, tickFont=font or self.small, tickTextOffset=self.look.space(2), showValues=True)
            axis.setTextPen(QColor(colour or self.look.colours.second))
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            if side == "left":
                axis.setWidth(left_width)
            else:
                axis.setHeight((self.high(font) + self.look.space(1)) * (2 if under else 1) + self.look.space(1) + 2)
                if under:
                    size = f"{self.small.pixelSize()}px"
                    axis.setLabel(under, **{"font-size": size, "color": self.look.colours.second})
                    self.texts.append(under)
            self.texts += [word for _at, word in words]

    def room(self, x: tuple[float, float], y: tuple[float, float], *, downwards: bool = False) -> None:
        """Show these values and nothing around them."""
        self.plot.invertY(downwards)
        self.plot.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)

    def line(self, spots: list[tuple[float, float]], colour: str, width: float = 1.0, dash: str = "solid") -> None:
        """Draw a line through spots."""
        pen = pyqtgraph.mkPen(QColor(colour), width=width, style=DASHES[dash])
        drawn = pyqtgraph.PlotCurveItem([x for x, _ in spots], [y for _, y in spots], pen=pen, antialias=True)
        self.plot.addItem(drawn)

    def bars(self, spots: list[tuple[float, float, float, float]], fill: str, edge: str = "") -> None:
        """Fill bars that lie: (from, to, top, thickness)."""
        if spots:
            pen = pyqtgraph.mkPen(QColor(edge), width=1) if edge else pyqtgraph.mkPen(None)
            self.plot.addItem(
                pyqtgraph.BarGraphItem(
                    x0=[spot[0] for spot in spots],
                    x1=[spot[1] for spot in spots],
                    y0=[spot[2] for spot in spots],
                    height=[spot[3] for spot in spots],
                    brush=QBrush(QColor(fill)),
                    pen=pen,
                )
            )

    def dots(self, spots: list[tuple[float, float]], colour: str, size: float, *, hollow: bool = False) -> None:
        """Draw round points of a size in pixels."""
        if spots:
            self.plot.addItem(
                pyqtgraph.ScatterPlotItem(
                    [x for x, _ in spots],
                    [y for _, y in spots],
                    size=size,
                    pen=pyqtgraph.mkPen(QColor(colour), width=1.5),
                    brush=QBrush(QColor(self.look.colours.surface if hollow else colour)),
                    antialias=True,
                )
            )

    def write(
        self,
        words: str,
        x: float,
        y: float,
        *,
        across: float = 0.0,
        down: float = 0.5,
        font: QFont | None = None,
        colour: str = "",
        ground: str = "",
    ) -> None:
        """Write one line at a value; `across` and `down` say which part of it lies there, 0 its left or top."""
        text = pyqtgraph.TextItem(
            words,
            color=QColor(colour or self.look.colours.ink),
            anchor=(across, down),
            fill=QBrush(QColor(ground)) if ground else None,
        )
        text.setFont(font or self.small)
        text.textItem.document().setDocumentMargin(1)
        text.updateTextPos()
        text.setPos(x, y)
        self.plot.addItem(text, ignoreBounds=True)
        self.texts.append(words)

    def on(self, fill: str) -> str:
        """Return the colour of words on a fill."""
        colours = self.look.colours
        return max((colours.ink, colours.surface), key=lambda ink: contrast(ink, fill))

    def mark(self, place: int) -> None:
        """Mark the place that is at hand; none when it is not among those drawn."""
        if self._marker is not None:
            self.plot.removeItem(self._marker)
            self._marker = None
        if 0 <= place < len(self.marks):
            spot = self.marks[place]
            self._marker = pyqtgraph.ScatterPlotItem(
                [spot.x()],
                [spot.y()],
                size=self.look.size(15),
                pen=pyqtgraph.mkPen(QColor(self.look.colours.ink), width=2),
                brush=QBrush(Qt.BrushStyle.NoBrush),
                antialias=True,
            )
            self.plot.addItem(self._marker, ignoreBounds=True)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    made = QFont(QApplication.font())
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made
