"""The cases of a programme: filters over lines; each line says who answers for it until when, and its evidence."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from models import codes
from models.programme.evidence import STEPS
from models.programme.records import CaseFilter
from ui import law
from ui.context import Context
from ui.parts.fields import Choice, code_choice
from ui.parts.layout import Wrapping, row
from ui.parts.lines import LineButton
from ui.parts.text import button, empty, label
from ui.screens.programme.steps import limit_chip, state_chip, step_strip
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from models.programme.records import CaseLine, CasePage, Progress
    from ui.screens.programme.screen import ProgrammeScreen

STATES = ("open", "rebound", "solved", "closed", "excluded")
LEADS = frozenset({"CH", "DL"})


class CasesPart:
    """The page of cases: filters, lines, and what leaves the list (the bound ledger) or comes into it."""

    def __init__(self, screen: ProgrammeScreen) -> None:
        self._screen, self._context = screen, screen.context
        self._filters = CaseFilter()
        self._shown = 0
        self._opened = 0
        """The matter of the case that was opened last."""
        self.state: Choice | None = None
        self.count = label("")
        self.late = QPushButton()

    def forget(self) -> None:
        """Show all cases again."""
        self._filters = CaseFilter()

    def set_filters(self, filters: CaseFilter) -> None:
        """Show other cases; the page itself is set out by whoever opens it."""
        self._filters = filters

    def open(self, _found: Progress) -> None:
        """Set the filters out and fetch the first lines."""
        look = self._context.look
        tools = self._screen.tools
        flow = Wrapping(look, 2)
        self.late = button(t("filter.late"), None, "segment", picture_of="late", look=look)
        self.late.setCheckable(True)
        self.state = Choice([(one, t(f"programme.state_{one}")) for one in STATES], none=t("case.any_state"))
        self.state.insertItem(1, t("case.in_programme"), "included")
        self.source = code_choice("key_source", none=t("case.any_source"))
        leads = [(one.id, one.name) for one in self._context.staff if one.roles & LEADS]
        self.leader = Choice(leads, none=t("case.any_leader"))
        self.unit = Choice(self._context.units, none=t("filter.any_unit"))
        self.exclusion = Choice(
            [(one, f"{one} {law.code('key_exclusion', one)}") for one in codes.codes("key_exclusion")],
            none=t("case.any_exclusion"),
        )
        self.step = Choice([(one, t(f"step.{one}")) for one in STEPS if one != "entered"], none=t("case.any_step"))
        self._fill()
        flow.add(self.late)
        for choice, words in (
            (self.state, t("case.state")),
            (self.step, t("case.next_step")),
            (self.source, t("case.source")),
            (self.leader, t("case.leader")),
            (self.unit, t("case.unit")),
            (self.exclusion, t("case.exclusion")),
        ):
            choice.setAccessibleName(words)
            choice.setToolTip(words)
            choice.setProperty("kind", "filter")
            choice.setMaximumWidth(look.size(240))
            choice.setMinimumContentsLength(_letters(choice.itemText(0)))
            choice.currentIndexChanged.connect(lambda _at: self._chosen())
            flow.add(choice)
        self.late.toggled.connect(lambda _on: self._chosen())
        tools.addWidget(flow)
        tools.addWidget(self._foot_of_filters())
        self._fetch(None)

    def _foot_of_filters(self) -> QWidget:
        look = self._context.look
        made = QWidget()
        across = row(made, look, 2)
        self.count = label("", "second")
        self.count.setAccessibleName(t("case.count_name"))
        across.addWidget(self.count)
        across.addStretch(1)
        self.include = button(t("case.include"), self._include, "quiet", picture_of="add", look=look)
        self.ledger_button = button(t("case.ledger"), self._ledger, "quiet", picture_of="document", look=look)
        for one in (self.include, self.ledger_button):
            across.addWidget(one)
        return made

    def _fill(self) -> None:
        """Let the choices say the filters as they stand."""
        filters = self._filters
        if self.state is None:
            return
        if len(filters.states) > 2:
            self.state.set_value("included")
        else:
            self.state.set_value(filters.states[0] if filters.states else None)
        self.late.setChecked(filters.late)
        self.source.set_value(filters.sources[0] if filters.sources else None)
        self.exclusion.set_value(filters.exclusions[0] if filters.exclusions else None)
        self.leader.set_value(filters.leader)
        self.unit.set_value(filters.unit)
        self.step.set_value(filters.step or None)

    @property
    def filters(self) -> CaseFilter:
        """The filters as they stand."""
        return self._filters

    def _chosen(self) -> None:
        state = self.state.value if self.state is not None else None
        states: tuple[Any, ...] = (state,) if state is not None else ()
        if state == "included":
            states = STATES[:-1]
        elif state == "solved":
            states = ("solved", "closed")
        source, exclusion = self.source.value, self.exclusion.value
        leader, unit = self.leader.value, self.unit.value
        self._filters = CaseFilter(
            states=states,
            sources=(str(source),) if source is not None else (),
            exclusions=(str(exclusion),) if exclusion is not None else (),
            leader=leader if isinstance(leader, int) else None,
            unit=unit if isinstance(unit, int) else None,
            late=self.late.isChecked(),
            step=str(self.step.value or ""),
        )
        self._fetch(None)

    def clear_filters(self) -> None:
        """Show all cases."""
        self.forget()
        if self._screen.found is not None:
            self._screen.show_cases(self._filters)

    def _fetch(self, after: int | None) -> None:
        key, filters = self._screen.programme, self._filters
        if key is None:
            return
        self._context.ask(
            lambda desk: desk.programmes.cases(key, filters, after),
            lambda page: self._show(page, first=after is None),
            self._screen.refused,
            owner=self._screen,
            key="cases",
        )

    def _show(self, page: CasePage, *, first: bool) -> None:
        screen, look = self._screen, self._context.look
        if not screen.is_at("cases"):
            return
        if first:
            screen.empty_lines()
            self._shown = 0
            self.count.setText(t("case.count", count=f"{page.total:,}"))
            self.ledger_button.setEnabled(screen.found is not None and screen.found.programme.counts.entered > 0)
            if not page.total:
                self._none(look)
        for one in page.lines:
            screen.add(screen.body, partial(self._line, one))
        if first and screen.take_focus_once():
            self._back_to_line(page)
        self._shown += len(page.lines)
        screen.more(page.total - self._shown if page.after is not None else 0, lambda: self._fetch(page.after))

    def _back_to_line(self, page: CasePage) -> None:
        """Put the focus on the case that was opened last, when it is among these."""
        at = next((at for at, one in enumerate(page.lines) if one.matter == self._opened), None)
        if at is not None:
            self._screen.lines.finish()
            self._screen.lines.buttons[at].setFocus()

    def _open(self, one: CaseLine, *_pressed: object) -> None:
        self._opened = one.matter
        self._context.case_wanted.emit(one.matter, one.programme)

    def _none(self, look: Any) -> None:
        if self._filters == CaseFilter():
            made = empty(t("case.none"), t("case.none_advice"), look)
        else:
            clear = button(t("register.clear"), self.clear_filters)
            made = empty(t("case.none_filtered"), t("register.empty_advice"), look, action=clear)
        self._screen.body.addWidget(made)

    def _line(self, one: CaseLine) -> LineButton:
        made = case_line(self._context, one)
        made.clicked.connect(partial(self._open, one))
        return made

    # Into the programme, and out of the window.

    def _include(self) -> None:
        from ui.screens.programme.include import IncludeSheet

        if self._screen.found is not None:
            self._context.sheet_wanted.emit(IncludeSheet(self._context, self._screen.found.programme))

    def _ledger(self) -> None:
        from ui.screens.programme.papers import show_ledger

        if self._screen.found is not None:
            show_ledger(self._context, self._screen, self._screen.found.programme)


def case_line(context: Context, one: CaseLine) -> LineButton:
    """Return the line of a case."""
    look = context.look
    full = one.sight == "full"
    chips: list[QFrame] = [state_chip(one.state, look)]
    if (limit := limit_chip(one, look)) is not None:
        chips.append(limit)
    who = [one.leader and t("join.pair", name=t("case.leader"), value=one.leader), one.unit, one.officer]
    if full and not one.leader and one.state != "excluded":
        who = [t("case.no_plan"), one.unit]
    third = ""
    if one.exclusion:
        third = f"{one.exclusion} {law.code('key_exclusion', one.exclusion)}"
    elif one.rebound_on is not None and one.state == "rebound":
        third = t("case.rebound_on", day=day(one.rebound_on))
    return LineButton(
        look,
        f"{one.number}  {title_seen(one.title, one.sight)}",
        "  ".join(part for part in who if part),
        third=third,
        chips=tuple(chips),
        small=t("case.limit", day=day(one.limit_on)) if one.limit_on else "",
        below=step_strip(one.reached, look) if full and one.state != "excluded" else None,
    )


def _letters(words: str) -> int:
    """Return how many Latin letters are as wide as these words: a Chinese character is as wide as two."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in words)
