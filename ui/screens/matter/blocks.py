"""The blocks of a matter's page about what is registered, each made from the file that the desk hands over.

Every field has its history and, where it is a registered fact, its correction: by the menu key or the right button on
the field, and by the small clock at the head of its block.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models import column_words
from models.clocks import ClockState
from models.records import MatterFile
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, box, column, line, row
from ui.parts.text import button, chip, due_tone, label, prose
from ui.screens.matter.entries import block, headed
from ui.screens.matter.fieldmenu import FieldOf, Hooks, fields_button, with_menu
from ui.tokens import Tone
from ui.words import day, days_left, language, said_of, t

SAID = ("statement", "facts", "reasons", "request", "reception")
"""Kinds of texts that hold what the petitioner said."""
RECORDS_FIRST = 5
"""Records of the handling shown at first."""
PEOPLE_FIRST = 20
"""People shown at first; a list of signatories opens on request."""


def said(file: MatterFile, context: Context, hooks: Hooks) -> QWidget:
    """Return what the petitioner said, as given."""
    made, inside, head = headed(t("matter.said"), context, "claim")
    head.addStretch(1)
    shown: list[FieldOf] = []
    for kind in SAID:
        for passage in file.passages:
            if passage["kind"] == kind and not passage.get("document"):
                if kind != "statement":
                    inside.addWidget(label(law.code("passage", kind), "label"))
                words = prose(passage["body"])
                shown.append(FieldOf("passage", passage["id"], "body", law.code("passage", kind)))
                with_menu(words, shown[-1:], hooks)
                inside.addWidget(words)
    if shown:
        head.addWidget(fields_button(t("matter.said"), shown, context, hooks))
    else:
        inside.addWidget(label(t("matter.said_none"), "second", wrap=True))
    return made


def records(
    file: MatterFile, context: Context, hooks: Hooks, *, whole: bool, show_whole: Callable[[], None]
) -> QWidget | None:
    """Return what was noted in the handling, the newest first; None when nothing was."""
    found = [one for one in file.passages if one["kind"] not in (*SAID, "answer") and not one.get("document")][::-1]
    if not found:
        return None
    made, inside = block(t("matter.records"), context, "draft", len(found))
    for passage in found if whole else found[:RECORDS_FIRST]:
        inside.addWidget(label(law.code("passage", passage["kind"]), "label"))
        words = prose(passage["body"])
        with_menu(words, [FieldOf("passage", passage["id"], "body", law.code("passage", passage["kind"]))], hooks)
        inside.addWidget(words)
    if not whole and len(found) > RECORDS_FIRST:
        inside.addWidget(button(t("matter.whole_story", count=len(found)), show_whole, "quiet"))
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


def claims(file: MatterFile, context: Context, hooks: Hooks) -> QWidget:
    """Return each request with its decision."""
    made, inside, head = headed(t("matter.claims"), context, "done", len(file.claims))
    look = context.look
    head.addStretch(1)
    fields = [
        FieldOf("claim", claim["id"], name, f"{claim['place']}. {column_words.column_word('claim', name, language())}")
        for claim in file.claims[:PEOPLE_FIRST]
        for name in ("request", "decision")
    ]
    if fields:
        head.addWidget(fields_button(t("matter.claims"), fields, context, hooks))
    if not file.claims:
        inside.addWidget(label(t("matter.claims_none"), "second", wrap=True))
    for claim in file.claims:
        holder = QWidget()
        across = row(holder, look, 2)
        across.addWidget(label(str(claim["place"]), "second"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(None, look, 0)
        request = label(claim["request"], wrap=True, copy=True)
        with_menu(request, [one for one in fields if one.row == claim["id"]], hooks)
        words.addWidget(request)
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


def people(file: MatterFile, context: Context, hooks: Hooks, show_all: Callable[[], None]) -> QWidget:
    """Return the people of the matter, the main petitioner first; of many signatories the first and the count."""
    made, inside = block(t("matter.people"), context, "people", len(file.people))
    look = context.look
    if not file.people:
        anonymous = file.matter.get("anonymous")
        inside.addWidget(label(t("matter.anonymous") if anonymous else t("matter.people_none"), "second", wrap=True))
    names = {person["id"]: person.get("name") or t("matter.unnamed") for person in file.people}
    same = {one["person"]: one for one in file.ledgers.get("same_person", ())}
    found = sorted(file.people, key=lambda one: not one.get("main"))
    for at, person in enumerate(found[:PEOPLE_FIRST]):
        if person["role"] == "signatory":
            inside.addWidget(_signatory(person, hooks))
            continue
        if at:
            inside.addWidget(line())
        fields = [
            FieldOf("person", person["id"], name, column_words.column_word("person", name, language()))
            for name in ("name", *PERSON_FIELDS)
            if name == "name" or person.get(name)
        ]
        head = row(None, look, 2)
        name = label(names[person["id"]], "strong", copy=True)
        with_menu(name, fields[:1], hooks)
        head.addWidget(name)
        head.addWidget(label(law.code("person_role", person["role"]), "small"))
        head.addStretch(1)
        head.addWidget(fields_button(names[person["id"]], fields, context, hooks))
        inside.addLayout(head)
        for field in fields[1:]:
            words = label(f"{t(f'person.{field.column}')}  {person[field.column]}", "second", wrap=True, copy=True)
            with_menu(words, [field], hooks)
            inside.addWidget(words)
        if one := same.get(person["id"]):
            joined = t("life.same_person", name=names.get(one["same_as"], ""), ground=one["ground"])
            inside.addWidget(label(joined, "small", wrap=True))
    if len(found) > PEOPLE_FIRST:
        inside.addWidget(button(t("matter.all_people", count=len(found)), show_all, "quiet"))
    return made


def _signatory(person: dict[str, Any], hooks: Hooks) -> QWidget:
    """Return a signatory on one line."""
    known = [str(person[name]) for name in ("name", "phone", "address") if person.get(name)]
    words = label("  ".join((*known, law.code("person_role", "signatory"))), "second", wrap=True, copy=True)
    fields = [
        FieldOf("person", person["id"], name, column_words.column_word("person", name, language()))
        for name in ("name", "phone", "address")
    ]
    with_menu(words, fields, hooks)
    return words


PERSON_FIELDS = ("phone", "id_number", "address", "mail_address", "email", "workplace", "mandate")


def accused(file: MatterFile, context: Context, hooks: Hooks) -> QWidget | None:
    """Return who is complained of, None when no one is."""
    if not file.accused:
        return None
    made, inside, head = headed(t("matter.accused"), context, "sealed", len(file.accused))
    head.addStretch(1)
    fields = [
        FieldOf("accused", one["id"], name, column_words.column_word("accused", name, language()))
        for one in file.accused
        for name in ("name", "kind", "post")
    ]
    head.addWidget(fields_button(t("matter.accused"), fields, context, hooks))
    for one in file.accused:
        words = one["name"] + (t("join.bracket", words=one["post"]) if one.get("post") else "")
        shown = label(f"{law.code('accused_kind', one['kind'])}  {words}", wrap=True, copy=True)
        with_menu(shown, [field for field in fields if field.row == one["id"]], hooks)
        inside.addWidget(shown)
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
        name = law.clock(state.clock, law.rules_of(file))
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


def particulars(file: MatterFile, context: Context, hooks: Hooks) -> QWidget:
    """Return the short facts of the matter."""
    made, inside, head = headed(t("matter.particulars"), context, "register")
    matter = file.matter
    first: dict[str, Any] = next((item for item in file.items if not item.get("cancelled")), {})
    number = int(first.get("id") or 0)
    values: list[tuple[str, str, tuple[FieldOf, ...]]] = [
        ("received", day(matter.get("received_on")), _fields("item", number, "received_on")),
        ("channel", law.code("channel", first.get("channel")), _fields("item", number, "channel")),
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
            _fields("item", number, "source", "source_name", "source_number"),
        ),
        ("purpose", law.code("purpose", matter.get("purpose")), _fields("matter", file.id, "purpose")),
        ("exit", law.code("exit", matter.get("exit")), _fields("matter", file.id, "exit")),
        (
            "problem_type",
            law.code("problem_type", matter.get("problem_type")),
            _fields("matter", file.id, "problem_type"),
        ),
        ("police", law.code("police", matter.get("police")), _fields("matter", file.id, "police")),
        (
            "problem",
            " ".join(part for part in (day(matter.get("problem_on")), matter.get("problem_place") or "") if part),
            _fields("matter", file.id, "problem_on", "problem_place"),
        ),
        ("unit", file.unit_name, _fields("matter", file.id, "unit")),
        ("handler", file.handler_name, _fields("matter", file.id, "handler")),
        ("rules", str(matter.get("rules") or ""), ()),
        ("query_code", str(matter.get("query_code") or ""), ()),
    ]
    fields = [*_fields("matter", file.id, "title")]
    for name, words, told in values:
        if words:
            across = row(None, context.look, 3)
            key = label(t(f"matter.{name}"), "label")
            key.setMinimumWidth(context.look.size(72))
            across.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
            value = label(words, wrap=True, copy=True)
            with_menu(value, told, hooks)
            across.addWidget(value, 1)
            inside.addLayout(across)
        fields += told
    head.addStretch(1)
    head.addWidget(fields_button(t("matter.particulars"), fields, context, hooks))
    return made


def _fields(table: str, row_id: int, *names: str) -> tuple[FieldOf, ...]:
    return tuple(FieldOf(table, row_id, name, column_words.column_word(table, name, language())) for name in names)
