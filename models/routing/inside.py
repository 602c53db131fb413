"""Inside the bureau: which department, which of its units leads, which assist, and who co-ordinates.

Seed A Art. 15 (domain reference, 6.3): enforcement work goes to the competent business department, the finding of
wrongful enforcement to the legal department, a breach of discipline to inspection and discipline; where several are
concerned, the main responsible leader of the bureau leads and co-ordinates.

A unit that the matter accuses, one below it, or the own unit of an accused officer is never suggested; nor is a unit
that the text itself complains of in one breath with its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models import codes
from models.errors import Message
from models.folding import fold
from models.routing import rules
from models.routing.facts import Facts, Unit
from models.routing.rules import SAID, Suggestion, Texts

PETITION = "petition"
ALONE = frozenset({"station", PETITION})
"""Departments that do not make a matter one of several: a station works with the branch above it every day."""
KINDS = {"legal": "legal", "inspection": "inspection", PETITION: "petition"}
"""Departments that are found by the kind of a unit."""

_ARTICLE = Message("部令第79号第十五条", "MPS-79 Art. 15")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSuggestion:
    """A unit of the directory that is suggested, with the department it stands for and why this unit."""

    unit: int
    name: str
    department: str
    reason: Message
    article: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Who handles it inside.

    Attributes:
        departments: All that the rules name, the first one first.
        lead: The unit that leads; None when the directory has no unit that may.
        assisting: Units that assist.
        co_ordination: Why the main responsible leader co-ordinates; None for one department.
        left_out: Units that the rules name and that may not have it, each with the reason.
    """

    departments: tuple[Suggestion, ...]
    lead: UnitSuggestion | None
    assisting: tuple[UnitSuggestion, ...]
    co_ordination: Message | None
    left_out: tuple[Message, ...]


def inside(facts: Facts, texts: Texts) -> Inside:
    """Return the departments and units for a matter that stays in the bureau."""
    departments = rules.ask("department", facts, texts)
    chosen = _concerned(departments)
    complained = _complained_of(facts, texts)
    left_out: list[Message] = []
    found: list[UnitSuggestion] = []
    for one in chosen:
        unit = _unit_for(one, facts, texts, complained, left_out)
        if unit is not None and all(unit.unit != other.unit for other in found):
            found.append(unit)
    if not found and chosen[0].value not in ("inspection", PETITION):
        fallback = _unit_for(departments[-1], facts, texts, complained, left_out)
        found = [fallback] if fallback else []
    several = len({one.value for one in chosen}) > 1
    return Inside(
        departments=departments,
        lead=found[0] if found else None,
        assisting=tuple(found[1:]),
        co_ordination=_co_ordination(chosen) if several else None,
        left_out=tuple(dict.fromkeys(left_out)),
    )


def department_word(code: str) -> Message:
    """Return the name of a department."""
    if code == PETITION:
        return Message("信访部门", "the petition unit")
    return Message(codes.word("police", code, "zh"), codes.word("police", code, "en"))


def _concerned(departments: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Return the departments concerned: the first, and others named as plainly (recorded, or in title or claims)."""
    first = departments[0]
    if first.value == "inspection" or first.value in ALONE:
        return (first,)
    others = [one for one in departments[1:] if one.place <= SAID and one.value not in ALONE]
    return (first, *others) if first.place <= SAID else (first,)


def _co_ordination(chosen: Sequence[Suggestion]) -> Message:
    zh = "、".join(department_word(one.value).zh for one in chosen)
    en = ", ".join(department_word(one.value).en for one in chosen)
    return Message(
        f"涉及几个部门（{zh}）：由本局主要负责人牵头协调，第一个部门主办，其余协办（部令第79号第十五条）。",
        f"Several departments are concerned ({en}): the main responsible leader co-ordinates, the first leads, the"
        " others assist (MPS-79 Art. 15).",
    )


def _complained_of(facts: Facts, texts: Texts) -> frozenset[int]:
    """Return the units that the text names in one breath with a complaint."""
    found = set()
    for unit in facts.units:
        for name in _names(unit):
            if name not in texts.said and name not in texts.told:
                continue
            pattern = _blame(name)
            if pattern.search(texts.said) or pattern.search(texts.told):
                found.add(unit.id)
    return frozenset(found)


@lru_cache(maxsize=512)
def _blame(name: str) -> re.Pattern[str]:
    """Return the pattern of a unit's name close to a word of complaint."""
    complaints = (
        *rules.listed("corrupt"),
        *rules.listed("brutal"),
        *rules.listed("idle"),
        *rules.listed("case_filing"),
    )
    return rules.near_pattern((name,), complaints)


def _names(unit: Unit) -> tuple[str, ...]:
    """Return the folded names under which a text may mean the unit; two characters mean too much."""
    return tuple(fold(name) for name in (unit.name, unit.short) if len(name) >= 3)


def _unit_for(
    department: Suggestion, facts: Facts, texts: Texts, complained: frozenset[int], left_out: list[Message]
) -> UnitSuggestion | None:
    """Return the unit of a department, the one that the text names first; None when none may have it."""
    fitting = [unit for unit in facts.units if _fits(unit, department.value)]
    allowed = []
    for unit in fitting:
        if unit.id in facts.accused_units:
            left_out.append(_accused(unit))
        elif unit.id in complained and unit.kind != PETITION:
            left_out.append(_blamed(unit))
        else:
            allowed.append(unit)
    if not allowed:
        if not fitting:
            left_out.append(_no_unit(department))
        return None
    named = [unit for unit in allowed if any(name in texts.said + texts.told for name in _names(unit))]
    if not named and department.value == "station" and len(allowed) > 1:
        return None  # which station is not told: the department is, and a person names the unit
    unit = (named or allowed)[0]
    word = department_word(department.value)
    return UnitSuggestion(
        unit=unit.id,
        name=unit.name,
        department=department.value,
        reason=Message(
            f"{department.reason.zh}{word.zh}：{unit.name}" + ("（内容中写明）。" if named else "。"),
            f"{department.reason.en} {word.en}: {unit.name}" + (" (named in the text)." if named else "."),
        ),
        article=department.article,
    )


def _fits(unit: Unit, department: str) -> bool:
    """Return whether a unit is of a department: by its branch, its kind, or the branch's word in its name."""
    if department in KINDS:
        if unit.kind == KINDS[department]:
            return True
    elif unit.police == department:
        return True
    if unit.police or department == PETITION:
        return False
    if department == "station":
        return unit.kind == "station"
    value = codes.value("police", department)
    words = (value.zh.split("(")[0], *value.also) if value else ()
    return unit.kind == "business" and any(word in unit.name or word in unit.short for word in words if word)


def _accused(unit: Unit) -> Message:
    return Message(
        f"{unit.name}是被反映的单位、其下属单位或者被反映人所在单位，不能交其办理"
        "（部令第79号第十条；《信访条例》第二十三条；《信访工作条例》第三十条）。",
        f"{unit.name} is accused, below an accused unit, or an accused officer's own unit: it does not get the matter"
        " (MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30).",
    )


def _blamed(unit: Unit) -> Message:
    return Message(
        f"内容对{unit.name}有意见，不建议交其办理（部令第79号第十条）。如无此意，可以人工指定。",
        f"The text complains of {unit.name}: it is not suggested (MPS-79 Art. 10). A person may name it all the same.",
    )


def _no_unit(department: Suggestion) -> Message:
    word = department_word(department.value)
    return Message(
        f"单位目录中没有“{word.zh}”的单位：请系统管理员在目录中填写单位的警种或类别。",
        f"The directory has no unit for {word.en}: the keeper enters the unit's branch or kind.",
    )
