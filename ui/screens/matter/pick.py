"""Many acts on one sheet: grouped by the room of the handling in which they stand, and found by typing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from models import acts
from models.records import ClosedAct, OpenAct
from ui import law
from ui.context import Context
from ui.parts.layout import column
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.words import both, said_of, t

AT_ONCE = 14
"""Rows made before the sheet is painted; the others follow, a few at a time."""
A_STEP = 10


class SearchLine(QLineEdit):
    """The line of a sheet's search: the arrows go on into what was found, Enter takes the first of it."""

    down = Signal()
    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the line downwards, or take the first."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.taken.emit()
        else:
            super().keyPressEvent(event)


class GroupedSheet(Sheet):
    """Rows under the heads of their groups; what is typed leaves the rows that have all its words."""

    def __init__(self, context: Context, title: str, *, width: int = 460) -> None:
        super().__init__(context, title, width=width)
        self.search = SearchLine()
        self.search.setPlaceholderText(t("acts.search"))
        self.search.setAccessibleName(t("acts.search"))
        self.search.textChanged.connect(self._filter)
        self.search.down.connect(self._into)
        self.search.taken.connect(self._take)
        self.body.addWidget(self.search)
        self.groups: list[tuple[QWidget, list[tuple[QWidget, str]]]] = []
        self._waiting: deque[tuple[int, Callable[[], QWidget], str]] = deque()
        self._none = label(t("acts.none_found"), "second", wrap=True)

    @property
    def complete(self) -> bool:
        """Whether every row is there."""
        return not self._waiting

    def add_group(self, title: str, rows: Iterable[tuple[Callable[[], QWidget], str]]) -> None:
        """Add a group: how each row is made, with the words by which it is found."""
        made = QWidget()
        inside = column(made, self.context.look, 1)
        inside.addWidget(label(title, "label"))
        self._waiting += [(len(self.groups), make, f"{title} {words}".casefold()) for make, words in rows]
        self.groups.append((made, []))
        self.body.addWidget(made)

    def finish_body(self) -> None:
        """Push the content to the top; the rows that are not seen at once follow while the sheet is used already."""
        self._none.hide()
        self.body.addWidget(self._none)
        super().finish_body()
        self._make(AT_ONCE)

    def _make(self, count: int) -> None:
        wanted = self.search.text().casefold().split()
        for _row in range(min(count, len(self._waiting))):
            group, make, words = self._waiting.popleft()
            holder, rows = self.groups[group]
            widget = make()
            rows.append((widget, words))
            layout = holder.layout()
            if layout is not None:
                layout.addWidget(widget)
            if wanted:
                widget.setVisible(all(one in words for one in wanted))
        if self._waiting:
            QTimer.singleShot(0, self, lambda: self._make(A_STEP))
        elif wanted:
            self._filter(self.search.text())

    def _filter(self, typed: str) -> None:
        wanted = typed.casefold().split()
        some = not self.complete
        for holder, rows in self.groups:
            shown = 0
            for widget, words in rows:
                fits = all(one in words for one in wanted)
                widget.setVisible(fits)
                shown += fits
            holder.setVisible(bool(shown) or not self.complete)
            some = some or bool(shown)
        self._none.setVisible(not some)

    def _first(self) -> QPushButton | None:
        for holder, rows in self.groups:
            for widget, _words in rows:
                if isinstance(widget, QPushButton) and not widget.isHidden() and not holder.isHidden():
                    return widget
        return None

    def _into(self) -> None:
        first = self._first()
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _take(self) -> None:
        first = self._first()
        if first is not None and self.search.text().strip():
            first.click()


def by_room(names: Iterable[str]) -> dict[str, list[str]]:
    """Return acts grouped by their room, rooms and acts in the order of the table."""
    wanted = set(names)
    found: dict[str, list[str]] = {}
    for name, rule in acts.table().items():
        if name in wanted:
            found.setdefault(rule.room, []).append(name)
    return found


def _found_by(name: str) -> str:
    rule = acts.rule(name)
    return f"{rule.zh} {rule.en} {rule.article_zh} {rule.article_en}"


class ActsSheet(GroupedSheet):
    """Every act that is open, grouped."""

    chosen = Signal(object)
    """`OpenAct`."""

    def __init__(self, context: Context, opened: Sequence[OpenAct]) -> None:
        super().__init__(context, t("acts.open"))
        known = {one.name: one for one in opened}
        self._known = known
        self.rows: dict[str, QPushButton] = {}
        for room, names in by_room(known).items():
            self.add_group(t(f"rooms.{room}"), [(partial(self._row, name), _found_by(name)) for name in names])
        self.finish_body()

    def _row(self, name: str) -> QWidget:
        self.rows[name] = button(law.act(name), partial(self.chosen.emit, self._known[name]), "row")
        return self.rows[name]


class WhyNotSheet(GroupedSheet):
    """Every act that is not open, with its reason, grouped."""

    def __init__(self, context: Context, closed: Sequence[ClosedAct]) -> None:
        super().__init__(context, t("act.why_not"), width=520)
        known = {one.name: both(one.reason_zh, one.reason_en) for one in closed}
        for room, names in by_room(known).items():
            self.add_group(
                t(f"rooms.{room}"),
                [(partial(self._row, name, known[name]), f"{_found_by(name)} {known[name]}") for name in names],
            )
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)

    def _row(self, name: str, reason: str) -> QWidget:
        row = QWidget()
        inside = column(row, self.context.look, 0)
        inside.addWidget(label(law.act(name), "strong", wrap=True))
        inside.addWidget(label(reason, "second", wrap=True, copy=True))
        row.setAccessibleName(said_of(law.act(name), reason))
        return row
