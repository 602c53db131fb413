"""Incoming papers in the sheet of an act: those that the matter holds already, and those that are handed in with it."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from models.records import PaperDraft
from ui import law
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, code_choice, text_line
from ui.parts.layout import box, column, row
from ui.parts.text import chip, label
from ui.screens.base import today
from ui.screens.newitem.papers import Papers
from ui.words import t


class PaperInput(QWidget):
    """One paper: its kind when that is open, its days, whose it is, and its scan.

    Args:
        context: What every screen is given.
        kind: Code of the table `paper`; empty lets the person choose.
        held: The matter holds the paper already: nothing needs to be entered.
    """

    def __init__(self, context: Context, kind: str = "", *, held: bool = False) -> None:
        super().__init__()
        look = context.look
        self.kind = kind
        self.held = held
        outer = column(self, look, 0)
        card = box("card")
        inside = column(card, look, 3, 4)
        outer.addWidget(card)
        head = row(None, look, 2)
        head.addWidget(label(law.code("paper", kind) if kind else t("incoming.title"), "strong", wrap=True), 1)
        if held:
            head.addWidget(chip(t("incoming.held"), look, "done", "done"))
        inside.addLayout(head)
        self._kind: Choice | None = None
        if held:
            inside.addWidget(label(t("incoming.held_words"), "second", wrap=True))
            return
        if not kind:
            self._kind = code_choice("paper", "", none=t("act.choose"))
            self._kind_field = Field(t("incoming.kind"), self._kind, look)
            inside.addWidget(self._kind_field)
        self._dated = DateField(look)
        self._received = DateField(look, today())
        days = row(None, look, 3)
        self._dated_field = Field(t("incoming.dated"), self._dated, look)
        days.addWidget(self._dated_field)
        days.addWidget(Field(t("incoming.received"), self._received, look))
        inside.addLayout(days)
        self._organ = text_line()
        self._number = text_line()
        whose = row(None, look, 3)
        whose.addWidget(Field(t("incoming.organ"), self._organ, look))
        whose.addWidget(Field(t("incoming.number"), self._number, look))
        inside.addLayout(whose)
        self._told = text_line()
        inside.addWidget(Field(t("incoming.told"), self._told, look))
        self.scans = Papers(context, ())
        self.scans.setAccessibleName(t("incoming.scan"))
        inside.addWidget(Field(t("incoming.scan"), self.scans, look))

    def doubt(self) -> bool:
        """Show what is missing; returns whether something is."""
        if self.held:
            return False
        if self._kind is not None and not self._kind.value:
            self._kind_field.doubt(t("act.required"), "late")
            self._kind.setFocus()
            return True
        for field in (self._dated, self._received):
            if field.text().strip() and field.day is None:
                self._dated_field.doubt(t("field.date_wrong"), "late")
                field.setFocus()
                return True
        if self._dated.day is None and not self.scans.papers:
            self._dated_field.doubt(t("incoming.needs_day_or_scan"), "late")
            self._dated.setFocus()
            return True
        self._dated_field.doubt("")
        return False

    def draft(self) -> PaperDraft | None:
        """Return the paper as entered, None for one that is held already."""
        if self.held:
            return None
        received: date | None = self._received.day
        return PaperDraft(
            kind=self.kind or str(self._kind.value if self._kind is not None else ""),
            dated_on=self._dated.day,
            received_on=received,
            organ=self._organ.text().strip(),
            number=self._number.text().strip(),
            told=self._told.text().strip(),
            file=self.scans.papers[0] if self.scans.papers else None,
        )
