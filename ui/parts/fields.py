"""Fields: a label above, the field, and what is doubted about it below. All take input methods as Qt gives them.

No field filters keys: a composing input method must never lose one (limits of input methods are tested per field).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
    QWidgetAction,
)

from models import codes
from ui import icons
from ui.parts.layout import Wrapping, column, restyle
from ui.parts.text import label
from ui.tokens import Look
from ui.words import language, t


class Field(QWidget):
    """A labelled field. `doubt` shows a sentence under it without blocking anything."""

    def __init__(self, words: str, inner: QWidget, look: Look, *, hint: str = "") -> None:
        super().__init__()
        self.inner = inner
        stack = column(self, look, 1)
        stack.setSpacing(look.space(1))
        self.label = label(words, "label")
        self.label.setBuddy(inner)
        stack.addWidget(self.label)
        stack.addWidget(inner)
        self._below = label(hint, "small", wrap=True)
        self._hint = hint
        stack.addWidget(self._below)
        self._below.setVisible(bool(hint))
        inner.setAccessibleName(words)
        if hint:
            inner.setAccessibleDescription(hint)
        self.setFocusProxy(inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def doubt(self, words: str, tone: str = "soon") -> None:
        """Show a doubt below the field; '' takes it away."""
        self._below.setText(words or self._hint)
        self._below.setProperty("tone", tone if words else "")
        self._below.setVisible(bool(words or self._hint))
        self.inner.setAccessibleDescription(words or self._hint)
        restyle(self._below)

    @property
    def doubted(self) -> str:
        """Return the doubt shown, '' for none."""
        return self._below.text() if self._below.property("tone") else ""


def text_line(value: str = "", *, placeholder: str = "", secret: bool = False) -> QLineEdit:
    """Return a one-line field."""
    made = QLineEdit(value)
    made.setPlaceholderText(placeholder)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
    return made


EXTRA_PIXELS = 4
"""Room for rounding of line heights, so that no scroll bar shows beside a text that fits."""


class LongText(QPlainTextEdit):
    """A field for several lines that grows with its text; Tab goes on to the next field, as at every field."""

    pasted = Signal(object)
    """`QMimeData` with pictures or files, which are papers and not text."""

    def __init__(self, look: Look, value: str = "", *, lines: int = 3, most: int = 16, placeholder: str = "") -> None:
        super().__init__(value)
        self._least, self._most, self._look = lines, most, look
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def text(self) -> str:
        """Return the text."""
        return self.toPlainText()

    def setText(self, words: str) -> None:
        """Replace the text."""
        self.setPlainText(words)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take text; let pictures and files go to the papers."""
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert text as plain text; hand pictures and files on."""
        if source.hasImage() or source.hasUrls():
            self.pasted.emit(source)
        else:
            super().insertFromMimeData(source)

    def _grow(self) -> None:
        spacing = self.fontMetrics().lineSpacing()
        lines = min(self._most, max(self._least, int(self.document().size().height())))
        edges = 2 * (self._look.space(1) + 2) + round(2 * self.document().documentMargin()) + EXTRA_PIXELS
        self.setFixedHeight(lines * spacing + edges)

    def showEvent(self, event: QShowEvent) -> None:
        """Measure again once the font of the stylesheet is in force."""
        super().showEvent(event)
        self._grow()


_DATE = re.compile(r"^\s*(?:(\d{4})\s*[-./年]?\s*)?(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?\s*$")
_SOLID = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})\s*$")


def read_day(words: str, today: date, *, ahead: bool = False) -> date | None:
    """Return the day a person means: 2026-03-02, 2026年3月2日, 20260302, 3-2, 3月2日, 0 (today), -1 (yesterday).

    A day without a year is the latest one that is not in the future; `ahead`: the next one that has not passed.

    Raises:
        ValueError: It is not a day. '' is no day and gives None.
    """
    if not words.strip():
        return None
    if re.fullmatch(r"\s*-?\d{1,3}\s*", words):
        return today + timedelta(days=int(words))
    if solid := _SOLID.match(words):
        return date(int(solid[1]), int(solid[2]), int(solid[3]))
    found = _DATE.match(words)
    if not found:
        raise ValueError(words)
    if found[1]:
        return date(int(found[1]), int(found[2]), int(found[3]))
    day = date(today.year, int(found[2]), int(found[3]))
    if ahead:
        return day if day >= today else date(today.year + 1, int(found[2]), int(found[3]))
    return day if day <= today else date(today.year - 1, int(found[2]), int(found[3]))


class DateField(QLineEdit):
    """A day as typed or picked. What is not a day keeps its text and is marked; `day` is then None and `wrong` true.

    `ahead`: a day to come is asked for, so that 3-2 is the next 2 March and not the last one.
    """

    changed = Signal()

    def __init__(
        self, look: Look, value: date | None = None, *, today: date | None = None, ahead: bool = False
    ) -> None:
        super().__init__(value.isoformat() if value else "")
        self._look = look
        self._ahead = ahead
        self._today = today or date.today()  # noqa: DTZ011  # local calendar day of the counter
        self.wrong = False
        self.setPlaceholderText(t("field.date_form"))
        pick = QAction(icons.icon("calendar", look.colours.second), t("field.pick_date"), self)
        pick.triggered.connect(self._pick)
        self.addAction(pick, QLineEdit.ActionPosition.TrailingPosition)
        self.editingFinished.connect(self._settle)
        self.textChanged.connect(self._check)

    @property
    def day(self) -> date | None:
        """Return the day, None when empty or wrong."""
        try:
            return read_day(self.text(), self._today, ahead=self._ahead)
        except ValueError:
            return None

    def set_day(self, value: date | None) -> None:
        """Show a day."""
        self.setText(value.isoformat() if value else "")

    def _check(self) -> None:
        try:
            read_day(self.text(), self._today, ahead=self._ahead)
            wrong = False
        except ValueError:
            wrong = True
        if wrong and self.hasFocus():
            wrong = self.wrong  # half-typed days are not marked before the field is left
        self._mark(wrong)
        self.changed.emit()

    def _settle(self) -> None:
        day = self.day
        if day is not None:
            self.setText(day.isoformat())
        self._mark(day is None and bool(self.text().strip()))

    def _mark(self, wrong: bool) -> None:
        if wrong != self.wrong:
            self.wrong = wrong
            self.setProperty("tone", "late" if wrong else "")
            self.setToolTip(t("field.date_wrong") if wrong else "")
            self.setAccessibleDescription(t("field.date_wrong") if wrong else "")
            restyle(self)

    def _pick(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        day = self.day or self._today
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        inside = QWidgetAction(menu)
        inside.setDefaultWidget(calendar)
        menu.addAction(inside)

        def take(picked: QDate) -> None:
            self.set_day(date(picked.year(), picked.month(), picked.day()))
            menu.close()

        calendar.activated.connect(take)
        calendar.clicked.connect(take)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()


class Choice(QComboBox):
    """A choice of one value out of few, with its words; `value` is None when nothing is chosen."""

    def __init__(self, choices: Sequence[tuple[object, str]], *, value: object = None, none: str | None = None) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        if none is not None:
            self.addItem(none, None)
        for one, words in choices:
            self.addItem(words, one)
        self.set_value(value)

    @property
    def value(self) -> object:
        """Return the chosen value."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Choose a value; an unknown one leaves the first."""
        for index in range(self.count()):
            if self.itemData(index) == value:
                self.setCurrentIndex(index)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: a choice must not change while someone scrolls past it."""
        event.ignore()


def code_choice(table: str, value: str = "", *, only: Sequence[str] = (), none: str | None = None) -> Choice:
    """Return a choice out of a code table, in the language spoken."""
    wanted = only or codes.codes(table)
    return Choice([(code, codes.word(table, code, language())) for code in wanted], value=value, none=none)


class Segments(Wrapping):
    """A choice out of two to six, all visible; arrows move, as in any group of radio buttons."""

    chosen = Signal(object)

    def __init__(
        self, choices: Sequence[tuple[object, str, str]], look: Look, value: object = None, name: str = ""
    ) -> None:
        super().__init__(look, 1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._values: list[object] = []
        self.setAccessibleName(name)
        for at, (one, words, meaning) in enumerate(choices):
            made = QPushButton(words)
            made.setProperty("kind", "segment")
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setAccessibleName(words)
            if meaning:
                made.setIcon(icons.icon(meaning, look.colours.second))
                made.setIconSize(QSize(look.size(16), look.size(16)))
            self._group.addButton(made, at)
            self._values.append(one)
            self.add(made)
        if self._values:
            self.set_value(value if value is not None else self._values[0])
        self._group.idToggled.connect(self._toggled)

    @property
    def value(self) -> object:
        """Return the chosen value."""
        at = self._group.checkedId()
        return self._values[at] if at >= 0 else None

    def set_value(self, value: object) -> None:
        """Choose a value."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def set_none(self) -> None:
        """Choose none: what is asked for must not look as if it were answered."""
        self._group.setExclusive(False)
        for one in self._group.buttons():
            one.setChecked(False)
        self._group.setExclusive(True)

    def buttons(self) -> list[QPushButton]:
        """Return the buttons in order."""
        return [one for one in self._group.buttons() if isinstance(one, QPushButton)]

    def _toggled(self, at: int, on: bool) -> None:
        if on:
            self.chosen.emit(self._values[at])


def on_change(widget: QWidget, tell: Callable[[], object]) -> None:
    """Call `tell` whenever the person has changed a field of any kind."""
    if isinstance(widget, (DateField, QLineEdit)):
        widget.textChanged.connect(lambda _text: tell())
    elif isinstance(widget, QPlainTextEdit):
        widget.textChanged.connect(lambda: tell())
    elif isinstance(widget, QComboBox):
        widget.currentIndexChanged.connect(lambda _index: tell())
    elif isinstance(widget, QCheckBox):
        widget.toggled.connect(lambda _on: tell())
    elif isinstance(widget, Segments):
        widget.chosen.connect(lambda _value: tell())
    else:
        raise TypeError(type(widget).__name__)
