"""The sheet of entering a key case: the programme is chosen by its name, never typed as a key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QPushButton

from models.records import MatterFile, OpenAct
from ui.context import Context
from ui.parts.layout import Wrapping, column
from ui.parts.text import button, label
from ui.screens.matter.sheets import ActSheet
from ui.words import t

if TYPE_CHECKING:
    from models.programme.records import Programme


class IncludeActSheet(ActSheet):
    """The inputs of entering a case; `offer` names the programmes that run, and fills in the only one."""

    def __init__(self, context: Context, act: OpenAct, file: MatterFile, typed: dict[str, Any] | None = None) -> None:
        super().__init__(context, act, file, typed)
        self.offers: dict[str, QPushButton] = {}
        self._beside = column(None, context.look, 1)
        self.body.insertLayout(1, self._beside)

    def offer(self, found: tuple[Programme, ...]) -> None:
        """Show the programmes that are not closed; of one alone its key stands in the field already."""
        running = [one for one in found if one.state != "closed"]
        field = self.inputs.get("programme")
        if not isinstance(field, QLineEdit) or not running:
            return
        if len(running) == 1 and not field.text():
            field.setText(running[0].key)
        self._beside.addWidget(label(t("case.include_into"), "label"))
        flow = Wrapping(self.context.look, 1)
        for one in running:
            made = button(one.name, partial(field.setText, one.key), "segment")
            made.setCheckable(True)
            self.offers[one.key] = made
            flow.add(made)
        self._beside.addWidget(flow)
        field.textChanged.connect(self._mark)
        self._mark(field.text())

    def _mark(self, key: str) -> None:
        for one, made in self.offers.items():
            made.setChecked(one == key.strip())
