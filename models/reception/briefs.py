"""The page that the leader reads before a visitor comes in: one matter, its clocks, what was promised and done.

It tells of the matter and of the bureau's duties: the petitioners of this matter by name, its claims, its clocks with
how they were counted, what was answered, what leaders instructed earlier and whether it was proved. Nothing else about
a person stands here (domain reference, section 16). A brief is read by whoever sees the matter in full, the reading is
journalled, and the page is never kept: what it says is the register's.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from models import clocks, errors, letters, matters, projections, sight
from models.reception import days, promises, queue
from models.reception.records import Brief, BriefAnswer, BriefClaim, BriefClock, EarlierReception

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

_ANSWERS = (
    "acceptance_notice", "non_acceptance_notice", "no_longer_accepted_notice", "route_notice", "destination_notice",
    "extension_notice", "answer", "suggestion_reply", "hearing_conclusion", "mediation_agreement",
    "settlement_agreement",
)  # fmt: skip
_TOLD = "'replied', 'contacted', 'followed_up'"
_LAST_ANSWERS = 4


def brief(register: Register, visit: int, *, by: Staff, at: datetime) -> Brief:
    """Return the brief of a visit and journal that it was read.

    Args:
        register: The open register.
        visit: The visit.
        by: Who reads.
        at: Instant, aware; clocks stand as of its local day.

    Raises:
        InputError: No such visit, or one of a matter that the person may not know of.
        NotAllowedError: A sealed matter, and the person is no reader.
    """
    found = queue.line(register, by, visit)
    on = at.astimezone().date()
    row = sight.matter_for(register, found.matter, by)
    _journal_reading(register, found.matter, by, at)
    people = register.rows(
        "SELECT name FROM person WHERE matter=? AND removed IS NULL AND role IN ('petitioner', 'representative',"
        " 'agent') AND name IS NOT NULL ORDER BY main IS NOT 1, id",
        (found.matter,),
    )
    said = register.row(
        "SELECT body FROM passage WHERE matter=? AND kind='statement' AND removed IS NULL ORDER BY id LIMIT 1",
        (found.matter,),
    )
    items = register.row("SELECT count(*) FROM item WHERE matter=? AND cancelled IS NULL", (found.matter,))
    handler = register.staff().get(row["handler"])
    statement = said[0] if said else ""
    return Brief(
        visit=found,
        day=days.day(register, by, found.reception, on=on),
        category=row["category"] or "",
        state=row["state"],
        purpose=row["purpose"] or "",
        received_on=date.fromisoformat(row["received_on"]),
        items=items[0] if items else 0,
        unit=register.units().get(row["unit"], ""),
        handler=handler.name if handler else "",
        people=tuple(dict.fromkeys(name for (name,) in people)),
        statement=statement,
        claims=tuple(
            BriefClaim(place=claim["place"], request=claim["request"], decision=claim["decision"] or "")
            for claim in register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (found.matter,))
        ),
        clocks=_clocks(register, row, on),
        answers=_answers(register, found.matter),
        promises=promises.of_matter(register, found.matter, by, on),
        earlier=_earlier(register, found.matter, visit),
    )


def _journal_reading(register: Register, matter: int, by: Staff, at: datetime) -> None:
    """Journal the reading of a matter, once a day and person."""
    midnight = datetime.combine(at.astimezone().date(), time()).astimezone()
    read = register.row(
        "SELECT 1 FROM entry WHERE matter=? AND act='read_matter' AND actor=? AND at_ms>=? LIMIT 1",
        (matter, by.id, int(midnight.timestamp() * 1000)),
    )
    if read is None:
        with register.act("read_matter", by=by, at=at, matter=matter):
            pass


def _clocks(register: Register, row: dict[str, Any], on: date) -> tuple[BriefClock, ...]:
    rules = projections.rules_of(row["rules"], row["received_on"], register.law.book)
    return tuple(
        BriefClock(
            clock=state.clock,
            name=rules.clock(state.clock).name,
            state=state,
            derivation=tuple(clocks.derivation(state.due)) if state.due else (),
        )
        for state in matters.clock_states(register, row["id"], row, on)
        if state.running
    )


def _answers(register: Register, matter: int) -> tuple[BriefAnswer, ...]:
    marks = ",".join("?" * len(_ANSWERS))
    letters_out = [
        BriefAnswer(on=date.fromisoformat(row["dated_on"]), title=row["title"], number=row["number"] or "", told="")
        for row in register.records(
            "document", f"matter=? AND state='issued' AND kind IN ({marks})", (matter, *_ANSWERS)
        )
    ]
    told = [
        BriefAnswer(on=date.fromisoformat(on), title=clocks.EVENT_NAMES[kind].zh if errors.spoken() == "zh"
                    else clocks.EVENT_NAMES[kind].en, number="", told=note or "")
        for kind, on, note in register.rows(
            f"SELECT kind, on_date, note FROM event WHERE matter=? AND withdrawn IS NULL AND kind IN ({_TOLD})",
            (matter,),
        )
    ]  # fmt: skip
    return tuple(sorted([*letters_out, *told], key=lambda answer: answer.on, reverse=True)[:_LAST_ANSWERS])


def _earlier(register: Register, matter: int, visit: int) -> tuple[EarlierReception, ...]:
    rows = register.rows(
        "SELECT y.on_date, v.host, v.outcome, d.facts FROM reception_visit v JOIN reception_day y ON y.id=v.reception"
        " LEFT JOIN document d ON d.id=v.record AND d.state<>'spoiled' WHERE v.matter=? AND v.id<>? AND"
        " v.state='received' AND v.removed IS NULL ORDER BY y.on_date DESC, v.id DESC",
        (matter, visit),
    )
    return tuple(
        EarlierReception(
            on=date.fromisoformat(on),
            host=days.host(register, host).name if host else "",
            outcome=outcome or "",
            decision=decision_of(facts),
        )
        for on, host, outcome, facts in rows
    )


def decision_of(facts: str | None) -> str:
    """Return what a reception record says was decided; '' without a record."""
    return str(letters.LetterFacts.from_json(facts).value("decision") or "") if facts else ""
