"""接访台账, the ledger of receptions: who was received on which matter, what was decided, and what became of it.

Columns: domain reference, 13 (2009 national opinions; SC-431 Art. 10; REG-2022 Art. 18). A line is a visit on a matter
on a reception day, in the order of days and numbers; nobody's visits are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from models import codes, errors, letters, lists
from models.ledgers.part import Asked, Rows, among, columns, outlines_note, paper, to_day
from models.sheets.content import Grid, Sheet, Value

KIND = "reception_ledger"
_HEADS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("日期", "Day", {"kind": "date"}),
    ("事项编号", "Matter", {"wrap": False, "under": True}),
    ("序号", "No.", {"kind": "int"}),
    ("来访人", "Petitioner", {"width": 1.8}),
    ("住址", "Address", {"width": 1.8, "under": True}),
    ("反映问题", "Problem", {"width": 3.0}),
    ("问题发生地", "Place", {"width": 1.6}),
    ("信访原因", "Cause", {"width": 1.6, "under": True}),
    ("接访领导", "Received by", {"width": 1.2}),
    ("领导意见", "Opinion", {"width": 2.6}),
    ("当场处理", "Outcome", {"width": 1.1}),
    ("责任单位", "Unit", {"width": 1.6}),
    ("限办日期", "Due", {"kind": "date", "under": True}),
    ("办理结果", "Result", {"width": 1.8}),
)
_VISIT = (
    "y.on_date, v.id, y.id, v.turn, v.item, v.host, v.outcome, d.facts, m.id, m.number, m.title, m.problem_place,"
    " m.cause, m.unit, m.state"
)
_TABLES = (
    "reception_visit v JOIN reception_day y ON y.id=v.reception CROSS JOIN matter m ON m.id=v.matter"
    " LEFT JOIN document d ON d.id=v.record AND d.state<>'spoiled'"
)


def sheet(asked: Asked) -> Sheet:
    """Return the ledger of those who were received in the period."""
    register, by = asked.register, asked.by
    may, full = lists.known(register, by), lists.full_sight_sql(by)
    where = f"y.on_date BETWEEN ? AND ? AND v.removed IS NULL AND {may}"
    counted = register.row(
        f"SELECT sum(v.state='received'), sum(v.state='received' AND NOT ({full})),"
        f" sum(v.state IN ('left','withdrawn')) FROM {_TABLES} WHERE {where}",
        asked.days,
    )
    received, outlines, gone = (int(each or 0) for each in counted or (0, 0, 0))

    def portions() -> Any:
        for (reception,) in register.rows(
            "SELECT id FROM reception_day WHERE on_date BETWEEN ? AND ? ORDER BY on_date, id", asked.days
        ):
            found = register.rows(
                f"SELECT {_VISIT}, {full} FROM {_TABLES} WHERE v.reception=? AND v.state='received' AND v.removed IS"
                f" NULL AND {may} ORDER BY v.turn IS NULL, v.turn, v.id",
                (reception,),
            )
            yield _lines(asked, found)

    notes = [
        asked.say(f"共接访 {received} 批，另有 {gone} 批预约取消或者未接谈离开。",
                  f"{received} were received; {gone} more cancelled or left before."),
        outlines_note(asked, outlines),
    ]  # fmt: skip
    grid = Grid(columns=columns(_HEADS, zh=asked.zh), rows=Rows(portions))
    return paper(asked, KIND, ("局长接访台账", "Ledger of receptions"), grid, notes=notes)


def _lines(asked: Asked, found: list[tuple[Any, ...]]) -> Sequence[Sequence[Value]]:
    register = asked.register
    people = _people(asked, [row[8] for row in found])
    tasks: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for visit, *rest in register.rows(
        "SELECT visit, unit, due_on, done_on, proof, what FROM task WHERE visit IN (SELECT value FROM json_each(?)) AND"
        " removed IS NULL ORDER BY id",
        (among([row[1] for row in found]),),
    ):
        tasks[visit].append(tuple(rest))
    return [_line(asked, row, people, tasks.get(row[1], [])) for row in found]


def _people(asked: Asked, matters: list[int]) -> dict[int, tuple[str, str]]:
    """Return name and address of the first petitioner of each item and, where none is named there, of each matter."""
    found: dict[int, tuple[str, str]] = {}
    for matter, item, name, address in asked.register.rows(
        "SELECT matter, item, coalesce(name, ''), coalesce(address, '') FROM person WHERE matter IN"
        " (SELECT value FROM json_each(?)) AND removed IS NULL AND role<>'agent' ORDER BY main IS NOT 1, id",
        (among(matters),),
    ):
        found.setdefault(item, (name, address))
        found.setdefault(-matter, (name, address))
    return found


def _line(
    asked: Asked, row: tuple[Any, ...], people: dict[int, tuple[str, str]], tasks: list[tuple[Any, ...]]
) -> Sequence[Value]:
    on, _, _, turn, item, host, outcome, facts, matter, number, title, place, cause, unit, state, full = row
    register, language = asked.register, errors.spoken()
    leader = register.staff().get(host)
    units = register.units()
    if not full:
        return (
            date.fromisoformat(on), number, turn, None, None, None, None, None, leader.name if leader else None, None,
            None, units.get(unit, ""), None, codes.word("state", state, language),
        )  # fmt: skip
    name, address = people.get(item) or people.get(-matter) or ("", "")
    given = list(dict.fromkeys(units.get(task[0], "") for task in tasks if task[0]))
    due = [task[1] for task in tasks if task[1]]
    return (
        date.fromisoformat(on),
        number,
        turn,
        name or asked.say("匿名", "anonymous"),
        address,
        title,
        place,
        cause,
        leader.name if leader else None,
        str(letters.LetterFacts.from_json(facts).value("decision") or "") if facts else None,
        codes.word("on_the_spot", outcome, language),
        asked.say("、", ", ").join(given) or units.get(unit, ""),
        to_day(max(due)) if due else None,
        asked.say("；", "; ").join(_done(asked, task) for task in tasks) or codes.word("state", state, language),
    )


def _done(asked: Asked, task: tuple[Any, ...]) -> str:
    """Return what became of an instruction: proved on a day, open, or late."""
    _, due, done, proof, what = task
    if done:
        told = asked.say(f"已办（{done}）", f"done ({done})")
        late = asked.say("，逾期", ", late") if due and done > due else ""
        return f"{told}{late}{asked.say('：', ': ')}{proof}" if proof else f"{told}{late}"
    if due and due < asked.on.isoformat():
        return asked.say(f"逾期未办：{what}", f"late: {what}")
    return asked.say(f"在办：{what}", f"open: {what}")
