"""What calls for supervision: failed duties by unit and duty, each with its reason and article; pressed, the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui import law
from ui.parts.fields import Choice
from ui.parts.layout import Wrapping
from ui.parts.lines import LineButton
from ui.parts.text import chip, label
from ui.screens.base import today
from ui.tokens import Tone
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from models.supervising import Place, Tally, Trigger, TriggerPage
    from ui.screens.duties.screen import DutiesScreen

FIRST = 5
"""Lines of each duty; with one duty chosen, fifty at a time."""
MANY = 50


class TriggersPart:
    """The page of triggers: a choice of duty, a choice of unit, the lines of both."""

    def __init__(self, screen: DutiesScreen) -> None:
        self._screen, self._context = screen, screen.context
        self.kind: Choice | None = None
        self.unit: Choice | None = None
        self._kept: tuple[object, object] = (None, None)
        self._tally: tuple[Tally, ...] = ()
        self._shown = 0

    def open(self, where: QVBoxLayout) -> None:
        """Fetch how many there are of each duty and unit, then the lines."""
        where.addWidget(label(t("duties.triggers_words"), "small", wrap=True))
        self._where = where
        self._context.ask(
            lambda desk: desk.duties.trigger_tally(),
            self._tallied,
            self._screen.refused,
            owner=self._screen,
            key="duties",
        )

    def _tallied(self, tally: tuple[Tally, ...]) -> None:
        if self._screen.part.value != "triggers":
            return
        self._tally = tally
        if not tally:
            self._screen.empty_lines()
            self._screen.nothing(t("duties.triggers_none"))
            return
        look = self._context.look
        flow = Wrapping(look, 2)
        kinds: dict[str, int] = {}
        units: dict[tuple[int | None, str], int] = {}
        for one in tally:
            kinds[one.kind] = kinds.get(one.kind, 0) + one.count
            if one.unit is not None:
                units[one.unit, one.unit_name] = units.get((one.unit, one.unit_name), 0) + one.count
        whole = f"{sum(kinds.values()):,}"
        self.kind = Choice(
            [
                (kind, t("queue.counted", name=t(f"trigger.{kind}"), count=f"{count:,}"))
                for kind, count in kinds.items()
            ],
            value=self._kept[0],
            none=t("queue.counted", name=t("duties.any_duty"), count=whole),
        )
        self.unit = Choice(
            [
                (unit, t("queue.counted", name=name, count=f"{count:,}"))
                for (unit, name), count in sorted(units.items(), key=lambda entry: -entry[1])
            ],
            value=self._kept[1],
            none=t("duties.any_unit"),
        )
        for choice, words in ((self.kind, t("duties.duty")), (self.unit, t("duties.unit"))):
            choice.setAccessibleName(words)
            choice.setMinimumContentsLength(18)
            choice.currentIndexChanged.connect(lambda _at: self._fetch())
            flow.add(choice)
        self._where.addWidget(flow)
        self._fetch()

    def _fetch(self) -> None:
        if self.kind is None or self.unit is None:
            return
        kind, unit = self.kind.value, self.unit.value
        self._kept = (kind, unit)
        wanted = [str(kind)] if kind is not None else list(dict.fromkeys(one.kind for one in self._tally))
        limit, number = MANY if kind is not None else FIRST, unit if isinstance(unit, int) else None
        self._context.ask(
            lambda desk: [desk.duties.trigger_page(one, None, limit, number) for one in wanted],
            lambda pages: self._show(wanted, pages, number),
            self._screen.refused,
            owner=self._screen,
            key="triggers-page",
        )

    def _show(self, kinds: list[str], pages: list[TriggerPage], unit: int | None) -> None:
        if self._screen.part.value != "triggers":
            return
        self._screen.empty_lines()
        for kind, page in zip(kinds, pages, strict=True):
            if page.lines:
                self._section(kind, page, unit, alone=len(kinds) == 1)
        if not any(page.lines for page in pages):
            self._screen.nothing(t("duties.triggers_none"))

    def _count(self, kind: str, unit: int | None) -> int:
        return sum(one.count for one in self._tally if one.kind == kind and unit in (None, one.unit))

    def _section(self, kind: str, page: TriggerPage, unit: int | None, *, alone: bool) -> None:
        count = self._count(kind, unit)
        lines = self._screen.heading(t(f"trigger.{kind}"), f"{count:,}")
        self._append(lines, page)
        if alone:
            self._shown = len(page.lines)
            self._go_on(kind, unit, page.after, lines)
        elif count > len(page.lines) and self.kind is not None:
            choice = self.kind
            every = LineButton(self._context.look, t("today.all", count=f"{count:,}"), "")
            every.clicked.connect(lambda: choice.set_value(kind))
            self._screen.add(lambda: every, lines)

    def _append(self, lines: QVBoxLayout, page: TriggerPage) -> None:
        for one in page.lines:
            self._screen.add(lambda one=one: self._line(one), lines)  # type: ignore[misc]  # bound now

    def _go_on(self, kind: str, unit: int | None, after: Place | None, lines: QVBoxLayout) -> None:
        left = self._count(kind, unit) - self._shown if after is not None else 0

        def fetch() -> None:
            self._context.ask(
                lambda desk: desk.duties.trigger_page(kind, after, MANY, unit),
                arrived,
                owner=self._screen,
                key="triggers-page",
            )

        def arrived(page: TriggerPage) -> None:
            self._append(lines, page)
            self._shown += len(page.lines)
            self._go_on(kind, unit, page.after, lines)

        self._screen.more(left, fetch)

    def _line(self, one: Trigger) -> LineButton:
        look = self._context.look
        days = (today() - one.since).days
        tone: Tone = "late" if one.kind == "late_duty" else "quiet"
        chips: tuple[QFrame, ...] = (
            chip(t("duties.days", count=days) if days > 0 else t("duties.days_new"), look, tone, "clock"),
        )
        if one.supervision is not None:
            chips = (chip(t("duties.supervised"), look, "done"), *chips)
        title = title_seen(one.title, one.sight)
        made = LineButton(
            look,
            t("duties.failed", unit=one.unit_name or t("duties.no_unit"), words=one.words),
            f"{one.number}  {title}",
            third=t("duties.article", article=one.article),
            chips=chips,
            small=t("duties.since", day=day(one.since)),
        )
        made.setToolTip(t("duties.to_act"))
        made.setAccessibleDescription(t("duties.to_act"))
        known = (
            {"trigger": one.code} | ({} if one.row else {"clock": one.basis}) | ({"unit": one.unit} if one.unit else {})
        )
        made.clicked.connect(lambda: self._context.act_wanted.emit(one.matter, "supervise", known))
        return made


def known_of(one: Trigger) -> dict[str, object]:
    """Return what the trigger tells of the supervision that it calls for: its kind, the clock, the unit."""
    known: dict[str, object] = {"trigger": one.code}
    if not one.row and law.clock_rule(one.basis) is not None:
        known["clock"] = one.basis
    if one.unit is not None:
        known["unit"] = one.unit
    return known
