"""Liability evidence: failed duties of a period by unit and article, each with its matters. Evidence, no finding."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from ui.context import Context
from ui.parts.fields import DateField, Field
from ui.parts.layout import row
from ui.parts.lines import LineButton
from ui.parts.sheet import Sheet
from ui.parts.text import button, chip, label
from ui.screens.base import today
from ui.words import day, t

if TYPE_CHECKING:
    from models.liability import LiabilityLine
    from ui.screens.duties.screen import DutiesScreen


class FailedPart:
    """The page of failed duties: a period, and what the register can evidence of it."""

    def __init__(self, screen: DutiesScreen) -> None:
        self._screen, self._context = screen, screen.context
        on = today()
        self._kept = (on.replace(month=1, day=1), on)
        self.first: DateField | None = None
        self.last: DateField | None = None

    def open(self, where: QVBoxLayout) -> None:
        """Show the period, and fetch what failed in it."""
        look = self._context.look
        where.addWidget(label(t("duties.liability_words"), "small", wrap=True))
        across = row(None, look, 3)
        self.first, self.last = DateField(look, self._kept[0]), DateField(look, self._kept[1])
        for field, words in ((self.first, t("duties.from")), (self.last, t("duties.to"))):
            field.setMaximumWidth(look.size(180))
            across.addWidget(Field(words, field, look))
            field.editingFinished.connect(self._asked)
        across.addStretch(1)
        where.addLayout(across)
        self._fetch()

    def _asked(self) -> None:
        first, last = (field.day if field is not None else None for field in (self.first, self.last))
        if first is not None and last is not None and (first, last) != self._kept:
            self._kept = (first, last)
            self._fetch()

    def _fetch(self) -> None:
        first, last = self._kept
        self._context.ask(
            lambda desk: desk.duties.liability(first, last),
            self._show,
            self._screen.refused,
            owner=self._screen,
            key="duties",
        )

    def _show(self, found: tuple[LiabilityLine, ...]) -> None:
        if self._screen.part.value != "liability":
            return
        self._screen.empty_lines()
        if not found:
            self._screen.nothing(t("duties.liability_none", first=day(self._kept[0]), last=day(self._kept[1])))
        before, lines = "", None
        for one in found:
            if one.switch != before:
                before = one.switch
                count = sum(other.count for other in found if other.switch == one.switch)
                lines = self._screen.heading(str(one.words), f"{count:,}")
            self._screen.add(partial(self._line, one), lines)

    def _line(self, one: LiabilityLine) -> LineButton:
        look = self._context.look
        made = LineButton(
            look,
            one.unit_name or t("duties.no_unit"),
            t("join.list").join(number for _matter, number in one.matters[:4]) + (" …" if len(one.matters) > 4 else ""),
            third=t("duties.article", article=one.article),
            chips=(chip(t("duties.times", count=f"{one.count:,}"), look),),
        )
        made.clicked.connect(lambda: self._context.sheet_wanted.emit(MattersSheet(self._context, one)))
        return made


class MattersSheet(Sheet):
    """The matters of one unit and duty; each opens."""

    def __init__(self, context: Context, one: LiabilityLine) -> None:
        super().__init__(context, one.unit_name or t("duties.no_unit"))
        self.body.addWidget(label(str(one.words), wrap=True))
        self.body.addWidget(label(t("duties.article", article=one.article), "small", wrap=True))
        for matter, number in one.matters:
            self.body.addWidget(button(number, partial(self._open, matter), "row"))
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)

    def _open(self, matter: int) -> None:
        self.close_sheet()
        self.context.matter_wanted.emit(matter, "")
