"""Taking an act of a matter from the reception page: in the sheet that is made of the table of acts, as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from models.errors import RegisterError
from models.records import ClosedAct, MatterFile, OpenAct, PaperDraft
from ui import law
from ui.context import Context
from ui.keys import bind
from ui.port import DeskPort
from ui.screens.matter.sheets import ActSheet
from ui.screens.reception.forms import named_field
from ui.words import both, sentence, t

Found = tuple[MatterFile, tuple[ClosedAct, ...]]


class Acting:
    """Acts begun on one page. `owner` is the page; `sheet` the act that is being filled in."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        self.context = context
        self._owner = owner
        self.sheet: ActSheet | None = None

    def begin(
        self, matter: int, name: str, typed: Mapping[str, Any], done: Callable[[Any], object],
        answer: Callable[[DeskPort], Any] = lambda _desk: None,
    ) -> None:  # fmt: skip
        """Open the sheet of an act, or say why it is not open.

        Args:
            matter: Of the act.
            name: The act.
            typed: Inputs that are known already.
            done: Takes the answer, after the act was taken.
            answer: Asks the desk for it, on the worker, right after the act.
        """

        def show(found: Found) -> None:
            file, closed = found
            act = next((one for one in file.next_acts if one.name == name), None)
            if act is None:
                why = next((both(one.reason_zh, one.reason_en) for one in closed if one.name == name), "")
                self.context.told.emit(why or t("reception.not_open", act=law.act(name)), "soon")
                return
            sheet = ActSheet(self.context, act, file, typed)
            sheet.ready.connect(partial(self._take, sheet, matter, done, answer))
            bind(sheet, "likely_act", sheet.go.click)
            self.sheet = sheet
            self.context.sheet_wanted.emit(sheet)

        self.context.ask(lambda desk: (desk.matter(matter), desk.open_acts(matter)[1]), show, owner=self._owner)

    def _take(
        self,
        sheet: ActSheet,
        matter: int,
        done: Callable[[Any], object],
        answer: Callable[[DeskPort], Any],
        act: OpenAct,
        inputs: dict[str, Any],
        papers: tuple[PaperDraft, ...],
    ) -> None:
        def take(desk: DeskPort) -> Any:
            desk.perform(matter, act.name, inputs, papers=papers)
            return answer(desk)

        def taken(found: Any) -> None:
            sheet.close_sheet()
            self.context.told.emit(t("act.done", act=law.act(act.name)), "done")
            done(found)
            self.context.register_changed.emit()

        def refused(error: RegisterError) -> None:
            sheet.refuse(sentence(error), named_field(error))

        self.context.ask(take, taken, refused, owner=sheet)
