"""Calendars and rules: what counts, what waits, and the reviewed difference before anything moves.

A calendar file, a local overlay or what a newer program brings is looked at first: every last day that would move, from
when to when, on which matter. Only the petition-unit head lets it count, and only as it was looked at; both days are
kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from models.errors import RegisterError
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field
from ui.parts.layout import Wrapping, clear, column, row
from ui.parts.lines import LineButton
from ui.parts.text import button, chip, empty, label, notice
from ui.port import DeskPort
from ui.screens.base import today
from ui.screens.lines import LinesScreen
from ui.screens.register_export import ask_path
from ui.screens.settings_moved import ShiftTable, future_words
from ui.words import sentence, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.candidates import Candidate, Standing
    from models.shifts import Difference

REVIEWERS = frozenset({"PU", "KEEPER"})


class CalendarScreen(LinesScreen):
    """What counts and what waits; one difference at a time, whole."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, 1120)
        self.difference: Difference | None = None
        self.table: ShiftTable | None = None

    def enter(self) -> None:
        """Fetch what counts and what waits."""
        if self.difference is None:
            self.context.ask(
                lambda desk: (desk.pending_changes(), desk.standing_law()),
                lambda found: self._show(*found),
                self._failed,
                owner=self,
                key="calendar",
            )

    def back(self) -> bool:
        """Leave the difference, then the screen."""
        if self.difference is not None:
            self.difference = None
            self.enter()
            return True
        return False

    def _leave_screen(self) -> None:
        if not self.back():
            self.context.back_wanted.emit()

    # What counts, and what waits.

    def _show(self, waiting: tuple[Candidate, ...], law: Standing) -> None:
        years = law.years
        look, body = self.context.look, self._page.body
        self._empty_page()
        self._head(t("calendar.title"), t("calendar.words"), self._way_back(self._leave_screen))
        roles = self.context.roles
        body.addWidget(label(t("calendar.years"), "section"))
        flow = Wrapping(look, 1)
        for year in years[-10:]:
            flow.add(chip(str(year), look, "done" if year >= today().year else "quiet"))
        body.addWidget(flow)
        if today().year + 1 not in years and today().month >= 11:
            body.addWidget(notice(t("calendar.next_missing", year=today().year + 1), look, "soon"))
        if not roles & REVIEWERS:
            body.addWidget(label(t("calendar.not_yours"), "small", wrap=True))
            body.addStretch(1)
            return
        buttons = row(None, look, 2)
        self.load_button = button(t("calendar.load"), self.load, "primary", picture_of="calendar", look=look)
        buttons.addWidget(self.load_button)
        if "PU" not in roles:
            buttons.addWidget(label(t("calendar.hand_in"), "small", wrap=True), 1)
        buttons.addStretch(1)
        body.addLayout(buttons)
        body.addWidget(label(t("calendar.waiting"), "section"))
        held = column(None, look, 1)
        body.addLayout(held)
        for one in waiting:
            self.lines.add(held, lambda one=one: self._candidate(one))  # type: ignore[misc]  # bound now
        if not waiting:
            held.addWidget(label(t("calendar.nothing_waits"), "second", wrap=True))
        body.addWidget(label(t("calendar.overlay"), "section"))
        body.addWidget(label(t("calendar.overlay_words"), "small", wrap=True))
        across = Wrapping(look, 3)
        overlays = [(name, str(title)) for name, title in law.overlays]
        self.overlay = Choice([("", t("calendar.no_overlay")), *overlays], value=law.overlay)
        self.overlay.setMinimumContentsLength(20)
        self.overlay_from = DateField(look, today())
        across.add(Field(t("calendar.which_overlay"), self.overlay, look))
        across.add(Field(t("calendar.from"), self.overlay_from, look))
        body.addWidget(across)
        self.overlay_button = button(t("calendar.look"), self.look_at_overlay)
        body.addWidget(self.overlay_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._trouble = column(None, look, 1)
        body.addLayout(self._trouble)
        body.addStretch(1)
        self.load_button.setFocus()

    def _candidate(self, one: Candidate) -> LineButton:
        look = self.context.look
        made = LineButton(
            look,
            str(one.cause),
            t(f"calendar.kind_{one.kind}", name=one.name),
            chips=(chip(t("calendar.to_review"), look, "soon", "clock"),),
        )
        made.clicked.connect(lambda: self._ask(lambda desk: desk.difference(one)))
        return made

    def load(self) -> None:
        """Read a calendar file: looked at at once by whoever may apply it, handed in by the keeper."""
        name, _kind = QFileDialog.getOpenFileName(self, t("calendar.load"), "", t("calendar.files"))
        if not name:
            return
        path = Path(name)
        roles = self.context.roles
        if "PU" in roles:
            self._ask(lambda desk: desk.calendar_difference(_read(path), path.name))
            return

        def handed(found: Candidate) -> None:
            self.context.told.emit(t("calendar.handed_in", name=found.name), "done")
            self.enter()

        self.context.ask(
            lambda desk: desk.load_calendar(_read(path), path.name), handed, self._told, owner=self, key="calendar"
        )

    def look_at_overlay(self) -> None:
        """Look at what another local overlay would change."""
        on, name = self.overlay_from.day, str(self.overlay.value or "")
        if on is None:
            self.overlay_from.setFocus()
            return
        self._ask(lambda desk: desk.overlay_difference(name, on))

    def _ask(self, question: Callable[[DeskPort], Difference]) -> None:
        self.context.work(
            lambda desk, _job: question(desk), self._show_difference, self._told, owner=self, label="work.calendar"
        )

    def _told(self, error: RegisterError) -> None:
        clear(self._trouble)
        self._trouble.addWidget(notice(sentence(error), self.context.look, "late"))

    # The difference, to be read before it is applied.

    def _show_difference(self, found: Difference) -> None:
        look, body = self.context.look, self._page.body
        self.difference = found
        candidate = found.candidate
        moved = len(found.shifts)
        under = t("calendar.summary", matters=f"{found.matters:,}", clocks=f"{found.clocks:,}", moved=f"{moved:,}")
        self._empty_page()
        self._head(str(candidate.cause), under, self._way_back(self._leave_screen))
        for change in found.future:
            body.addWidget(label(future_words(change), wrap=True))
        if moved:
            self.table = ShiftTable(look, found.shifts)
            self.table.opened.connect(lambda matter: self.context.matter_wanted.emit(matter, ""))
            body.addWidget(self.table)
        else:
            self.table = None
            body.addWidget(empty(t("calendar.moves_nothing"), t("calendar.moves_nothing_advice"), look, meaning="done"))
        self._trouble = column(None, look, 1)
        body.addLayout(self._trouble)
        buttons = Wrapping(look, 2)
        roles = self.context.roles
        self.apply_button = button(t("calendar.apply", count=f"{moved:,}"), self.apply, "primary")
        self.apply_button.setEnabled("PU" in roles)
        buttons.add(self.apply_button)
        buttons.add(button(t("calendar.leave"), self._leave_screen))
        if moved:
            buttons.add(button(t("export.list"), self.export, "quiet"))
        body.addWidget(buttons)
        if "PU" not in roles:
            body.addWidget(label(t("calendar.by_head"), "small", wrap=True))
        body.addStretch(1)
        if self.table is not None:
            self.table.setFocus()
        else:
            self.apply_button.setFocus()
        self._page.verticalScrollBar().setValue(0)

    def apply(self) -> None:
        """Let what was reviewed count."""
        found = self.difference
        if found is None:
            return
        self.apply_button.setEnabled(False)

        def done(moved: int) -> None:
            self.difference = None
            self.context.told.emit(t("calendar.applied", count=f"{moved:,}"), "done")
            self.context.register_changed.emit()
            self.enter()

        self.context.work(
            lambda desk, _job: desk.apply_calendar(found), done, self._told, owner=self, label="work.calendar"
        )

    def export(self) -> None:
        """Write the difference to a file, to be laid before whoever decides."""
        found = self.difference
        path = ask_path(self, t("export.title"), t("calendar.stem")) if found is not None else None
        if path is None or self.table is None:
            return
        rows = self.table.cells()

        def write(_desk: DeskPort) -> int:
            from models import export

            export.write_table(rows, path, (16, 40, 20, 24, 12, 14, 14, 16))
            return len(rows) - 1

        self.context.ask(
            write,
            lambda count: self.context.told.emit(t("calendar.exported", count=count, path=str(path)), "done"),
            owner=self,
        )


def _read(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        StorageError: It cannot be read.
    """
    from models import door

    try:
        return path.read_bytes()
    except OSError as error:
        raise door.file_trouble(path, error) from error
