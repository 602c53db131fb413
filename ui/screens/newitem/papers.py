"""Papers handed in: dropped, pasted or chosen; seen from memory; nothing is written to disk but the register."""

from __future__ import annotations

import mimetypes
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from models.records import AttachmentDraft
from ui.context import Context
from ui.parts.layout import clear, column, restyle, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, icon_button, label, picture
from ui.words import size, t

LARGEST = 64 * 1024 * 1024
"""Bytes of one paper. A larger file is refused with a sentence; it would not travel on a slow line."""


class PaperSheet(Sheet):
    """A paper, as large as the page allows."""

    def __init__(self, context: Context, paper: AttachmentDraft) -> None:
        super().__init__(context, paper.name, width=1100)
        from ui.parts.pdf import ImagePane, PdfPane

        look = context.look
        pane: QWidget | None = None
        if paper.media_type == "application/pdf":
            shown = PdfPane(look)
            shown.show_bytes(paper.data)
            pane = shown
        elif paper.media_type.startswith("image/"):
            image = ImagePane(paper.data)
            pane = image if image.readable else None
        elif paper.media_type.startswith("text/"):
            from ui.parts.text import prose

            self.body.addWidget(prose(paper.data.decode("utf-8", "replace")))
            self.finish_body()
            return
        if pane is None:
            self.body.addWidget(label(t("paper.not_shown", kind=paper.media_type), "second", wrap=True))
            self.finish_body()
            return
        pane.setMinimumHeight(look.size(480))
        self.body.addWidget(pane, 1)


class Papers(QFrame):
    """The papers of a new item."""

    changed = Signal()
    added = Signal(object)
    removed = Signal(object)

    def __init__(self, context: Context, papers: tuple[AttachmentDraft, ...]) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.setProperty("kind", "drop")
        self.setAcceptDrops(True)
        outer = column(self, look, 2, 3)
        self._list = column(None, look, 1)
        outer.addLayout(self._list)
        foot = row(None, look, 2)
        foot.addWidget(label(t("paper.drop"), "second", wrap=True), 1)
        self.choose_button = button(t("paper.choose"), self.choose, "quiet", picture_of="folder", look=look)
        self.paste_button = button(t("paper.paste"), self.paste, "quiet", picture_of="paper", look=look)
        foot.addWidget(self.choose_button)
        foot.addWidget(self.paste_button)
        outer.addLayout(foot)
        self.papers: list[AttachmentDraft] = list(papers)
        self._show()

    def take(self, paper: AttachmentDraft) -> None:
        """Add a paper."""
        if len(paper.data) > LARGEST:
            self.context.told.emit(
                t("paper.too_large", name=paper.name, size=size(len(paper.data)), most=size(LARGEST)), "late"
            )
            return
        self.papers.append(paper)
        self._show()
        self.added.emit(paper)
        self.changed.emit()

    def take_mime(self, mime: QMimeData) -> bool:
        """Add what is on the clipboard or was dropped; False when there is nothing to take."""
        took = False
        for url in mime.urls():
            if url.isLocalFile():
                self.take_file(Path(url.toLocalFile()))
                took = True
        if not took and mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                data = QByteArray()
                buffer = QBuffer(data)
                buffer.open(QIODevice.OpenModeFlag.WriteOnly)
                image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide takes the format as text
                self.take(
                    AttachmentDraft(
                        name=t("paper.pasted", number=len(self.papers) + 1),
                        media_type="image/png",
                        data=bytes(data.data()),
                    )
                )
                took = True
        return took

    def take_file(self, path: Path) -> None:
        """Read a file on the worker and add it."""

        def read() -> AttachmentDraft:
            return AttachmentDraft(
                name=path.name,
                media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                data=path.read_bytes(),
            )

        if path.is_dir():
            return
        self.context.worker.run(lambda _job: read(), self.take, owner=self)

    def choose(self) -> None:
        """Let the person choose files."""
        names, _kind = QFileDialog.getOpenFileNames(self, t("paper.choose"))
        for name in names:
            self.take_file(Path(name))

    def paste(self) -> None:
        """Take what is on the clipboard."""
        if not self.take_mime(QGuiApplication.clipboard().mimeData()):
            self.context.told.emit(t("paper.nothing"), "quiet")

    def _show(self) -> None:
        look = self.context.look
        clear(self._list)
        for paper in self.papers:
            holder = QWidget()
            across = row(holder, look, 2)
            across.addWidget(picture("paper", look, look.colours.second, 18))
            across.addWidget(
                button(
                    paper.name,
                    partial(self._look, paper),
                    "quiet",
                )
            )
            across.addWidget(label(size(len(paper.data)), "small"))
            across.addStretch(1)
            across.addWidget(
                icon_button(t("paper.remove", name=paper.name), "remove", look, partial(self._remove, paper))
            )
            self._list.addWidget(holder)

    def _look(self, paper: AttachmentDraft) -> None:
        self.context.sheet_wanted.emit(PaperSheet(self.context, paper))

    def _remove(self, paper: AttachmentDraft) -> None:
        self.papers = [one for one in self.papers if one is not paper]
        self._show()
        self.removed.emit(paper)
        self.changed.emit()

    def _over(self, on: bool) -> None:
        self.setProperty("over", "true" if on else "false")
        restyle(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            self._over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._over(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self._over(False)
        if self.take_mime(event.mimeData()):
            event.acceptProposedAction()
