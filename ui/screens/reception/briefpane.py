"""The brief beside the record: the matter, its clocks, what earlier leaders promised and whether it was done.

In the large type of the chief's mode. What stands here is the register's, of this one matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import law
from ui.parts.layout import Page, clear, column, line, row
from ui.parts.text import chip, due_tone, label, prose
from ui.screens.reception.promises import said_proof
from ui.tokens import Look, Tone
from ui.words import day, days_left, said_of, t, title_seen

if TYPE_CHECKING:
    from models.reception.records import Brief, BriefClock, Promise


class BriefPane(Page):
    """One brief."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, margin=5, gap=4)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(t("reception.brief"))

    def show_brief(self, brief: Brief, on: date) -> None:
        """Show a brief as it stands on a day."""
        look, body, visit = self._look, self.body, brief.visit
        clear(body)
        body.addWidget(label(title_seen(visit.title, visit.sight), "section", wrap=True, copy=True))
        body.addWidget(label("  ".join(part for part in (visit.number, _people(brief)) if part), wrap=True, copy=True))
        body.addWidget(label(_standing(brief), "second", wrap=True))
        self._block(t("reception.brief_claims"), [self._claim(brief, at) for at in range(len(brief.claims))])
        self._block(
            t("reception.brief_promises"),
            [self._promise(one, on) for one in brief.promises],
            none=t("reception.brief_promises_none"),
        )
        self._block(t("reception.brief_clocks"), [self._clock(one, on) for one in brief.clocks])
        self._block(
            t("reception.brief_answers"),
            [
                _two(day(one.on), "  ".join(part for part in (one.title, one.number, one.told) if part))
                for one in brief.answers
            ],
            none=t("reception.brief_answers_none"),
        )
        self._block(
            t("reception.brief_earlier"),
            [
                _two(
                    day(one.on),
                    "  ".join(
                        part
                        for part in (
                            one.host,
                            law.code("on_the_spot", one.outcome) if one.outcome else "",
                            one.decision,
                        )
                        if part
                    ),
                )
                for one in brief.earlier
            ],
        )
        if brief.statement:
            self._block(t("reception.brief_statement"), [prose(brief.statement)])
        body.addStretch(1)
        _ = look
        self.verticalScrollBar().setValue(0)

    def _block(self, words: str, parts: Iterable[QWidget], none: str = "") -> None:
        found = list(parts)
        if not found and not none:
            return
        inside = QWidget()
        down: QVBoxLayout = column(inside, self._look, 2)
        down.addWidget(label(words, "label"))
        if not found:
            down.addWidget(label(none, "second", wrap=True))
        for at, part in enumerate(found):
            if at:
                down.addWidget(line())
            down.addWidget(part)
        inside.setAccessibleName(words)
        self.body.addWidget(inside)

    def _claim(self, brief: Brief, at: int) -> QWidget:
        claim = brief.claims[at]
        decided = law.code("conclusion", claim.decision) if claim.decision else ""
        return self._with_chip(f"{claim.place}. {claim.request}", decided, "done" if decided else "quiet")

    def _promise(self, one: Promise, on: date) -> QWidget:
        if one.done_on is not None:
            words, tone = t("reception.proved_late") if one.late else t("reception.proved"), "done"
        elif one.due_on is None:
            words, tone = t("reception.not_proved"), "quiet"
        else:
            words, tone = days_left((one.due_on - on).days), str(due_tone(one.due_on, on))
        head = t("reception.promise_line", unit=one.unit, what=one.what)
        under = [t("reception.promised", by=one.by, day=day(one.on))]
        if one.due_on is not None:
            under.append(t("reception.until", day=day(one.due_on)))
        if proof := said_proof(one):
            under.append(proof)
        return self._with_chip(head, words, tone, t("join.clauses").join(under))  # type: ignore[arg-type]  # a tone

    def _clock(self, one: BriefClock, on: date) -> QWidget:
        state = one.state
        if state.due is None:
            return self._with_chip(str(one.name), t("days.no_calendar"), "soon")
        last = state.due.last_on
        met = state.status in ("met", "met_late")
        words = t(f"clock.{state.status}") if met else days_left((last - on).days)
        tone: Tone = "late" if state.status == "met_late" else "done" if met else due_tone(last, on)
        how = t("join.clauses").join(str(part) for part in one.derivation[:3])
        return self._with_chip(f"{one.name}  {day(last)}", words, tone, how)

    def _with_chip(self, words: str, chipped: str, tone: Tone, under: str = "") -> QWidget:
        look, made = self._look, QWidget()
        down = column(made, look, 0)
        across = row(None, look, 2)
        across.addWidget(label(words, wrap=True, copy=True), 1)
        if chipped:
            across.addWidget(
                chip(chipped, look, tone, "clock" if tone == "quiet" and under else ""), 0, Qt.AlignmentFlag.AlignTop
            )
        down.addLayout(across)
        if under:
            down.addWidget(label(under, "small", wrap=True, copy=True))
        made.setAccessibleName(said_of(words, chipped, under))
        return made


def _two(head: str, words: str) -> QWidget:
    return label(f"{head}  {words}", wrap=True, copy=True)


def _people(brief: Brief) -> str:
    names = t("join.list").join(brief.people)
    count = brief.visit.people
    return t("reception.names_count", names=names, count=count) if count and count > 1 else names


def _standing(brief: Brief) -> str:
    parts = (
        t("reception.brief_received", day=day(brief.received_on), items=brief.items),
        law.code("category", brief.category) if brief.category else "",
        law.code("state", brief.state),
        brief.unit,
        brief.handler,
    )
    return "  ".join(part for part in parts if part)
