"""Taking an act of a matter from the reception page: in the sheet that is made of the table of acts, as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from models.records import ClosedAct, MatterFile
from ui import law
from ui.context import Context
from ui.screens.matter.acting import Acting
from ui.words import both, t

Found = tuple[MatterFile, tuple[ClosedAct, ...]]


class MatterActs:
    """Acts on the matters of one page. `owner` is the page."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        self.context = context
        self._owner = owner
        self._file: MatterFile | None = None
        self._acting = Acting(context, lambda: self._file, owner)

    def begin(self, matter: int, name: str, typed: Mapping[str, Any]) -> None:
        """Open the sheet of an act with what is known already, or say why it is not open."""

        def show(found: Found) -> None:
            self._file, closed = found
            act = next((one for one in self._file.next_acts if one.name == name), None)
            if act is not None:
                self._acting.begin(act, typed)
                return
            why = next((both(one.reason_zh, one.reason_en) for one in closed if one.name == name), "")
            self.context.told.emit(why or t("reception.not_open", act=law.act(name)), "soon")

        self.context.ask(lambda desk: (desk.matter(matter), desk.open_acts(matter)[1]), show, owner=self._owner)
