"""One matter as its viewer may see it: the file with people, texts, clocks, papers and story. Reading it is journalled.

An outline (a sealed matter for someone who is no reader) has number, dates, clocks and state, and nothing that tells
who or what.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from models import acts, clocks, errors, handling, policy, projections, repeats
from models.handling_tables import HANDLING_TABLES
from models.hlc import wall_ms
from models.records import AttachmentLine, DocumentLine, MatterFile, MovedDay, Staff, StoryLine
from models.tables import BY_NAME

if TYPE_CHECKING:
    from models.register import Register

OUTLINE_COLUMNS = (
    "id",
    "number",
    "received_on",
    "rules",
    "overlay",
    "state",
    "unit",
    "accepted_on",
    "opinion_on",
    "closed_on",
    "sealed",
)


def find(register: Register, reference: str | int, staff: Staff) -> int:
    """Return the id of a matter from its id, number, item number or query code.

    Raises:
        InputError: Nothing of the kind that this person may know of.
    """
    text = str(reference).strip()
    condition = policy.known_sql(staff)
    found = register.row(
        "SELECT m.id FROM matter m WHERE (m.number=?1 OR m.query_code=?1 OR m.id=?2"
        f" OR m.id IN (SELECT matter FROM item WHERE number=?1)) AND {condition} LIMIT 1",
        (text, int(text) if text.isdecimal() and len(text) <= 18 else -1),
    )
    if found is None:
        raise policy.unknown_matter(reference)
    return int(found[0])


def file_of(register: Register, matter: int, staff: Staff, on: date) -> MatterFile:
    """Return the file of a matter.

    Raises:
        InputError: No such matter, or one that this person may not know of.
    """
    row = register.record("matter", matter)
    sights = register.row(
        f"SELECT ({policy.known_sql(staff)}), ({policy.visible_sql(staff)}) FROM matter m WHERE id=?", (matter,)
    )
    if row is None or sights is None or not sights[0]:
        raise policy.unknown_matter(matter)
    units, people = register.units(), register.staff()
    states = clock_states(register, matter, row, on)
    unit = units.get(row["unit"], "")
    if not sights[1]:
        return MatterFile(
            id=matter,
            number=row["number"],
            sight="outline",
            matter={name: row[name] for name in OUTLINE_COLUMNS},
            clocks=states,
            unit_name=unit,
            shifts=shifts(register, matter),
        )
    opened, _ = handling.listed(register, row, staff, on)
    handler = people.get(row["handler"])
    where = "matter=? ORDER BY id"
    return MatterFile(
        id=matter,
        number=row["number"],
        sight="full",
        matter=row,
        items=tuple(register.records("item", where, (matter,))),
        people=tuple(register.records("person", f"removed IS NULL AND {where}", (matter,))),
        accused=tuple(register.records("accused", f"removed IS NULL AND {where}", (matter,))),
        passages=tuple(register.records("passage", f"removed IS NULL AND {where}", (matter,))),
        claims=tuple(register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (matter,))),
        events=tuple(register.records("event", "matter=? AND withdrawn IS NULL ORDER BY on_date, id", (matter,))),
        documents=documents(register, matter),
        attachments=tuple(
            AttachmentLine(
                id=found["id"],
                name=found["name"],
                media_type=found["media_type"],
                size=found["size"],
                sha256=found["sha256"],
            )
            for found in register.records("attachment", f"removed IS NULL AND {where}", (matter,))
        ),
        clocks=states,
        story=_with_joined(story(register, matter), repeats.joined_story(register, matter, staff)),
        next_acts=opened,
        ledgers=_ledgers(register, matter),
        unit_name=unit,
        handler_name=handler.name if handler else "",
        shifts=shifts(register, matter),
    )


_LEDGERS = {
    table.name: "removed IS NULL AND " if "removed" in table.names else ""
    for table in (*HANDLING_TABLES, BY_NAME["recusal"], BY_NAME["rating"])
}


def _ledgers(register: Register, matter: int) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the rows of a matter's handling by table, reversed ones left out."""
    found = {
        name: tuple(register.records(name, f"{standing}matter=? ORDER BY id", (matter,)))
        for name, standing in _LEDGERS.items()
    }
    return {name: rows for name, rows in found.items() if rows}


def clock_states(register: Register, matter: int, row: dict[str, Any], on: date) -> tuple[clocks.ClockState, ...]:
    """Return the clocks of a matter as they stand on a day, in the order of their last lawful day."""
    rules = projections.rules_of(row["rules"], row["received_on"], register.law.book)
    states = clocks.clock_states(
        rules, projections.events_of(register.connection, matter), on=on, calendar=register.calendar
    )
    return tuple(sorted(states, key=lambda state: state.due.last_on if state.due else date.max))


