"""The plan of receptions: the bureau's rules, the days of a month, quarter or year, and what the public is told.

Days that the rules give and that nobody planned yet stand as proposals, to be taken over at one press. Whoever has no
part in the plan sees it and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from models.errors import RegisterError, RuleError
from ui import law
from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.layout import Wrapping, column, row
from ui.parts.lines import LineButton
from ui.parts.sheet import Sheet
from ui.parts.text import button, chip, icon_button, label, notice
from ui.port import DeskPort
from ui.screens.base import today
from ui.screens.lines import LinesScreen
from ui.screens.reception.dayforms import CancelSheet, DaySheet, SubstituteSheet, form_word, said_day, said_who
from ui.screens.reception.months import LENGTHS, Mark, MonthPage, Period
from ui.screens.reception.noticepart import NoticePart
from ui.screens.reception.rules import PortfolioSheet, RuleSheet, hours, rule_line, said_host
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.reception.records import Host, IssuedNotice, NoticePlan, Proposal, ReceptionDay
    from models.reception.rules import PlanRule

PLANNERS = frozenset({"PU", "CH", "DL"})
"""Roles that plan and announce; the register asks for them again."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What the page shows. `refused` says why nothing can be proposed."""

    rules: tuple[PlanRule, ...]
    leaders: tuple[Host, ...]
    days: tuple[ReceptionDay, ...]
    proposals: tuple[Proposal, ...]
    refused: str
    notice: NoticePlan
    notices: tuple[IssuedNotice, ...]


def fetch(desk: DeskPort, period: Period, *, planner: bool) -> Planned:
    """Ask for all of a period; runs on the worker."""
    asked, frm, to = desk.reception, period.first, period.last
    proposals: tuple[Proposal, ...] = ()
    rules: tuple[PlanRule, ...] = ()
    refused = ""
    try:
        rules = asked.rules()
        if planner and rules:
            proposals = asked.propose(max(frm, today()), to) if to >= today() else ()
    except RuleError as error:
        refused = sentence(error)
    return Planned(
        rules, asked.leaders(), asked.days(frm, to), proposals, refused, asked.notice_plan(frm, to), asked.notices()
    )


