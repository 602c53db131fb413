"""The one question of the new item: throw away what was typed? It cannot be undone, so the default is to keep it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ui.context import Context
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.words import t


class DiscardSheet(Sheet):
    """Keep, or throw away."""

    agreed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("discard.title"))
        self.body.addWidget(label(t("discard.words"), "second", wrap=True))
        self.finish_body()
        self.keep = button(t("discard.keep"), self.close_sheet, "primary")
        self.throw = button(t("discard.throw"), self._throw, "danger")
        self.foot.addWidget(self.keep)
        self.foot.addStretch(1)
        self.foot.addWidget(self.throw)

    def _throw(self) -> None:
        self.close_sheet()
        self.agreed.emit()
