"""A report or a ledger as a paper, looked at page by page: as it was issued, or as it would print now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.paper import Ask, PaperSheet, printed

if TYPE_CHECKING:
    from ui.port import DeskPort


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
