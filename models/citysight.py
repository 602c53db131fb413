"""Who may know of a paper of the city, who reads it, who takes it in; and its state, as rows and as SQL.

Lists and single papers ask the same conditions here, so that no count tells what no line shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from models import policy
from models.records import Staff

if TYPE_CHECKING:
    from models.register import Register

KINDS = ("assignment", "transfer", "review", "supervision", "calendar", "overlay", "codes", "units", "notice")
STATES = ("waiting", "taken", "refused", "answered", "withdrawn")
ITEMS = frozenset({"assignment", "transfer"})
_OFFICE = frozenset({"calendar", "overlay", "codes", "units", "notice"})
_SEES: Mapping[str, frozenset[str]] = {
    "PU": frozenset(KINDS),
    "CH": frozenset(KINDS),
    "DL": frozenset(KINDS),
    "REG": ITEMS | {"notice"},
    "DI": ITEMS,
    "KEEPER": _OFFICE,
}
"""By role, the kinds of paper that are in its inbox; the discipline inspector's are accusations only."""
TAKES: Mapping[str, frozenset[str]] = {
    "assignment": frozenset({"PU", "REG"}),
    "transfer": frozenset({"PU", "REG"}),
    "review": frozenset({"PU"}),
    "supervision": frozenset({"PU"}),
    "calendar": frozenset({"PU"}),
    "overlay": frozenset({"PU"}),
    "codes": frozenset({"PU", "KEEPER"}),
    "units": frozenset({"PU", "KEEPER"}),
    "notice": frozenset({"PU", "REG", "CH", "DL", "KEEPER"}),
}
PETITION = frozenset({"PU"})

STATE = (
    "CASE WHEN p.withdrawn IS NOT NULL THEN 'withdrawn' WHEN p.refused IS NOT NULL THEN 'refused'"
    " WHEN p.answered_on IS NOT NULL THEN 'answered' WHEN p.taken_on IS NOT NULL THEN 'taken' ELSE 'waiting' END"
)
LATE = "p.limit_on IS NOT NULL AND p.limit_on < :on AND p.answered_on IS NULL AND p.withdrawn IS NULL"
ORDER = "coalesce(p.limit_on, p.on_date)"


def state_of(row: Mapping[str, Any]) -> str:
    """Return the state of a paper; what `STATE` says in SQL."""
    if row["withdrawn"]:
        return "withdrawn"
    if row["refused"]:
        return "refused"
    if row["answered_on"]:
        return "answered"
    return "taken" if row["taken_on"] else "waiting"


def sees_content(row: Mapping[str, Any], person: Staff) -> bool:
    """Return whether this person reads a paper that no matter speaks for yet, as they would read its matter."""
    content = orjson.loads(row["content"]) if row["content"] else {}
    if row["kind"] not in ITEMS:
        return True
    roles = person.roles
    if roles & {"PU", "REG"}:
        return True
    if content.get("purpose") == "accusation":
        return bool(roles & policy.READERS["accusation"])
    return bool(roles & (policy.READERS["confidential"] if content.get("confidential") else {"CH", "DL"}))


def condition(register: Register, person: Staff) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition under which this person may know of a paper `p`, with its values."""
    roles = person.roles
    kinds = sorted({kind for role in roles for kind in _SEES.get(role, frozenset())})
    marks = ", ".join(f"'{kind}'" for kind in kinds) or "''"
    barred = (
        "NOT EXISTS(SELECT 1 FROM bar WHERE bar.staff=:me AND bar.matter IN (p.matter, p.result))"
        " AND NOT EXISTS(SELECT 1 FROM json_each(p.content, '$.accused') a WHERE p.kind IN"
        " ('assignment', 'transfer') AND (json_extract(a.value, '$.name')=:name"
        " OR json_extract(a.value, '$.name') IN (SELECT value FROM json_each(:units))))"
    )
    only = ""
    if not roles & {"PU", "REG", "CH", "DL"} and "DI" in roles:
        only = " AND (p.kind NOT IN ('assignment', 'transfer') OR json_extract(p.content, '$.purpose')='accusation')"
    names = register.rows(
        "WITH RECURSIVE above(id) AS (SELECT ?1 UNION SELECT unit.above FROM above JOIN unit ON unit.id=above.id"
        " WHERE unit.above IS NOT NULL) SELECT name, short FROM unit WHERE id IN (SELECT id FROM above)",
        (person.unit,),
    )
    values = {
        "me": person.id,
        "name": person.name,
        "units": orjson.dumps([name for pair in names for name in pair if name]).decode(),
    }
    return f"p.born IS NOT NULL AND p.kind IN ({marks}) AND {barred}{only}", values
