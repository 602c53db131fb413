"""What people do at a workstation: cheap acts on many kinds of tables, most of them on matters that all work on.

Each is written as the use cases write: through `Register.act`, with the product's own numbers. They are chosen so that
columns meet: the same few matters, their statutory dates and decisions, people, claims, settings, units.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from models import arrivals, attachments, errors, intake, numbers
from models.act import Act
from models.citypapers import CityPapers
from models.conflicts import Conflicts
from models.desk import put_setting
from models.hlc import next_instant
from models.journal import OPAQUE, SALT_BYTES, Entry, commit_payload, header_hash
from models.records import AttachmentDraft, ItemDraft, PersonDraft, Staff
from models.register import Register

TEXTS = ("夜间施工噪音", "已联系", "再核", "无", "甲", "乙", "丙", "路灯不亮", "转派出所", "x" * 300)
DATES = ("accepted_on", "opinion_on", "limit_on", "closed_on", "problem_on", "followed_on", "told_on")
STATES = ("S1", "S2", "S4", "S5", "S6", "S7")
SETTINGS = ("organ.phone", "documents.code", "practice.one", "practice.two", "practice.three")
MANY = 40
"""Rows of the act that makes many."""

Do = Callable[[Act, Random], None]


def act(register: Register, dice: Random, by: Staff, at: datetime, kind: str) -> None:
    """Do one act of a kind."""
    if kind in APART:
        APART[kind](register, dice, by, at)
        return
    with register.act(f"sim_{kind}", by=by, at=at) as one:
        KINDS[kind][1](one, dice)


# --- acts ------------------------------------------------------------------------------------------------------------


def _row(one: Act, dice: Random, table: str, *, known: int = 12) -> int | None:
    """Return a row of a table: mostly one of the first, which all workstations know; None when there is none."""
    if dice.random() < 0.75:
        found = one.connection.execute(f"SELECT id FROM {table} ORDER BY id LIMIT {known}").fetchall()
    else:
        found = one.connection.execute(f"SELECT id FROM {table} ORDER BY born DESC LIMIT {known}").fetchall()
    return int(dice.choice(found)[0]) if found else None


def _matter(one: Act, dice: Random) -> int:
    found = _row(one, dice, "matter")
    assert found is not None
    return found


def _day(one: Act, dice: Random) -> date:
    return one.on + timedelta(days=dice.randrange(-20, 40))


def _read(one: Act, dice: Random) -> None:
    one.matter = _matter(one, dice)


def _note(one: Act, dice: Random) -> None:
    one.matter = _matter(one, dice)
    one.insert("passage", {"matter": one.matter, "kind": "note", "body": dice.choice(TEXTS) * dice.randrange(1, 5)})


def _renote(one: Act, dice: Random) -> None:
    if row := _row(one, dice, "passage"):
        one.set("passage", row, body=dice.choice(TEXTS) + str(dice.randrange(100)))


def _words(one: Act, dice: Random) -> None:
    names = dice.sample(("hot_topic", "cause", "problem_place", "copy_to", "destination_name"), dice.randrange(1, 4))
    one.set("matter", _matter(one, dice), **{name: dice.choice((*TEXTS, None)) for name in names})


def _title(one: Act, dice: Random) -> None:
    one.set("matter", _matter(one, dice), title=dice.choice(TEXTS) + str(dice.randrange(100)))


def _dates(one: Act, dice: Random) -> None:
    names = dice.sample(DATES, dice.randrange(1, 3))
    one.set("matter", _matter(one, dice), **{n: _day(one, dice) if dice.random() < 0.9 else None for n in names})


def _received(one: Act, dice: Random) -> None:
    one.set("matter", _matter(one, dice), received_on=_day(one, dice))


def _decision(one: Act, dice: Random) -> None:
    one.set(
        "matter", _matter(one, dice), state=dice.choice(STATES), conclusion=dice.choice(("support", "partly", None))
    )


def _flags(one: Act, dice: Random) -> None:
    one.set("matter", _matter(one, dice), major=dice.randrange(2), supervised=dice.choice((0, 1, None)))


def _person(one: Act, dice: Random) -> None:
    if row := _row(one, dice, "person"):
        one.set("person", row, phone=f"199{dice.randrange(10**8):08d}", address=dice.choice((*TEXTS, None)))


def _claim(one: Act, dice: Random) -> None:
    if dice.random() < 0.3:
        one.insert("claim", {"matter": _matter(one, dice), "place": dice.randrange(9), "request": dice.choice(TEXTS)})
    elif row := _row(one, dice, "claim"):
        one.set("claim", row, decision=dice.choice(("support", "partly", "explain", "refuse", None)))


def _event(one: Act, dice: Random) -> None:
    one.insert("event", {
        "matter": _matter(one, dice), "kind": dice.choice(("extension", "delivery", "opinion", "acceptance")),
        "on_date": _day(one, dice), "days": dice.choice((None, 15, 30)),
    })  # fmt: skip


def _withdraw(one: Act, dice: Random) -> None:
    if row := _row(one, dice, "event"):
        one.set("event", row, withdrawn=dice.choice((None, "误录")), on_date=_day(one, dice))


def _unit(one: Act, dice: Random) -> None:
    row = _row(one, dice, "unit")
    if row is None or dice.random() < 0.3:
        one.insert("unit", {"name": dice.choice(TEXTS) + "所", "kind": "station", "above": row})
    else:
        petition = one.connection.execute("SELECT kind FROM unit WHERE id=?", (row,)).fetchone() == ("petition",)
        closed = None if petition else dice.choice((0, 1, None))  # without that one nothing can be registered
        one.set("unit", row, short=dice.choice((*TEXTS, None)), closed=closed)


def _setting(one: Act, dice: Random) -> None:
    found = one.connection.execute(
        f"SELECT id FROM setting WHERE name IN ({','.join('?' * len(SETTINGS))}) ORDER BY id", SETTINGS
    ).fetchall()
    if found:
        one.set("setting", dice.choice(found)[0], value=str(dice.randrange(50)))
    else:
        put_setting(one, dice.choice(SETTINGS), dice.randrange(50))


def _accuse(one: Act, dice: Random) -> None:
    row = _row(one, dice, "accused")
    if row is None or dice.random() < 0.5:
        one.insert("accused", {"matter": _matter(one, dice), "kind": "person", "name": dice.choice(TEXTS)})
    else:
        one.set("accused", row, removed=dice.choice((None, "误录")))


def _item(one: Act, dice: Random) -> None:
    """Register an item with a matter of its own: both take a number."""
    on = one.on
    number = numbers.next_matter_number(one, on.year)
    unit = one.by.unit
    matter = one.insert("matter", {
        "number": number, "title": dice.choice(TEXTS), "received_on": on, "rules": "REG-2022", "state": "S1",
        "unit": unit, "category": "claim",
    })  # fmt: skip
    one.insert("item", {
        "number": numbers.next_item_number(one, on.year), "matter": matter, "channel": "letter", "received_on": on,
        "registered_at": one.at.isoformat(timespec="seconds"), "registered_by": one.by.id,
    })  # fmt: skip
    one.insert("event", {"matter": matter, "kind": "received", "on_date": on})
    one.matter = matter


def _intake(one: Act, dice: Random) -> None:
    """Register an item as the counter does."""
    made = intake.register_item(one, ItemDraft(
        channel=dice.choice(("letter", "visit", "call")), received_on=one.on, title=dice.choice(TEXTS),
        statement=dice.choice(TEXTS) * 5, claims=("依法处理",), purpose="solution",
        people=(PersonDraft(name="王小明", main=True, phone=f"199{dice.randrange(10**8):08d}"),),
    ))  # fmt: skip
    one.matter = made.matter


def _letter(one: Act, dice: Random) -> None:
    """Issue a numbered document; now and then one is spoiled."""
    row = _row(one, dice, "document")
    if row is not None and dice.random() < 0.2:
        numbers.spoil(one, row, "打印损坏")
        return
    serial = numbers.take_document_number(one, "acceptance_notice", one.on.year)
    document = one.insert("document", {
        "matter": _matter(one, dice), "kind": "acceptance_notice", "state": "issued", "number": f"〔{serial}〕",
        "dated_on": one.on, "issued_by": one.by.id,
    })  # fmt: skip
    numbers.bear(one, "acceptance_notice", one.on.year, serial, document=document)


def _many(one: Act, dice: Random) -> None:
    for n in range(MANY):
        one.insert("passage", {"matter": _matter(one, dice), "kind": "note", "body": f"{dice.choice(TEXTS)}{n}"})


def _attach(one: Act, dice: Random) -> None:
    """Attach a file; now and then one that several workstations have."""
    size = dice.choice((10, 3000, 3000, 40_000, 300_000)) if dice.random() < 0.8 else 0
    data = os.urandom(size) if size else b"the same everywhere"
    draft = AttachmentDraft(name="扫描件", media_type="image/png", data=data)
    attachments.add(one, _matter(one, dice), draft)


KINDS: dict[str, tuple[int, Do]] = {
    "note": (14, _note), "renote": (10, _renote), "words": (14, _words), "title": (5, _title), "dates": (12, _dates),
    "received": (1, _received), "decision": (7, _decision), "flags": (5, _flags), "person": (8, _person),
    "claim": (8, _claim), "event": (5, _event), "withdraw": (4, _withdraw), "unit": (5, _unit),
    "setting": (5, _setting), "accuse": (2, _accuse), "item": (6, _item), "intake": (1, _intake),
    "letter": (4, _letter), "read": (4, _read), "many": (1, _many), "attach": (1, _attach),
    "sealed": (2, _read), "settle": (4, _read), "paper": (2, _read),
}  # fmt: skip
"""Name of an act to how often it is done, and what it does (those of `APART` write through their own use case)."""


def _settle(register: Register, dice: Random, by: Staff, at: datetime) -> None:
    """Settle one of the open conflicts."""
    conflicts = Conflicts(register, by, at.astimezone().date(), lambda: at)
    lines = conflicts.open_ones(limit=20).lines
    if lines:
        line = dice.choice(lines)
        choice = dice.choice(("kept", "other", "new"))
        conflicts.settle(line.key, choice, value=line.other.value, reason="核对后裁定", at=at)


def _paper(register: Register, dice: Random, by: Staff, at: datetime) -> None:
    """Take in a paper of the city, send it back, or report on it."""
    papers = CityPapers(register, by, lambda: at)
    lines = papers.inbox(state=dice.choice(("waiting", "taken"))).lines
    if not lines:
        return
    line = dice.choice(lines)
    may = [one for one in line.may if one in ("take", "note", "refuse", "report")]
    what = dice.choice(may) if may else ""
    if what == "take":
        papers.take(line.id)
    elif what:
        getattr(papers, what)(line.id, "已核实")


def _sealed(register: Register, _dice: Random, by: Staff, at: datetime) -> None:
    """Append an entry whose payload is sealed by key: a later version of the program writes such, this one keeps them.

    It is taken in as own entries are that come back after a restore.
    """
    if register.must_fetch:
        raise errors.MustFetchError
    at_ms = int(at.timestamp() * 1000)
    payload, salt = OPAQUE + os.urandom(40), os.urandom(SALT_BYTES)
    fields: dict[str, Any] = {
        "device": register.device, "seq": register.seq + 1, "at_ms": at_ms,
        "hlc": next_instant(register.last_hlc, at_ms, register.device), "mono_ms": -1, "actor": by.id,
        "act": "sim_sealed", "matter": None, "commitment": commit_payload(salt, payload), "prev": register.head,
    }  # fmt: skip
    entry = Entry(**fields, payload=payload, salt=salt, hash=header_hash(**fields))
    arrivals.take(register, [entry], at=at, way="restore")


APART: dict[str, Callable[[Register, Random, Staff, datetime], None]] = {
    "sealed": _sealed, "settle": _settle, "paper": _paper,
}  # fmt: skip
