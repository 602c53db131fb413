"""The blocks of a case's page: evidence, meetings, plans, rounds, dossier, reviews, look-backs; missing parts too.

What is missing stands beside what is there, with what to do about it. No block tells of a petitioner beyond the matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.programme.evidence import MEETINGS
from models.records import MatterFile
from ui import law
from ui.context import Context
from ui.parts.layout import column, line, row
from ui.parts.text import button, chip, label, notice, picture
from ui.screens.matter.entries import Status, Ways, block, entry, joined, ledger, links, pair
from ui.tokens import Tone
from ui.words import day, said_of, t

if TYPE_CHECKING:
    from models.programme.records import CaseFile, MeetingLine, PlanLine


def notices(case: CaseFile, today: date) -> Iterator[tuple[str, Tone]]:
    """Return what must not be overlooked: that it came up again, that it is out, that its limit has passed."""
    line = case.line
    if line.state == "rebound" and line.rebound_on is not None:
        yield joined(t("case.rebound_on", day=day(line.rebound_on)), case.rebound), "soon"
    if line.state == "excluded":
        ground = f"{line.exclusion} {law.code('key_exclusion', line.exclusion)}"
        said = joined(t("case.excluded_on", day=day(case.excluded_on), ground=ground), case.exclusion_ground)
        yield said, "quiet"
    if line.late and line.limit_on is not None:
        yield t("case.late", day=day(line.limit_on), count=(today - line.limit_on).days), "late"


def _check(
    context: Context,
    words: str,
    status: str,
    told: str,
    *,
    done: bool,
    wanted: bool = True,
    ways: QWidget | None = None,
) -> QWidget:
    """Return one line of a checklist: sign, what it is, and by what it is proved or what to do.

    Args:
        context: Of the window.
        words: What it is.
        status: How it stands, in a word.
        told: What proves it, or what is to be done.
        done: It is there.
        wanted: It is wanted now, when it is not there.
        ways: The way to its paper.
    """
    look = context.look
    made = QWidget()
    across = row(made, look, 2)
    tone: Tone = "done" if done else "quiet"
    sign = picture("done" if done else "waiting", look, look.colours.tone(tone)[0], 18)
    across.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    down = column(None, look, 0)
    head = row(None, look, 2)
    head.addWidget(label(words, "strong" if done else "", wrap=True, copy=True), 1)
    head.addWidget(
        chip(status, look, tone if done or not wanted else "soon", "done" if done else "waiting"),
        0,
        Qt.AlignmentFlag.AlignTop,
    )
    down.addLayout(head)
    if told:
        down.addWidget(label(told, "second", wrap=True, copy=True))
    if ways is not None:
        down.addWidget(ways, 0, Qt.AlignmentFlag.AlignLeft)
    across.addLayout(down, 1)
    made.setAccessibleName(said_of(words, status, told))
    return made


def evidence(case: CaseFile, context: Context) -> QWidget | None:
    """Return every step with the day on which a record proved it, or that none does yet."""
    if case.line.state == "excluded":
        return None
    reached = sum(one.on is not None for one in case.evidence)
    made, inside = block(t("case.evidence"), context, "story")
    inside.addWidget(label(t("case.evidence_count", count=reached, of=len(case.evidence)), "small"))
    look = context.look
    for one in case.evidence:
        holder = QWidget()
        across = row(holder, look, 2)
        done = one.on is not None
        colour = look.colours.done if done else look.colours.third
        across.addWidget(picture("done" if done else "waiting", look, colour, 16))
        words = t(f"step.{one.step}")
        across.addWidget(label(words, "" if done else "second", wrap=True), 1)
        when = day(one.on) if done else t("step.not_yet")
        across.addWidget(label(when, "second" if done else "small"))
        holder.setAccessibleName(said_of(words, when))
        inside.addWidget(holder)
    return made


def meetings(case: CaseFile, context: Context) -> QWidget | None:
    """Return the three meetings as a checklist, each with its notes, and which of them are missing."""
    if case.line.state == "excluded" and not case.meetings:
        return None
    held: dict[str, list[MeetingLine]] = {}
    for note in case.meetings:
        held.setdefault(note.kind, []).append(note)
    counting = {kind: next((one for one in held.get(kind, ()) if one.counts), None) for kind in MEETINGS}
    made, inside = block(t("case.meetings"), context, "people")
    missing = [t(f"step.{step}") for kind, step in MEETINGS.items() if counting[kind] is None]
    if missing and case.line.state in ("open", "rebound"):
        who = case.line.leader or t("case.lead_to_be")
        words = t("case.meetings_missing", who=who, what=t("join.list").join(missing))
        inside.addWidget(notice(words, context.look, "soon"))
    for at, (kind, step) in enumerate(MEETINGS.items()):
        if at:
            inside.addWidget(line())
        one = counting[kind]
        told = _meeting_words(one) if one is not None else t(f"case.{kind}_purpose")
        status = day(one.on) if one is not None else t("step.not_yet")
        made_of = _check(context, t(f"step.{step}"), status, told, done=one is not None, wanted=bool(case.plans))
        inside.addWidget(made_of)
        for other in held.get(kind, ()):
            if other is not one:
                words = t("case.other_meeting", day=day(other.on), leader=other.leader)
                inside.addWidget(label(joined(words, other.note), "small", wrap=True, copy=True))
    return made


def _meeting_words(one: MeetingLine) -> str:
    signed = t("case.signed") if one.signed else t("case.unsigned", reason=one.unsigned) if one.unsigned else ""
    facts = joined(
        pair(t("case.leader"), one.leader),
        pair(t("case.place"), one.place),
        pair(t("case.present"), one.present),
        pair(t("case.volumes"), one.volumes),
        signed if one.kind == "petitioner" else "",
    )
    return "\n".join(part for part in (one.note, facts) if part)


def plans(case: CaseFile, file: MatterFile, context: Context, ways: Ways) -> QWidget | None:
    """Return the plans, the one in force or drawn up last in front; None when there is none and none is wanted."""
    if not case.plans:
        if case.line.state == "excluded":
            return None
        made, inside = block(t("case.plans"), context, "draft")
        inside.addWidget(label(t("case.plans_none"), "second", wrap=True))
        return made
    made, inside = block(t("case.plans"), context, "draft", len(case.plans))
    for at, one in enumerate(reversed(case.plans)):
        if at:
            inside.addWidget(line())
        inside.addWidget(_plan(one, file, context, ways))
    return made


def _plan(one: PlanLine, file: MatterFile, context: Context, ways: Ways) -> QWidget:
    if one.ended_on is not None:
        status = Status(t("case.plan_ended", day=day(one.ended_on)))
    elif one.approved_on is not None:
        status = Status(t("case.plan_approved", day=day(one.approved_on)), "done")
    else:
        status = Status(t("case.plan_drawn"), "soon", "waiting")
    level = law.code("case_level", one.level) if one.level != "bureau" else ""
    filed = (
        t("case.filed_on", day=day(one.filed_on)) if one.filed_on else t("case.not_filed") if one.approved_on else ""
    )
    return entry(
        context,
        day(one.drawn_on),
        one.plan,
        status,
        (
            joined(pair(t("case.leader"), one.leader), level),
            joined(pair(t("case.unit"), one.unit), pair(t("case.officer"), one.officer)),
            joined(
                pair(t("case.limit_name"), day(one.limit_on)),
                pair(t("case.methods"), law.code_list("case_method", one.methods)),
            ),
            pair(t("case.no_mediation"), one.no_mediation),
            joined(law.code("plan_cause", one.cause), one.cause_told),
            joined(pair(t("case.approved_by"), one.approved_by), filed),
        ),
        links(file, ways, one.document),
    )


def rounds(case: CaseFile, context: Context) -> QWidget | None:
    """Return the rounds of solving, the newest first, and whether handler or level may change now."""
    if not case.rounds:
        return None
    made, inside = block(t("case.rounds"), context, "story", len(case.rounds))
    if case.line.state in ("open", "rebound"):
        if case.why_not_change is None:
            inside.addWidget(notice(t("case.may_change"), context.look, "accent"))
        else:
            inside.addWidget(label(str(case.why_not_change), "small", wrap=True))
    for at, one in enumerate(reversed(case.rounds)):
        if at:
            inside.addWidget(line())
        tones: dict[str, tuple[Tone, str]] = {"settled": ("done", "done"), "partly": ("accent", "half")}
        tone, meaning = tones.get(one.result, ("quiet", "waiting"))
        inside.addWidget(
            entry(
                context,
                day(one.on),
                one.what,
                Status(law.code("round_result", one.result), tone, meaning),
                (joined(law.code("case_method", one.method), one.officer),),
            )
        )
    return made


def dossier(case: CaseFile, file: MatterFile, context: Context, ways: Ways) -> QWidget | None:
    """Return the closure dossier, each part present or missing, with what to do about a missing one."""
    if case.line.state == "excluded":
        return None
    present = sum(part.present for part in case.dossier)
    wanted = case.line.state == "solved"
    made, inside = block(t("case.dossier"), context, "backup")
    look = context.look
    words = t("case.dossier_count", count=present, of=len(case.dossier))
    inside.addWidget(label(words, "small"))
    for at, part in enumerate(case.dossier):
        if at:
            inside.addWidget(line())
        found = links(file, ways, part.document)
        way = button(found[0][0], found[0][1], "quiet", picture_of="document", look=look) if found else None
        status = t("case.part_there") if part.present else t("case.part_missing")
        inside.addWidget(
            _check(context, str(part.words), status, str(part.told), done=part.present, wanted=wanted, ways=way)
        )
    inside.addWidget(label(t("case.commitment_rule"), "small", wrap=True))
    return made


def reviews(case: CaseFile, file: MatterFile, context: Context, ways: Ways) -> QWidget | None:
    """Return each closing report with what the city's review said."""
    made = []
    for one in reversed(case.reviews):
        if one.reviewed_on is None:
            status = Status(t("case.under_review"), "accent", "clock")
        else:
            tone: Tone = "done" if one.result == "approved" else "soon"
            status = Status(law.code("case_review_result", one.result), tone)
        made.append(
            entry(
                context,
                day(one.reported_on),
                t("case.reported"),
                status,
                (pair(t("case.reviewed_on"), day(one.reviewed_on)) if one.reviewed_on else "", one.opinion),
                links(file, ways, one.report, one.paper),
            )
        )
    return ledger(t("case.reviews"), context, "send", made)


