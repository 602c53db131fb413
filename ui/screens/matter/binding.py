"""Binding papers of a matter: which and in which order, the bound pages as they will print, then print or save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QSizePolicy

from models.records import MatterFile
from ui.context import Context
from ui.parts.layout import Wrapping, column, row
from ui.parts.pdf import PdfPane
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.screens.matter.entries import document_words
from ui.words import day, t

if TYPE_CHECKING:
    from models.letters.bundle import Bundle, Paper


class PaperList(QListWidget):
    """Papers with a mark each: the space bar marks, Alt+Up and Alt+Down move the line that is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setAccessibleName(t("bundle.papers"))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def move(self, step: int) -> None:  # type: ignore[override]  # of a line, not of the widget
        """Move the chosen line up (-1) or down (1)."""
        at = self.currentRow()
        if at >= 0 and 0 <= at + step < self.count():
            item = self.takeItem(at)
            self.insertItem(at + step, item)
            self.setCurrentRow(at + step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the chosen line by Alt and an arrow."""
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class BundleSheet(Sheet):
    """Choose and order papers; `wanted` asks for the bound pages, `show_bundle` shows them."""

    wanted = Signal(object)
    """The papers chosen, in their order."""
    print_wanted = Signal(bytes)
    save_wanted = Signal(bytes)

    def __init__(self, context: Context, file: MatterFile, papers: Sequence[Paper]) -> None:
        super().__init__(context, t("bundle.title"), width=1100)
        look = context.look
        documents = {one.id: one for one in file.documents}
        attachments = {one.id: one for one in file.attachments}
        self.bundle: Bundle | None = None
        across = row(None, look, 4)
        left = column(None, look, 2)
        left.addWidget(label(t("bundle.words"), "small", wrap=True))
        self.list = PaperList()
        for kind, number in papers:
            if kind == "document":
                document = documents[number]
                words = "  ".join(part for part in (document_words(document), day(document.dated_on)) if part)
            else:
                words = attachments[number].name
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, (kind, number))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setMinimumHeight(look.size(260))
        left.addWidget(self.list, 1)
        moves = Wrapping(look, 2)
        moves.add(button(t("bundle.up"), lambda: self.list.move(-1), picture_of="up", look=look))
        moves.add(button(t("bundle.down"), lambda: self.list.move(1), picture_of="down", look=look))
        left.addWidget(moves)
        across.addLayout(left, 2)
        self.pane = PdfPane(look)
        self.pane.setMinimumHeight(look.size(420))
        across.addWidget(self.pane, 3)
        self.body.addLayout(across, 1)
        self.told = label("", "small", wrap=True, copy=True)
        self.body.addWidget(self.told)
        self.make = button(t("bundle.make"), self._make, "primary")
        self.print_button = button(t("letter.print"), self._print, picture_of="print", look=look)
        self.save_button = button(t("bundle.save"), self._save, picture_of="save", look=look)
        foot = Wrapping(look, 2)
        for made in (self.make, self.print_button, self.save_button, button(t("sheet.close"), self.close_sheet)):
            foot.add(made)
        self.foot.addWidget(foot, 1)
        self._enable()
        self.list.itemChanged.connect(lambda _item: self._stale())
        self.list.model().rowsMoved.connect(self._stale)
        self.list.model().rowsInserted.connect(self._stale)

    def chosen(self) -> tuple[Paper, ...]:
        """Return the papers that are marked, in their order."""
        items = [self.list.item(at) for at in range(self.list.count())]
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked
        )

    def show_bundle(self, found: Bundle) -> None:
        """Show the bound pages."""
        self.bundle = found
        self.pane.show_bytes(found.pdf)
        self.told.setText(t("bundle.made", count=len(found.rows), pages=self.pane.pages, sha256=found.sha256))
        self.make.setEnabled(True)
        self._enable()
        self.print_button.setFocus()

    def refuse(self, words: str) -> None:
        """Show why nothing could be bound."""
        self.told.setText(words)
        self.make.setEnabled(True)

    def _make(self) -> None:
        papers = self.chosen()
        if not papers:
            self.told.setText(t("bundle.none"))
            return
        self.make.setEnabled(False)
        self.told.setText(t("bundle.making"))
        self.wanted.emit(papers)

    def _stale(self, *_moved: object) -> None:
        """Take back what was bound: the choice has changed since."""
        if self.bundle is not None:
            self.bundle = None
            self.told.setText(t("bundle.changed"))
            self._enable()

    def _enable(self) -> None:
        self.print_button.setEnabled(self.bundle is not None)
        self.save_button.setEnabled(self.bundle is not None)

    def _print(self) -> None:
        if self.bundle is not None:
            self.print_wanted.emit(self.bundle.pdf)

    def _save(self) -> None:
        if self.bundle is not None:
            self.save_wanted.emit(self.bundle.pdf)
