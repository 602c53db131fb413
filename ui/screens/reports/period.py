"""Which days: a month, a stage of a programme or a year; typed, chosen, or gone to with the arrows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.fields import Choice, text_line
from ui.parts.layout import row
from ui.parts.text import icon_button
from ui.screens.base import today
from ui.words import day, t

if TYPE_CHECKING:
    from models.figures.desk import Figures
    from models.figures.records import Period
    from ui.port import DeskPort

KINDS = ("month", "stage", "annual")


class Wanted(NamedTuple):
    """A period as asked for: month YYYY-MM, year YYYY, or the key of a stage, summary or whole programme."""

    kind: str
    key: str

    def of(self, figures: Figures) -> Period:
        """Return the days of it; on the worker. Raises InputError when it is no period."""
        if self.kind == "month":
            return figures.month(self.key)
        if self.kind == "annual":
            return figures.year(self.key)
        return figures.stage(self.key)


class StageChoice(NamedTuple):
    """A stage, or another summary of a programme, that can be chosen."""

    key: str
    words: str


def stages_of(desk: DeskPort) -> tuple[StageChoice, ...]:
    """Return the stages and summaries of all programmes, the newest programme first; on the worker."""
    found: dict[str, str] = {}
    for programme in desk.programmes.all():
        for stage in programme.stages:
            found[stage.key] = stage.name
        for one in programme.milestones:
            if one.kind in ("summary", "final"):
                found.setdefault(one.key, one.name)
    return tuple(StageChoice(key, words) for key, words in found.items())


class PeriodPicker(QWidget):
    """The choice of a period."""

    changed = Signal(object)
    """Another period (`Wanted`) was chosen; None when no stage is."""

    def __init__(self, context: Context, kinds: Sequence[str] = KINDS) -> None:
        super().__init__()
        look = context.look
        self._kinds = tuple(kinds)
        on = today()
        self._keys = {"month": f"{on:%Y-%m}", "annual": f"{on:%Y}", "stage": ""}
        inside = row(self, look, 2)
        self.kind = Choice([(kind, t(f"reports.kind_{kind}")) for kind in self._kinds])
        self.kind.setAccessibleName(t("reports.period"))
        self.kind.currentIndexChanged.connect(lambda _at: self._kind_chosen())
        inside.addWidget(self.kind)
        self.kind.setVisible(len(self._kinds) > 1)  # once it stands in the row: alone it would be a window
        self._stepping = QWidget()
        steps = row(self._stepping, look, 1)
        self.before = icon_button(t("reports.before"), "back", look, lambda: self.step(-1))
        self.typed = text_line()
        self.typed.setFixedWidth(look.size(110))
        self.typed.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.typed.editingFinished.connect(self._typed)
        self.after = icon_button(t("reports.after"), "open", look, lambda: self.step(1))
        for one in (self.before, self.typed, self.after):
            steps.addWidget(one)
        inside.addWidget(self._stepping)
        self.stage = Choice([], none=t("reports.stage_choose"))
        self.stage.setAccessibleName(t("reports.kind_stage"))
        self.stage.setMinimumContentsLength(20)
        self.stage.currentIndexChanged.connect(lambda _at: self._stage_chosen())
        inside.addWidget(self.stage)
        self._show_kind()

    @property
    def wanted(self) -> Wanted | None:
        """Return what is chosen; None while no stage is."""
        kind = str(self.kind.value)
        key = self._keys[kind]
        return Wanted(kind, key) if key else None

    def set_stages(self, stages: Sequence[StageChoice]) -> None:
        """Offer these stages."""
        self.stage.blockSignals(True)
        self.stage.clear()
        self.stage.addItem(t("reports.stage_choose"), None)
        for one in stages:
            self.stage.addItem(one.words, one.key)
        self.stage.set_value(self._keys["stage"] or None)
        self.stage.blockSignals(False)

    def choose(self, wanted: Wanted) -> None:
        """Choose a period from outside: it is told as if it had been chosen here."""
        self._keys[wanted.kind] = wanted.key
        if self.kind.value == wanted.kind:
            self._show_kind()
            self.changed.emit(wanted)
        else:
            self.kind.set_value(wanted.kind)

    def take_focus(self) -> None:
        """Put the focus on the field or the choice."""
        (self.stage if self.kind.value == "stage" else self.typed).setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, ahead: int) -> None:
        """Go to the next month or year, or to the one before."""
        kind = str(self.kind.value)
        key = self._keys[kind]
        if kind == "annual":
            stepped = f"{int(key) + ahead:04d}" if key.isdigit() else key
        else:
            year, _, month = key.partition("-")
            if not (year.isdigit() and month.isdigit()):
                return
            whole = int(year) * 12 + int(month) - 1 + ahead
            stepped = f"{whole // 12:04d}-{whole % 12 + 1:02d}"
        self.choose(Wanted(kind, stepped))

    def _kind_chosen(self) -> None:
        self._show_kind()
        self.changed.emit(self.wanted)

    def _show_kind(self) -> None:
        kind = str(self.kind.value)
        self._stepping.setVisible(kind != "stage")
        self.stage.setVisible(kind == "stage")
        if kind == "stage":
            self.stage.blockSignals(True)
            self.stage.set_value(self._keys["stage"] or None)
            self.stage.blockSignals(False)
            return
        self.typed.setText(self._keys[kind])
        self.typed.setAccessibleName(t(f"reports.kind_{kind}"))
        self.typed.setPlaceholderText(t(f"reports.form_{kind}"))
        self.typed.setToolTip(t(f"reports.form_{kind}"))

    def _typed(self) -> None:
        kind, key = str(self.kind.value), self.typed.text().strip()
        if key and key != self._keys[kind]:
            self._keys[kind] = key
            self.changed.emit(Wanted(kind, key))

    def _stage_chosen(self) -> None:
        self._keys["stage"] = str(self.stage.value or "")
        self.changed.emit(self.wanted)


def named(period: Period) -> str:
    """Return a period with its days."""
    return t("reports.days", name=str(period.name), first=day(period.from_on), last=day(period.to_on))
