"""Earlier matters of the same person, for the checks that law makes depend on it; never a list of a person's visits.

Same person (published working rule, domain reference 10.4): at least one petitioner, co-signer or representative is
identical; agents do not count, the person represented does; for anonymous matters the same accused.

- One in common by identity number (in either length), by telephone together with the name, by entries that were joined
  (`same_person`), or because the matter was joined: the same person.
- The name alone is not enough, since many people share one: it counts once the officer names the earlier matter, and
  never against two identity numbers that differ.

Only matters that the person asking sees in full are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models import names, people, policy
from models.errors import Message
from models.records import Staff

if TYPE_CHECKING:
    from models.register import Register

MOST = 20
"""Earlier matters that are looked at, the newest first."""
_MOST_ROWS = 200
"""Rows of people looked at for one number or name, the newest first."""

_REASONS = {
    "joined": Message("已并入该事项", "it was joined to that matter"),
    "same_person": Message("两个登记已确认为同一人", "two entries are recorded as one person"),
    "id_number": Message("证件号码相同", "same identity number"),
    "phone_name": Message("姓名和电话相同", "same name and telephone"),
    "accused": Message("匿名，被反映人相同", "anonymous, the same accused"),
    "named": Message("姓名相同并由办理人指明", "same name, and the officer names it"),
    "anonymous": Message("匿名，由办理人指明", "anonymous, and the officer names it"),
}
_NAME_ONLY = Message(
    "只有姓名相同，须核对身份后指明原事项", "only the name is the same: check, then name the earlier matter"
)
_OTHER_ID = Message("姓名相同而证件号码不同", "same name, and the identity numbers differ")
_NOTHING = Message(
    "没有相同的信访人；确属同一人的，先办理信访人合并",
    "no petitioner in common; if it is one person, join the entries first",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An earlier matter, whether it is the same person's, and why or why not."""

    matter: int
    same: bool
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    ids: frozenset[str]
    phones: frozenset[str]


def of_same_person(
    register: Register, row: dict[str, Any], by: Staff, *, named: int | None = None, ended_only: bool = False
) -> tuple[Found, ...]:
    """Return earlier matters that may be the same person's, those named or joined first, then the newest.

    Args:
        register: The open register.
        row: The row of the later matter.
        by: Who asks; the policy is asked for every matter.
        named: A matter that the officer names: told of whatever it is.
        ended_only: Leave out those without re-review and without law-and-litigation mark, unless named or joined.
    """
    own = _people(register, row["id"])
    first = [matter for matter in (row["joined"], named) if matter is not None and matter != row["id"]]
    wanted = {*first, *_candidates(register, row["id"], own)} - {row["id"]}
    found = []
    for matter in _seen(register, sorted(wanted), by, first, ended_only=ended_only):
        same, reasons = _why(register, row, own, matter, named=matter == named)
        found.append(Found(matter=matter, same=same, reasons=reasons))
    return tuple(found)


def _why(
    register: Register, row: dict[str, Any], own: list[_Person], matter: int, *, named: bool
) -> tuple[bool, tuple[Message, ...]]:
    theirs = _people(register, matter)
    sure = []
    if row["joined"] == matter:
        sure.append("joined")
    if _linked(register, own, theirs):
        sure.append("same_person")
    if any(mine.ids & other.ids for mine in own for other in theirs):
        sure.append("id_number")
    alike = [(mine, other) for mine in own for other in theirs if mine.name and mine.name == other.name]
    if any(mine.phones & other.phones for mine, other in alike):
        sure.append("phone_name")
    nameless = not any(one.name for one in own)
    if nameless and _same_accused(register, row["id"], matter):
        sure.append("accused")
    if sure:
        return True, tuple(_REASONS[code] for code in sure)
    if alike:
        if any(not (mine.ids and other.ids) for mine, other in alike):
            return (True, (_REASONS["named"],)) if named else (False, (_NAME_ONLY,))
        return False, (_OTHER_ID,)
    if named and (nameless or not any(one.name for one in theirs)):
        return True, (_REASONS["anonymous"],)
    return False, (_NOTHING,)


