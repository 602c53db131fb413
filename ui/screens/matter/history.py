"""Field history: for each change what it was and became, who set it, when, by which act and why; and its reversal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from models.records import FieldChange, StoryLine
from ui import law
from ui.context import Context
from ui.parts.fields import Field, LongText
from ui.parts.layout import Wrapping, column, line
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.screens.matter.entries import joined
from ui.screens.matter.story import strike
from ui.words import moment, said_of, t

FIRST = 60
"""Changes shown at first."""
LONGEST = 240
"""Characters of a value shown; the journal keeps all."""


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"


def change_words(change: FieldChange) -> str:
    """Return a change in plain words: what stood there and what stands there since."""
    if not change.column:
        return t("correct.added", where=change.where) if change.where else change.after_text
    return t(
        "correct.became",
        name=change.name,
        before=_short(change.before_text) or t("correct.nothing"),
        after=_short(change.after_text) or t("correct.nothing"),
    )


def back_words(change: FieldChange) -> str:
    """Return in plain words what taking a change back does."""
    if not change.column:
        if change.table == "document":
            return t("correct.back_document", where=change.where)
        return t("correct.back_row", where=change.where)
    return t(
        "correct.back_value",
        where=change.where,
        name=change.name,
        before=_short(change.before_text) or t("correct.nothing"),
        after=_short(change.after_text) or t("correct.nothing"),
    )


class HistorySheet(Sheet):
    """The changes of a field, of a row, or of one step; the newest first."""

    def __init__(self, context: Context, title: str, changes: Sequence[FieldChange]) -> None:
        super().__init__(context, title, width=560)
        self._changes = tuple(changes)
        self.body.addWidget(label(t("correct.history_words"), "small", wrap=True))
        self._lines = column(None, context.look, 3)
        self.body.addLayout(self._lines)
        self._add(self._changes[:FIRST])
        if not self._changes:
            self.body.addWidget(label(t("correct.no_history"), "second", wrap=True))
        self.rest = button(t("correct.all", count=len(self._changes)), self._show_rest, "quiet")
        self.rest.setVisible(len(self._changes) > FIRST)
        self.body.addWidget(self.rest)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)

    def _show_rest(self) -> None:
        self.rest.hide()
        self._add(self._changes[FIRST:])

    def _add(self, changes: Sequence[FieldChange]) -> None:
        for change in changes:
            self._lines.addWidget(line())
            self._lines.addWidget(self._one(change))

    def _one(self, change: FieldChange) -> QWidget:
        look = self.context.look
        made = QWidget()
        down = column(made, look, 1)
        head = Wrapping(look, 2)
        head.add(label(moment(change.at), "small", copy=True))
        head.add(label(change.who, "small"))
        head.add(label(law.act(change.act), "small"))
        head.add(label(change.entry, "small", copy=True))
        down.addWidget(head)
        if change.column and change.where:
            down.addWidget(label(change.where, "label", wrap=True))
        words = label(change_words(change), wrap=True, copy=True)
        down.addWidget(words)
        if change.why:
            down.addWidget(label(t("correct.why", reason=change.why), "second", wrap=True, copy=True))
        if change.reversed:
            strike(words)
            down.addWidget(label(t("correct.taken_back", reason=change.reversed), "small", tone="soon", wrap=True))
        made.setAccessibleName(
            said_of(moment(change.at), change.who, law.act(change.act), change_words(change), change.why)
        )
        return made


class ReverseSheet(Sheet):
    """What reversing a step will take back, in plain words, and why: the reason is required."""

    def __init__(self, context: Context, told: StoryLine, changes: Sequence[FieldChange], refused: str = "") -> None:
        super().__init__(context, t("correct.reverse_title", act=law.act(told.act)), width=520)
        look = context.look
        self.entry = told.entry
        self.body.addWidget(
            label(joined(told.entry, moment(told.at), told.actor, told.detail), "second", wrap=True, copy=True)
        )
        if refused:
            self.body.addWidget(notice(refused, look, "soon"))
        self.body.addWidget(label(t("correct.will"), "strong"))
        bullets = column(None, look, 1)
        for change in changes[:FIRST]:
            bullets.addWidget(label(t("join.bullet", words=back_words(change)), wrap=True))
        self.body.addLayout(bullets)
        if len(changes) > FIRST:
            self.body.addWidget(label(t("correct.and_more", count=len(changes) - FIRST), "second"))
        self.body.addWidget(label(t("correct.rule"), "small", wrap=True))
        self.reason = LongText(look, lines=2)
        self.reason_field = Field(t("correct.reason"), self.reason, look)
        self.reason_field.setVisible(not refused)
        self.body.addWidget(self.reason_field)
        self._refusal: QWidget | None = None
        self.finish_body()
        self.go = button(t("correct.reverse"), None, "primary")
        self.go.setVisible(not refused)
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.close") if refused else t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def typed_reason(self) -> str:
        """Return the reason; '' after saying that it is required."""
        words = self.reason.text().strip()
        self.reason_field.doubt("" if words else t("act.required"), "late")
        if not words:
            self.reason.setFocus()
        return words

    def refuse(self, words: str) -> None:
        """Show why the register said no."""
        if self._refusal is not None:
            self._refusal.hide()
            self._refusal.deleteLater()
        self._refusal = notice(words, self.context.look, "late")
        self.body.insertWidget(0, self._refusal)
