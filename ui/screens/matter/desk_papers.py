"""What is done with papers from the page of a matter: open, add, draft, bind."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from models.records import AttachmentDraft, AttachmentLine, DocumentLine, MatterFile
from ui.context import Context
from ui.parts.paper import save_pdf
from ui.screens.matter.paperwork import LetterKindsSheet
from ui.screens.newitem.papers import PaperSheet
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.letters.bundle import Paper
    from ui.screens.matter.binding import BundleSheet


class PaperFlows(QObject):
    """The flows of papers of one page; `file` returns the matter that is shown."""

    def __init__(self, context: Context, file: Callable[[], MatterFile | None], owner: QWidget) -> None:
        super().__init__(owner)
        self.context = context
        self._file = file
        self._window = owner

    def open_document(self, document: DocumentLine) -> None:
        """Show a letter as issued, or the scan of a paper that came in."""
        file = self._file()
        if file is None:
            return
        scan = next((one for one in file.attachments if one.id == document.attachment), None)
        if scan is not None:
            self.open_paper(scan)
        elif document.size:
            self.context.document_wanted.emit(file.id, document)
        else:
            self.context.told.emit(t("papers.no_scan"), "quiet")

    def open_paper(self, paper: AttachmentLine) -> None:
        """Show a paper from memory."""

        def show(data: bytes) -> None:
            shown = AttachmentDraft(name=paper.name, media_type=paper.media_type, data=data)
            self.context.sheet_wanted.emit(PaperSheet(self.context, shown))

        self.context.ask(lambda desk: desk.attachment_bytes(paper.id), show, owner=self)

    def add_papers(self) -> None:
        """Let the person choose files and put them into the matter."""
        names, _kind = QFileDialog.getOpenFileNames(self._window, t("paper.choose"))
        file = self._file()
        if not names or file is None:
            return
        matter = file.id

        def attach(desk: Any, job: Any) -> int:
            for at, name in enumerate(names):
                if job.cancelled:
                    return at
                path = Path(name)
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                desk.attach(
                    matter, AttachmentDraft(name=path.name, media_type=kind, data=path.read_bytes()), datetime.now(UTC)
                )
                job.progress(at + 1, len(names))
            return len(names)

        self.context.work(attach, lambda _count: self.context.register_changed.emit(), owner=self, label="work.attach")

    def choose_letter(self) -> None:
        """Let the person choose which letter or form to draft."""
        file = self._file()
        if file is None:
            return
        matter = file.id
        sheet = LetterKindsSheet(self.context)
        sheet.chosen.connect(lambda kind: self.context.letter_wanted.emit(matter, kind))
        self.context.sheet_wanted.emit(sheet)

    def bind(self) -> None:
        """Ask which papers can be bound, and show the sheet of binding."""
        file = self._file()
        if file is None:
            return
        matter = file.id

        def show(papers: tuple[Paper, ...]) -> None:
            from ui.screens.matter.binding import BundleSheet

            sheet = BundleSheet(self.context, file, papers)
            sheet.wanted.connect(lambda chosen: self._bind(matter, chosen, sheet))
            sheet.print_wanted.connect(lambda data: self._print(data, file.number))
            sheet.save_wanted.connect(lambda data: self._save(data, file.number))
            self.context.sheet_wanted.emit(sheet)

        self.context.ask(lambda desk: desk.bundle_papers(matter), show, owner=self, key="bind")

    def _bind(self, matter: int, papers: tuple[Paper, ...], sheet: BundleSheet) -> None:
        self.context.work(
            lambda desk, _job: desk.bundle_pdf(matter, papers),
            sheet.show_bundle,
            lambda error: sheet.refuse(sentence(error)),
            owner=sheet,
            label="work.bind",
        )

    def _print(self, data: bytes, number: str) -> None:
        from ui.parts.pdf import print_pdf

        if print_pdf(self._window, data, number):
            self.context.told.emit(t("letter.printed"), "done")

    def _save(self, data: bytes, number: str) -> None:
        save_pdf(self._window, self.context, t("bundle.save"), number, data)
