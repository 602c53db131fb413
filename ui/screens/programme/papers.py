"""The bound ledger (登记造册) and the roster as they print; printed, or written to a file, which is journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.paper import PaperSheet, export_paper, printed
from ui.parts.text import button
from ui.words import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.programme.records import Programme
    from models.sheets.content import Sheet as Paper
    from ui.port import DeskPort


class OfficePaperSheet(PaperSheet):
    """A paper that may leave as a file, either to be read or to be worked with."""

    def __init__(self, context: Context, paper: Paper, data: bytes) -> None:
        super().__init__(context, paper.title, data, traced=True)
        self.paper = paper
        self.save_button = button(t("programme.save_paper"), self.save, picture_of="save", look=context.look)
        self.foot.insertWidget(1, self.save_button)

    def save(self) -> None:
        """Write the paper to a file that the person names: PDF or workbook by its end."""
        paper = self.paper
        export_paper(self.context, self, t("programme.save_paper"), self.title, (".pdf", ".xlsx"), lambda _desk: paper)


def show_ledger(context: Context, owner: QWidget, one: Programme) -> None:
    """Show the bound ledger of a programme."""
    _show(context, owner, lambda desk: desk.ledgers.sheet("key-cases", None, None, one.key))


def show_roster(context: Context, owner: QWidget, one: Programme) -> None:
    """Show the roster of a programme."""
    _show(context, owner, lambda desk: desk.programmes.roster_paper(one.key))


def _show(context: Context, owner: QWidget, ask: Callable[[DeskPort], Paper]) -> None:
    def make(desk: DeskPort) -> tuple[Paper, bytes]:
        paper = ask(desk)
        return paper, printed(paper)

    context.work(
        lambda desk, _job: make(desk),
        lambda found: context.sheet_wanted.emit(OfficePaperSheet(context, *found)),
        owner=owner,
        label="work.paper",
    )
