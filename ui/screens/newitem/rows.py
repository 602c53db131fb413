"""Rows that can be added and removed: what is asked, and who is complained of."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QWidget

from models.records import AccusedDraft
from ui.context import Context
from ui.parts.fields import Field, LongText, Segments, on_change, text_line
from ui.parts.layout import column, row
from ui.parts.text import button, icon_button, label
from ui.words import t


class ClaimRows(QWidget):
    """One line for each request, so that each is answered by itself (domain reference, 9.2)."""

    changed = Signal()

    def __init__(self, context: Context, claims: tuple[str, ...]) -> None:
        super().__init__()
        self.context = context
        look = context.look
        outer = column(self, look, 2)
        self._rows = column(None, look, 2)
        outer.addLayout(self._rows)
        self.texts: list[LongText] = []
        self._holders: dict[LongText, QWidget] = {}
        foot = row(None, look, 2)
        self.more = button(t("claim.add"), lambda: self.add("", focus=True), "quiet", picture_of="add", look=look)
        foot.addWidget(self.more)
        foot.addStretch(1)
        outer.addLayout(foot)
        for words in claims or ("",):
            self.add(words)

    def add(self, words: str, *, focus: bool = False) -> LongText:
        """Add a request."""
        look = self.context.look
        holder = QWidget()
        across = row(holder, look, 2)
        number = label(str(len(self.texts) + 1), "second")
        number.setMinimumWidth(look.size(16))
        across.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        text = LongText(look, words, lines=1, most=6, placeholder=t("claim.placeholder"))
        text.setAccessibleName(t("claim.name", number=len(self.texts) + 1))
        across.addWidget(text, 1)
        across.addWidget(
            icon_button(t("claim.remove"), "remove", look, lambda: self._remove(text)), 0, Qt.AlignmentFlag.AlignTop
        )
        text.textChanged.connect(self.changed)
        self.texts.append(text)
        self._holders[text] = holder
        self._rows.addWidget(holder)
        if focus:
            text.setFocus()
        return text

    def _remove(self, text: LongText) -> None:
        if len(self.texts) == 1:
            text.setPlainText("")
            text.setFocus()
            return
        at = self.texts.index(text)
        self.texts.remove(text)
        holder = self._holders.pop(text)
        holder.hide()
        holder.deleteLater()
        self.texts[max(0, at - 1)].setFocus()
        self.changed.emit()

    def claims(self) -> tuple[str, ...]:
        """Return the requests as typed, without empty ones."""
        return tuple(text.text().strip() for text in self.texts if text.text().strip())


class AccusedRow(QWidget):
    """A unit or a person complained of. One that is ours is linked and loses sight of the matter."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, context: Context, draft: AccusedDraft) -> None:
        super().__init__()
        self.context = context
        look = context.look
        across = row(self, look, 3)
        kinds = [("unit", t("accused.unit"), "unit"), ("person", t("accused.person"), "person")]
        self.kind = Segments(kinds, look, draft.kind, t("accused.kind"))
        across.addWidget(Field(t("accused.kind"), self.kind, look), 2, Qt.AlignmentFlag.AlignTop)
        self.name = text_line(draft.name)
        self._name_field = Field(t("accused.name"), self.name, look)
        across.addWidget(self._name_field, 3, Qt.AlignmentFlag.AlignTop)
        self.post = text_line(draft.post)
        across.addWidget(Field(t("accused.post"), self.post, look), 2, Qt.AlignmentFlag.AlignTop)
        across.addWidget(
            icon_button(t("accused.remove"), "remove", look, lambda: self.removed.emit(self)),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        self.kind.chosen.connect(self._kind_changed)
        on_change(self.name, self._tell)
        on_change(self.post, self._tell)
        self._complete()
        self._show_link()

    def _names(self) -> list[str]:
        if self.kind.value == "unit":
            return [name for _number, name in self.context.units]
        return [person.name for person in self.context.staff]

    def _complete(self) -> None:
        completer = QCompleter(self._names(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name.setCompleter(completer)

    def _kind_changed(self, _kind: Any) -> None:
        self._complete()
        self._tell()

    def _tell(self) -> None:
        self._show_link()
        self.changed.emit()

    def _link(self) -> tuple[int | None, int | None]:
        typed = self.name.text().strip()
        if not typed:
            return None, None
        if self.kind.value == "unit":
            return next((number for number, name in self.context.units if name == typed), None), None
        return None, next((person.id for person in self.context.staff if person.name == typed), None)

    def _show_link(self) -> None:
        unit, staff = self._link()
        self._name_field.doubt(t("accused.linked") if unit is not None or staff is not None else "", "accent")

    def draft(self) -> AccusedDraft:
        """Return what is typed."""
        unit, staff = self._link()
        return AccusedDraft(
            name=self.name.text().strip(),
            kind=str(self.kind.value),
            post=self.post.text().strip(),
            staff=staff,
            unit=unit,
        )


class AccusedRows(QWidget):
    """All units and persons complained of; nothing is shown until one is added."""

    changed = Signal()

    def __init__(self, context: Context, accused: tuple[AccusedDraft, ...]) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.rows: list[AccusedRow] = []
        outer = column(self, look, 2)
        self._rows = column(None, look, 2)
        outer.addLayout(self._rows)
        foot = row(None, look, 2)
        self.more = button(
            t("accused.add"),
            lambda: self.add(AccusedDraft(name="", kind="unit"), focus=True),
            "quiet",
            picture_of="add",
            look=look,
        )
        foot.addWidget(self.more)
        foot.addStretch(1)
        outer.addLayout(foot)
        for one in accused:
            self.add(one)

    def add(self, draft: AccusedDraft, *, focus: bool = False) -> AccusedRow:
        """Add a unit or a person."""
        made = AccusedRow(self.context, draft)
        made.changed.connect(self.changed)
        made.removed.connect(self._remove)
        self.rows.append(made)
        self._rows.addWidget(made)
        if focus:
            made.name.setFocus()
        return made

    def _remove(self, made: AccusedRow) -> None:
        self.rows.remove(made)
        made.hide()
        made.deleteLater()
        self.more.setFocus()
        self.changed.emit()

    def drafts(self) -> tuple[AccusedDraft, ...]:
        """Return those named."""
        return tuple(made.draft() for made in self.rows if made.name.text().strip())
