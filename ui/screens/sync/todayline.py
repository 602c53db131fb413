"""What other screens say of the sync: a restored register that must fetch first, a paper that is still on its way."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from models.errors import NotYetHereError
from ui.context import Context
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.words import sentence, t


def fetch_notice(context: Context) -> QWidget:
    """Return the line of Today with the way to what fetches."""
    go = button(t("today.fetch"), partial(context.screen_wanted.emit, "sync"), "quiet")
    return notice(t("today.must_fetch"), context.look, "late", action=go)


class NotHereSheet(Sheet):
    """A paper whose bytes are still on their way, and the way to fetch them."""

    def __init__(self, context: Context, error: NotYetHereError) -> None:
        super().__init__(context, t("papers.on_way"))
        self.body.addWidget(label(sentence(error), wrap=True))
        self.go = button(t("today.sync"), self._sync, "primary")
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet))
        self.foot.addStretch(1)
        self.finish_body()

    def _sync(self) -> None:
        self.close_sheet()
        self.context.screen_wanted.emit("sync")
