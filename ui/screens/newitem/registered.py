"""After registration: the number, large enough to read out, the query code, and the receipt."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.records import Registered
from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.layout import Page, Wrapping, column
from ui.parts.text import button, chip, label, notice
from ui.port import DeskPort
from ui.words import t


class RegisteredPage(QWidget):
    """What the counter reads out."""

    def __init__(self, context: Context, registered: Registered, title: str) -> None:
        super().__init__()
        self.context, self.registered = context, registered
        look = context.look
        outer = column(self, look, 0)
        page = Page(look, width=640, margin=6, gap=3)
        outer.addWidget(page)
        body = page.body
        body.addStretch(1)
        body.addWidget(chip(t("registered.done"), look, "done"), 0, Qt.AlignmentFlag.AlignLeft)
        body.addSpacing(look.space(2))
        body.addWidget(label(t("registered.number"), "label"))
        self.number = label(registered.item_number, "number", copy=True, wrap=True)
        self.number.setAccessibleName(f"{t('registered.number')} {registered.item_number}")
        body.addWidget(self.number)
        body.addWidget(label(title, "second", wrap=True))
        body.addSpacing(look.space(3))
        pair = Wrapping(look, 6)
        for words, value in (
            (t("registered.query_code"), registered.query_code),
            (t("registered.matter"), registered.matter_number),
        ):
            holder = QWidget()
            inside = column(holder, look, 0)
            inside.addWidget(label(words, "label"))
            inside.addWidget(label(value, "section", copy=True))
            pair.add(holder)
        body.addWidget(pair)
        for warning in registered.warnings:
            body.addWidget(notice(warning, look, "soon"))
        body.addSpacing(look.space(3))
        self.slip = Segments(
            [("A5", t("registered.a5"), ""), ("80mm", t("registered.slip"), "")], look, "A5", t("registered.paper")
        )
        body.addWidget(self.slip)
        buttons = Wrapping(look, 2)
        self.print_button = button(t("registered.print"), self.print_receipt, "primary", picture_of="print", look=look)
        self.next_button = button(t("registered.next"), lambda: context.new_wanted.emit("visit"))
        self.open_button = button(t("registered.open"), lambda: context.matter_wanted.emit(registered.matter, ""))
        for made in (self.print_button, self.next_button, self.open_button):
            buttons.add(made)
        body.addWidget(buttons)
        self.number_button = button(
            t("registered.to_reception"),
            lambda: context.reception_wanted.emit(registered.matter, title),
            picture_of="reception",
            look=look,
        )
        self.number_button.hide()
        buttons.add(self.number_button)
        body.addStretch(2)
        context.ask(_received_today, self.number_button.setVisible, lambda _error: None, owner=self)

    def print_receipt(self) -> None:
        """Lay the receipt out on the worker, then ask for the printer."""
        slip = str(self.slip.value)
        item = self.registered.item
        self.context.work(
            lambda desk, _job: desk.receipt_pdf(item, slip), self._print, owner=self, label="work.receipt"
        )

    def _print(self, data: bytes) -> None:
        from ui.parts.pdf import print_pdf

        if print_pdf(self, data, self.registered.item_number):
            self.context.told.emit(t("letter.printed"), "done")


def _received_today(desk: DeskPort) -> bool:
    """Return whether a leader receives today, so that who was registered may get a number; runs on the worker."""
    on = desk.reception.on
    return any(one.state in ("planned", "open") for one in desk.reception.days(on, on))
