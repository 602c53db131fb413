"""Sheets: work that asks for input lies over the page from the right; no modal dialogs. Esc or the cross leaves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from ui.context import Context
from ui.parts.layout import Page, column, line, row
from ui.parts.text import icon_button, label
from ui.words import t


class Sheet(QFrame):
    """One sheet: a title, a scrolling body, and a foot for buttons."""

    closed = Signal()

    def __init__(self, context: Context, title: str, *, width: int = 460) -> None:
        super().__init__()
        self.context = context
        self.wanted_width = context.look.size(width)
        look = context.look
        self.setProperty("kind", "sheet")
        self.setAccessibleName(title)
        outer = column(self, look, 0)
        head = row(None, look, 2, 0)
        head.setContentsMargins(look.space(5), look.space(4), look.space(4), look.space(3))
        head.addWidget(label(title, "section", wrap=True), 1)
        self._cross = icon_button(t("sheet.close"), "remove", look, self.close_sheet)
        head.addWidget(self._cross, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(head)
        outer.addWidget(line())
        self._page = Page(look, margin=5, gap=4)
        self.body = self._page.body
        outer.addWidget(self._page, 1)
        self.foot = row(None, look, 2, 0)
        self.foot.setContentsMargins(look.space(5), look.space(3), look.space(5), look.space(4))
        outer.addLayout(self.foot)

    def finish_body(self) -> None:
        """Push the content to the top; call once after the last widget."""
        self.body.addStretch(1)

    def close_sheet(self) -> None:
        """Leave the sheet."""
        self.closed.emit()

    def first_field(self) -> QWidget | None:
        """Return the first widget of the body that takes the focus."""
        for child in self._page.inner.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(self) and child.isEnabled():
                if isinstance(child, QAbstractScrollArea) and child.focusPolicy() == Qt.FocusPolicy.NoFocus:
                    continue
                return child
        return None


class SheetHost(QFrame):
    """The veil over the page and the sheet on it. Tab stays among sheet's fields; Esc leaves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "scrim")
        self.sheet: Sheet | None = None
        self._before: QWidget | None = None
        self.hide()
        parent.installEventFilter(self)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a sheet in place of any other."""
        if self.sheet is not None:
            self._drop()
        else:
            self._before = QApplication.focusWidget()
        self.sheet = sheet
        sheet.setParent(self)
        sheet.closed.connect(self.close_sheet)
        self._fit()
        self.show()
        self.raise_()
        sheet.show()
        first = sheet.first_field()
        (first or sheet).setFocus(Qt.FocusReason.TabFocusReason)

    def close_sheet(self) -> None:
        """Take the sheet away and give the focus back to where it was."""
        if self.sheet is None:
            return
        self._drop()
        self.hide()
        if self._before is not None:
            try:
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            except RuntimeError:  # the widget went with its screen while the sheet was open
                self._before = None

    def _drop(self) -> None:
        if self.sheet is not None:
            self.sheet.hide()
            self.sheet.deleteLater()
            self.sheet = None

    def _fit(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        if self.sheet is not None:
            width = min(self.sheet.wanted_width, self.width())
            self.sheet.setGeometry(self.width() - width, 0, width, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the page."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheet at the right edge."""
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the sheet when the veil is pressed."""
        if self.sheet is not None and not self.sheet.geometry().contains(event.position().toPoint()):
            self.sheet.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the sheet on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.sheet is not None:
            self.sheet.close_sheet()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go round within the sheet."""
        if self.sheet is None:
            return super().focusNextPrevChild(forward)
        sheet = self.sheet
        ring = [
            child
            for child in sheet.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(sheet) and child.isEnabled()
        ]
        if not ring:
            return True

        def place(child: QWidget) -> tuple[int, int]:
            corner = child.mapTo(sheet, QPoint(0, 0))
            return corner.y(), corner.x()

        ring.sort(key=place)
        now = QApplication.focusWidget()
        at = ring.index(now) if now in ring else -1 if forward else 0
        ring[(at + (1 if forward else -1)) % len(ring)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True


def sheet_of(widget: QWidget | None) -> Sheet | None:
    """Return the sheet in which a widget stands, None for none."""
    while widget is not None and not isinstance(widget, Sheet):
        widget = widget.parentWidget()
    return widget