def shifts(register: Register, matter: int) -> tuple[MovedDay, ...]:
    """Return the last days of a matter that a calendar or rule moved, oldest first."""
    day = date.fromisoformat
    return tuple(
        MovedDay(
            clock=row["clock"],
            start_on=day(row["start_on"]),
            before_on=day(row["before_on"]) if row["before_on"] else None,
            after_on=day(row["after_on"]) if row["after_on"] else None,
            cause=row["cause"],
            on=day(row["on_date"]),
        )
        for row in register.records("shift", "matter=? ORDER BY id", (matter,))
    )


def documents(register: Register, matter: int) -> tuple[DocumentLine, ...]:
    """Return the documents of a matter, in the order of their making."""
    return tuple(
        DocumentLine(
            id=found["id"],
            kind=found["kind"],
            number=found["number"] or "",
            title=found["title"] or "",
            state=found["state"],
            dated_on=date.fromisoformat(found["dated_on"]) if found["dated_on"] else None,
            code=found["code"] or "",
            size=found["size"],
            sha256=found["sha256"] or "",
            organ=found["organ"] or "",
            received_on=date.fromisoformat(found["received_on"]) if found["received_on"] else None,
            told=found["told"] or "",
            attachment=found["attachment"],
            reason=found["reason"] or "",
        )
        for found in register.records("document", "matter=? ORDER BY id", (matter,))
    )


def _event_word(kind: str, language: errors.Language) -> str:
    name = clocks.EVENT_NAMES.get(kind)
    return (name.zh if language == "zh" else name.en) if name else kind


def story(register: Register, matter: int) -> tuple[StoryLine, ...]:
    """Return what was done on a matter, newest first; readings are left out."""
    language = errors.spoken()
    people = dict(register.rows("SELECT id, name FROM staff"))
    undone = {
        (device, seq): (reason, people.get(actor, ""))
        for device, seq, reason, actor in register.rows(
            "SELECT c.device, c.seq, c.reason, e.actor FROM correction c JOIN entry e ON e.matter=c.matter AND"
            " e.hlc=c.born WHERE c.matter=? AND c.kind='reverse' AND c.removed IS NULL",
            (matter,),
        )
    }
    lines = []
    for at_ms, actor, act, hlc, device, seq in register.rows(
        "SELECT at_ms, actor, act, hlc, device, seq FROM entry WHERE matter=? AND act<>'read_matter'"
        " ORDER BY arrival DESC",
        (matter,),
    ):
        facts = register.rows(
            "SELECT kind, on_date, note FROM event WHERE matter=? AND born=? ORDER BY id", (matter, hlc)
        )
        detail = ("；" if language == "zh" else "; ").join(
            " ".join(part for part in (_event_word(kind, language), on_date, note or "") if part)
            for kind, on_date, note in facts
        )
        reason, by = undone.get((device, seq), ("", ""))
        lines.append(
            StoryLine(
                at=datetime.fromtimestamp(min(at_ms, wall_ms(hlc)) / 1000, UTC),
                actor=people.get(actor, ""),
                act=act,
                detail=detail or _corrected(register, matter, hlc, language),
                on_date=date.fromisoformat(facts[0][1]) if facts else None,
                entry=f"{device}-{seq}",
                reversed=reason,
                reversed_by=by,
            )
        )
    return (*lines, *_registrations(register, matter, people))


def _with_joined(lines: tuple[StoryLine, ...], joined: tuple[StoryLine, ...]) -> tuple[StoryLine, ...]:
    """Return the story with the repeats that were joined to the matter, each in its place."""
    return tuple(sorted((*lines, *joined), key=lambda line: line.at, reverse=True)) if joined else lines


def _corrected(register: Register, matter: int, instant: int, language: errors.Language) -> str:
    """Return what a correcting act says of itself: the act that it reversed, and why."""
    found = register.row("SELECT device, seq, act, reason FROM correction WHERE matter=? AND born=?", (matter, instant))
    if found is None:
        return ""
    device, seq, act, reason = found
    return f"{device}-{seq} {acts.word(act, language)} · {reason}" if act else str(reason)


def _registrations(register: Register, matter: int, people: dict[int, str]) -> list[StoryLine]:
    """Return the registrations that an import wrote for many matters at once: their entry names only the first."""
    return [
        StoryLine(
            at=datetime.fromisoformat(registered_at),
            actor=people.get(registered_by, ""),
            act="import_items",
            detail=number,
            on_date=date.fromisoformat(received_on),
        )
        for number, registered_at, registered_by, received_on in register.rows(
            "SELECT number, registered_at, registered_by, received_on FROM item WHERE matter=?1 AND NOT EXISTS("
            "SELECT 1 FROM entry WHERE entry.matter=?1 AND entry.hlc=item.born)",
            (matter,),
        )
    ]
