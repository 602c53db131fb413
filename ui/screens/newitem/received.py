"""A bag of letters: each taken in with its channel and days, so that its clock runs; the entry is completed later (S0).

One row a letter. Enter in any field of the last row registers it and opens the next, with channel and day as before;
what was registered stays above with its number, to be written on the letter (SC-431 Art. 21; REG-2022 Art. 22:
everything received is registered).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from models.errors import InputError, RegisterError
from models.records import ItemDraft, Registered
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, text_line
from ui.parts.layout import line
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.screens.base import today
from ui.words import day, sentence, t

CHANNELS = ("letter", "fax", "web", "visit", "call")
COLUMNS = ("channel", "received_on", "postmark_on", "source_number", "remark")


class ReceivedSheet(Sheet):
    """Row by row: channel, day received, postmark, the sender's number, a remark; then the number given."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("received.title"), width=920)
        look = context.look
        self.done: list[Registered] = []
        self._busy = False
        self.body.addWidget(label(t("received.words"), "second", wrap=True))
        self.count = label("", "strong")
        self.body.addWidget(self.count)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.space(3))
        self._grid.setVerticalSpacing(look.space(1))
        self.body.addLayout(self._grid)
        self.channel = Choice([(one, t(f"channel.{one}")) for one in CHANNELS], value="letter")
        self.received_on = DateField(look, today())
        self.postmark_on = DateField(look)
        self.source_number = text_line()
        self.remark = text_line()
        self.row: dict[str, QWidget] = {name: getattr(self, name) for name in COLUMNS}
        self.fields = {name: Field(t(f"received.{name}"), widget, look) for name, widget in self.row.items()}
        self._entry = QWidget()
        cells = QGridLayout(self._entry)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setHorizontalSpacing(look.space(3))
        wide = not look.large
        for at, name in enumerate(COLUMNS):
            cells.addWidget(
                self.fields[name], 0 if wide else at // 2, at if wide else at % 2, Qt.AlignmentFlag.AlignTop
            )
            cells.setColumnStretch(at if wide else at % 2, {"channel": 2, "remark": 4}.get(name, 3))
            self.row[name].installEventFilter(self)
        self.body.addWidget(line())
        self.body.addWidget(self._entry)
        self.finish_body()
        self.register_button = button(t("received.register"), self.register, "primary")
        self.register_button.setToolTip(t("received.enter"))
        self.foot.addWidget(self.register_button)
        self.foot.addWidget(button(t("received.finish"), self.close_sheet))
        self.foot.addStretch(1)
        self._show_count()

    def first_field(self) -> QWidget | None:
        """Begin at the day: the channel of a bag is that of letters."""
        return self.received_on

    def _show_count(self) -> None:
        self.count.setText(t("received.count", count=len(self.done)) if self.done else "")
        self.count.setVisible(bool(self.done))

    def draft(self) -> ItemDraft:
        """Return the row as typed."""
        return ItemDraft(
            channel=str(self.channel.value),
            received_on=self.received_on.day or today(),
            postmark_on=self.postmark_on.day,
            source_number=self.source_number.text().strip(),
            remark=self.remark.text().strip(),
            received_only=True,
        )

    def register(self) -> None:
        """Register the row, and open the next one."""
        for name in ("received_on", "postmark_on"):
            field = self.row[name]
            wrong = isinstance(field, DateField) and bool(field.text().strip()) and field.day is None
            missing = name == "received_on" and self.received_on.day is None
            self.fields[name].doubt(t("field.date_wrong") if wrong or missing else "", "late")
            if wrong or missing:
                field.setFocus()
                return
        if self._busy:
            return
        self._busy = True
        self.register_button.setEnabled(False)
        draft = self.draft()
        self.context.ask(
            lambda desk: desk.register_item(draft),
            lambda done: self._registered(done, draft),
            self._refused,
            owner=self,
        )

    def _registered(self, done: Registered, draft: ItemDraft) -> None:
        self._ready()
        self.done.append(done)
        at = self._grid.rowCount()
        words = (
            done.item_number,
            t(f"channel.{draft.channel}"),
            day(draft.received_on),
            day(draft.postmark_on),
            draft.source_number,
            draft.remark,
        )
        for across, one in enumerate(words):
            cell = label(one, "strong" if across == 0 else "second", copy=across == 0)
            self._grid.addWidget(cell, at, across)
        self._grid.setColumnStretch(len(words), 1)
        self.source_number.clear()
        self.remark.clear()
        self.postmark_on.clear()
        self._show_count()
        self.postmark_on.setFocus()
        QTimer.singleShot(0, self, lambda: self._page.ensureWidgetVisible(self._entry))
        self.context.register_changed.emit()

    def numbers(self) -> list[str]:
        """Return the numbers given, as they are shown."""
        return [
            item.widget().text()  # type: ignore[union-attr]  # a label was put there
            for at in range(self._grid.rowCount())
            if (item := self._grid.itemAtPosition(at, 0)) is not None and isinstance(item.widget(), QLabel)
        ]

    def _ready(self) -> None:
        self._busy = False
        self.register_button.setEnabled(True)
        for field in self.fields.values():
            field.doubt("")

    def _refused(self, error: RegisterError) -> None:
        self._ready()
        name = error.field if isinstance(error, InputError) else ""
        if name in self.fields:
            self.fields[name].doubt(sentence(error), "late")
            self.row[name].setFocus()
        else:
            self.context.told.emit(sentence(error), "late")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Register on Enter in any field of the row."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and watched in self.row.values()
        ):
            if isinstance(watched, QLineEdit):
                watched.editingFinished.emit()
            self.register()
            return True
        return super().eventFilter(watched, event)
