"""The progress of a programme: what it owes now, where it stands on its line of time, counts, targets, evidence.

Every count leads to the cases it counts. Shares are computed from cases and told with both numbers; nothing here is
moved by hand.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from models.programme.records import CaseFilter
from ui import law
from ui.parts.layout import Wrapping, column, row
from ui.parts.lines import LineButton
from ui.parts.text import button, chip, due_chip, label, notice, picture
from ui.screens.base import today
from ui.screens.programme.timeline import TimeLine
from ui.tokens import Look, Tone
from ui.words import day, said_of, t

if TYPE_CHECKING:
    from models.programme.records import Group, Progress, Reached, Target
    from ui.screens.programme.screen import ProgrammeScreen

COUNTS: tuple[tuple[str, Tone, str, CaseFilter], ...] = (
    ("included", "quiet", "register", CaseFilter(states=("open", "rebound", "solved", "closed"))),
    ("open", "accent", "waiting", CaseFilter(states=("open",))),
    ("late", "late", "late", CaseFilter(late=True)),
    ("rebound", "soon", "again", CaseFilter(states=("rebound",))),
    ("solved", "done", "done", CaseFilter(states=("solved", "closed"))),
    ("closed", "done", "backup", CaseFilter(states=("closed",))),
    ("excluded", "quiet", "remove", CaseFilter(states=("excluded",))),
)
"""Counts with tone, icon, and the cases behind each."""

_TARGETS: dict[str, tuple[Tone, str]] = {
    "reached": ("done", "done"),
    "missed": ("late", "late"),
    "open": ("accent", "clock"),
    "empty": ("quiet", "waiting"),
}


class Tally(QPushButton):
    """A number with its word that leads to what it counts."""

    def __init__(self, count: int, words: str, look: Look, tone: Tone, meaning: str) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setAutoDefault(False)
        inside = column(None, look, 0)
        inside.setContentsMargins(look.space(2), look.space(1), look.space(3), look.space(1))
        self.setLayout(inside)
        number = label(f"{count:,}", "page", tone=tone if count and tone != "quiet" else "")
        inside.addWidget(number)
        under = row(None, look, 1)
        colour = look.colours.tone(tone)[0] if count else look.colours.third
        under.addWidget(picture(meaning, look, colour, 14))
        under.addWidget(label(words, "small"))
        under.addStretch(1)
        inside.addLayout(under)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(f"{words} {count:,}")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for what the words take, not for a button's own text."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never be smaller than the words."""
        return self.sizeHint()