def _people(register: Register, matter: int) -> list[_Person]:
    return [
        _Person(
            id_,
            names.fold_name(name or ""),
            frozenset(people.id_forms(id_number or "")),
            frozenset(people.phone_forms(phone or "")),
        )
        for id_, name, id_number, phone in register.rows(
            "SELECT id, name, id_number, phone FROM person WHERE matter=? AND removed IS NULL AND role<>'agent'",
            (matter,),
        )
    ]


def _candidates(register: Register, matter: int, own: list[_Person]) -> set[int]:
    """Return matters with a person who shares an identity number, telephone, name or a recorded join."""
    found: set[int] = set()
    written = register.rows(
        "SELECT name, phone FROM person WHERE matter=? AND removed IS NULL AND role<>'agent'", (matter,)
    )
    values = {
        "id_number": {form for one in own for form in one.ids},
        "phone": {form for one in own for form in one.phones} | {phone for _, phone in written if phone},
        "name": {one.name for one in own if one.name} | {name for name, _ in written if name},
    }
    for column, wanted in values.items():
        if wanted:
            marks = ",".join("?" * len(wanted))
            found |= {
                row[0]
                for row in register.rows(
                    f"SELECT matter FROM person WHERE {column} IN ({marks}) AND removed IS NULL AND role<>'agent'"
                    f" ORDER BY id DESC LIMIT {_MOST_ROWS}",
                    tuple(sorted(wanted)),
                )
            }
    found |= {
        row[0]
        for row in register.rows(
            "SELECT p.matter FROM same_person s JOIN person p ON p.id IN (s.person, s.same_as) JOIN person o ON o.id IN"
            " (s.person, s.same_as) WHERE s.removed IS NULL AND o.matter=?",
            (matter,),
        )
    }
    if not any(one.name for one in own):
        found |= {
            row[0]
            for row in register.rows(
                "SELECT b.matter FROM accused a JOIN accused b ON b.name=a.name WHERE a.matter=? AND a.removed IS NULL"
                f" AND b.removed IS NULL ORDER BY b.id DESC LIMIT {_MOST_ROWS}",
                (matter,),
            )
        }
    return found


def _linked(register: Register, own: list[_Person], theirs: list[_Person]) -> bool:
    mine, other = {one.id for one in own}, {one.id for one in theirs}
    if not mine or not other:
        return False
    marks = ",".join("?" * len(mine))
    rows = register.rows(
        f"SELECT person, same_as FROM same_person WHERE removed IS NULL AND (person IN ({marks}) OR same_as IN"
        f" ({marks}))",
        (*sorted(mine), *sorted(mine)),
    )
    return any({person, same_as} & mine and {person, same_as} & other for person, same_as in rows)


def _same_accused(register: Register, matter: int, earlier: int) -> bool:
    return (
        register.row(
            "SELECT 1 FROM accused a JOIN accused b ON b.name=a.name WHERE a.matter=? AND b.matter=? AND a.removed IS"
            " NULL AND b.removed IS NULL LIMIT 1",
            (matter, earlier),
        )
        is not None
    )


def _seen(register: Register, matters: list[int], by: Staff, first: list[int], *, ended_only: bool) -> list[int]:
    """Return those of `matters` that the person sees in full: `first`, then the newest."""
    if not matters:
        return []
    rows = register.rows(
        "SELECT m.id, m.litigation IS 1 OR EXISTS(SELECT 1 FROM review r WHERE r.matter=m.id AND r.level='rereview'"
        f" AND r.removed IS NULL) FROM matter m WHERE m.id IN ({','.join('?' * len(matters))})"
        f" AND ({policy.visible_sql(by)}) ORDER BY m.place DESC",
        tuple(matters),
    )
    others = [matter for matter, over in rows if matter not in first and (over or not ended_only)]
    return [matter for matter in dict.fromkeys(first) if any(matter == row[0] for row in rows)] + others[:MOST]
