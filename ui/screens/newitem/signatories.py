"""Joint letters: a pasted list of those who signed, read as it is, shown before it is taken."""

from __future__ import annotations

from PySide6.QtCore import Signal

from models.errors import RegisterError
from models.joint import Signatory, read_signatories
from models.records import PersonDraft
from ui.context import Context
from ui.parts.fields import Field, LongText
from ui.parts.layout import column
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.timers import after_pause
from ui.words import sentence, t

READ_MS = 200
SHOWN = 30
"""People shown of a list; the number counts all."""


def as_drafts(people: list[Signatory]) -> tuple[PersonDraft, ...]:
    """Return signatories as the item holds them."""
    return tuple(
        PersonDraft(role="signatory", name=one.name, phone=one.phone, id_number=one.id_number, address=one.address)
        for one in people
    )


def as_text(people: tuple[PersonDraft, ...]) -> str:
    """Return signatories as a list that can be pasted again, one a line."""
    return "\n".join(
        "\t".join(part for part in (one.name, one.phone, one.id_number, one.address) if part) for one in people
    )


class SignatoriesSheet(Sheet):
    """Paste, look, take. Who stands twice is one; what was not read as a name is seen at once."""

    taken = Signal(object)
    """The signatories as a tuple of `PersonDraft`; empty when the list was emptied."""

    def __init__(self, context: Context, before: tuple[PersonDraft, ...]) -> None:
        super().__init__(context, t("joint.title"), width=560)
        look = context.look
        self.people: tuple[PersonDraft, ...] = before
        self.text = LongText(look, as_text(before), lines=8, most=14, placeholder=t("joint.placeholder"))
        self.field = Field(t("joint.list"), self.text, look, hint=t("joint.hint"))
        self.body.addWidget(self.field)
        self.read = label("", "strong", wrap=True)
        self.body.addWidget(self.read)
        self._shown = column(None, look, 1)
        self.names = label("", "second", wrap=True)
        self._shown.addWidget(self.names)
        self.body.addLayout(self._shown)
        self.finish_body()
        self.take = button(t("joint.take_none"), self._take, "primary")
        self.foot.addWidget(self.take)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)
        self._timer = after_pause(self, READ_MS, self._read)
        self.text.textChanged.connect(self._timer.start)
        self._read()

    def _read(self) -> None:
        words = self.text.text()
        self.field.doubt("")
        try:
            self.people = as_drafts(read_signatories(words)) if words.strip() else ()
        except RegisterError as error:
            self.people = ()
            self.field.doubt(sentence(error), "soon")
        count = len(self.people)
        self.read.setText(t("joint.read", count=f"{count:,}") if count else "")
        names = t("join.list").join(
            " ".join(part for part in (one.name, one.phone or one.id_number) if part) for one in self.people[:SHOWN]
        )
        self.names.setText(t("joint.and_more", names=names, count=count - SHOWN) if count > SHOWN else names)
        take = t("joint.take", count=f"{count:,}") if count else t("joint.take_none")
        self.take.setText(take)
        self.take.setAccessibleName(take)

    def _take(self) -> None:
        self._timer.stop()
        self._read()
        if self.text.text().strip() and not self.people:
            self.text.setFocus()
            return
        self.taken.emit(self.people)
        self.close_sheet()
