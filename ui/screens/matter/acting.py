"""Taking an act from a page: its sheet, the register's answer, and the way over its letters.

The page of a matter and the page of a key case take acts alike, and both get them from here: `file` says which matter
is looked at, `taken` that something was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QPushButton
from shiboken6 import isValid

from models.errors import RegisterError
from models.records import MatterFile, OpenAct, PaperDraft
from ui import law
from ui.context import Context
from ui.parts.forms import field_of
from ui.parts.sheet import sheet_of
from ui.parts.text import notice
from ui.screens.base import LettersOfAct
from ui.screens.matter.entries import with_article
from ui.screens.matter.sheets import ActSheet
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.repeats import RepeatAdvice
    from ui.screens.matter.aid import NoLongerSheet


class Acting(QObject):
    """The acts of one page."""

    taken = Signal()
    """An act was taken; `register_changed` follows."""

    def __init__(self, context: Context, file: Callable[[], MatterFile | None], owner: QObject) -> None:
        super().__init__(owner)
        self.context = context
        self._file = file
        self._sheet: ActSheet | None = None
        self._undone: tuple[int, str, dict[str, Any]] | None = None
        """The act whose letter is being checked, with its inputs: coming back before it is issued shows them again."""

    def begin(
        self, act: OpenAct, typed: Mapping[str, Any] | None = None, *, advice: RepeatAdvice | None = None
    ) -> None:
        """Ask for the inputs of an act.

        Args:
            act: An open act of the matter that is looked at.
            typed: Inputs that are known already.
            advice: What the working rule says about the latest repeat item.
        """
        file = self._file()
        if file is None:
            return
        self._sheet = self._make(act, file, dict(typed or {}), advice)
        self._sheet.ready.connect(self._ready)
        self.context.sheet_wanted.emit(self._sheet)

    def go_on(self) -> bool:
        """Press the button of the sheet that is open; False when none is."""
        sheet = sheet_of(QApplication.focusWidget())
        if sheet is None and self._sheet is not None and isValid(self._sheet) and self._sheet.isVisible():
            sheet = self._sheet
        if sheet is None:
            return False
        go = getattr(sheet, "go", None)
        if isinstance(go, QPushButton) and go.isVisible():
            go.click()
        return True

    def forget_undone(self) -> None:
        """Forget the act that waits for its letter: it was taken, or the page left."""
        self._undone = None

    def take_undone(self, matter: int) -> tuple[str, dict[str, Any]] | None:
        """Return the act of a matter that waits for its letter, with its inputs, once."""
        found, self._undone = self._undone, None
        return found[1:] if found is not None and found[0] == matter else None

    def _make(self, act: OpenAct, file: MatterFile, typed: dict[str, Any], advice: RepeatAdvice | None) -> ActSheet:
        """Return the sheet of an act; some acts have an aid of their own."""
        if act.name == "screen":
            from ui.screens.matter.screening import ScreenSheet

            screening = ScreenSheet(self.context, act, file, typed)
            self.context.ask(lambda desk: desk.suggest(file.id), screening.suggest, owner=screening, key="suggest")
            return screening
        if act.name == "no_longer_accept":
            from ui.screens.matter.aid import NoLongerSheet

            sheet = NoLongerSheet(self.context, act, file, typed)
            sheet.check.clicked.connect(lambda: self._aid(sheet, file.id, str(sheet.values().get("earlier") or "")))
            self._aid(sheet, file.id, "")
            return sheet
        if act.name == "include_key_case":
            from ui.screens.matter.including import IncludeActSheet

            including = IncludeActSheet(self.context, act, file, typed)
            self.context.ask(lambda desk: desk.programmes.all(), including.offer, owner=including, key="programmes")
            return including
        if act.name == "amend":
            from ui.screens.matter.amending import AmendSheet

            return AmendSheet(self.context, act, file, typed)
        plain = ActSheet(self.context, act, file, typed)
        if act.name == "tell_repeat" and advice is not None:
            words = with_article(advice.words, advice.article)
            plain.body.insertWidget(0, notice(words, self.context.look, "accent"))
        return plain

    def _aid(self, sheet: NoLongerSheet, matter: int, named: str) -> None:
        """Look for earlier matters, or look at the one that is named."""
        self.context.ask(
            lambda desk: desk.exhausted(matter, desk.find(named) if named else None),
            sheet.show_aid,
            lambda error: sheet.show_refusal(sentence(error)),
            owner=sheet,
            key="aid",
        )

    def _ready(self, act: OpenAct, inputs: dict[str, Any], papers: tuple[PaperDraft, ...]) -> None:
        file, sheet = self._file(), self._sheet
        if file is None or sheet is None:
            return
        if kinds := sheet.letters():
            self._undone = (file.id, act.name, inputs)
            self.context.act_letter_wanted.emit(file.id, LettersOfAct(act, inputs, papers, kinds, law.rules_of(file)))
            return

        def done(_seq: int) -> None:
            if sheet is self._sheet and sheet is not None:
                sheet.close_sheet()
                self._sheet = None
            self.context.told.emit(t("act.done", act=law.act(act.name)), "done")
            self.taken.emit()
            self.context.register_changed.emit()

        def refused(error: RegisterError) -> None:
            if sheet is not None and sheet is self._sheet:
                sheet.refuse(sentence(error), field_of(error))
            else:
                self.context.told.emit(sentence(error), "late")

        matter = file.id
        self.context.ask(
            lambda desk: desk.perform(matter, act.name, inputs, papers=papers),
            done,
            refused,
            owner=self,
        )
