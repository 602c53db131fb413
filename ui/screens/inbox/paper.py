"""One paper of the city, whole: what it says, what taking it in would write, and the ways on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton

from models.errors import RegisterError
from ui import law
from ui.context import Context
from ui.parts.fields import LongText
from ui.parts.forms import FormSheet
from ui.parts.layout import line
from ui.parts.sheet import Sheet
from ui.parts.text import button, due_chip, label, notice, prose
from ui.port import DeskPort
from ui.screens.base import today
from ui.screens.settings_moved import ShiftTable, future_words
from ui.words import day, sentence, t, title_seen

if TYPE_CHECKING:
    from models.citycodes import CodeChange
    from models.citypapers import Paper, PaperLine
    from models.citytaking import Taken
    from models.cityunits import UnitChange
    from models.records import Hint, ItemDraft
    from models.shifts import Difference

LAW = ("calendar", "overlay")
LISTS = ("codes", "units")
WIDE, NARROW = 760, 560
HINTS_SHOWN = 5


class Shown(NamedTuple):
    """A paper with what the sheet shows of it; only what its kind has."""

    paper: Paper
    hints: tuple[Hint, ...] = ()
    difference: Difference | None = None
    changes: tuple[UnitChange, ...] | tuple[CodeChange, ...] = ()
    trouble: RegisterError | None = None
    """Why what it would write cannot be shown."""


def fetch(desk: DeskPort, paper: int) -> Shown:
    """Return a paper and what taking it in would write; runs on the worker."""
    found = desk.city.paper(paper)
    if "take" not in found.line.may:
        return Shown(found)
    try:
        if found.line.kind in LAW:
            return Shown(found, difference=desk.city.difference(paper))
        if found.line.kind in LISTS:
            return Shown(found, changes=desk.city.changes(paper))
        return Shown(found, hints=desk.city.hints(paper)[:HINTS_SHOWN])
    except RegisterError as error:
        return Shown(found, trouble=error)


class PaperSheet(Sheet):
    """A paper, and at its foot what this person may do with it."""

    def __init__(self, context: Context, shown: Shown) -> None:
        found = shown.paper.line
        title = f"{t(f'inbox.kind_{found.kind}')}  {title_seen(found.title, found.sight)}"
        super().__init__(context, title, width=WIDE if found.kind in LAW else NARROW)
        self.shown = shown
        self._refusal: QFrame | None = None
        self._joins: QButtonGroup | None = None
        look = context.look
        self.body.addWidget(label(_head(shown.paper), "second", wrap=True, copy=True))
        if found.limit_on is not None and found.state in ("waiting", "taken"):
            self.body.addWidget(due_chip(found.limit_on, today(), look))
        if found.insisted:
            self.body.addWidget(notice(t("inbox.insisted", reason=found.insisted), look, "soon"))
        if found.outcome:
            self.body.addWidget(label(t(f"inbox.outcome_{found.outcome}"), "strong", wrap=True))
        if shown.paper.body:
            self.body.addWidget(prose(shown.paper.body))
        if shown.paper.draft is not None:
            self._item(shown.paper.draft)
        self._would_write()
        if found.matter is not None:
            matter = found.matter
            open_it = button(
                t("inbox.matter", number=found.matter_number), lambda: context.matter_wanted.emit(matter, ""), "quiet"
            )
            self.body.addWidget(open_it)
        self._ways(found)
        self.finish_body()

    # What it says.

    def _item(self, draft: ItemDraft) -> None:
        """Show the item as the city passed it on; its words can be copied."""
        self.body.addWidget(line())
        who = t("join.list").join(person.name for person in draft.people if person.name)
        pairs = (
            (t("inbox.who"), who),
            (t("inbox.channel"), law.code("channel", draft.channel)),
            (t("inbox.received"), day(draft.received_on)),
            (t("inbox.source_number"), draft.source_number),
        )
        words = "  ".join(f"{name} {value}" for name, value in pairs if value)
        self.body.addWidget(label(words, "", wrap=True, copy=True))
        for at, claim in enumerate(draft.claims, 1):
            self.body.addWidget(label(t("inbox.claim", place=at, claim=claim), "", wrap=True, copy=True))
        if draft.statement:
            self.body.addWidget(prose(draft.statement))

    def _would_write(self) -> None:
        """Show what taking it in would change, or the earlier matters it may belong to."""
        shown, look = self.shown, self.context.look
        if shown.trouble is not None:
            self.body.addWidget(notice(sentence(shown.trouble), look, "soon"))
        if shown.difference is not None:
            moved = shown.difference
            words = t("inbox.moved", count=len(moved.shifts), matters=moved.matters)
            self.body.addWidget(label(words, "strong", wrap=True))
            for change in moved.future:
                self.body.addWidget(label(future_words(change), "small", wrap=True))
            if moved.shifts:
                self.body.addWidget(ShiftTable(look, moved.shifts))
        for one in shown.changes:
            self.body.addWidget(label(said_change(one), "", wrap=True))
        if shown.paper.line.kind in LISTS and not shown.changes and shown.trouble is None:
            self.body.addWidget(label(t("inbox.no_changes"), "second", wrap=True))
        if shown.hints:
            self._earlier(shown.hints)

    def _earlier(self, hints: tuple[Hint, ...]) -> None:
        """Ask whether the item is a new matter or belongs to an earlier one."""
        self.body.addWidget(line())
        self.body.addWidget(label(t("inbox.earlier"), "strong", wrap=True))
        self._joins = QButtonGroup(self)
        new = QRadioButton(t("inbox.new_matter"))
        new.setChecked(True)
        self._joins.addButton(new, 0)
        self.body.addWidget(new)
        for at, hint in enumerate(hints, 1):
            made = QRadioButton(t("inbox.join", number=hint.number, title=hint.title))
            why = t("join.list").join(f"{t(f'hint.reason_{code}')} {words}" for code, words in hint.reasons)
            self._joins.addButton(made, at)
            self.body.addWidget(made)
            self.body.addWidget(label(f"{day(hint.received_on)}  {why}", "small", wrap=True))

    # What can be done.

    def _ways(self, found: PaperLine) -> None:
        if "take" in found.may and self.shown.trouble is None:
            words = t(f"inbox.take_{found.kind}")
            self.go = button(words, self.take, "primary")
            self.foot.addWidget(self.go)
        if "report" in found.may:
            self.go = button(t("inbox.report"), partial(self._ask_reason, "report"), "primary")
            self.foot.addWidget(self.go)
        if "refuse" in found.may:
            self.foot.addWidget(button(t("inbox.refuse"), partial(self._ask_reason, "refuse"), "danger"))
        if "note" in found.may:
            self.foot.addWidget(button(t("inbox.note"), partial(self._ask_reason, "note"), "quiet"))
        self.foot.addStretch(1)

    @property
    def joins(self) -> int | None:
        """The earlier matter that the item belongs to, None for a new one."""
        at = self._joins.checkedId() if self._joins is not None else 0
        return self.shown.hints[at - 1].matter if at > 0 else None

    def take(self) -> None:
        """Take it in, with what was reviewed."""
        paper, moved, joins = self.shown.paper.line.id, self.shown.difference, self.joins
        digest = moved.digest if moved is not None else ""
        self.go.setEnabled(False)
        self.context.ask(
            lambda desk: desk.city.take(paper, matter=joins, digest=digest), self._taken, self._refused, owner=self
        )

    def _taken(self, done: Taken) -> None:
        context = self.context
        self.close_sheet()
        if done.registered is not None:
            words = t("inbox.registered", item=done.registered.item_number, matter=done.registered.matter_number)
        elif done.moved:
            words = t("inbox.counts", count=done.moved)
        else:
            words = t("inbox.done")
        context.told.emit(words, "done")
        context.register_changed.emit()
        if done.matter is not None:
            context.matter_wanted.emit(done.matter, "")

    def _refused(self, error: RegisterError) -> None:
        self.go.setEnabled(True)
        if self._refusal is not None:
            self._refusal.hide()
            self._refusal.deleteLater()
        self._refusal = notice(sentence(error), self.context.look, "late")
        self.body.insertWidget(0, self._refusal)

    def _ask_reason(self, what: str) -> None:
        found = self.shown.paper.line
        self.context.sheet_wanted.emit(ReasonSheet(self.context, found, what))


class ReasonSheet(FormSheet):
    """Why a paper is sent back or only noted, or what was done on it."""

    def __init__(self, context: Context, found: PaperLine, what: str) -> None:
        def done(_answer: Any) -> None:
            context.told.emit(t(f"inbox.{what}_done"), "done")

        super().__init__(
            context,
            f"{t(f'inbox.{what}')}  {title_seen(found.title, found.sight)}",
            t(f"inbox.{what}"),
            _WRITES[what](found.id),
            done,
            words=t(f"inbox.{what}_words"),
            danger=what == "refuse",
        )
        self.add("reason", t(f"inbox.{what}_reason"), LongText(context.look, lines=3), required=True)
        self.finish_body()


_WRITES: dict[str, Callable[[int], Callable[[DeskPort, dict[str, Any]], None]]] = {
    "refuse": lambda paper: lambda desk, values: desk.city.refuse(paper, values["reason"]),
    "note": lambda paper: lambda desk, values: desk.city.note(paper, values["reason"]),
    "report": lambda paper: lambda desk, values: desk.city.report(paper, values["reason"]),
}


def _head(paper: Paper) -> str:
    """Return number, organ, day and who signed."""
    found = paper.line
    parts = (
        found.number,
        found.organ,
        day(found.on),
        t("inbox.signed", name=paper.signed_by) if paper.signed_by else "",
    )
    return "  ".join(part for part in parts if part)


def said_change(one: UnitChange | CodeChange) -> str:
    """Return a change of the directory or of a code table in words."""
    from models.cityunits import UnitChange  # not before a paper of units is looked at

    if isinstance(one, UnitChange):
        columns = t("join.list").join(
            t("inbox.change_column", column=t(f"inbox.column_{column}"), before=before or "-", after=after or "-")
            for column, before, after in one.columns
        )
        words = t(f"inbox.unit_{one.what}", name=one.name, count=one.open_matters)
        return t("join.clauses").join(part for part in (words, columns) if part)
    return t(f"inbox.code_{one.what}", table=one.table, code=one.code, word=one.zh or one.en, count=one.used)
