"""督办台账, the ledger of supervision: which unit failed which duty, what was demanded, and what it answered.

Columns: domain reference, 8.1 (SC-431 Art. 36; REG-2022 Art. 40). Of units, never of persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from models import codes, errors, lists
from models.ledgers.part import AT_A_TIME, Asked, columns, keyed, outlines_note, paper, to_day
from models.sheets.content import Grid, Sheet, Value

KIND = "supervision_ledger"
_ANSWER = ("书面答复", "Written answer")
_HEADS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("督办日期", "Raised", {"kind": "date"}),
    ("事项编号", "Matter", {"wrap": False, "under": True}),
    ("概况", "About", {"width": 2.4}),
    ("被督办单位", "Unit", {"width": 1.6}),
    ("督办情形", "Duty failed", {"width": 1.6}),
    ("方式", "Way", {"width": 1.2, "under": True}),
    ("督办要求", "Demand", {"width": 2.6}),
    ("最后一日", "Last day", {"kind": "date", "group": _ANSWER}),
    ("答复日期", "Given", {"kind": "date", "group": _ANSWER, "under": True}),
    ("内容", "What it says", {"width": 2.6, "group": _ANSWER}),
    ("采纳", "Adopted", {"width": 1.2}),
    ("解除日期", "Lifted", {"kind": "date"}),
    ("整改情况", "Put right", {"width": 1.8, "under": True}),
    ("状态", "State", {"width": 0.9}),
)
_COLUMNS = (
    "s.raised_on, s.id, m.number, m.title, s.unit, m.unit, s.trigger, s.way, s.demand, s.due_on, s.answered_on,"
    " s.answer, s.adopted, s.reasons, s.lifted_on, s.finding"
)


def sheet(asked: Asked) -> Sheet:
    """Return the ledger of the supervisions raised in the period."""
    register, by = asked.register, asked.by
    may, full = lists.known(register, by), lists.full_sight_sql(by)
    source = (
        "FROM supervision s CROSS JOIN matter m ON m.id=s.matter WHERE s.raised_on BETWEEN ? AND ?"
        f" AND s.removed IS NULL AND {may}"
    )

    def read(after: Any) -> list[tuple[Any, ...]]:
        further = " AND (s.raised_on, s.id) > (?, ?)" if after else ""
        return register.rows(
            f"SELECT {_COLUMNS}, {full} {source}{further} ORDER BY s.raised_on, s.id LIMIT {AT_A_TIME}",
            (*asked.days, *(after or ())),
        )

    def made(found: list[tuple[Any, ...]]) -> Sequence[Sequence[Value]]:
        return [_line(asked, row) for row in found]

    counted = register.row(
        f"SELECT count(*), sum(NOT ({full})), sum(s.answered_on IS NULL AND s.lifted_on IS NULL AND s.due_on < ?)"
        f" {source}",
        (asked.on.isoformat(), *asked.days),
    )
    whole, outlines, late = (int(each or 0) for each in counted or (0, 0, 0))
    notes = [
        asked.say(f"共督办 {whole} 件，截至 {asked.on} 逾期未答复 {late} 件。",
                  f"{whole} supervisions in all; on {asked.on}, {late} were not answered in time."),
        outlines_note(asked, outlines),
    ]  # fmt: skip
    grid = Grid(columns=columns(_HEADS, zh=asked.zh), rows=keyed(read, made))
    return paper(asked, KIND, ("督办台账", "Ledger of supervision"), grid, notes=notes)


def _line(asked: Asked, row: tuple[Any, ...]) -> Sequence[Value]:
    (raised, _, number, title, unit, holder, trigger, way, demand, due, answered, answer, adopted, reasons, lifted,
     finding, full) = row  # fmt: skip
    language = errors.spoken()
    took = None
    if full and adopted is not None:
        took = asked.say("采纳", "adopted") if adopted else asked.say("未采纳", "not adopted")
        took += f"{asked.say('：', ': ')}{reasons}" if reasons else ""
    return (
        date.fromisoformat(raised),
        number,
        title if full else None,
        asked.register.units().get(unit if full else holder, ""),
        codes.word("supervision_trigger", trigger, language),
        codes.word("supervision", way, language),
        demand if full else None,
        to_day(due),
        to_day(answered),
        answer if full else None,
        took,
        to_day(lifted),
        finding if full else None,
        _state(asked, due, answered, lifted),
    )


def _state(asked: Asked, due: str | None, answered: str | None, lifted: str | None) -> str:
    if lifted:
        return asked.say("已解除", "lifted")
    if answered:
        return asked.say("逾期答复", "answered late") if due and answered > due else asked.say("已答复", "answered")
    return asked.say("逾期", "late") if due and due < asked.on.isoformat() else asked.say("待答复", "open")
