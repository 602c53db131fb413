"""Periods of the plan: a month, a quarter or a year, and a page of a calendar with what is planned on it."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.tokens import Look
from ui.words import said_of, t

Length = Literal["month", "quarter", "year"]
LENGTHS: tuple[Length, ...] = ("month", "quarter", "year")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS_A_WEEK, WEEKS = 7, 6
CELL = 30
"""Pixels of a day at 100 %."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year, by its first day."""

    length: Length
    first: date

    @classmethod
    def around(cls, length: Length, on: date) -> Period:
        """Return the period in which a day lies."""
        count = _MONTHS[length]
        return cls(length, date(on.year, (on.month - 1) // count * count + 1, 1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.step(1).first - timedelta(days=1)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its months."""
        return tuple(_month_after(self.first, count) for count in range(_MONTHS[self.length]))

    @property
    def words(self) -> str:
        """Its name."""
        year, month = self.first.year, self.first.month
        if self.length == "year":
            return t("reception.year", year=year)
        if self.length == "quarter":
            return t("reception.quarter", year=year, quarter=(month + 2) // 3)
        return t("reception.month", year=year, month=month)

    def step(self, count: int) -> Period:
        """Return the period so many after this one."""
        return Period(self.length, _month_after(self.first, count * _MONTHS[self.length]))


def _month_after(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


Mark = Literal["planned", "proposed", "cancelled", "open", "closed"]


class MonthPage(QWidget):
    """One month: its days, and a mark where there is a reception; the list beside it says the same in words."""

    picked = Signal(object)
    """A day was pressed."""

    def __init__(self, look: Look, month: date, marks: Mapping[date, Mark], today: date) -> None:
        super().__init__()
        self._look, self._month, self._marks, self._today = look, month, dict(marks), today
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        named = [one.isoformat() for one in sorted(self._marks) if (one.year, one.month) == (month.year, month.month)]
        self.setAccessibleName(said_of(t("reception.month", year=month.year, month=month.month), *named))

    def sizeHint(self) -> QSize:
        """Seven days across, a head, and as many weeks as the month has."""
        cell = self._look.size(CELL)
        return QSize(DAYS_A_WEEK * cell, (len(self._weeks()) + 2) * cell)

    def _weeks(self) -> list[list[date]]:
        return calendar.Calendar().monthdatescalendar(self._month.year, self._month.month)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the month: a reception day on its ground, a proposed one ringed, today underlined."""
        look, cell = self._look, self._look.size(CELL)
        colours = look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colours.ink))
        title = t("reception.month", year=self._month.year, month=self._month.month)
        painter.drawText(QRect(0, 0, DAYS_A_WEEK * cell, cell), Qt.AlignmentFlag.AlignCenter, title)
        font.setBold(False)
        font.setPixelSize(look.text(12))
        painter.setFont(font)
        painter.setPen(QColor(colours.third))
        for at in range(DAYS_A_WEEK):
            painter.drawText(
                QRect(at * cell, cell, cell, cell), Qt.AlignmentFlag.AlignCenter, t(f"reception.weekday{at + 1}")
            )
        for down, week in enumerate(self._weeks()):
            for at, day in enumerate(week):
                if day.month == self._month.month:
                    self._paint_day(painter, day, QRect(at * cell, (down + 2) * cell, cell, cell))
        painter.end()

    def _paint_day(self, painter: QPainter, day: date, place: QRect) -> None:
        colours, mark = self._look.colours, self._marks.get(day)
        ring = place.adjusted(3, 3, -3, -3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ink = colours.third if day.weekday() >= DAYS_A_WEEK - 2 else colours.ink
        if mark in ("planned", "open", "closed"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.press if mark != "closed" else colours.done))
            painter.drawEllipse(ring)
            ink = colours.on_press if mark != "closed" else colours.surface
        elif mark in ("proposed", "cancelled"):
            pen = QPen(QColor(colours.accent if mark == "proposed" else colours.third), 1.5)
            pen.setStyle(Qt.PenStyle.DashLine if mark == "proposed" else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawEllipse(ring)
        painter.setPen(QColor(ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(day.day))
        if mark == "cancelled":
            painter.drawLine(ring.topLeft(), ring.bottomRight())
        if day == self._today:
            painter.setPen(QPen(QColor(colours.accent if mark not in ("planned", "open") else colours.on_press), 2))
            painter.drawLine(place.left() + 9, place.bottom() - 5, place.right() - 9, place.bottom() - 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which day was pressed."""
        cell = self._look.size(CELL)
        down, at = int(event.position().y() // cell) - 2, int(event.position().x() // cell)
        weeks = self._weeks()
        if 0 <= down < len(weeks) and 0 <= at < DAYS_A_WEEK and weeks[down][at].month == self._month.month:
            self.picked.emit(weeks[down][at])
