"""A report or a ledger as a paper: looked at page by page, printed, saved as PDF or as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.context import Context
from ui.screens.reception.paper import PaperSheet, printed
from ui.words import t

if TYPE_CHECKING:
    from models.sheets.content import Sheet
    from ui.port import DeskPort

Ask = Callable[["DeskPort"], "Sheet"]


def show_paper(context: Context, owner: QWidget, title: str, ask: Ask, *, document: int | None = None) -> None:
    """Show a paper: the frozen one when it was issued, else as it would print now.

    Args:
        context: The window's context.
        owner: The widget that asks.
        title: What it is.
        ask: Returns what it says; on the worker.
        document: Id of the issued paper.
    """

    def lay_out(desk: DeskPort) -> bytes:
        if document is not None:
            return desk.papers.pdf(document)
        sheet = ask(desk)
        return printed(sheet) if sheet.kind not in _numbered() else desk.papers.preview(sheet)

    context.work(
        lambda desk, _job: lay_out(desk),
        lambda data: context.sheet_wanted.emit(PaperSheet(context, title, data, frozen=True, traced=document is None)),
        owner=owner,
        label="work.paper",
    )


def _numbered() -> frozenset[str]:
    """Return the kinds that bear a number once they are issued: before that they are marked as not issued."""
    from models.sheets.issue import SERIES

    return frozenset(SERIES)


def save(context: Context, owner: QWidget, title: str, stem: str, suffix: str, ask: Ask) -> None:
    """Write a paper to a file that the person names, as PDF or workbook; journalled, since it leaves the register."""
    kinds = t("reports.pdf_kind") if suffix == ".pdf" else t("reports.xlsx_kind")
    name, _kind = QFileDialog.getSaveFileName(owner, title, f"{stem}{suffix}", kinds)
    if not name:
        return
    path = Path(name) if Path(name).suffix.lower() == suffix else Path(name + suffix)
    context.work(
        lambda desk, _job: desk.ledgers.export(ask(desk), path),
        lambda _done: context.told.emit(t("reports.saved", path=str(path)), "done"),
        owner=owner,
        label="work.paper",
    )
