"""The blocks of a matter's page, each made from the file that the desk hands over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.clocks import ClockState
from models.records import AttachmentLine, DocumentLine, MatterFile, StoryLine
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, box, column, line, row
from ui.parts.text import button, chip, due_tone, label, picture, prose
from ui.tokens import Tone
from ui.words import day, days_left, moment, said_of, size, t

STORY_FIRST = 12
"""Lines of the story shown at first; the rest on request."""


def block(title: str, context: Context, meaning: str, count: int | None = None) -> tuple[QWidget, Any]:
    """Return a titled block and its column."""
    look = context.look
    made = QWidget()
    inside = column(made, look, 2)
    head = row(None, look, 2)
    head.addWidget(picture(meaning, look, look.colours.third, 18))
    head.addWidget(label(title, "strong"))
    if count is not None:
        head.addWidget(label(str(count), "small"))
    head.addStretch(1)
    inside.addLayout(head)
    made.setAccessibleName(title)
    return made, inside


def said(file: MatterFile, context: Context) -> QWidget:
    """Return what the petitioner said, as given."""
    made, inside = block(t("matter.said"), context, "claim")
    shown = False
    for kind in ("statement", "facts", "reasons", "request", "reception", "note"):
        for passage in file.passages:
            if passage["kind"] == kind and not passage.get("document"):
                if kind != "statement":
                    inside.addWidget(label(law.code("passage", kind), "label"))
                inside.addWidget(prose(passage["body"]))
                shown = True
    if not shown:
        inside.addWidget(label(t("matter.said_none"), "second", wrap=True))
    return made


def answers(file: MatterFile, context: Context) -> QWidget | None:
    """Return the texts of our answers, None when there are none."""
    found = [passage for passage in file.passages if passage["kind"] == "answer"]
    if not found:
        return None
    made, inside = block(t("matter.answers"), context, "document")
    for passage in found:
        inside.addWidget(prose(passage["body"]))
    return made


def claims(file: MatterFile, context: Context) -> QWidget:
    """Return each request with its decision."""
    made, inside = block(t("matter.claims"), context, "done", len(file.claims))
    look = context.look
    if not file.claims:
        inside.addWidget(label(t("matter.claims_none"), "second", wrap=True))
    for claim in file.claims:
        holder = QWidget()
        across = row(holder, look, 2)
        across.addWidget(label(str(claim["place"]), "second"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(None, look, 0)
        words.addWidget(label(claim["request"], wrap=True, copy=True))
        if claim.get("grounds"):
            words.addWidget(label(claim["grounds"], "second", wrap=True, copy=True))
        across.addLayout(words, 1)
        decided = claim.get("decision")
        across.addWidget(
            chip(
                law.code("conclusion", decided) if decided else t("matter.undecided"),
                look,
                "done" if decided else "quiet",
                "" if decided else "waiting",
            ),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        inside.addWidget(holder)
    return made


def people(file: MatterFile, context: Context) -> QWidget:
    """Return the people of the matter, the main petitioner first."""
    made, inside = block(t("matter.people"), context, "people", len(file.people))
    look = context.look
    if not file.people:
        anonymous = file.matter.get("anonymous")
        inside.addWidget(label(t("matter.anonymous") if anonymous else t("matter.people_none"), "second", wrap=True))
    for at, person in enumerate(sorted(file.people, key=lambda one: not one.get("main"))):
        if at:
            inside.addWidget(line())
        head = row(None, look, 2)
        head.addWidget(label(person.get("name") or t("matter.unnamed"), "strong", copy=True))
        head.addWidget(label(law.code("person_role", person["role"]), "small"))
        head.addStretch(1)
        inside.addLayout(head)
        for name in ("phone", "id_number", "address", "mail_address", "email", "workplace", "mandate"):
            if person.get(name):
                inside.addWidget(label(f"{t(f'person.{name}')}  {person[name]}", "second", wrap=True, copy=True))
    return made


def accused(file: MatterFile, context: Context) -> QWidget | None:
    """Return who is complained of, None when no one is."""
    if not file.accused:
        return None
    made, inside = block(t("matter.accused"), context, "sealed", len(file.accused))
    for one in file.accused:
        words = one["name"] + (t("join.bracket", words=one["post"]) if one.get("post") else "")
        inside.addWidget(label(f"{law.code('accused_kind', one['kind'])}  {words}", wrap=True, copy=True))
    inside.addWidget(label(t("matter.accused_rule"), "small", wrap=True))
    return made


def clock_words(state: ClockState, today: date) -> tuple[str, Tone]:
    """Return what a clock says of itself today, and its tone."""
    if state.status == "no_calendar":
        return t("clock.no_calendar", year=state.missing_year or ""), "soon"
    if state.running and state.due is not None:
        left = (state.due.last_on - today).days
        return days_left(left), due_tone(state.due.last_on, today)
    words = t(f"clock.{state.status}", day=day(state.ended_on))
    return words, "done" if state.status == "met" else "late" if state.status in ("late", "met_late") else "quiet"


def clocks(file: MatterFile, context: Context, today: date, explain: Callable[[ClockState], None]) -> QWidget:
    """Return the clocks, running ones first; each opens its derivation."""
    made, inside = block(t("matter.clocks"), context, "clock", len(file.clocks))
    look = context.look
    if not file.clocks:
        inside.addWidget(label(t("matter.clocks_none"), "second", wrap=True))
    for state in sorted(file.clocks, key=lambda one: not one.running):
        words, tone = clock_words(state, today)
        name = law.clock(state.clock, str(file.matter.get("rules") or ""))
        card = box("card")
        across = row(card, look, 2)
        across.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        texts = column(None, look, 0)
        texts.addWidget(label(name, wrap=True))
        flow = Wrapping(look, 1)
        flow.add(chip(words, look, tone))
        if state.due is not None:
            press = button(t("clock.until", day=day(state.due.last_on)), partial(explain, state), "quiet")
            press.setToolTip(t("clock.why"))
            press.setAccessibleName(said_of(name, words, press.text(), t("clock.why")))
            flow.add(press)
        elif state.missing_year:
            flow.add(button(t("clock.why_none"), partial(explain, state), "quiet"))
        texts.addWidget(flow)
        across.addLayout(texts, 1)
        inside.addWidget(card)
    return made


def documents(
    file: MatterFile, context: Context, opened: Callable[[DocumentLine], None], draft: Callable[[], None]
) -> QWidget:
    """Return the letters and forms."""
    made, inside = block(t("matter.documents"), context, "document", len(file.documents))
    look = context.look
    for document in file.documents:
        words = "  ".join(part for part in (document.title or law.letter(document.kind), document.number) if part)
        holder = row(None, look, 2)
        if document.size:
            press = button(words, partial(opened, document), "quiet", picture_of="document", look=look)
            holder.addWidget(press)
        else:
            holder.addWidget(label(words, wrap=True), 1)
        holder.addStretch(1)
        holder.addWidget(label(law.code("document_state", document.state), "small"))
        holder.addWidget(label(day(document.dated_on), "small"))
        inside.addLayout(holder)
    if not file.documents:
        inside.addWidget(label(t("matter.documents_none"), "second", wrap=True))
    foot = row(None, look, 2)
    foot.addWidget(button(t("matter.draft_letter"), draft, "quiet", picture_of="add", look=look))
    foot.addStretch(1)
    inside.addLayout(foot)
    return made


def papers(
    file: MatterFile, context: Context, opened: Callable[[AttachmentLine], None], add: Callable[[], None]
) -> QWidget:
    """Return the papers handed in."""
    made, inside = block(t("matter.papers"), context, "paper", len(file.attachments))
    look = context.look
    for paper in file.attachments:
        holder = row(None, look, 2)
        holder.addWidget(button(paper.name, partial(opened, paper), "quiet", picture_of="paper", look=look))
        holder.addStretch(1)
        holder.addWidget(label(size(paper.size), "small"))
        inside.addLayout(holder)
    if not file.attachments:
        inside.addWidget(label(t("matter.papers_none"), "second", wrap=True))
    foot = row(None, look, 2)
    foot.addWidget(button(t("matter.add_paper"), add, "quiet", picture_of="add", look=look))
    foot.addStretch(1)
    inside.addLayout(foot)
    return made


def story(
    file: MatterFile, context: Context, turn: Callable[[], None], *, whole: bool, show_whole: Callable[[], None]
) -> QWidget:
    """Return what was done, newest first or last as the person likes it."""
    made, inside = block(t("matter.story"), context, "story", len(file.story))
    look = context.look
    newest_first = context.preferences.story_newest_first
    lines: list[StoryLine] = sorted(file.story, key=lambda one: one.at, reverse=newest_first)
    foot = row(None, look, 2)
    foot.addWidget(button(t("matter.newest_first") if not newest_first else t("matter.oldest_first"), turn, "quiet"))
    foot.addStretch(1)
    inside.addLayout(foot)
    for one in lines if whole else lines[:STORY_FIRST]:
        inside.addWidget(line())
        across = row(None, look, 3)
        when = label(moment(one.at), "small")
        when.setMinimumWidth(look.size(110))
        across.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        texts = column(None, look, 0)
        texts.addWidget(label(law.act(one.act), wrap=True))
        if one.detail:
            texts.addWidget(label(one.detail, "second", wrap=True))
        across.addLayout(texts, 1)
        across.addWidget(label(one.actor, "small"), 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(across)
    if not whole and len(lines) > STORY_FIRST:
        inside.addWidget(button(t("matter.whole_story", count=len(lines)), show_whole, "quiet"))
    return made


def particulars(file: MatterFile, context: Context) -> QWidget:
    """Return the short facts of the matter."""
    made, inside = block(t("matter.particulars"), context, "register")
    matter = file.matter
    first = file.items[0] if file.items else {}
    values = [
        ("received", day(matter.get("received_on"))),
        ("channel", law.code("channel", first.get("channel"))),
        (
            "source",
            " ".join(
                part
                for part in (
                    law.code("source", first.get("source")),
                    first.get("source_name") or "",
                    first.get("source_number") or "",
                )
                if part
            ),
        ),
        ("purpose", law.code("purpose", matter.get("purpose"))),
        ("exit", law.code("exit", matter.get("exit"))),
        ("problem_type", law.code("problem_type", matter.get("problem_type"))),
        ("police", law.code("police", matter.get("police"))),
        (
            "problem",
            " ".join(part for part in (day(matter.get("problem_on")), matter.get("problem_place") or "") if part),
        ),
        ("unit", file.unit_name),
        ("handler", file.handler_name),
        ("rules", str(matter.get("rules") or "")),
        ("query_code", str(matter.get("query_code") or "")),
    ]
    for name, words in values:
        if words:
            across = row(None, context.look, 3)
            key = label(t(f"matter.{name}"), "label")
            key.setMinimumWidth(context.look.size(72))
            across.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
            across.addWidget(label(words, wrap=True, copy=True), 1)
            inside.addLayout(across)
    return made
