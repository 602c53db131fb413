"""Ways to set things out: columns, rows, wrapping rows, and a page that scrolls when text is large."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.tokens import Look


def column(owner: QWidget | None, look: Look, gap: int = 3, margin: int = 0) -> QVBoxLayout:
    """Return a column; `gap` and `margin` are steps of space, 0 for none."""
    made = QVBoxLayout(owner) if owner is not None else QVBoxLayout()
    _measure(made, look, gap, margin)
    return made


def row(owner: QWidget | None, look: Look, gap: int = 2, margin: int = 0) -> QHBoxLayout:
    """Return a row; `gap` and `margin` are steps of space, 0 for none."""
    made = QHBoxLayout(owner) if owner is not None else QHBoxLayout()
    _measure(made, look, gap, margin)
    return made


def _measure(layout: QBoxLayout, look: Look, gap: int, margin: int) -> None:
    edge = look.space(margin) if margin else 0
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(look.space(gap) if gap else 0)


def box(kind: str, parent: QWidget | None = None, tone: str = "") -> QFrame:
    """Return a frame of a kind known to the stylesheet."""
    made = QFrame(parent)
    made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    return made


def foot(look: Look, gap: int = 2, edge: int = 5) -> tuple[QFrame, QHBoxLayout]:
    """Return the bar at the foot of a screen, and its row."""
    made = box("bar")
    inside = row(made, look, gap)
    inside.setContentsMargins(look.space(edge), look.space(2), look.space(edge), look.space(2))
    return made, inside


def line(parent: QWidget | None = None) -> QFrame:
    """Return a hairline."""
    return box("line", parent)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def restyle(widget: QWidget) -> None:
    """Apply the stylesheet again after a property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Flow(QLayout):
    """A row that wraps."""

    def __init__(self, look: Look, gap: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = look.space(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return the item at an index, None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at an index, None beyond the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Want no more than needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height needed at a width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of the widest item."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the widest item."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, tallest = rect.x(), rect.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                self._settle(line, tallest, move=move)
                x, y, tallest = rect.x(), y + tallest + self._gap, 0
            width = min(hint.width(), rect.width()) if rect.width() > 0 else hint.width()
            height = item.heightForWidth(width) if item.hasHeightForWidth() else hint.height()
            height = max(height, hint.height())
            line.append((item, QRect(QPoint(x, y), QSize(width, height))))
            x += width + self._gap
            tallest = max(tallest, height)
        self._settle(line, tallest, move=move)
        return y + tallest - rect.y()

    @staticmethod
    def _settle(line: list[tuple[QLayoutItem, QRect]], tallest: int, *, move: bool) -> None:
        """Place a line's items on its middle."""
        for item, place in line if move else ():
            item.setGeometry(place.translated(0, (tallest - place.height()) // 2))
        line.clear()


class Wrapping(QWidget):
    """A widget around a `Flow`, whose height follows its width."""

    def __init__(self, look: Look, gap: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.flow = Flow(look, gap, self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Add a widget at the end."""
        self.flow.addWidget(widget)

    def clear(self) -> None:
        """Remove and delete all widgets."""
        clear(self.flow)


class Page(QScrollArea):
    """A page that scrolls: one column, no wider than is read with ease, that shows whatever gets the focus."""

    def __init__(
        self, look: Look, width: int = 0, margin: int = 5, gap: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("kind", "page")
        across = row(inner, look, 0, 0)
        body = QWidget()
        if width:
            body.setMaximumWidth(look.size(width))
            across.addStretch(1)
        across.addWidget(body, 1000)
        if width:
            across.addStretch(1)
        self.body = column(body, look, gap, margin)
        self.inner = inner
        inner.setMinimumHeight(1)  # as high as its words are at its width, not as they would be in a narrow column
        self.setWidget(inner)
        inner.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def settle(self) -> None:
        """Lay everything out now, and not turn by turn of the loop: no painting finds the page squeezed."""
        body = self.body.parentWidget()
        for widget in (body, self.inner):
            layout = widget.layout() if widget is not None else None
            if layout is not None:
                layout.activate()
        for asked in (self.inner, self):  # its width, then the height of the page
            QApplication.sendEvent(asked, QEvent(QEvent.Type.LayoutRequest))

    def _follow(self, _old: QObject | None, new: QObject | None) -> None:
        if isinstance(new, QWidget) and self.inner.isAncestorOf(new):
            self.ensureWidgetVisible(new, 24, 48)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the page at least as wide as its content asks, so that nothing is cut off at its right edge."""
        if watched is self.inner and event.type() == QEvent.Type.LayoutRequest:
            self.setHorizontalScrollBarPolicy(
                Qt.ScrollBarPolicy.ScrollBarAsNeeded
                if self.inner.minimumSizeHint().width() > self.viewport().width()
                else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            )
        return super().eventFilter(watched, event)
