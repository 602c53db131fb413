"""A paper of the bureau over the page: as it would print, or as it was issued; printed, saved, or let go out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.context import Context
from ui.parts.pdf import PdfPane, print_pdf
from ui.parts.sheet import Sheet
from ui.parts.text import button
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.sheets.content import Sheet as Paper
    from ui.port import DeskPort

WIDTH = 860
HEIGHT = 220
"""Pixels at 100 %: a page across the sheet; it is as high as the sheet lets it be, and never less than this."""

KINDS = {".pdf": "reports.pdf_kind", ".xlsx": "reports.xlsx_kind"}
"""Words of the files as which a paper can leave."""

Ask = Callable[["DeskPort"], "Paper"]


class PaperSheet(Sheet):
    """Pages with what can be done with them; `go` is a button with what it does.

    What is frozen may be saved as it is; what is traced leaves a trace in the journal when it is printed or saved.
    """

    def __init__(
        self,
        context: Context,
        title: str,
        data: bytes,
        *,
        go: tuple[str, Callable[[], object]] | None = None,
        frozen: bool = False,
        traced: bool = False,
    ) -> None:
        super().__init__(context, title, width=WIDTH)
        look = context.look
        self.title, self.data, self.traced = title, data, traced
        self.pane = PdfPane(look)
        self.pane.setMinimumHeight(look.size(HEIGHT))
        self.pane.show_bytes(data)
        self.body.addWidget(self.pane, 1)
        self.go = None
        if go is not None:
            self.go = button(go[0], go[1], "primary")
            self.foot.addWidget(self.go)
        self.print_button = button(
            t("letter.print"), self.print, "" if go else "primary", picture_of="print", look=look
        )
        self.foot.addWidget(self.print_button)
        if frozen:
            self.foot.addWidget(button(t("letter.save_as"), self.save, picture_of="save", look=look))
        self.foot.addStretch(1)
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet))

    def print(self) -> None:
        """Ask for the printer."""
        self._leave(self._print)

    def save(self) -> None:
        """Write the pages to a file that the person names."""
        self._leave(lambda: save_pdf(self, self.context, t("letter.save_as"), self.title, self.data))

    def _print(self) -> None:
        if print_pdf(self, self.data, self.title):
            self.context.told.emit(t("letter.printed"), "done")

    def _leave(self, go: Callable[[], None]) -> None:
        """Let the pages go out; a ledger or a report that is in no list of issued papers is journalled first."""
        if not self.traced:
            go()
            return
        self.context.work(
            lambda desk, _job: desk.exported(),
            lambda _done: go(),
            lambda error: self.context.told.emit(sentence(error), "late"),
            owner=self,
            label="work.paper",
        )


def draft_of(paper: Paper) -> bytes:
    """Return a paper as it would print, marked as not issued; runs on the worker."""
    from models.sheets.pdf import to_pdf  # reportlab, only when a paper is looked at

    return to_pdf(paper, draft=True)


def printed(paper: Paper) -> bytes:
    """Return a working paper that is never issued (a brief, an open docket); runs on the worker."""
    from models.sheets.pdf import to_pdf  # reportlab, only when a paper is looked at

    return to_pdf(paper)


def show_paper(context: Context, owner: QWidget, title: str, ask: Ask) -> None:
    """Lay a working paper out and show it. `ask` takes the desk, on the worker, and returns the paper."""
    context.work(
        lambda desk, _job: printed(ask(desk)),
        lambda data: context.sheet_wanted.emit(PaperSheet(context, title, data)),
        owner=owner,
        label="work.paper",
    )


def show_issued(context: Context, owner: QWidget, document: int, title: str) -> None:
    """Show an issued paper, byte for byte as it was frozen."""
    context.work(
        lambda desk, _job: desk.papers.pdf(document),
        lambda data: context.sheet_wanted.emit(PaperSheet(context, title, data, frozen=True)),
        owner=owner,
        label="work.paper",
    )


def save_pdf(owner: QWidget, context: Context, title: str, stem: str, data: bytes) -> None:
    """Write pages to a file that the person names."""
    name, _kind = QFileDialog.getSaveFileName(owner, title, f"{stem}.pdf", "PDF (*.pdf)")
    if name:
        context.worker.run(
            lambda _job: Path(name).write_bytes(data),
            lambda _count: context.told.emit(t("letter.saved", path=name), "done"),
            owner=owner,
        )


def export_paper(context: Context, owner: QWidget, title: str, stem: str, kinds: tuple[str, ...], ask: Ask) -> None:
    """Write a paper to a file that the person names; journalled, since it leaves the register.

    Args:
        context: Of the window.
        owner: The widget that asks.
        title: Of the dialog.
        stem: Name that is proposed.
        kinds: Ends of a file that are offered, the first of them proposed (`KINDS`).
        ask: Returns the paper; on the worker.
    """
    offered = {t(KINDS[kind]): kind for kind in kinds}
    name, chosen = QFileDialog.getSaveFileName(owner, title, f"{stem}{kinds[0]}", ";;".join(offered))
    if not name:
        return
    path = Path(name)
    if path.suffix.lower() not in kinds:
        path = path.with_name(path.name + offered.get(chosen, kinds[0]))
    context.work(
        lambda desk, _job: desk.ledgers.export(ask(desk), path),
        lambda _done: context.told.emit(t("letter.saved", path=str(path)), "done"),
        lambda error: context.told.emit(sentence(error), "late"),
        owner=owner,
        label="work.paper",
    )
