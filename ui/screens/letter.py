"""A letter: what is typed at the left with what is missing, the page as it will print at the right, at once.

The letters of an act are issued by taking the act, all at once: what is typed for one stands in the others where they
have the same field. One that belongs to no act is issued by itself. While a required part of any of them is missing the
button is off and each missing part is named (domain reference, 9.2). An issued letter is shown from its frozen bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QWidget

from models.errors import RegisterError
from models.records import DocumentLine, LetterPreview
from ui import law
from ui.context import Context
from ui.keys import bind
from ui.parts.fields import Choice, DateField, Field, LongText, on_change, text_line
from ui.parts.layout import Page, Wrapping, clear, column, foot, row
from ui.parts.paper import save_pdf
from ui.parts.text import button, icon_button, label, notice
from ui.port import DeskPort
from ui.screens.base import LettersOfAct, Screen
from ui.screens.matter.entries import document_title
from ui.screens.matter.issued import Issued, editable, index
from ui.screens.matter.sheets import input_value
from ui.timers import after_pause
from ui.words import both, day, sentence, t

if TYPE_CHECKING:
    from models.letters.fields import LetterField

PREVIEW_MS = 250
SIDE_BY_SIDE_FROM = 820


class LetterScreen(Screen):
    """The draft of one letter, or one letter as issued."""

    name = "letter"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.matter: int | None = None
        self.kind = ""
        self.act: LettersOfAct | None = None
        self.kinds: tuple[str, ...] = ()
        self.typed: dict[str, str] = {}
        self.gaps: dict[str, tuple[tuple[str, str, str], ...]] = {}
        """What each letter of the act misses; a kind that is not laid out yet is absent."""
        self._looked_at: dict[str, dict[str, str]] = {}
        """What was typed for a letter when its gaps were found: while that stands, they do."""
        self.tabs: dict[str, QPushButton] = {}
        self.document: DocumentLine | None = None
        self.fields: dict[str, QWidget] = {}
        self.missing: tuple[tuple[str, str, str], ...] = ()
        self._issuing = False
        self._first_preview = False
        self._is_beside = True
        self._page_first = False
        self._pane: Any = None
        self.issued = Issued(context, self)
        outer = column(self, look, 0)
        self._middle = row(None, look, 0)
        self._left = Page(look, margin=5, gap=4)
        self._middle.addWidget(self._left, 2)
        self._right = QWidget()
        self._right_column = column(self._right, look, 0)
        self._middle.addWidget(self._right, 3)
        outer.addLayout(self._middle, 1)
        self._bar, self._bar_row = foot(look)
        outer.addWidget(self._bar)
        self._timer = after_pause(self, PREVIEW_MS, self.preview)
        for name, what in (("print", self.print), ("save_as", self.save_as), ("likely_act", self.issue)):
            bind(self, name, what)
        context.register_changed.connect(self._forget)

    # Beginning.

    def compose(self, matter: int, kind: str) -> None:
        """Draft a letter that belongs to no act."""
        self._begin(matter, (kind,), None)

    def compose_for(self, matter: int, act: LettersOfAct) -> None:
        """Draft the letters of an act."""
        self._begin(matter, act.kinds, act)

    def show_document(self, matter: int, document: DocumentLine) -> None:
        """Show a letter as issued."""
        self.matter, self.kind, self.act, self.document = matter, document.kind, None, document
        self.kinds, self.tabs, self.fields, self.missing = (), {}, {}, ()
        self._make_left()
        self._make_bar()
        self.context.ask(lambda desk: desk.document_pdf(document.id), self._show_bytes, owner=self, key="letter")

    def _begin(self, matter: int, kinds: tuple[str, ...], act: LettersOfAct | None) -> None:
        same = (matter, kinds) == (self.matter, self.kinds) and self.document is None and bool(self.fields)
        self.matter, self.kinds, self.act, self.document = matter, kinds, act, None
        self._issuing = False
        self._first_preview = True
        self.gaps = {}
        self._forget()
        if same:
            self._make_bar()
            self.preview()
            return
        self.typed = {}
        self._show_kind(kinds[0])

    def _show_kind(self, kind: str) -> None:
        """Show the fields and the page of one of the letters."""
        self._collect()
        self.kind = kind
        self.fields, self.missing = {}, ()
        if self._pane is not None:
            self._pane.show_bytes(b"")
        self._make_left()
        self._make_bar()
        offered, matter, act = self.context.services.letter_fields, self.matter, self.act

        def ask(desk: DeskPort) -> Sequence[LetterField]:
            if offered is None or matter is None:
                return ()
            return offered(kind, act.rules if act is not None else law.rules_of(desk.matter(matter)))

        def show(found: Sequence[LetterField]) -> None:
            self._show_fields(found)
            self.preview()

        self.context.ask(ask, show, owner=self, key="letter-fields")

    def enter(self) -> None:
        """Put the cursor into the first field, or on the first button."""
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.setFocus()
        else:
            for child in self._bar.findChildren(QWidget):
                if child.property("kind") == "primary":
                    child.setFocus()

    # The left side.

    def _make_left(self) -> None:
        look, body = self.context.look, self._left.body
        clear(body)
        head = row(None, look, 2)
        head.addWidget(icon_button(t("matter.back"), "back", look, self.context.back_wanted.emit))
        head.addStretch(1)
        body.addLayout(head)
        document = self.document
        title = document_title(document) if document is not None else law.letter(self.kind)
        body.addWidget(label(title, "page", wrap=True))
        if document is not None:
            for words, value in (
                (t("letter.number"), document.number),
                (t("letter.dated"), day(document.dated_on)),
                (t("letter.code"), document.code),
                (t("letter.state"), law.code("document_state", document.state)),
                (t("letter.sha256"), _in_groups(document.sha256)),
            ):
                if value:
                    pair = column(None, look, 0)
                    pair.addWidget(label(words, "label"))
                    pair.addWidget(label(value, wrap=True, copy=True))
                    body.addLayout(pair)
            if document.reason:
                body.addWidget(notice(t("letter.spoiled", reason=document.reason), look, "soon"))
            body.addWidget(label(t("letter.frozen"), "small", wrap=True))
            if editable(document):
                body.addWidget(label(t("letter.docx_note"), "small", wrap=True))
        else:
            if len(self.kinds) > 1:
                body.addWidget(self._make_tabs())
            body.addWidget(label(t("letter.hint"), "small", wrap=True))
            self._missing_box = column(None, look, 2)
            body.addLayout(self._missing_box)
            self._fields_box = column(None, look, 4)
            body.addLayout(self._fields_box)
        body.addStretch(1)

    def _make_tabs(self) -> QWidget:
        """Return a button for each letter of the act, with what it misses."""
        flow = Wrapping(self.context.look, 2)
        self.tabs = {}
        for kind in self.kinds:
            made = button(law.letter(kind), partial(self._show_kind, kind), "primary" if kind == self.kind else "quiet")
            self.tabs[kind] = made
            flow.add(made)
        self._name_tabs()
        return flow

    def _name_tabs(self) -> None:
        for kind, made in self.tabs.items():
            gaps = self.gaps.get(kind)
            told = (
                "" if gaps is None else t("letter.tab_complete") if not gaps else t("letter.tab_gaps", count=len(gaps))
            )
            made.setText(t("letter.tab", letter=law.letter(kind), told=told) if told else law.letter(kind))
            made.setAccessibleName(made.text())

    def _show_fields(self, offered: Sequence[LetterField]) -> None:
        if self.document is not None:
            return
        look = self.context.look
        for field in offered:
            widget = self._field(field)
            self.fields[field.name] = widget
            self._fill(widget, self.typed.get(field.name, ""))
            words = both(field.zh, field.en)
            if isinstance(widget, QCheckBox):
                self._fields_box.addWidget(widget)
            else:
                self._fields_box.addWidget(Field(words, widget, look))
            on_change(widget, self._timer.start)
        ring = [*self.fields.values(), self.issue_button, self.turn_button, self.print_button, self.save_button]
        for before, after in pairwise(ring):
            QWidget.setTabOrder(before, after)
        if self.isVisible():
            self.enter()

    def _field(self, field: LetterField) -> QWidget:
        if field.kind == "long":
            return LongText(self.context.look, lines=4)
        if field.kind == "date":
            return DateField(self.context.look)
        if field.kind == "choice":
            return Choice([(code, both(zh, en)) for code, zh, en in field.choices], none=t("letter.as_registered"))
        if field.kind == "flag":
            return QCheckBox(both(field.zh, field.en))
        line = text_line()
        if field.kind == "number":
            line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        return line

    def _fill(self, widget: QWidget, words: str) -> None:
        """Put what was typed for another letter of the act into the same field of this one."""
        if not words:
            return
        if isinstance(widget, QCheckBox):
            widget.setChecked(True)
        elif isinstance(widget, Choice):
            widget.setCurrentIndex(max(widget.findData(words), 0))
        else:
            widget.setText(words)  # type: ignore[attr-defined]  # dates and the two text fields

    def values(self) -> dict[str, str]:
        """Return what is typed for the letter."""
        found = {name: input_value(widget) for name, widget in self.fields.items()}
        return {name: "yes" if value is True else str(value) for name, value in found.items() if value}

    # The page.

    def preview(self) -> None:
        """Lay the letter out on the worker and show it; the act's other letters are looked at for what they miss."""
        if self.matter is None or self.document is not None:
            return
        matter, kind = self.matter, self.kind
        self._collect()
        inputs, act = (dict(self.act.inputs), self.act.act.name) if self.act is not None else ({}, "")
        typed = {one: self._typed_for(one) for one in self.kinds}
        wanted = [one for one in self.kinds if one == kind or self._looked_at.get(one) != typed[one]]

        def look(desk: DeskPort) -> dict[str, LetterPreview]:
            return {one: desk.preview_letter(matter, one, typed[one], inputs, act) for one in wanted}

        def show(found: dict[str, LetterPreview]) -> None:
            if self.document is None and kind == self.kind:
                self._looked_at = typed
                self.gaps |= {one: preview.missing for one, preview in found.items()}
                self._show_preview(found[kind])

        self.context.ask(look, show, owner=self, key="letter")

    def _forget(self) -> None:
        """Look at every letter of the act again when next one is laid out."""
        self._looked_at = {}

    def _collect(self) -> None:
        """Keep what is typed for the letter that is shown."""
        if self.document is None:
            self.typed = {name: words for name, words in self.typed.items() if name not in self.fields} | self.values()

    def _typed_for(self, kind: str) -> dict[str, str]:
        """Return what was typed, for the fields that a letter has."""
        if kind == self.kind:
            return self.values()
        offered = self.context.services.letter_fields
        rules = self.act.rules if self.act is not None else law.NEWEST
        names = {field.name for field in offered(kind, rules)} if offered is not None else set()
        return {name: words for name, words in self.typed.items() if name in names}

    def _show_preview(self, found: LetterPreview) -> None:
        self.missing = found.missing
        self._name_tabs()
        clear(self._missing_box)
        look = self.context.look
        if found.missing:
            self._missing_box.addWidget(
                label(t("letter.missing", count=len(found.missing)), "strong", tone="soon", wrap=True)
            )
            for _code, zh, en in found.missing:
                self._missing_box.addWidget(notice(both(zh, en), look, "soon"))
        else:
            self._missing_box.addWidget(notice(t("letter.complete"), look, "done"))
        for name, given in found.given.items():
            self._show_given(self.fields.get(name), given)
        self._enable()
        if found.pdf:
            self._show_bytes(found.pdf)
        if self._first_preview and not found.missing and not self.values() and self.isVisible():
            self.issue_button.setFocus()  # nothing is left to type: the next key issues it
        self._first_preview = False

    def _show_given(self, widget: QWidget | None, given: str) -> None:
        """Show what stands in the letter while a field is left empty."""
        if isinstance(widget, (QLineEdit, LongText)):
            widget.setPlaceholderText(given)
        elif isinstance(widget, Choice) and (at := widget.findData(given)) > 0:
            widget.setItemText(0, t("letter.as_registered_words", words=widget.itemText(at)))

    def _show_bytes(self, data: bytes) -> None:
        if self._pane is None:
            from ui.parts.pdf import PdfPane

            self._pane = PdfPane(self.context.look)
            self._right_column.addWidget(self._pane)
        self._pane.show_bytes(data)
        self._enable()

    # The bar.

    def _make_bar(self) -> None:
        clear(self._bar_row)
        look = self.context.look
        flow = Wrapping(look, 2)
        self.print_button = button(
            t("letter.print"), self.print, "primary" if self.document else "", picture_of="print", look=look
        )
        self.save_button = button(t("letter.save_as"), self.save_as, picture_of="save", look=look)
        self.issue_button = button(
            law.act(self.act.act.name) + t("letter.and_issue") if self.act else t("letter.issue"), self.issue, "primary"
        )
        if self.document is None:
            flow.add(self.issue_button)
        self.turn_button = button("", self.turn, picture_of="document", look=look)
        flow.add(self.turn_button)
        flow.add(self.print_button)
        flow.add(self.save_button)
        if self.document is not None:
            self._more_buttons(flow, self.document)
        self._bar_row.addWidget(flow, 1)
        self._page_first = self.document is not None
        self._place()
        self._enable()

    def _more_buttons(self, flow: Wrapping, document: DocumentLine) -> None:
        """Offer what can be done with an issued letter: an editable copy, what an index lists, spoiling."""
        look, matter = self.context.look, self.matter
        if matter is None:
            return
        if editable(document):
            flow.add(button(t("letter.docx"), partial(self.issued.save_docx, document), picture_of="draft", look=look))
        if index(document):
            flow.add(
                button(
                    t("bundle.sealed"),
                    partial(self.issued.show_sealed, document, self._show_bytes),
                    picture_of="backup",
                    look=look,
                )
            )
        if document.state == "issued":
            flow.add(button(t("letter.spoil"), partial(self.issued.begin_spoil, matter, document), "danger"))

    def _enable(self) -> None:
        shown = self._pane is not None and bool(self._pane.data)
        missing = sum(len(gaps) for gaps in self.gaps.values()) or len(self.missing)
        self.issue_button.setEnabled(not missing and not self._issuing and self.document is None and shown)
        self.issue_button.setToolTip(t("letter.missing", count=missing) if missing else "")
        self.print_button.setEnabled(shown and self.document is not None)
        self.print_button.setToolTip("" if self.document is not None else t("letter.print_after"))
        self.save_button.setEnabled(shown and self.document is not None)

    def issue(self) -> None:
        """Number and freeze the letter; with its act, when it has one."""
        if self.matter is None or any(self.gaps.values()) or self.missing or self._issuing:
            return
        self._issuing = True
        self._enable()
        self._collect()
        matter, kind, act, values = self.matter, self.kind, self.act, dict(self.typed)

        def write(desk: DeskPort, _job: object) -> DocumentLine | None:
            if act is None:
                return desk.issue_letter(matter, kind, values, datetime.now(UTC))
            desk.perform(matter, act.act.name, act.inputs, values, datetime.now(UTC), act.papers)
            found = [one for one in desk.matter(matter).documents if one.kind == kind and one.state == "issued"]
            return found[-1] if found else None

        self.context.work(write, self._issued, self._refused, owner=self, label="work.issue")

    def _issued(self, document: DocumentLine | None) -> None:
        self._issuing = False
        act, matter = self.act, self.matter
        self.context.told.emit(
            t("letter.issued", number=document.number)
            if document
            else t("act.done", act=law.act(act.act.name) if act else ""),
            "done",
        )
        self.context.register_changed.emit()
        if document is not None and matter is not None:
            self.show_document(matter, document)
            self.print_button.setFocus()
        else:
            self.context.back_wanted.emit()

    def _refused(self, error: RegisterError) -> None:
        self._issuing = False
        self._enable()
        self.context.told.emit(sentence(error), "late")

    def print(self) -> None:
        """Print the issued letter."""
        if self.document is None or self._pane is None or not self._pane.data:
            return
        from ui.parts.pdf import print_pdf

        if print_pdf(self, self._pane.data, self.document.number or law.letter(self.kind)):
            self.context.told.emit(t("letter.printed"), "done")

    def save_as(self) -> None:
        """Write the issued letter to a file that the person names."""
        if self.document is None or self._pane is None or not self._pane.data:
            return
        save_pdf(self, self.context, t("letter.save_as"), self.document.number or self.kind, self._pane.data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side where there is room."""
        super().resizeEvent(event)
        beside = self.width() >= self.context.look.size(SIDE_BY_SIDE_FROM)
        if beside != self._is_beside:
            self._is_beside = beside
            self._place()

    def _place(self) -> None:
        """Show fields and page side by side, or one of them where there is room for one only."""
        self._left.setVisible(self._is_beside or not self._page_first)
        self._right.setVisible(self._is_beside or self._page_first)
        self.turn_button.setVisible(not self._is_beside)
        self.turn_button.setText(t("letter.show_fields") if self._page_first else t("letter.show_page"))
        self.turn_button.setAccessibleName(self.turn_button.text())

    def turn(self) -> None:
        """Change between fields and page."""
        self._page_first = not self._page_first
        self._place()


def _in_groups(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