class PlanPart(LinesScreen):
    """Rules, days and notice of one period at a time."""

    day_wanted = Signal(object)
    """Show a day at the counter."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, 1080)
        self.period = Period.around("month", today())
        self.planned: Planned | None = None
        self.boxes: list[tuple[QCheckBox, Proposal]] = []
        self.notice = NoticePart(self)
        context.register_changed.connect(self._changed)

    @property
    def planner(self) -> bool:
        """Whether this person plans."""
        return bool(self.context.roles & PLANNERS)

    def enter(self) -> None:
        """Fetch the period."""
        period, planner = self.period, self.planner
        self.context.ask(
            lambda desk: fetch(desk, period, planner=planner), self._show, self._failed, owner=self, key="plan"
        )

    def _go_to(self, period: Period) -> None:
        self.period = period
        self.enter()

    def _show(self, found: Planned) -> None:
        look, body = self.context.look, self._page.body
        place = self._page.verticalScrollBar().value()
        self._empty_page()
        self.planned, self.boxes = found, []
        self._chooser(body)
        if found.refused:
            body.addWidget(notice(found.refused, look, "soon"))
        days = column(None, look, 3)
        if self.period.length == "month":  # the one page of the calendar stands beside its days
            across = row(None, look, 6)
            across.addWidget(self._calendar(found), 0, Qt.AlignmentFlag.AlignTop)
            across.addLayout(days, 1)
            body.addLayout(across)
        else:
            body.addWidget(self._calendar(found))
            body.addLayout(days)
        self._days(days, found)
        days.addStretch(1)
        self.notice.show(body, found.notice, found.notices)
        self._rules(body, found)
        self._portfolios(body, found.leaders)
        body.addStretch(1)
        self._page.verticalScrollBar().setValue(place)

    def _chooser(self, body: QVBoxLayout) -> None:
        """Add the choice of month, quarter or year, and the way to the one before and after."""
        look = self.context.look
        across = row(None, look, 2)
        self.length = Segments(
            [(one, t(f"reception.length_{one}"), "") for one in LENGTHS],
            look,
            self.period.length,
            t("reception.length"),
        )
        self.length.chosen.connect(lambda length: self._go_to(Period.around(length, max(self.period.first, today()))))
        across.addWidget(icon_button(t("reception.before"), "back", look, lambda: self._go_to(self.period.step(-1))))
        name = label(self.period.words, "section")
        name.setMinimumWidth(look.size(120))
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        across.addWidget(name)
        self.next = icon_button(t("reception.after"), "open", look, lambda: self._go_to(self.period.step(1)))
        across.addWidget(self.next)
        across.addSpacing(look.space(4))
        across.addWidget(self.length, 1)
        body.addLayout(across)

    def heading(self, body: QVBoxLayout, words: str, *actions: QWidget) -> None:
        """Add a heading with what may be done beside it."""
        look = self.context.look
        body.addSpacing(look.space(3))
        across = row(None, look, 2)
        across.addWidget(label(words, "section", wrap=True), 1)
        for one in actions:
            across.addWidget(one)
        body.addLayout(across)

    # Days.

    def _calendar(self, found: Planned) -> QWidget:
        look = self.context.look
        marks: dict[date, Mark] = {one.on: "proposed" for one in found.proposals}
        for planned in found.days:
            if marks.get(planned.on) != "planned" or planned.state == "planned":
                marks[planned.on] = planned.state  # type: ignore[assignment]  # the states are the marks
        pages = [MonthPage(look, month, marks, today()) for month in self.period.months]
        for page in pages:
            page.picked.connect(partial(self._picked, found))
        if len(pages) == 1:
            return pages[0]
        flow = Wrapping(look, 5)
        for page in pages:
            flow.add(page)
        return flow

    def _picked(self, found: Planned, on: date) -> None:
        """Open the day that was pressed, or offer to plan it."""
        there = next((one for one in found.days if one.on == on), None)
        if there is not None:
            self._open_day(there)
        elif self.planner and on >= today():
            self._add_day(on)

    def _days(self, body: QVBoxLayout, found: Planned) -> None:
        look = self.context.look
        actions = []
        if self.planner:
            actions = [button(t("reception.day_new"), self._add_day, "quiet", picture_of="add", look=look)]
        self.heading(body, t("reception.days_of", period=self.period.words), *actions)
        if found.proposals:
            self._proposals(body, found.proposals)
        if not found.days and not found.proposals:
            words = t("reception.no_days") if found.rules else t("reception.no_rules")
            body.addWidget(label(words, "second", wrap=True))
        lines = column(None, look, 1)
        body.addLayout(lines)
        for planned in found.days:
            self.lines.add(lines, partial(self._day_line, planned))

    def _proposals(self, body: QVBoxLayout, proposals: Sequence[Proposal]) -> None:
        look = self.context.look
        body.addWidget(label(t("reception.proposals_words"), "second", wrap=True))
        for one in proposals:
            box = QCheckBox(f"{day(one.on)}  {t(f'weekday.d{one.on.isoweekday()}')}  {hours(one.begin, one.end)}")
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._count())
            told = [said_host(one.leader), one.place, str(one.words)]
            if one.moved:
                told.append(t("reception.moved", day=day(one.nominal_on)))
            words = label("  ".join(part for part in told if part), "second", wrap=True)
            words.setIndent(look.size(26))  # under the words of the box
            box.setAccessibleDescription(words.text())
            body.addWidget(box)
            body.addWidget(words)
            self.boxes.append((box, one))
        self.take_over = button("", self.take, "primary")
        body.addWidget(self.take_over, 0, Qt.AlignmentFlag.AlignLeft)
        self._count()

    def _count(self) -> None:
        count = sum(box.isChecked() for box, _one in self.boxes)
        self.take_over.setText(t("reception.take_over", count=count))
        self.take_over.setAccessibleName(self.take_over.text())
        self.take_over.setEnabled(count > 0)

    def take(self) -> None:
        """Plan the proposals that are ticked."""
        wanted = [one for box, one in self.boxes if box.isChecked()]
        self.context.ask(
            lambda desk: desk.reception.plan_days(wanted), lambda made: self._planned(len(made)), owner=self
        )

    def _planned(self, count: int) -> None:
        self.context.told.emit(t("reception.planned", count=count), "done")
        self.context.register_changed.emit()

    def _day_line(self, planned: ReceptionDay) -> LineButton:
        look = self.context.look
        chips = [
            chip(
                law.code("reception_state", planned.state),
                look,
                {"open": "accent", "closed": "done"}.get(planned.state, "quiet"),  # type: ignore[arg-type]  # tones
            )
        ]
        if planned.notice_late:
            chips.insert(0, chip(t("reception.notice_late"), look, "late"))
        elif planned.notice_on is not None:
            chips.insert(0, chip(t("reception.announced"), look, "done"))
        third = [planned.cancelled, t("reception.barred", matters=t("join.list").join(planned.barred))]
        made = LineButton(
            look,
            said_day(planned),
            "  ".join(part for part in (said_who(planned), form_word(planned), planned.place) if part),
            third="  ".join(
                words for words, wanted in zip(third, (planned.cancelled, planned.barred), strict=True) if wanted
            ),
            chips=tuple(chips),
            small=str(planned.rule),
        )
        made.clicked.connect(partial(self._open_day, planned))
        return made

    def _open_day(self, planned: ReceptionDay) -> None:
        self.context.sheet_wanted.emit(DayMenu(self, planned))

    def _add_day(self, on: date | None = None) -> None:
        if self.planned is not None:
            wanted = on or max(self.period.first, today())
            self.context.sheet_wanted.emit(
                DaySheet(self.context, self.planned.leaders, None, self._kept("reception.day_added"), on=wanted)
            )

    def _kept(self, key: str) -> Callable[[object], None]:
        return lambda _answer: self.context.told.emit(t(key), "done")

    # Rules and portfolios.

    def _rules(self, body: QVBoxLayout, found: Planned) -> None:
        look = self.context.look
        actions = []
        if self.planner:
            actions = [button(t("reception.rule_new"), partial(self._rule, None), "quiet", picture_of="add", look=look)]
        self.heading(body, t("reception.rules"), *actions)
        body.addWidget(label(t("reception.rules_words"), "small", wrap=True))
        lines = column(None, look, 1)
        body.addLayout(lines)
        for at, rule in enumerate(found.rules):
            self.lines.add(lines, partial(rule_line, self.context, rule, found.leaders, partial(self._rule, at)))

    def _rule(self, at: int | None) -> None:
        found = self.planned
        if found is not None and self.planner:
            done = self._kept("reception.rule_saved")
            self.context.sheet_wanted.emit(RuleSheet(self.context, found.leaders, found.rules, at, done))

    def _portfolios(self, body: QVBoxLayout, leaders: Sequence[Host]) -> None:
        self.heading(body, t("reception.leaders"))
        lines = column(None, self.context.look, 1)
        body.addLayout(lines)
        for leader in leaders:
            self.lines.add(lines, partial(self._leader_line, leader))

    def _leader_line(self, leader: Host) -> LineButton:
        made = LineButton(self.context.look, said_host(leader), leader.portfolio or t("reception.portfolio_none"))
        made.clicked.connect(partial(self._portfolio, leader))
        return made

    def _portfolio(self, leader: Host) -> None:
        if self.planner:
            sheet = PortfolioSheet(self.context, leader, self._kept("reception.portfolio_saved"))
            self.context.sheet_wanted.emit(sheet)

    def _failed(self, error: RegisterError) -> None:
        super()._failed(error)
        self._again.setFocus()


class DayMenu(Sheet):
    """What can be done with a day of the plan."""

    def __init__(self, part: PlanPart, planned: ReceptionDay) -> None:
        super().__init__(part.context, said_day(planned))
        context, look = part.context, part.context.look
        self._part, self._planned = part, planned
        for words in (
            said_who(planned),
            planned.substitute_reason,
            planned.host.portfolio,
            f"{form_word(planned)}  {planned.place}",
            planned.phone,
            t("reception.beside_line", names=planned.beside) if planned.beside else "",
            t("reception.cancelled_why", reason=planned.cancelled) if planned.cancelled else "",
        ):
            if words.strip():
                self.body.addWidget(label(words, wrap=True, copy=True))
        if planned.notice_on is not None:
            self.body.addWidget(label(t("reception.announced_on", day=day(planned.notice_on)), "second"))
        elif planned.notice_due_on is not None and planned.state != "cancelled":
            words = t("reception.announce_by", day=day(planned.notice_due_on))
            self.body.addWidget(notice(words, look, "late" if planned.notice_late else "soon"))
        open_day = button(t("reception.open_day"), self._open, "primary")
        self.body.addWidget(open_day, 0, Qt.AlignmentFlag.AlignLeft)
        if part.planner and planned.state in ("planned", "open"):
            leaders = part.planned.leaders if part.planned is not None else ()
            kept = part._kept("reception.day_saved")
            choices: list[tuple[str, Callable[[], Sheet]]] = [
                (t("reception.substitute_name"), lambda: SubstituteSheet(context, planned, leaders, kept))
            ]
            if planned.state == "planned":
                choices = [
                    (t("reception.day_change"), lambda: DaySheet(context, leaders, planned, kept)),
                    *choices,
                    (t("reception.day_cancel"), lambda: CancelSheet(context, planned, kept)),
                ]
            for words, make in choices:
                made = button(words, partial(self._go, make), "row")
                self.body.addWidget(made)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet))
        self.foot.addStretch(1)

    def _go(self, make: Callable[[], Sheet]) -> None:
        self.context.sheet_wanted.emit(make())

    def _open(self) -> None:
        self.close_sheet()
        self._part.day_wanted.emit(self._planned.id)
