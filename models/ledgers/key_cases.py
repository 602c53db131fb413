"""重点信访案件台账, the bound ledger (登记造册) of a key-case programme: plan, evidence and end of every case.

Columns: domain reference, 7.3 to 7.5. Progress stands here as days on which something was proved, never as a share that
somebody moves. Excluded cases stay in the ledger with their ground.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models import codes, errors
from models.ledgers.part import Asked, Rows, columns, outlines_note, paper
from models.programme import cases, progress
from models.programme.records import LedgerLine
from models.sheets.content import Grid, Sheet, Value
from models.sheets.words import day

KIND = "case_ledger"
_PLAN, _MET, _END = ("化解方案", "Plan"), ("三见面", "Three meetings"), ("结案", "Closing")
_HEADS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("序号", "No.", {"kind": "int"}),
    ("事项编号", "Matter", {"wrap": False}),
    ("案件概况", "Case", {"width": 2.4}),
    ("来源", "Source", {"width": 1.4}),
    ("包案领导", "Lead officer", {"width": 1.0, "group": _PLAN}),
    ("责任单位、责任人", "Unit, officer", {"width": 1.5, "group": _PLAN, "under": True}),
    ("化解方法", "Methods", {"width": 1.1, "group": _PLAN}),
    ("时限", "Limit", {"kind": "date", "group": _PLAN}),
    ("批准", "Approved", {"kind": "date", "group": _PLAN}),
    ("报备", "Filed", {"kind": "date", "group": _PLAN, "under": True}),
    ("信访人", "Petitioner", {"kind": "date", "group": _MET}),
    ("承办人", "Handler", {"kind": "date", "group": _MET, "under": True}),
    ("阅卷", "File", {"kind": "date", "group": _MET, "under": True}),
    ("化解", "Solved", {"kind": "date"}),
    ("上报", "Reported", {"kind": "date", "group": _END}),
    ("评查同意", "Approved", {"kind": "date", "group": _END, "under": True}),
    ("状态", "State", {"width": 1.6}),
)
_STATES = {
    "open": ("在办", "open"),
    "rebound": ("反弹，重新办理", "came up again"),
    "solved": ("已化解", "solved"),
    "closed": ("已结案", "closed"),
    "excluded": ("不纳入", "out"),
}


def sheet(asked: Asked, programme: str | int) -> Sheet:
    """Return the bound ledger of a programme: the cases entered in the period, as of the day of looking.

    Raises:
        InputError: There is no such programme.
    """
    register, by = asked.register, asked.by
    one = progress.programme(register, by, programme, asked.on)

    def lines() -> Iterator[LedgerLine]:
        for line in cases.ledger(register, by, one.id, asked.on):
            if asked.frm <= line.line.entered_on <= asked.to:
                yield line

    def portions() -> Iterator[Sequence[Sequence[Value]]]:
        for line in lines():
            yield [_line(asked, line)]

    held = list(lines())
    excluded = sum(line.line.state == "excluded" for line in held)
    solved = sum(line.line.state in ("solved", "closed") for line in held)
    late = sum(line.line.late for line in held)
    notes = [
        asked.say(
            f"登记 {len(held)} 件，不纳入 {excluded} 件；纳入的已化解 {solved} 件，超过时限 {late} 件"
            f"（截至{day(asked.on, 'zh')}）。",
            f"{len(held)} entered, {excluded} of them out of the programme; of the others {solved} are solved and"
            f" {late} are past their limit (as of {asked.on}).",
        ),
        outlines_note(asked, sum(line.line.sight != "full" for line in held)),
    ]
    grid = Grid(columns=columns(_HEADS, zh=asked.zh), rows=Rows(portions))
    title = ("重点信访案件登记册", "Bound ledger of key cases")
    return paper(asked, KIND, title, grid, notes=notes, subtitle=one.name)


def _line(asked: Asked, row: LedgerLine) -> Sequence[Value]:
    line, language = row.line, errors.spoken()
    full = line.sight == "full"
    source = codes.word("key_source", line.source, language)
    return (
        row.place,
        line.number,
        line.title if full else None,
        asked.say("；", "; ").join(part for part in (source, row.basis) if part),
        line.leader,
        asked.say("，", ", ").join(part for part in (line.unit, line.officer) if part),
        asked.say("、", ", ").join(codes.word("case_method", method, language) for method in row.methods),
        line.limit_on,
        row.approved_on,
        row.filed_on,
        *row.meetings,
        line.solved_on,
        row.reported_on,
        line.closed_on,
        _state(asked, row),
    )


def _state(asked: Asked, row: LedgerLine) -> str:
    line, language = row.line, errors.spoken()
    told = [asked.say(*_STATES[line.state])]
    if line.state == "excluded":
        told += [codes.word("key_exclusion", line.exclusion, language), row.exclusion_ground]
    elif line.state in ("solved", "closed"):
        told += [codes.word("key_outcome", outcome, language) for outcome in row.outcomes]
        told += [asked.say(f"回头看 {row.look_back_on}", f"looked back {row.look_back_on}")] if row.look_back_on else []
    elif line.state == "rebound":
        told += [str(line.rebound_on)] if line.rebound_on else []
    if line.rounds and line.state in ("open", "rebound"):
        told.append(asked.say(f"已化解 {line.rounds} 轮", f"{line.rounds} rounds"))
    if line.late:
        told.append(asked.say("超过时限", "past its limit"))
    return asked.say("；", "; ").join(part for part in told if part)
