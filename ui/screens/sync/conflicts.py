"""Conflicts: values entered apart from each other, side by side, and what holds from now on. Those due first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QFrame

from ui.context import Context
from ui.parts.fields import LongText, Segments, text_line
from ui.parts.forms import FormSheet
from ui.parts.layout import box, column, row
from ui.parts.lines import LineButton
from ui.parts.sheet import sheet_of
from ui.parts.text import button, chip, due_chip, empty, label
from ui.port import DeskPort
from ui.screens.base import today
from ui.screens.lines import LinesScreen
from ui.words import moment, t, title_seen

if TYPE_CHECKING:
    from models.conflicts import ConflictLine, ConflictPage, Side

CHOICES = ("kept", "other", "new")


class ConflictsPart(LinesScreen):
    """The conflicts that are open, fifty at a time."""

    name = "sync-conflicts"

    def __init__(self, context: Context) -> None:
        super().__init__(context, 960)
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch the first ones."""
        self._fetch(None)

    def _fetch(self, after: Any) -> None:
        self.context.ask(
            lambda desk: desk.conflicts.open_ones(after),
            self._first if after is None else self._further,
            self._failed,
            owner=self,
            key="conflicts",
        )

    def _first(self, page: ConflictPage) -> None:
        self._empty_page()
        self._begin_lines()
        if not page.lines:
            self._lines.addWidget(
                empty(t("conflict.none"), t("conflict.none_advice"), self.context.look, meaning="done")
            )
            return
        self._page.body.insertWidget(0, label(t("conflict.words"), "second", wrap=True))
        self._left = page.total
        self._further(page)
        if self.isVisible() and sheet_of(QApplication.focusWidget()) is None:
            self.lines.take_focus()

    def _further(self, page: ConflictPage) -> None:
        for one in page.lines:
            self.lines.add(self._lines, partial(self._line, one))
        self._left -= len(page.lines)
        self.more(self._left if page.after is not None else 0, lambda: self._fetch(page.after))

    def _line(self, one: ConflictLine) -> LineButton:
        made = conflict_line(self.context, one)
        made.clicked.connect(lambda: self.open(one))
        return made

    def open(self, one: ConflictLine) -> None:
        """Show both values, and settle."""
        if one.may_settle:
            self.context.sheet_wanted.emit(SettleSheet(self.context, one, self._settled))
        elif one.matter is not None:
            self.context.matter_wanted.emit(one.matter, "")
        else:
            self.context.told.emit(t("conflict.not_yours"), "soon")

    def _settled(self, _answer: Any) -> None:
        self.context.told.emit(t("conflict.settled"), "done")


def conflict_line(context: Context, one: ConflictLine) -> LineButton:
    """Return the line of a conflict: which field of what, both values, and its last day."""
    look = context.look
    head = " · ".join(part for part in (str(one.table), one.row_label, str(one.column)) if part)
    chips = [chip(t("conflict.statutory"), look, "late" if one.late else "soon")] if one.statutory else []
    if one.statutory:
        chips.append(due_chip(one.due_on, today(), look))
    return LineButton(
        look,
        head,
        "  ".join(part for part in (one.number, title_seen(one.title, one.sight)) if part) if one.number else "",
        third=t("conflict.two", kept=said_value(one.kept), other=said_value(one.other)),
        chips=tuple(chips),
    )


def said_value(side: Side) -> str:
    """Return a value in words, and who entered it."""
    word = str(side.word)
    return t("conflict.value_by", value=word, who=side.who) if word and side.who else word or t("conflict.hidden")


def value_box(context: Context, title: str, side: Side) -> QFrame:
    """Return one of the two values with who entered it, when, and at which workstation."""
    made = box("card")
    inside = column(made, context.look, 1, 3)
    inside.addWidget(label(title, "label"))
    inside.addWidget(label(str(side.word) or t("conflict.hidden"), "strong", wrap=True, copy=True))
    who = "  ".join(part for part in (side.who, side.workstation) if part)
    inside.addWidget(label(who, "small", wrap=True))
    inside.addWidget(label(moment(side.at), "small"))
    made.setAccessibleName(f"{title}: {side.word!s} {who}")
    return made


class SettleSheet(FormSheet):
    """Both values, which one holds, and why."""

    def __init__(self, context: Context, one: ConflictLine, done: Callable[[Any], object]) -> None:
        title = t("conflict.settle_of", column=str(one.column))
        super().__init__(context, title, t("conflict.settle"), partial(_settle, one), done, width=560)
        look = context.look
        if one.number:
            self.body.addWidget(label(f"{one.number}  {title_seen(one.title, one.sight)}", "second", wrap=True))
        across = row(None, look, 3)
        across.addWidget(value_box(context, t("conflict.kept"), one.kept), 1)
        across.addWidget(value_box(context, t("conflict.other"), one.other), 1)
        self.body.addLayout(across)
        if one.statutory:
            self.body.addWidget(label(t("conflict.statutory_words"), "small", wrap=True))
        choices = [(name, t(f"conflict.choose_{name}"), "") for name in CHOICES]
        choice = Segments(choices, look, name=t("conflict.holds"))
        choice.set_none()
        self.add("choice", t("conflict.holds"), choice, required=True)
        self.add("value", t("conflict.new_value"), text_line(), required=True)
        self.show_field("value", shown=False)
        choice.chosen.connect(lambda chosen: self.show_field("value", shown=chosen == "new"))
        self.add("reason", t("conflict.reason"), LongText(look, lines=2), required=True)
        if one.matter is not None:
            matter = one.matter
            self.body.addWidget(
                button(t("conflict.matter"), lambda: self.context.matter_wanted.emit(matter, ""), "quiet")
            )
        self.finish_body()


def _settle(one: ConflictLine, desk: DeskPort, values: dict[str, Any]) -> int:
    return desk.conflicts.settle(
        one.key, values["choice"], value=_typed(one, values.get("value")), reason=values["reason"]
    )


def _typed(one: ConflictLine, typed: str | None) -> Any:
    """Return what was typed as the column keeps it: a day in whatever form people write one, a number, or text."""
    if typed is None:
        return None
    from ui.parts.fields import read_day

    sample = one.kept.value if one.kept.value is not None else one.other.value
    if isinstance(sample, int) and typed.strip().isdigit():
        return int(typed)
    if isinstance(sample, str) and _is_day(sample):
        try:
            found = read_day(typed, today())
        except ValueError:
            return typed
        return found.isoformat() if found is not None else None
    return typed


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
