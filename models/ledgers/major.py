"""重大、紧急信访事项台账: what became known when, who was told when, and what was done.

Columns: domain reference, 8.4 (SC-431 Art. 26; REG-2022 Art. 25). Facts about events; the log is never changed, so a
report that was late or is missing stands here for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from models import codes, errors, lists
from models.ledgers.part import Asked, Rows, columns, outlines_note, paper
from models.sheets.content import Grid, Sheet, Value
from models.steps.major import MUST_BE_TOLD, family

KIND = "major_ledger"
_HEADS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("获知时间", "Known at", {"kind": "date"}),
    ("事项编号", "Matter", {"wrap": False, "under": True}),
    ("发现人", "Found by", {"width": 1.0}),
    ("情况", "What happened", {"width": 3.0}),
    ("地点", "Where", {"width": 1.4}),
    ("人数", "People", {"kind": "int"}),
    ("诉求", "Claim", {"width": 1.8}),
    ("责任单位", "Unit", {"width": 1.4}),
    ("报告情况", "Reported", {"width": 3.2}),
    ("应报未报", "Not told", {"width": 1.2}),
    ("处置措施", "Measures", {"width": 2.6}),
)
_LOG = "l.at, l.id, l.matter, l.kind, l.staff, l.organ, l.to_whom, l.how, l.what, l.place, l.people, l.claim"


def sheet(asked: Asked) -> Sheet:
    """Return the ledger of what became known in the period, with all that was reported and done since."""
    register, by = asked.register, asked.by
    may, full = lists.known(register, by), lists.full_sight_sql(by)
    frm, end = asked.frm.isoformat(), f"{asked.to.isoformat()}~"  # a time of the last day sorts before "~"
    chosen = f"l.kind='known' AND l.at >= ? AND l.at < ? AND {may}"
    counted = register.row(
        f"SELECT count(*), sum(NOT ({full})) FROM major_log l CROSS JOIN matter m ON m.id=l.matter WHERE {chosen}",
        (frm, end),
    )
    whole, outlines = (int(each or 0) for each in counted or (0, 0))

    def portions() -> Iterator[Sequence[Sequence[Value]]]:
        known = register.rows(
            f"SELECT {_LOG}, m.number, m.unit, m.rules, {full} FROM major_log l CROSS JOIN matter m ON m.id=l.matter"
            f" WHERE {chosen} ORDER BY l.at, l.id",
            (frm, end),
        )
        for row in known:
            yield [_line(asked, row)]

    notes = [
        asked.say(f"共 {whole} 起。", f"{whole} in all."),
        outlines_note(asked, outlines),
    ]
    grid = Grid(columns=columns(_HEADS, zh=asked.zh), rows=Rows(portions))
    return paper(asked, KIND, ("重大、紧急信访事项台账", "Ledger of major and urgent matters"), grid, notes=notes)


def _line(asked: Asked, row: tuple[Any, ...]) -> Sequence[Value]:
    (at, row_id, matter, _, staff, _, _, _, what, place, people, claim, number, unit, rules, full) = row
    register, language = asked.register, errors.spoken()
    log = register.rows(f"SELECT {_LOG} FROM major_log l WHERE l.matter=? ORDER BY l.at, l.id", (matter,))
    said = _since(log, row_id)
    told = {line[5] for line in said if line[3] == "reported"}
    missing = [organ for organ in MUST_BE_TOLD[family(rules)] if organ not in told]
    person = register.staff().get(staff)
    return (
        datetime.fromisoformat(at),
        number,
        person.name if person and full else None,
        what if full else None,
        place if full else None,
        people if full else None,
        claim if full else None,
        register.units().get(unit, ""),
        "\n".join(_report(asked, line) for line in said if line[3] == "reported") if full else None,
        asked.say("、", ", ").join(codes.word("major_organ", organ, language) for organ in missing),
        "\n".join(f"{line[0]} {line[8]}" for line in said if line[3] == "measure") if full else None,
    )


def _since(log: list[tuple[Any, ...]], row_id: int) -> list[tuple[Any, ...]]:
    """Return the lines after a knowledge and before the next one of the same matter."""
    begins = [place for place, line in enumerate(log) if line[3] == "known"] + [len(log)]
    for first, following in pairwise(begins):
        if log[first][1] == row_id:
            return log[first + 1 : following]
    return []


def _report(asked: Asked, line: tuple[Any, ...]) -> str:
    """Return one report: when, to which organ and whom, how, by whom."""
    language = errors.spoken()
    by = asked.register.staff().get(line[4])
    organ = codes.word("major_organ", line[5], language)
    words = [part for part in (line[6], codes.word("major_how", line[7], language), by.name if by else "") if part]
    inside = asked.say("，", ", ").join(words)
    return f"{line[0]} {organ}" + (asked.say(f"（{inside}）", f" ({inside})") if inside else "")
