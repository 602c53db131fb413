"""What can be put right from the page of a matter: a step reversed, a fact amended, and the history of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QToolButton

from models.errors import RegisterError
from models.records import FieldChange, MatterFile, OpenAct, StoryLine
from ui import law
from ui.context import Context
from ui.screens.matter.fieldmenu import FieldOf, Hooks
from ui.screens.matter.history import HistorySheet, ReverseSheet
from ui.screens.matter.story import below
from ui.words import sentence, t

if TYPE_CHECKING:
    from ui.port import DeskPort


class Correcting(QObject):
    """The flows of correction of one page; `begin` opens the sheet of an act with what is known already."""

    def __init__(self, context: Context, begin: Callable[[OpenAct, dict[str, Any]], None], owner: QObject) -> None:
        super().__init__(owner)
        self.context = context
        self._begin = begin
        self._file: MatterFile | None = None
        self.menu: QMenu | None = None
        """The menu of a line of the story that is open."""

    def hooks(self, file: MatterFile) -> Hooks:
        """Return what the menus of the fields of a file do."""
        self._file = file
        may = any(one.name == "amend" for one in file.next_acts)
        return Hooks(self._field_history, self._amend if may else None)

    # Field history.

    def _field_history(self, field: FieldOf) -> None:
        file = self._file
        if file is None:
            return
        row = None if field.table == "matter" else field.row
        self._ask_history(
            lambda desk: desk.history(file.id, field.table, row, field.column),
            t("correct.history_of", field=field.words).rstrip("…"),
        )

    def _ask_history(self, question: Callable[[DeskPort], tuple[FieldChange, ...]], title: str) -> None:
        def show(found: tuple[FieldChange, ...]) -> None:
            self.context.sheet_wanted.emit(HistorySheet(self.context, title, found))

        self.context.ask(question, show, owner=self, key="history")

    def _amend(self, field: FieldOf) -> None:
        self.begin_amend(
            {"row": "matter" if field.table == "matter" else f"{field.table}:{field.row}"} | {"column": field.column}
        )

    def begin_amend(self, typed: dict[str, Any]) -> None:
        """Open the sheet of the act `amend`, with row and column filled in."""
        file = self._file
        act = next((one for one in file.next_acts if one.name == "amend"), None) if file is not None else None
        if act is not None:
            self._begin(act, typed)

    # Reversal.

    def line_menu(self, line: StoryLine, opener: QToolButton) -> None:
        """Ask whether a line of the story may be reversed, and open its menu with the answer."""
        file = self._file
        if file is None:
            return
        matter = file.id
        self.context.ask(
            lambda desk: desk.why_not_reversed(matter, line.entry),
            partial(self._show_menu, line, opener),
            owner=opener,
            key="line-menu",
        )

    def _show_menu(self, line: StoryLine, opener: QToolButton, refused: RegisterError | None) -> None:
        menu = QMenu(opener)
        menu.setToolTipsVisible(True)
        undo = menu.addAction(t("correct.reverse_menu"), partial(self.begin_reverse, line))
        if refused is not None:
            undo.setEnabled(False)
            undo.setToolTip(sentence(refused))
            menu.addAction(t("correct.why_not"), partial(self.begin_reverse, line, sentence(refused)))
        menu.addAction(t("correct.history_menu"), partial(self._line_history, line))
        if self._file is not None and any(one.name == "amend" for one in self._file.next_acts):
            menu.addAction(t("correct.amend_menu"), partial(self.begin_amend, {}))
        menu.aboutToHide.connect(menu.deleteLater)
        self.menu = menu
        menu.popup(below(opener))

    def _line_history(self, line: StoryLine) -> None:
        file = self._file
        if file is not None:
            self._ask_history(
                lambda desk: tuple(one for one in desk.history(file.id) if one.entry == line.entry),
                t("correct.step_history", act=law.act(line.act)),
            )

    def begin_reverse(self, line: StoryLine, refused: str = "") -> None:
        """Show what reversing a step takes back, and ask why; `refused` says why it cannot be."""
        file = self._file
        if file is None:
            return

        def show(found: tuple[FieldChange, ...]) -> None:
            sheet = ReverseSheet(self.context, line, found, refused)
            sheet.go.clicked.connect(lambda: self._reverse(file.id, sheet))
            self.context.sheet_wanted.emit(sheet)

        self.context.ask(
            lambda desk: tuple(one for one in desk.history(file.id) if one.entry == line.entry),
            show,
            owner=self,
            key="history",
        )

    def _reverse(self, matter: int, sheet: ReverseSheet) -> None:
        reason = sheet.typed_reason()
        if not reason:
            return
        sheet.go.setEnabled(False)

        def done(_seq: int) -> None:
            sheet.close_sheet()
            self.context.told.emit(t("correct.done", entry=sheet.entry), "done")
            self.context.register_changed.emit()

        def refused(error: RegisterError) -> None:
            sheet.go.setEnabled(True)
            sheet.refuse(sentence(error))

        self.context.ask(
            lambda desk: desk.reverse(matter, sheet.entry, reason, datetime.now(UTC)), done, refused, owner=sheet
        )
