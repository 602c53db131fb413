"""One matter as the city sees it: its facts, clocks with their derivation, story, papers, decisions.

What it shows of people is their name and part in the matter, as the answer of a matter must be checked against who
asked; no identity number, address or telephone, and nobody who is accused. Of a sealed matter it reads the outline and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from models import clocks, column_words, policy
from models.clocks.wording import derivation
from models.errors import Message
from models.tables import BY_NAME
from sync.hub import files
from sync.hub.figures import HubRows
from sync.hub.hub import Hub
from sync.hub.web.rows import counties
from sync.hub.web.rows.law import Clocks, owed

OUTLINE = (
    "id", "number", "received_on", "rules", "state", "unit", "accepted_on", "opinion_on", "closed_on", "sealed",
)  # fmt: skip
"""All that is read of a sealed matter (as `models.matters.OUTLINE_COLUMNS`)."""
FACTS = (
    "purpose", "category", "exit", "content_label", "problem_type", "police", "problem_on", "problem_place", "handling",
    "destination_name", "limit_on", "accepted_on", "opinion_on", "conclusion", "closed_on", "closing",
    "closing_nature", "review_state", "review_result", "followed_on", "archived_on", "archive_number",
)  # fmt: skip
MARKS = (
    "joint", "anonymous", "group_visit", "litigation", "backlog", "major", "supervised", "three_cross",
    "foreign_related", "simplified", "published",
)  # fmt: skip
_ITEM = (
    "received_on", "id", "number", "channel", "source", "source_name", "source_number", "people", "repeat", "cancelled",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock of the matter, with the lines that derive its last day."""

    id: str
    name: Message
    status: str
    start_on: date
    started_by: Message
    last_on: date | None
    ended_on: date | None
    mine: bool
    """It is a duty of the bureau that stands open."""
    lines: tuple[Message, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened on a day: what, and what was noted of it."""

    on: date
    what: Message
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A letter, visit, call or entry of the matter."""

    number: str
    received_on: date
    channel: str
    source: str
    source_name: str
    source_number: str
    people: int | None
    repeat: bool
    cancelled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who petitions: name and part."""

    name: str
    role: str
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A long text of the matter; `kind` is a code of the table passage."""

    kind: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A request with what was decided on it."""

    place: int
    request: str
    decision: str
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A letter or form; `sha256` names its bytes, `here` says that they have come up."""

    kind: Message
    state: str
    number: str
    title: str
    dated_on: str
    signed_by: str
    sha256: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A paper that was handed in."""

    name: str
    media_type: str
    size: int
    sha256: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Rows of the handling of one kind: heads and cells in words."""

    name: Message
    heads: tuple[Message, ...]
    rows: tuple[tuple[Message, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLink:
    """A place of the matter in a programme."""

    case: int
    programme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFile:
    """A matter; of a sealed one only what stands before `title` here, and its clocks."""

    county: str
    county_name: str
    id: int
    number: str
    received_on: date
    rules: str
    state: str
    unit: str
    accepted_on: str
    opinion_on: str
    closed_on: str
    sealed: bool
    clocks: tuple[Clock, ...]
    title: str = ""
    handler: str = ""
    facts: tuple[tuple[Message, Message], ...] = ()
    marks: tuple[Message, ...] = ()
    items: tuple[Item, ...] = ()
    people: tuple[Person, ...] = ()
    texts: tuple[Text, ...] = ()
    claims: tuple[Claim, ...] = ()
    story: tuple[Step, ...] = ()
    papers: tuple[Paper, ...] = ()
    scans: tuple[Scan, ...] = ()
    ledgers: tuple[Ledger, ...] = field(default=())
    cases: tuple[CaseLink, ...] = ()


def matter(hub: Hub, county: str, number: int, on: date) -> MatterFile:
    """Return a matter as of a day.

    Args:
        hub: The hub.
        county: Its county.
        number: Its row.
        on: The day.

    Raises:
        InputError: The county has sent no such matter.
    """
    names = counties.names(hub)
    if county not in names:
        raise counties.unknown(county)
    with hub.reading() as connection:
        rows = HubRows(connection, county)
        outline = next(iter(_dicts(rows.by_ids("matter", "id", (number,), OUTLINE), OUTLINE)), None)
        if outline is None:
            raise policy.unknown_matter(number)
        law = Clocks(rows)
        units = dict(rows.every("unit", ("id", "name")))
        head = {
            "county": county,
            "county_name": names[county],
            "id": number,
            "number": outline["number"] or "",
            "received_on": date.fromisoformat(outline["received_on"]),
            "rules": outline["rules"],
            "state": outline["state"],
            "unit": units.get(outline["unit"], ""),
            "accepted_on": outline["accepted_on"] or "",
            "opinion_on": outline["opinion_on"] or "",
            "closed_on": outline["closed_on"] or "",
            "sealed": bool(outline["sealed"]),
            "clocks": tuple(_clocks(law, outline, on)),
        }
        if outline["sealed"]:
            return MatterFile(**head)
        found = _content(rows, number, units)
    held = files.here(hub, county, sorted({one.sha256 for one in (*found["papers"], *found["scans"]) if one.sha256}))
    for name in ("papers", "scans"):
        found[name] = tuple(replace(one, here=one.sha256 in held) for one in found[name])
    return MatterFile(**head, **found)


def _clocks(law: Clocks, row: Mapping[str, Any], on: date) -> Iterable[Clock]:
    for state in law.states([row], on).get(row["id"], ()):
        rules = law.rules(row)
        yield Clock(
            id=state.clock,
            name=rules.clock(state.clock).name,
            status=state.status,
            start_on=state.start_on,
            started_by=clocks.EVENT_NAMES[state.started_by],
            last_on=state.due.last_on if state.due else None,
            ended_on=state.ended_on,
            mine=owed(state, rules),
            lines=tuple(derivation(state.due)) if state.due else (),
            notes=state.notes,
        )


def _content(rows: HubRows, matter: int, units: Mapping[int, str]) -> dict[str, Any]:
    names = ("title", "handler", *FACTS, *MARKS)
    (row,) = _dicts(rows.by_ids("matter", "id", (matter,), names), names)
    staff = dict(rows.every("staff", ("id", "name")))
    documents = _standing(rows, "document", matter)
    return {
        "title": row["title"] or "",
        "handler": staff.get(row["handler"], ""),
        "facts": tuple((_name("matter", one), _said("matter", one, row[one])) for one in FACTS if row[one] is not None),
        "marks": tuple(_name("matter", one) for one in MARKS if row[one]),
        "items": tuple(_items(rows, matter)),
        "people": tuple(
            Person(name=one["name"] or "", role=one["role"], main=bool(one["main"]))
            for one in _standing(rows, "person", matter)
        ),
        "texts": tuple(Text(kind=one["kind"], body=one["body"] or "") for one in _standing(rows, "passage", matter)),
        "claims": tuple(
            Claim(
                place=one["place"], request=one["request"], decision=one["decision"] or "", grounds=one["grounds"] or ""
            )
            for one in sorted(_standing(rows, "claim", matter), key=lambda one: one["place"] or 0)
        ),
        "story": tuple(_story(rows, matter, documents)),
        "papers": tuple(_papers(documents)),
        "scans": tuple(_scans(rows, matter)),
        "ledgers": tuple(_ledgers(rows, matter, units, staff, documents)),
        "cases": tuple(_cases(rows, matter)),
    }


def _items(rows: HubRows, matter: int) -> Iterable[Item]:
    for one in _dicts(sorted(rows.by_ids("item", "matter", (matter,), _ITEM)), _ITEM):
        yield Item(
            number=one["number"] or "",
            received_on=date.fromisoformat(one["received_on"]),
            channel=one["channel"],
            source=one["source"] or "",
            source_name=one["source_name"] or "",
            source_number=one["source_number"] or "",
            people=one["people"],
            repeat=bool(one["repeat"]),
            cancelled=one["cancelled"] or "",
        )


def _story(rows: HubRows, matter: int, documents: list[dict[str, Any]]) -> Iterable[Step]:
    """Yield the dated facts of a matter, the newest first; each with its note, or with the paper that proves it."""
    papers = {one["id"]: one["number"] or one["title"] or "" for one in documents}
    found = [one for one in _standing(rows, "event", matter) if one["withdrawn"] is None]
    for one in sorted(found, key=lambda event: (event["on_date"], event["id"]), reverse=True):
        what = clocks.EVENT_NAMES.get(one["kind"], Message(one["kind"], one["kind"]))
        told = "　".join(text for text in (one["note"] or "", papers.get(one["document"], "")) if text)
        yield Step(on=date.fromisoformat(one["on_date"]), what=what, told=told)


def _papers(documents: list[dict[str, Any]]) -> Iterable[Paper]:
    for one in documents:
        kind = Message(*(column_words.document_word(one["kind"], language) for language in ("zh", "en")))
        yield Paper(
            kind=kind,
            state=one["state"],
            number=one["number"] or "",
            title=one["title"] or "",
            dated_on=one["dated_on"] or one["received_on"] or "",
            signed_by=one["signed_by"] or "",
            sha256=one["sha256"] or "",
            here=False,
        )


def _scans(rows: HubRows, matter: int) -> Iterable[Scan]:
    for one in _standing(rows, "attachment", matter):
        yield Scan(
            name=one["name"], media_type=one["media_type"], size=one["size"], sha256=one["sha256"] or "", here=False
        )


_LEDGERS: Mapping[str, tuple[str, ...]] = {
    "handover": (
        "on_date",
        "kind",
        "sender",
        "sender_name",
        "receiver",
        "receiver_name",
        "limit_on",
        "ground",
        "ended",
    ),
    "service": ("on_date", "way", "outcome", "place", "receiver", "reason"),
    "review": ("requested_on", "level", "organ", "decided_on", "result", "served_on", "limit_on"),
    "hearing": ("on_date", "place", "chair", "ended_on", "conclusion"),
    "agreement": ("signed_on", "kind", "terms", "due_on", "performed_on", "failed_on"),
    "task": ("opened_on", "kind", "what", "unit", "due_on", "done_on", "proof"),
    "supervision": ("raised_on", "trigger", "unit", "demand", "due_on", "answered_on", "answer", "lifted_on"),
    "follow_up": ("on_date", "way", "carried_out", "view"),
    "rating": ("rated_on", "target", "state", "value"),
    "shift": ("on_date", "clock", "before_on", "after_on", "cause"),
    "correction": ("kind", "act", "reason"),
}
"""Tables of the handling that are shown, each with its columns; the first is the day it is ordered by."""


def _ledgers(
    rows: HubRows,
    matter: int,
    units: Mapping[int, str],
    staff: Mapping[int, str],
    documents: list[dict[str, Any]],
) -> Iterable[Ledger]:
    named: Mapping[str, Mapping[int, str]] = {
        "unit": units,
        "staff": staff,
        "document": {one["id"]: one["number"] or one["title"] or "" for one in documents},
    }

    def cell(table: str, column: str, value: Any) -> Message:
        refers = BY_NAME[table].column(column).refers
        if refers and value is not None:
            text = named.get(refers, {}).get(value, "")
            return Message(text, text)
        return _said(table, column, value)

    for table, columns in _LEDGERS.items():
        found = sorted(_standing(rows, table, matter), key=lambda one: (one[columns[0]] or "", one["id"]))
        # A column in which no row has anything says nothing, and takes room from those that do.
        told = [column for column in columns if any(one[column] is not None for one in found)]
        if told:
            yield Ledger(
                name=Message(*(column_words.table_word(table, language) for language in ("zh", "en"))),
                heads=tuple(_name(table, column) for column in told),
                rows=tuple(tuple(cell(table, column, one[column]) for column in told) for one in found),
            )


def _cases(rows: HubRows, matter: int) -> Iterable[CaseLink]:
    found = list(rows.by_ids("key_case", "matter", (matter,), ("id", "programme", "removed")))
    programmes = dict(rows.by_ids("programme", "id", {row[1] for row in found}, ("id", "name")))
    for case, programme, removed in sorted(found):
        if removed is None:
            yield CaseLink(case=case, programme=programmes.get(programme, ""))


# --- reading rows and words -------------------------------------------------------------------------------------------


def _standing(rows: HubRows, table: str, matter: int) -> list[dict[str, Any]]:
    """Return the rows of a table that belong to a matter and were not taken back, in the order of their making."""
    columns = ("id", *BY_NAME[table].names)
    found = _dicts(sorted(rows.by_ids(table, "matter", (matter,), columns), key=lambda row: int(row[0])), columns)
    return [row for row in found if row.get("removed") is None]


def _dicts(found: Iterable[tuple[Any, ...]], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in found]


def _name(table: str, column: str) -> Message:
    return Message(*(column_words.column_word(table, column, language) for language in ("zh", "en")))


def _said(table: str, column: str, value: Any) -> Message:
    return Message(*(column_words.said_value(table, column, value, language) for language in ("zh", "en")))
