"""The figures that are read first: each a tile with its value, the change since last month and last year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.context import Context
from ui.parts.layout import Wrapping, column, row
from ui.parts.text import label, picture
from ui.words import said_of, t

if TYPE_CHECKING:
    from models.figures.records import Figure, Report

HEADLINE = (
    "received",
    "visits_batches",
    "visits_people",
    "accepted",
    "answered",
    "notice_rate",
    "answer_rate",
    "late",
)
WIDTH = 256
"""Pixels at 100 %: four beside each other at 1366."""


class FigureTile(QPushButton):
    """One figure. Enter or a click opens its list, F1 tells its formula."""

    meaning_wanted = Signal()

    def __init__(
        self, context: Context, name: str, value: str, under: str, changes: str, *, late: bool = False
    ) -> None:
        super().__init__()
        look = context.look
        self.setProperty("kind", "tile")
        self.setAutoDefault(False)
        inside = column(None, look, 0)
        inside.setContentsMargins(look.space(2), look.space(2), look.space(2), look.space(2))
        self.setLayout(inside)
        inside.addWidget(label(name, "second", wrap=True))
        across = row(None, look, 2)
        if late:
            across.addWidget(picture("late", look, look.colours.late, 20))
        across.addWidget(label(value, "page", tone="late" if late else ""))
        across.addWidget(label(under, "small"), 1, Qt.AlignmentFlag.AlignBottom)
        inside.addLayout(across)
        inside.addWidget(label(changes or " ", "small", wrap=True))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(said_of(name, f"{value} {under}".strip(), changes))
        self.setAccessibleDescription(t("reports.tile_keys"))
        self.setFixedWidth(look.size(WIDTH))
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Ask for what the words need."""
        width = self.maximumWidth()
        return QSize(width, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Be as high as the words need."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    def event(self, event: QEvent) -> bool:
        """Take F1 before the window does: here it asks what the figure means."""
        before = event.type() == QEvent.Type.ShortcutOverride
        if before and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F1:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter as on space; F1 asks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_F1:
            self.meaning_wanted.emit()
        else:
            super().keyPressEvent(event)


def changes_of(report: Report, code: str) -> str:
    """Return the change of a figure since last month and last year; '' when there is nothing to compare."""
    from models.figures import wording

    said = []
    for name, before in report.compared.items():
        change = wording.change(report.figures[code], before.get(code))
        if change:
            said.append(t(f"reports.change_{name}", change=change))
    return "  ".join(said)


def value_of(figure: Figure) -> tuple[str, str]:
    """Return a figure as printed: the number, and what stands small beside it (its unit, or what a rate is over)."""
    from models.figures import wording
    from models.figures.indicators import indicator

    kind, told = indicator(figure.code).kind, wording.number(figure)
    if kind in ("rate", "product"):
        over = f"{figure.numerator:,}/{figure.denominator:,}" if kind == "rate" and figure.denominator else ""
        return told, over
    return told, wording.unit_of(figure)


def tiles(context: Context, report: Report) -> dict[str, FigureTile]:
    """Return the tiles of a report by the code of their figure."""
    from models.figures.indicators import indicator

    made = {}
    for code in HEADLINE:
        figure = report.figures.get(code)
        if figure is not None:
            value, under = value_of(figure)
            late = code == "late" and bool(figure.numerator)
            name = str(indicator(code).name)
            made[code] = FigureTile(context, name, value, under, changes_of(report, code), late=late)
            made[code].setToolTip(formula_of(code))
    return made


def formula_of(code: str) -> str:
    """Return how a figure is counted, with the version of its formula."""
    from models.figures.indicators import indicator

    meant = indicator(code)
    return t("reports.formula", formula=str(meant.formula), version=meant.version)


def flow_of(context: Context, made: dict[str, FigureTile]) -> Wrapping:
    """Return the tiles in rows that wrap."""
    flow = Wrapping(context.look, 2)
    flow.setAccessibleName(t("reports.headline"))
    for tile in made.values():
        flow.add(tile)
    return flow