def look_backs(case: CaseFile, context: Context) -> QWidget | None:
    """Return the look-backs at the bureau's own work."""
    tones: dict[str, Tone] = {"holds": "done", "flaw": "soon", "rebound": "soon"}
    made = [
        entry(
            context,
            day(one.on),
            one.told,
            Status(law.code("look_back", one.finding), tones.get(one.finding, "quiet")),
            (one.officer,),
        )
        for one in reversed(case.look_backs)
    ]
    return ledger(t("case.look_backs"), context, "search", made)


def particulars(case: CaseFile, file: MatterFile, context: Context, ways: Ways) -> QWidget:
    """Return how the case came into the programme, and how it ended."""
    line = case.line
    made, inside = block(t("case.particulars"), context, "register")
    values = (
        (t("case.entered_on"), day(line.entered_on)),
        (t("case.source"), law.code("key_source", line.source)),
        (t("case.basis"), case.basis),
        (t("case.leader"), line.leader),
        (t("case.unit"), line.unit),
        (t("case.officer"), line.officer),
        (t("case.limit_name"), day(line.limit_on)),
        (t("case.solved_on"), day(line.solved_on)),
        (t("case.outcomes"), law.code_list("key_outcome", case.outcomes)),
        (t("case.closed_on"), day(line.closed_on)),
        (t("case.rebound_day"), day(line.rebound_on)),
    )
    for name, value in values:
        if value:
            across = row(None, context.look, 3)
            key = label(name, "label")
            key.setMinimumWidth(context.look.size(72))
            across.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
            across.addWidget(label(value, wrap=True, copy=True), 1)
            inside.addLayout(across)
    for words, opened in links(file, ways, case.exclusion_paper):
        inside.addWidget(
            button(words, opened, "quiet", picture_of="document", look=context.look), 0, Qt.AlignmentFlag.AlignLeft
        )
    return made
