"""What the register and the act give to a kind with an outline, so that the officer types only what nobody knows yet.

Three sources, the later one wins: the register's rows (hearing, review, log of major matters, index of papers), the
inputs of the act that the letter goes out with, and what is typed. An input of the act whose name is that of a field
fills it; days as ISO text, people and units by their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from models import codes
from models.letters import LetterFacts, chinese_date, wording
from models.letters.draft import values_of
from models.letters.facts import FACT_NAMES, Particulars
from models.letters.required import NOTICE_DAYS

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

_INPUTS = {
    "unit": "unit_name",
    "handler": "officer",
    "staff": "officer",
    "lead": "lead_officer",
    "destination_name": "destination",
}
"""Inputs of acts and the field that each one is, in every kind that has this field."""

_INPUTS_OF: dict[str, dict[str, str]] = {
    "follow_up_record": {"on": "follow_on"},
    "major_report": {"organ": "destination"},
    "recusal_decision": {"reason": "ground_text"},
    "supervision_letter": {"due_on": "reply_due_on", "trigger": "failed_duty"},
}
"""The same for one kind only."""

_TABLES = {"trigger": "supervision_trigger", "organ": "major_organ"}
"""Inputs that are codes, and the table of their words."""

_PEOPLE = frozenset(("officer", "lead_officer", "chair", "recorder", "host"))
_UNITS = frozenset(("unit_name", "department", "destination", "assisting"))
"""Fields that take the name of a person or a unit where the act gives its id."""

REGISTERED = "信访事项登记材料"
"""What is enclosed when the petitioner handed in no paper: what was said at the counter goes on in writing."""

_AT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d?\d:\d\d)")
_INDEXES = frozenset(("evidence_index", "archive_index"))


def from_act(register: Register, kind: str, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a kind with an outline that the act's inputs fill, as if they were typed."""
    outline = wording(kind).outline
    if outline is None:
        return {}
    renamed = _INPUTS | _INPUTS_OF.get(kind, {})
    found: dict[str, str] = {}
    for name, value in inputs.items():
        target = renamed.get(name, name)
        field = outline.field(target)
        if field is None or value in (None, "", ()) or (target in found and target == name):
            continue
        if target != name and isinstance(inputs.get(target), str) and inputs[target]:
            continue  # the act says this field itself, in more words than a code or an id
        found[target] = _words(register, kind, name, target, value)
    return found


