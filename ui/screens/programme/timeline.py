"""The stages of a programme on a line of time, with its targets and today. All of it stands in words elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.tokens import RADIUS, TYPE, Look
from ui.words import day, said_of, t

if TYPE_CHECKING:
    from models.programme.records import Programme

BAR = 30
"""Pixels at 100 %."""
MARK = 5
ABOVE, BELOW = 22, 20
"""Room for the words over and under the bar."""


class TimeLine(QWidget):
    """A bar for each stage, a diamond for each target, a line for today, ticks for the months."""

    def __init__(self, programme: Programme, on: date, look: Look) -> None:
        super().__init__()
        self._programme, self._on, self._look = programme, on, look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._taken: list[QRectF] = []
        """Room over the bar that words have taken while it is painted."""
        self.setFixedHeight(look.size(ABOVE + BAR + BELOW))
        self.setAccessibleName(said_of(t("programme.timeline"), *self._said()))
        self.setToolTip("\n".join(self._said()))

    def _said(self) -> Iterator[str]:
        for stage in self._programme.stages:
            days = t("programme.days", first=day(stage.from_on), last=day(stage.to_on))
            words = t("join.pair", name=f"{stage.place} {stage.name}", value=days)
            yield said_of(words, t("programme.now")) if stage.current else words
        for target in self._programme.targets:
            yield t("programme.target_by", share=target.share, day=day(target.by_on))
        yield t("join.pair", name=t("programme.today"), value=day(self._on))

    def sizeHint(self) -> QSize:
        """Want the width there is."""
        return QSize(self._look.size(420), self.height())

    def place(self, on: date, *, end: bool = False) -> float:
        """Return how far from the left a day begins (or ends) on the line, in pixels."""
        first, last = self._programme.from_on, self._programme.to_on
        whole = (last - first).days + 1
        return self.width() * ((on - first).days + (1 if end else 0)) / whole

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bars, months, targets, today."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self._look
        font = QFont(self.font())
        font.setPixelSize(look.text(TYPE.small))
        painter.setFont(font)
        self._stages(painter)
        self._months(painter)
        self._taken = []
        self._today(painter)
        self._targets(painter)
        painter.end()

    def _stages(self, painter: QPainter) -> None:
        look, colours = self._look, self._look.colours
        top, height = look.size(ABOVE), look.size(BAR)
        for stage in self._programme.stages:
            left, right = self.place(stage.from_on), self.place(stage.to_on, end=True)
            bar = QRectF(left + 1, top, max(right - left - 2, 2), height)
            painter.setPen(QPen(QColor(colours.accent if stage.current else colours.hairline), 1))
            painter.setBrush(QColor(colours.accent_soft if stage.current else colours.sunken))
            painter.drawRoundedRect(bar, RADIUS, RADIUS)
            painter.setPen(QColor(colours.accent if stage.current else colours.second))
            room = bar.adjusted(look.space(1), 0, -look.space(1), 0)
            words = painter.fontMetrics().elidedText(
                f"{stage.place} {stage.name}", Qt.TextElideMode.ElideRight, round(room.width())
            )
            if len(words) < len(str(stage.place)) + 3:
                words = str(stage.place)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _months(self, painter: QPainter) -> None:
        look = self._look
        metrics = painter.fontMetrics()
        top = look.size(ABOVE + BAR)
        painter.setPen(QColor(look.colours.third))
        free = -1.0
        for month in _months(self._programme.from_on, self._programme.to_on):
            at = self.place(month)
            words = f"{month:%Y-%m}"
            wide = metrics.horizontalAdvance(words)
            if at < free or at + wide > self.width():
                continue
            painter.drawLine(QPointF(at + 1, top), QPointF(at + 1, top + look.size(4)))
            painter.drawText(QPointF(at + look.space(1), top + look.size(4) + metrics.ascent()), words)
            free = at + wide + look.space(3)

    def _today(self, painter: QPainter) -> None:
        """Draw the line of today, when it lies in the programme."""
        programme, look = self._programme, self._look
        if not programme.from_on <= self._on <= programme.to_on:
            return
        colour = QColor(look.colours.ink)
        at = (self.place(self._on) + self.place(self._on, end=True)) / 2
        painter.setPen(QPen(colour, look.size(2)))
        painter.drawLine(QPointF(at, look.size(ABOVE - 4)), QPointF(at, look.size(ABOVE + BAR + 3)))
        self._word(painter, t("programme.today"), at, colour)

    def _targets(self, painter: QPainter) -> None:
        look = self._look
        for target in self._programme.targets:
            tone = {"reached": look.colours.done, "missed": look.colours.late}.get(target.state, look.colours.accent)
            colour = QColor(tone)
            at, mark = self.place(target.by_on, end=True), look.size(MARK)
            at = min(max(at, mark), self.width() - mark)
            middle = look.size(ABOVE)
            painter.setPen(QPen(QColor(look.colours.paper), 1))
            painter.setBrush(colour)
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(at, middle - mark),
                        QPointF(at + mark, middle),
                        QPointF(at, middle + mark),
                        QPointF(at - mark, middle),
                    ]
                )
            )
            self._word(painter, f"{target.share} %", at, colour)

    def _word(self, painter: QPainter, words: str, at: float, colour: QColor) -> None:
        """Write a word over the bar as near to a place as what is written already lets it; not at all without room."""
        metrics, gap = painter.fontMetrics(), self._look.space(1)
        wide = metrics.horizontalAdvance(words)
        wanted = min(max(at - wide / 2, 0), self.width() - wide)
        beside = [place for one in self._taken for place in (one.right() + gap, one.left() - gap - wide)]
        for left in (wanted, *sorted(beside, key=lambda place: abs(place - wanted))):
            room = QRectF(left, 0, wide, metrics.height())
            free = not any(one.adjusted(1 - gap, 0, gap - 1, 0).intersects(room) for one in self._taken)
            if free and 0 <= left <= self.width() - wide:
                self._taken.append(room)
                painter.setPen(colour)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
                return


def _months(first: date, last: date) -> Iterator[date]:
    """Return the first days of the months that begin in a time."""
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= first:
            yield date(year, month, 1)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
