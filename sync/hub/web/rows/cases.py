"""A key case as the city reviews it: how far it came, by evidence, and which parts of its closing the county sent.

Steps are proved by the county's own rows, as at the desk (`models.programme.evidence`); nothing is filled in by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import column_words, errors
from models.errors import Message
from models.programme.dossier import MATERIAL_KINDS, PARTS, REPORT_KINDS, SIGNED_KINDS
from models.programme.evidence import MEETINGS, CaseRows
from models.tables import BY_NAME
from sync.hub.figures import HubRows
from sync.hub.hub import Hub
from sync.hub.web.rows import counties

_KEPT = {
    "case_plan": "plans",
    "case_meeting": "meetings",
    "case_round": "rounds",
    "case_review": "reviews",
    "look_back": "look_backs",
}
_DOCUMENT = (
    "id", "kind", "state", "dated_on", "received_on", "born",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the case, and the day on which a row proves it; None when none does."""

    words: Message
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the closing dossier, with the papers of the file that may prove it."""

    words: Message
    present: bool
    papers: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan in force, or the one drawn up last."""

    leader: str
    unit: str
    officer: str
    level: str
    limit_on: str
    methods: tuple[str, ...]
    plan: str
    drawn_on: str
    approved_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One of the three meetings."""

    kind: str
    on: str
    leader: str
    note: str
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round of solving."""

    on: str
    method: str
    what: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A closing report, and what the city's review said."""

    reported_on: str
    reviewed_on: str
    result: str
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A key case; of a sealed matter only what stands before `title` here."""

    county: str
    county_name: str
    case: int
    matter: int
    number: str
    sealed: bool
    programme: str
    entered_on: str
    state: str
    limit_on: str
    late: bool
    title: str = ""
    source: str = ""
    outcomes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    plan: Plan | None = None
    meetings: tuple[Meeting, ...] = ()
    rounds: tuple[Round, ...] = ()
    reviews: tuple[Review, ...] = ()


def case_file(hub: Hub, county: str, case: int, on: date) -> CaseFile:
    """Return a key case as of a day.

    Raises:
        InputError: The county has sent no such case.
    """
    names = counties.names(hub)
    if county not in names:
        raise counties.unknown(county)
    with hub.reading() as connection:
        rows = HubRows(connection, county)
        found = _load(rows, case)
        if found is None:
            raise errors.InputError(
                "case", f"{county} 没有这个重点信访案件：{case}。", f"{county} has no such key case: {case}."
            )
        columns = ("id", "number", "title", "sealed")
        matter = next(iter(rows.by_ids("matter", "id", (found.matter,), columns)), (found.matter, "", "", 1))
        programme = dict(rows.by_ids("programme", "id", (found.case["programme"],), ("id", "name")))
        now = found.standing(on)
        plan = found.in_force(on) or found.drawn(on)
        head = {
            "county": county,
            "county_name": names[county],
            "case": case,
            "matter": found.matter,
            "number": matter[1] or "",
            "sealed": bool(matter[3]),
            "programme": programme.get(found.case["programme"], ""),
            "entered_on": found.case["entered_on"] or "",
            "state": now.state if now else "open",
            "limit_on": (plan or {}).get("limit_on") or "",
            "late": found.late(on),
        }
        if matter[3]:
            return CaseFile(**head)
        return CaseFile(**head, title=matter[2] or "", **_content(rows, found, plan, on))


def _load(rows: HubRows, case: int) -> CaseRows | None:
    columns = ("id", *BY_NAME["key_case"].names)
    row = next(iter(rows.by_ids("key_case", "id", (case,), columns)), None)
    if row is None:
        return None
    found = CaseRows(dict(zip(columns, row, strict=True)))
    if found.case["removed"] is not None:
        return None
    for table, name in _KEPT.items():
        own = ("id", "born", *BY_NAME[table].names)
        some = sorted(rows.by_ids(table, "key_case", (case,), own), key=lambda one: int(one[0]))
        kept = [dict(zip(own, one, strict=True)) for one in some]
        setattr(found, name, [one for one in kept if one["removed"] is None])
    names = ("on_date", "born", "id", "kind", "note", "withdrawn", "key_case")
    for on, born, _row, kind, note, withdrawn, of_case in sorted(
        rows.by_ids("event", "matter", (found.matter,), names), key=lambda fact: fact[:3]
    ):
        if withdrawn is None and of_case == case:
            found.facts.append((kind, date.fromisoformat(on), note or ""))
            if kind == "key_rebound":
                found.reopened[date.fromisoformat(on)] = born
    return found


def _content(rows: HubRows, case: CaseRows, plan: Mapping[str, Any] | None, on: date) -> dict[str, Any]:
    staff = dict(rows.every("staff", ("id", "name")))
    units = dict(rows.every("unit", ("id", "name")))

    def leader(row: Mapping[str, Any]) -> str:
        return str(row["leader_name"] or staff.get(row["leader"], ""))

    return {
        "source": case.case["source"] or "",
        "outcomes": tuple(json.loads(case.case["outcomes"])) if case.case["outcomes"] else (),
        "steps": tuple(Step(words=one.words, on=one.on) for one in case.evidence(on)),
        "parts": tuple(_parts(rows, case, on)),
        "plan": None if plan is None else Plan(
            leader=leader(plan), unit=units.get(plan["unit"], ""), officer=staff.get(plan["officer"], ""),
            level=plan["level"] or "", limit_on=plan["limit_on"] or "",
            methods=tuple(json.loads(plan["methods"])) if plan["methods"] else (), plan=plan["plan"] or "",
            drawn_on=plan["drawn_on"] or "", approved_on=plan["approved_on"] or "",
        ),
        "meetings": tuple(
            Meeting(kind=one["kind"], on=one["on_date"], leader=leader(one), note=one["note"] or "",
                    signed=bool(one["signed"]))
            for one in case.meetings
        ),
        "rounds": tuple(
            Round(on=one["on_date"], method=one["method"], what=one["what"] or "", result=one["result"] or "")
            for one in case.rounds
        ),
        "reviews": tuple(
            Review(reported_on=one["reported_on"], reviewed_on=one["reviewed_on"] or "", result=one["result"] or "",
                   opinion=one["opinion"] or "")
            for one in case.reviews
        ),
    }  # fmt: skip


def _parts(rows: HubRows, case: CaseRows, on: date) -> list[Part]:
    """Return the parts of the dossier, each with the standing papers of its kinds since the case last came up again."""
    now = case.standing(on)
    reopened = now.rebound_on if now is not None else None
    floor = (reopened.isoformat(), case.reopened.get(reopened, 0)) if reopened else ("", 0)
    papers = [
        one
        for one in (
            dict(zip(_DOCUMENT, row, strict=True))
            for row in sorted(rows.by_ids("document", "matter", (case.matter,), _DOCUMENT))
        )
        if one["state"] != "spoiled" and _counts(one, floor, on)
    ]
    met, plan = case.counting(on), case.in_force(on)
    kinds = {"report": REPORT_KINDS, "commitment": SIGNED_KINDS, "material": MATERIAL_KINDS}
    found = {part: tuple(_words(one) for one in papers if one["kind"] in wanted) for part, wanted in kinds.items()}
    found["material"] += tuple(_other(rows, case, floor, on))
    found["plan"] = (_dated(Message("批准", "approved"), plan["approved_on"]),) if plan else ()
    days = tuple(_dated(_meeting(kind), met[kind]["on_date"]) for kind in MEETINGS if kind in met)
    found["meetings"] = days
    return [
        Part(
            words=words,
            present=len(days) == len(MEETINGS) if part == "meetings" else bool(found[part]),
            papers=found[part],
        )
        for part, words in PARTS.items()
        if part != "review"
    ]


_OTHER = (("service", "on_date", Message("送达", "served")), ("hearing", "ended_on", Message("听证", "hearing")),
          ("task", "done_on", Message("执行", "carried out")))  # fmt: skip
"""Rows of the handling that prove material by themselves, as `models.programme.dossier` counts them."""


def _other(rows: HubRows, case: CaseRows, floor: tuple[str, int], on: date) -> Iterable[Message]:
    for table, day, words in _OTHER:
        columns = ("id", "born", day, "removed", {"service": "outcome", "hearing": "conclusion", "task": "kind"}[table])
        for _row, born, told, removed, proof in sorted(rows.by_ids(table, "matter", (case.matter,), columns)):
            proved = {
                "service": proof == "served", "hearing": bool(proof), "task": proof in ("execution", "redress"),
            }[table]  # fmt: skip
            paper = {"dated_on": told, "received_on": None, "born": born}
            if removed is None and told and proved and _counts(paper, floor, on):
                yield _dated(words, told)


def _counts(paper: Mapping[str, Any], floor: tuple[str, int], on: date) -> bool:
    day = paper["dated_on"] or paper["received_on"] or ""
    return floor[0] <= day <= on.isoformat() and not (day == floor[0] and paper["born"] < floor[1])


def _words(paper: Mapping[str, Any]) -> Message:
    kind = Message(*(column_words.document_word(paper["kind"], language) for language in ("zh", "en")))
    return _dated(kind, paper["dated_on"] or paper["received_on"] or "")


def _meeting(kind: str) -> Message:
    return Message(*(column_words.said_value("case_meeting", "kind", kind, language) for language in ("zh", "en")))


def _dated(words: Message, day: str) -> Message:
    return Message(f"{words.zh}（{day}）", f"{words.en} ({day})")