class OverviewPart:
    """The first page of a programme."""

    def __init__(self, screen: ProgrammeScreen) -> None:
        self._screen, self._context = screen, screen.context
        self.tallies: dict[str, Tally] = {}
        self.line: TimeLine | None = None

    def open(self, found: Progress) -> None:
        """Set the page out."""
        screen, look, one = self._screen, self._context.look, found.programme
        self._owed(found)
        self._counts(found)
        body = screen.section(t("programme.timeline"))
        self.line = TimeLine(one, found.on, look)
        body.addWidget(self.line)
        if not one.from_on <= found.on <= one.to_on:
            left = (one.from_on - found.on).days
            words = t("programme.begins_in", count=left) if left > 0 else t("programme.ended_on", day=day(one.to_on))
            body.addWidget(label(words, "small"))
        if one.targets:
            body = screen.section(t("programme.targets"))
            for target in one.targets:
                body.addWidget(self._target(target))
        body = screen.section(t("programme.reached"))
        body.addWidget(label(t("programme.reached_words"), "small", wrap=True))
        for step in found.reached:
            screen.add(body, partial(self._reached, step))
        for words, groups, leads in (
            (t("programme.by_leader"), found.by_leader, True),
            (t("programme.by_unit"), found.by_unit, False),
        ):
            if groups:
                body = screen.section(words)
                for group in groups:
                    screen.add(body, partial(self._group, group, leads=leads))
        sources = {code: count for code, count in one.counts.by_source.items() if count}
        if sources:
            body = screen.section(t("programme.by_source"))
            for code, count in sources.items():
                screen.add(body, partial(self._code, "key_source", code, count))
        grounds = {code: count for code, count in one.counts.by_exclusion.items() if count}
        if grounds:
            body = screen.section(t("programme.by_exclusion"))
            for code, count in grounds.items():
                screen.add(body, partial(self._code, "key_exclusion", code, count))

    def _owed(self, found: Progress) -> None:
        if found.programme.state == "closed":
            return
        look = self._context.look
        for due in found.programme.milestones:
            if due.state in ("due", "late"):
                go = button(self._screen.dates.words_of(due), partial(self._screen.dates.send, due), "quiet")
                words = t("programme.owed", name=due.name, day=day(due.due_on) or t("days.no_calendar"))
                if not self._screen.keeps:
                    go.hide()
                tone: Tone = "late" if due.state == "late" else "soon"
                self._screen.body.addWidget(notice(words, look, tone, action=go))

    def _counts(self, found: Progress) -> None:
        flow = Wrapping(self._context.look, 2)
        flow.setAccessibleName(t("programme.counts"))
        self.tallies = {}
        for name, tone, meaning, filters in COUNTS:
            made = Tally(getattr(found.programme.counts, name), t(f"count.{name}"), self._context.look, tone, meaning)
            made.clicked.connect(lambda _on=False, wanted=filters: self._screen.show_cases(wanted))
            self.tallies[name] = made
            flow.add(made)
        self._screen.body.addWidget(flow)

    def _target(self, one: Target) -> QWidget:
        """Return a target: what is asked, by when, and the cases that are solved, out of those included."""
        look = self._context.look
        made = QWidget()
        across = row(made, look, 3)
        texts = column(None, look, 0)
        texts.addWidget(label(one.name, "strong", wrap=True))
        need = -(-one.share * one.included // 100)
        asked = t("programme.target_by", share=one.share, day=day(one.by_on))
        so_far = t("programme.target_so_far", solved=one.solved, included=one.included, need=need)
        counted = t("programme.counted_on", day=day(one.counted_on)) if one.counted_on != today() else ""
        texts.addWidget(label(t("join.clauses").join((asked, so_far)), "second", wrap=True))
        if counted:
            texts.addWidget(label(counted, "small", wrap=True))
        across.addLayout(texts, 1)
        tone, meaning = _TARGETS[one.state]
        chips: list[QFrame] = [chip(t(f"programme.target_{one.state}"), look, tone, meaning)]
        if one.state == "open":
            chips.append(due_chip(one.by_on, today(), look))
        for each in chips:
            across.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        made.setAccessibleName(said_of(one.name, asked, so_far, counted, *(each.accessibleName() for each in chips)))
        return made

    def _reached(self, one: Reached) -> LineButton:
        whole = one.of > 0 and one.cases == one.of
        count = chip(
            t("programme.cases_of", count=one.cases, of=one.of),
            self._context.look,
            "done" if whole else "quiet",
            "done" if whole else "half" if one.cases else "waiting",
        )
        made = LineButton(self._context.look, str(one.words), "", chips=(count,))
        if not whole:
            made.setToolTip(t("programme.show_next"))
            made.setAccessibleDescription(t("programme.show_next"))
        filters = CaseFilter() if whole else CaseFilter(step=one.step)
        made.clicked.connect(lambda: self._screen.show_cases(filters))
        return made

    def _group(self, one: Group, *, leads: bool) -> LineButton:
        look = self._context.look
        chips: tuple[QFrame, ...] = (chip(t("programme.open_cases", count=one.open), look, "quiet", "waiting"),)
        if one.late:
            chips = (*chips, chip(t("programme.late_cases", count=one.late), look, "late"))
        made = LineButton(look, one.name or t("programme.nobody"), "", chips=chips)
        if one.key is not None:
            filters = (
                CaseFilter(states=("open",), leader=one.key) if leads else CaseFilter(states=("open",), unit=one.key)
            )
        else:
            filters = CaseFilter(states=("open",))
        made.clicked.connect(lambda: self._screen.show_cases(filters))
        return made

    def _code(self, table: str, code: str, count: int) -> LineButton:
        words = law.code(table, code)
        filters = CaseFilter(sources=(code,)) if table == "key_source" else CaseFilter(exclusions=(code,))
        if table == "key_exclusion":
            words = f"{code}  {words}"
        made = LineButton(
            self._context.look, words, "", chips=(chip(t("programme.case_count", count=count), self._context.look),)
        )
        made.clicked.connect(lambda: self._screen.show_cases(filters))
        return made
