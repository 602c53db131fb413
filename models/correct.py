"""Correcting acts: reversing what one entry of the journal wrote, cancelling a registration, spoiling a letter.

Nothing is deleted. A reversal is an act of its own, with a reason, that writes the inverse of an earlier entry:

- a row that was added is marked (`MARKS`): its clocks, search hits and bars go with it, by the projections;
- a letter is spoiled, and its number stays with the reason (domain reference, 9.1);
- a column that was changed gets back the value before, unless somebody changed it later: then that act is named, and
  is to be reversed first (`models.trail`). The same holds for rows that others refer to, such as a served letter.

Reversing a reversal puts things in place again. What may never be reversed: readings, the log of major and urgent
matters (REG-2022 Art. 25; SC-431 Art. 26: nothing hidden or altered), limits moved by a calendar, what concerns the
bureau as a whole, and registration, which is cancelled with a reason and keeps its number (REG-2022 Art. 22).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from models import acts, errors, numbers, policy, sight
from models.device import CITY
from models.history import entry_time
from models.journal import Change, Entry, decode_payload
from models.records import Staff
from models.tables import BY_NAME, TABLES
from models.trail import Key, Trail, entry_at, entry_of, key_of, key_text, read_key

if TYPE_CHECKING:
    from datetime import date

    from models.act import Act
    from models.register import Register

MARKS: dict[str, str] = {
    "event": "withdrawn",
    "item": "cancelled",
    "reader": "ended_on",
    "document": "state",
    "number": "state",
    **{table.name: "removed" for table in TABLES if "removed" in table.names},
}
"""Per table, the column that takes a row out of force."""

STANDS: dict[str, str] = {
    table: f"{mark}<>'spoiled'" if mark == "state" else f"{mark} IS NULL" for table, mark in MARKS.items()
}
"""Per table, the SQL condition that a row is in force."""

REGISTRATIONS = frozenset({"register_item", "import_items", "practice", "take_city_paper"})
CHIEFS = frozenset({"DL", "CH"})


@dataclass(frozen=True, slots=True)
class Plan:
    """A reversal that may be done: the entry and its changes, as the trail of all matters that it touched has them."""

    entry: Entry
    trail: Trail
    changes: Sequence[Change]


def plan(register: Register, matter: int, reference: str, by: Staff) -> Plan:
    """Return the reversal of an entry of a matter, when it may be done by this person.

    Args:
        register: The open register.
        matter: The matter, which `by` sees in full.
        reference: The entry: `1-123`, or `123` for this workstation's own.
        by: Who asks.

    Raises:
        InputError: There is no such entry of this matter.
        NotAllowedError: Somebody else must do it.
        RuleError: It cannot be reversed, or another act must be reversed first, which is named.
    """
    key = read_key(reference, register.device)
    entry = entry_of(register.connection, key) if key else None
    if entry is None or entry.matter != matter:
        raise errors.InputError(
            "entry",
            f"本事项没有“{reference}”这条办理记录：请用 show --history 查看编号（如 {register.device}-123）。",
            f"The matter has no entry “{reference}”: see show --history for its number, like {register.device}-123.",
        )
    changes = _changes(entry)
    others = [other for other in _matters_of(register, changes) if other != matter]
    for other in others:
        sight.matter_for(register, other, by)
    trail = Trail(register, (matter, *others))
    key = key_of(entry)
    _check_reversed(register, trail, key)
    _check_person(register, trail, entry, by)
    for change in changes:
        blocker = trail.blocker(key, change)
        if blocker is None and _brings_in(change):
            blocker = _referrer(register, trail, key, change) or _effect(register, trail, key, change)
        if blocker is not None:
            raise _later(register, entry, blocker)
    return Plan(entry, trail, changes)


def undo(act: Act, matter: int, planned: Plan, reason: str, on: date) -> None:
    """Write a reversal within an act."""
    made = {(change.table, change.row) for change in planned.changes if change.seen is None}
    for change in planned.changes:
        if change.seen is None:
            mark(act, change.table, change.row, reason, on)
    key = key_of(planned.entry)
    values: dict[tuple[str, int], dict[str, Any]] = {}
    for change in planned.changes:
        place = (change.table, change.row)
        if place not in made:
            back = {column: planned.trail.before(key, *place, column) for column in change.columns}
            values.setdefault(place, {}).update(back)
    for (table, row), columns in values.items():
        act.set(table, row, **columns)
    act.insert(
        "correction",
        {
            "matter": matter,
            "kind": "reverse",
            "device": key[0],
            "seq": key[1],
            "act": planned.entry.act,
            "reason": reason,
        },
    )


def mark(act: Act, table: str, row: int, reason: str, on: date) -> None:
    """Take a row out of force within an act; it stays, with the reason."""
    if table == "document":
        numbers.spoil(act, row, reason)
    elif table == "reader":
        act.set(table, row, ended_on=on)
    elif table != "number":  # a number is spoiled with the document that bears it
        act.set(table, row, **{MARKS[table]: reason})


def _changes(entry: Entry) -> Sequence[Change]:
    """Return what an entry wrote; refuse what is never reversed.

    Raises:
        RuleError: with the rule.
    """
    if entry.payload is None:
        raise errors.RuleError(
            f"{key_text(key_of(entry))} 的内容已依法封存或销毁，不能撤销。",
            f"The content of {key_text(key_of(entry))} was sealed or lawfully disposed of and cannot be reversed.",
        )
    if entry.act in REGISTRATIONS:
        raise errors.RuleError(
            "登记不能撤销：收到的信访件都须登记，误登的用“登记撤销”注明原因、保留编号"
            "（《信访条例》第二十一条、第二十二条；《信访工作条例》第二十二条）。",
            "A registration is not reversed: everything received is registered; what was registered by mistake is"
            " cancelled with “cancel_item” and a reason, and keeps its number (SC-431 Arts 21, 22; REG-2022 Art. 22).",
        )
    changes = decode_payload(entry.payload)
    tables = {change.table for change in changes}
    if "major_log" in tables:
        raise errors.RuleError(
            "重大、紧急信访事项日志只增不改，不能撤销（《信访条例》第二十六条、第四十五条；"
            "《信访工作条例》第二十五条、第四十六条第四项）。",
            "The log of major and urgent matters is only added to and not reversed (SC-431 Arts 26, 45; REG-2022"
            " Arts 25, 46(4)).",
        )
    if not changes:
        raise errors.RuleError(
            f"“{acts.word(entry.act, 'zh')}”没有写下可以撤销的内容（查阅记录只作留痕，不得更改）。",
            f"“{acts.word(entry.act, 'en')}” wrote nothing that could be reversed (readings are kept as they are).",
        )
    if entry.device == CITY:
        raise errors.RuleError(
            "市局的来文由市局撤回，县局不能撤销（产品规则）。",
            "A paper of the city is taken back by the city; the county does not reverse it (project rule).",
        )
    known = {*MARKS, "matter", "city_paper"}
    if not tables <= known or any(one.table in ("matter", "item") and one.seen is None for one in changes):
        raise errors.RuleError(
            f"“{acts.word(entry.act, 'zh')}”不是单个事项的办理步骤，不能在事项中撤销（产品规则）。",
            f"“{acts.word(entry.act, 'en')}” is no step of one matter and is not reversed in a matter (project rule).",
        )
    return changes


def _brings_in(change: Change) -> bool:
    """Return whether a change put a row in force: added it, or took back that it was marked."""
    if change.seen is None:
        return True
    column = MARKS.get(change.table, "")
    return column in change.columns and change.columns[column] in (None, "issued", "incoming", "used")


def _matters_of(register: Register, changes: Sequence[Change]) -> list[int]:
    found: dict[int, None] = {}
    for change in changes:
        if change.table == "matter":
            found[change.row] = None
        elif "matter" in BY_NAME[change.table].names:
            row = register.row(f"SELECT matter FROM {change.table} WHERE id=?", (change.row,))
            if row is not None:
                found[row[0]] = None
    return list(found)


def _check_reversed(register: Register, trail: Trail, key: Key) -> None:
    if key not in trail.reversed:
        return
    reversal, reason = trail.reversed[key]
    who = register.row("SELECT name FROM staff WHERE id=?", (trail.entries[reversal].actor,))
    name = who[0] if who else ""
    raise errors.RuleError(
        f"{key_text(key)} 已由{name}撤销（{reason}）；如撤销有误，可撤销 {key_text(reversal)}。",
        f"{key_text(key)} was reversed by {name} already ({reason}); if that was wrong, reverse {key_text(reversal)}.",
    )


def _check_person(register: Register, trail: Trail, entry: Entry, by: Staff) -> None:
    """Refuse who may not reverse an entry.

    The head of the petition unit may reverse any, whoever took an act their own while they may take it; a decision of
    the chief or a deputy only they (REG-2022 Art. 32 and MPS-79 Art. 15 on who decides; project rule).
    """
    first = key_of(entry)
    while first in trail.reversals:
        first = trail.reversals[first]
    taken = trail.entries[first]
    rule = acts.table().get(taken.act)
    roles = rule.roles if rule else policy.WORKING_ROLES
    found = register.row("SELECT roles FROM staff WHERE id=?", (taken.actor,))
    held = frozenset(orjson.loads(found[0])) if found and found[0] else frozenset()
    decided = (held & roles) or roles
    if decided <= CHIEFS:
        if by.roles & roles & CHIEFS:
            return
        raise errors.NotAllowedError(
            f"“{acts.word(taken.act, 'zh')}”由局领导决定，只能由局长或分管局领导撤销。",
            f"“{acts.word(taken.act, 'en')}” was decided by the chief or a deputy and is reversed by them only.",
        )
    if "PU" in by.roles or (entry.actor == by.id and by.roles & roles):
        return
    raise errors.NotAllowedError(
        f"“{acts.word(taken.act, 'zh')}”须由信访部门负责人或原办理人撤销。",
        f"“{acts.word(taken.act, 'en')}” is reversed by the petition-unit head or by who did it.",
    )


_REFERRERS: dict[str, tuple[tuple[str, str], ...]] = {
    made.name: tuple(
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if column.refers == made.name and ("matter" in table.names) and column.name != "matter"
    )
    for made in TABLES
}


def _referrer(register: Register, trail: Trail, key: Key, change: Change) -> Key | None:
    """Return the entry that wrote a row in force which refers to the row that `change` brought in, or None."""
    own = {(one.table, one.row) for one in trail.changes[key]}
    for table, column in _REFERRERS[change.table]:
        anywhere = column in BY_NAME[table].orders  # an index makes it cheap to look beyond these matters
        where = "" if anywhere else f" AND matter IN ({','.join('?' * len(trail.matters))})"
        for row, instant in register.rows(
            f"SELECT id, born FROM {table} WHERE {column}=? AND {STANDS.get(table, '1')}{where}",
            (change.row, *(() if anywhere else trail.matters)),
        ):
            if (table, row) in own:
                continue
            touched = [other for other, _ in trail.touches(table, row, column)]
            if touched:
                return touched[-1]
            elsewhere = entry_at(register.connection, instant)
            if elsewhere is not None:
                return key_of(elsewhere)
    return None


def _effect(register: Register, trail: Trail, key: Key, change: Change) -> Key | None:
    """Return a later act in force that cannot be without the dated fact that `change` brought in, or None."""
    if change.table != "event":
        return None
    row = register.record("event", change.row)
    if row is None or register.row(
        "SELECT 1 FROM event WHERE matter=? AND kind=? AND withdrawn IS NULL AND id<>? LIMIT 1",
        (row["matter"], row["kind"], change.row),
    ):
        return None
    table = acts.table()
    for other, entry in trail.entries.items():
        later = entry.hlc > trail.entries[key].hlc and trail.stands(other)
        if later and entry.act in table and row["kind"] in table[entry.act].after:
            return other
    return None


def _later(register: Register, entry: Entry, blocker: Key) -> errors.RuleError:
    found = entry_of(register.connection, blocker) or entry
    on = entry_time(found).astimezone().date()
    return errors.RuleError(
        f"“{acts.word(entry.act, 'zh')}”之后又办理了“{acts.word(found.act, 'zh')}”"
        f"（{on}，{key_text(blocker)}）：请先撤销该步骤，再撤销本步骤。",
        f"After “{acts.word(entry.act, 'en')}” came “{acts.word(found.act, 'en')}” ({on}, {key_text(blocker)}): reverse"
        " that one first.",
    )