def _words(register: Register, kind: str, name: str, target: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int) and target in _PEOPLE:
        found = register.staff().get(value)
        return found.name if found else ""
    if isinstance(value, int) and target in _UNITS:
        return register.units().get(value, "")
    if name in _INPUTS_OF.get(kind, {}) and name in _TABLES:
        return codes.word(_TABLES[name], str(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def given(
    register: Register, row: Mapping[str, Any], facts: LetterFacts, kind: str, *, by: Staff, on: date
) -> LetterFacts:
    """Return the facts with what the register gives to the fields of a kind with an outline.

    Args:
        register: The open register.
        row: The matter.
        facts: What the register knows for every kind.
        kind: The kind.
        by: Who issues it.
        on: The day printed.
    """
    outline = wording(kind).outline
    if outline is None:
        return facts
    if kind in _INDEXES:
        facts = replace(facts, rows=_rows(register, row["id"], kind, by))
    known: dict[str, Any] = _contact(register, facts, by)
    known |= _GIVEN[kind](_Asked(register, row["id"], facts, by, on)) if kind in _GIVEN else {}
    own: dict[str, Any] = {}
    particulars = dict(facts.particulars)
    if row["destination_name"]:
        known.setdefault("destination", row["destination_name"])
    for field in outline.fields:
        value = known.get(field.name) or (_stated(facts, field.given) if field.given else "")
        if not value or facts.value(field.name):
            continue
        if field.name in FACT_NAMES:
            own[field.name] = value
        else:
            particulars[field.name] = value
    enclosed = outline.field("attachments")
    if enclosed is not None and "attachments" in known:
        own["attachments"] = known["attachments"]
    elif enclosed is not None and enclosed.required:
        own["attachments"] = facts.attachments or (REGISTERED,)
    else:
        own["attachments"] = ()
    return replace(facts, **own, particulars=Particulars(particulars))


def _stated(facts: LetterFacts, name: str) -> str:
    value = getattr(facts, name) if name in FACT_NAMES else values_of(facts).get(name, "")
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _contact(register: Register, facts: LetterFacts, by: Staff) -> dict[str, Any]:
    """Return whom another organ may ask: who issues it, if of the petition unit, else that unit's head."""
    unit = register.row("SELECT id FROM unit WHERE kind='petition' ORDER BY id LIMIT 1")
    of_unit = [person for person in register.staff().values() if unit and person.unit == unit[0]]
    asked = by if by in of_unit else next((person for person in of_unit if "PU" in person.roles), by)
    return {"contact": asked.name, "contact_phone": facts.organ_phone}


def _rows(register: Register, matter: int, kind: str, by: Staff) -> tuple[Any, ...]:
    """Return the lines of an index over all papers of the matter but earlier indexes of its kind."""
    from models.letters import bundle

    earlier = {row["id"] for row in register.records("document", "matter=? AND kind=?", (matter, kind))}
    papers = [
        (table, number)
        for table, number in bundle.papers_of(register, matter, by=by)
        if table != "document" or number not in earlier
    ]
    return bundle.leaves(register, matter, papers, by=by)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the functions of a kind look at."""

    register: Register
    matter: int
    facts: LetterFacts
    by: Staff
    on: date


def _last(register: Register, table: str, where: str, *values: Any) -> dict[str, Any]:
    found = register.records(table, f"{where} ORDER BY id DESC LIMIT 1", values)
    return found[0] if found else {}


def _hearing(ask: _Asked) -> dict[str, Any]:
    held = _last(ask.register, "hearing", "matter=? AND removed IS NULL", ask.matter)
    names = {"hearing_on": "on_date", "place": "place", "chair": "chair", "participants": "participants"}
    return {field: held.get(column) for field, column in names.items()} | {"conclusion": held.get("conclusion")}


def _transmittal(ask: _Asked) -> dict[str, Any]:
    review = _last(ask.register, "review", "matter=? AND removed IS NULL", ask.matter)
    level = "复核" if review.get("level") == "rereview" else "复查"
    index = _last(ask.register, "document", "matter=? AND kind='evidence_index' AND state='issued'", ask.matter)
    if index and str(index["dated_on"]) >= str(review.get("requested_on") or ""):
        rows = LetterFacts.from_json(index["facts"]).rows
    else:  # the index goes out together with this letter: what it will list
        rows = _rows(ask.register, ask.matter, "evidence_index", ask.by)
    pages = str(rows[-1].last_page) if rows else ""
    named = f"{level}案卷（{pages}页）" if pages else f"{level}案卷"
    return {
        "destination": review.get("organ"),
        "level_text": level,
        "pages": pages,
        "attachments": (named, index["title"]) if index else (named,),
    }


def _redo(ask: _Asked) -> dict[str, Any]:
    review = _last(ask.register, "review", "matter=? AND removed IS NULL AND decided_on IS NOT NULL", ask.matter)
    if not review:
        return {}
    paper = ask.register.record("document", review["opinion"]) if review["opinion"] else None
    name = "复核意见" if review["level"] == "rereview" else "复查意见"
    number = f"（{paper['number']}）" if paper and paper["number"] else ""
    told = f"：{paper['told']}" if paper and paper["told"] else ""
    result = codes.word("review_result", review["result"])
    said = f"{review['organ']}{chinese_date(date.fromisoformat(review['decided_on']))}{name}{number}{told}"
    return {"opinion_text": f"{said}。审查结论：{result}", "limit_on": review["limit_on"]}


def _execution(ask: _Asked) -> dict[str, Any]:
    return {"what": "\n".join(claim.request for claim in ask.facts.claims if claim.decision in ("support", "partly"))}


def _completion(ask: _Asked) -> dict[str, Any]:
    """The answer and the proof that the petitioner received it (national rule on reporting assigned matters)."""
    papers = ask.register.records(
        "document",
        "matter=? AND state<>'spoiled' AND kind IN ('answer', 'proof_of_service', 'service_proof') ORDER BY id",
        (ask.matter,),
    )
    decided = [
        f"{claim['request']}：{codes.word('conclusion', claim['decision'])}"
        for claim in ask.register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (ask.matter,))
        if claim["decision"]
    ]
    found: dict[str, Any] = {"result": "\n".join(decided)}
    if any(paper["kind"] == "answer" for paper in papers):
        found["attachments"] = tuple(_titled(paper) for paper in papers)
    return found


def _titled(paper: Mapping[str, Any]) -> str:
    return f"{paper['title']}（{paper['number']}）" if paper["number"] else str(paper["title"])


def _announcement(ask: _Asked) -> dict[str, Any]:
    served = _last(ask.register, "document", "matter=? AND state='issued' AND kind='answer'", ask.matter)
    return {
        "announced_document": f"《{served['title']}》（{served['number']}）" if served else "",
        "days": str(NOTICE_DAYS),
    }


def _major(ask: _Asked) -> dict[str, Any]:
    log = ask.register.records("major_log", "matter=? ORDER BY id", (ask.matter,))
    known = next((entry for entry in log if entry["kind"] == "known"), None)
    if known is None:
        return {}
    at = _AT.fullmatch(known["at"] or "")
    return {
        "at": f"{chinese_date(date.fromisoformat(at[1]))}{at[2]}" if at else known["at"],
        "place": known["place"],
        "what": known["what"],
        "people_text": f"{known['people']}人" if known["people"] else "",
        "claim_text": known["claim"],
        "measures": "\n".join(entry["what"] for entry in log if entry["kind"] == "measure"),
    }


def _recusal(ask: _Asked) -> dict[str, Any]:
    asked = _last(ask.register, "recusal", "matter=? AND removed IS NULL", ask.matter)
    officer = ask.register.staff().get(asked["staff"]) if asked else None
    return {
        "officer": officer.name if officer else "",
        "asked_by_text": codes.word("recusal_asked_by", asked.get("asked_by")),
        "ground_text": asked.get("ground"),
        "decision_text": codes.word("recusal_decision", asked.get("decision")),
    }


def _reception(ask: _Asked) -> dict[str, Any]:
    received = ask.facts.received_on if ask.facts.channel == "visit" else None
    return {"on": (received or ask.on).isoformat(), "recorder": ask.by.name, "answer_given": ask.facts.contact_result}


def _follow_up(ask: _Asked) -> dict[str, Any]:
    return {"follow_on": ask.on.isoformat(), "officer": ask.by.name}


_GIVEN: dict[str, Callable[[_Asked], dict[str, Any]]] = {
    "reception_record": _reception,
    "major_report": _major,
    "recusal_decision": _recusal,
    "hearing_notice": _hearing,
    "hearing_list": _hearing,
    "hearing_minutes": _hearing,
    "hearing_conclusion": _hearing,
    "service_announcement": _announcement,
    "review_transmittal": _transmittal,
    "redo_notice": _redo,
    "execution_notice": _execution,
    "completion_report": _completion,
    "follow_up_record": _follow_up,
}
"""What the register's rows give, by kind: values of fields, days in ISO form."""
