"""What is done with an issued letter: an editable copy, the papers that an index lists, and spoiling it as an act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from models.records import ClosedAct, DocumentLine, MatterFile, OpenAct, PaperDraft
from ui import law
from ui.context import Context
from ui.screens.matter.sheets import ActSheet
from ui.words import both, sentence, t

INDEXES = frozenset({"evidence_index", "archive_index"})
"""Kinds that list papers which can be bound behind them."""


def editable(document: DocumentLine) -> bool:
    """Return whether a document is an issued letter of ours, of which an editable copy can be made."""
    from models.letters.kinds import kinds

    return document.state == "issued" and any(one.code == document.kind and one.layout != "slip" for one in kinds())


def index(document: DocumentLine) -> bool:
    """Return whether a document is an issued index of papers."""
    return document.kind in INDEXES and document.state == "issued"


class Issued:
    """The flows of one issued letter; `owner` is the screen that shows it."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        self.context = context
        self._owner = owner
        self.sheet: ActSheet | None = None

    def save_docx(self, document: DocumentLine) -> None:
        """Write an editable copy to a file that the person names."""
        name, _kind = QFileDialog.getSaveFileName(
            self._owner, t("letter.docx"), f"{document.number or document.kind}.docx", t("letter.word_file")
        )
        if not name:
            return
        self.context.ask(
            lambda desk: Path(name).write_bytes(desk.document_docx(document.id)),
            lambda _count: self.context.told.emit(t("letter.docx_note"), "done"),
            owner=self._owner,
        )

    def show_sealed(self, document: DocumentLine, show: Callable[[bytes], None]) -> None:
        """Bind what an index lists behind it and show it, for printing and saving."""
        self.context.work(
            lambda desk, _job: desk.sealed_bundle(document.id),
            lambda found: show(found.pdf),
            owner=self._owner,
            key="letter",
            label="work.bind",
        )

    def begin_spoil(self, matter: int, document: DocumentLine) -> None:
        """Open the sheet of the act that spoils a letter, or say why it is not open."""

        def show(found: tuple[MatterFile, tuple[ClosedAct, ...]]) -> None:
            file, closed = found
            act = next((one for one in file.next_acts if one.name == "spoil"), None)
            if act is None:
                reason = next((both(one.reason_zh, one.reason_en) for one in closed if one.name == "spoil"), "")
                self.context.told.emit(reason, "soon")
                return
            self.sheet = sheet = ActSheet(self.context, act, file, {"document": document.id})
            sheet.ready.connect(partial(self._spoil, matter, sheet))
            self.context.sheet_wanted.emit(sheet)

        self.context.ask(lambda desk: (desk.matter(matter), desk.open_acts(matter)[1]), show, owner=self._owner)

    def _spoil(
        self, matter: int, sheet: ActSheet, act: OpenAct, inputs: dict[str, Any], papers: tuple[PaperDraft, ...]
    ) -> None:
        def done(_seq: int) -> None:
            sheet.close_sheet()
            self.context.told.emit(t("act.done", act=law.act(act.name)), "done")
            self.context.register_changed.emit()
            self.context.back_wanted.emit()

        self.context.ask(
            lambda desk: desk.perform(matter, act.name, inputs, at=datetime.now(UTC), papers=papers),
            done,
            lambda error: sheet.refuse(sentence(error)),
            owner=sheet,
        )
