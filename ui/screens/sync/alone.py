"""The keeper's word that there is nobody to fetch from: a restored register goes on, with the reason on record."""

from __future__ import annotations

from collections.abc import Callable

from ui.context import Context
from ui.parts.fields import LongText
from ui.parts.forms import FormSheet
from ui.port import DeskPort
from ui.services import Outcome
from ui.words import t


class AloneSheet(FormSheet):
    """What it means to go on without fetching, and why it is done."""

    def __init__(self, context: Context, service: Callable[[DeskPort, str], Outcome]) -> None:
        def done(outcome: Outcome) -> None:
            context.told.emit(outcome.words, "done")

        super().__init__(
            context,
            t("sync.alone"),
            t("sync.alone_go"),
            lambda desk, values: service(desk, values["reason"]),
            done,
            words=t("sync.alone_sheet"),
            danger=True,
        )
        self.add("reason", t("sync.alone_reason"), LongText(context.look, lines=2), required=True)
        self.finish_body()
