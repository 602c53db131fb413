"""Lists of cases, the file of one, and the lines of the bound ledger: read from the evidence, asked of the policy.

Of a matter that is sealed for the viewer only number, days, state and the matter's unit are told, and a filter by what
tells content leaves it out. A list stands in the order of entry: none is sorted by petitioner or by visits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from models import errors, lists, policy
from models.programme import change, dossier, evidence, keeping
from models.programme.course import OPEN, Standing
from models.programme.evidence import STEPS, CaseRows
from models.programme.progress import Names, known_cases
from models.programme.records import (
    CaseFile,
    CaseFilter,
    CaseLine,
    CasePage,
    LedgerLine,
    LookBackLine,
    MeetingLine,
    PlanLine,
    ReviewLine,
    RoundLine,
)

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

PAGE = 50


def page(
    register: Register,
    by: Staff,
    programme: str | int,
    filters: CaseFilter,
    on: date,
    after: int | None = None,
    limit: int = PAGE,
) -> CasePage:
    """Return one page of the cases of a programme, in the order in which they were entered.

    Args:
        register: The open register.
        by: The viewer.
        programme: Key or row.
        filters: What to leave out.
        on: The day as of which they stand.
        after: `CasePage.after` of the page before; None for the first.
        limit: Lines at most.

    Raises:
        InputError: There is no such programme, or no such step in the filter.
    """
    if filters.step and filters.step not in STEPS:
        raise errors.InputError(
            "step",
            f"没有“{filters.step}”这一步。可用：{'、'.join(STEPS)}。",
            f"There is no step “{filters.step}”; there are: {', '.join(STEPS)}.",
        )
    lines = [line for line in _lines(register, by, programme, on) if _wanted(filters, line)]
    begin = after or 0
    shown = tuple(line.line for line in lines[begin : begin + limit])
    end = begin + len(shown)
    return CasePage(lines=shown, after=end if end < len(lines) else None, total=len(lines))


def case_file(register: Register, by: Staff, matter: int, programme: str | int | None, on: date) -> CaseFile:
    """Return the case file of a matter: of the programme named, else of the one entered last.

    Raises:
        InputError: The matter is in no such programme, or may not be known of.
    """
    wanted = keeping.find(register, programme)["id"] if programme is not None else None
    found = [one for one in of_matter(register, by, matter, on) if wanted in (None, one.line.programme)]
    if not found:
        raise errors.InputError(
            "matter",
            "该信访事项没有列入这个专项的重点信访案件。" if wanted else "该信访事项没有列入任何专项的重点信访案件。",
            "The matter is no case of this programme." if wanted else "The matter is no case of any programme.",
        )
    return found[0]


def of_matter(register: Register, by: Staff, matter: int, on: date) -> tuple[CaseFile, ...]:
    """Return the case files of a matter in every programme, the one entered last first; empty when it is in none.

    Raises:
        InputError: The viewer may not know of the matter.
    """
    known = register.row(f"SELECT {policy.known_sql(by)} FROM matter m WHERE id=?", (matter,))
    if not known or not known[0]:
        raise policy.unknown_matter(matter)
    found = evidence.load(register, "matter=?", (matter,))
    lines = _of_rows(register, by, found, on)
    files = [_file(register, line, on) for line in reversed(lines)]
    return tuple(files)


def ledger(register: Register, by: Staff, programme: str | int, on: date) -> Iterator[LedgerLine]:
    """Return the lines of the bound ledger (登记造册), in the order of entry. Raises InputError: no such programme."""
    for place, line in enumerate(_lines(register, by, programme, on), start=1):
        rows, full = line.rows, line.line.sight == "full"
        plan = rows.in_force(on) or rows.drawn(on)
        reached = {one.step: one.on for one in rows.evidence(on)} if full else {}
        closed = full and line.now.state == "excluded"
        yield LedgerLine(
            place=place,
            line=line.line,
            basis=(rows.case["basis"] or "") if full else "",
            methods=_codes(plan["methods"]) if full and plan else (),
            meetings=(reached.get("met_petitioner"), reached.get("met_handler"), reached.get("read_file")),
            approved_on=reached.get("approved"),
            filed_on=reached.get("filed"),
            last_round=max((_day(row["on_date"]) for row in rows.rounds), default=None) if full else None,
            outcomes=_codes(rows.case["outcomes"]) if full and line.now.solved_on else (),
            excluded_on=line.now.excluded_on,
            exclusion_ground=(rows.case["exclusion_ground"] or "") if closed else "",
            reported_on=reached.get("reported"),
            look_back_on=reached.get("looked_back"),
        )


# --- lines ------------------------------------------------------------------------------------------------------------


class _Line:
    """A case with the line that the viewer gets of it."""

    __slots__ = ("line", "now", "plan", "rows")

    def __init__(self, rows: CaseRows, now: Standing, line: CaseLine, plan: dict[str, Any] | None) -> None:
        self.rows = rows
        self.now = now
        self.line = line
        self.plan = plan


def _lines(register: Register, by: Staff, programme: str | int, on: date) -> list[_Line]:
    row = keeping.find(register, programme)
    return _of_rows(register, by, known_cases(register, by, row["id"]), on)


def _of_rows(register: Register, by: Staff, found: list[CaseRows], on: date) -> list[_Line]:
    names = Names.of(register)
    marks = ",".join(str(case.matter) for case in found)
    matters = {
        row[0]: row[1:]
        for row in register.rows(
            f"SELECT m.id, m.number, m.title, m.unit, {lists.full_sight_sql(by)} FROM matter m WHERE m.id IN ({marks})"
        )
    }
    lines = []
    for case in found:
        now = case.standing(on)
        if now is not None:
            lines.append(_line(case, now, matters[case.matter], names, on))
    return lines


def _line(case: CaseRows, now: Standing, matter: tuple[Any, ...], names: Names, on: date) -> _Line:
    number, title, unit, full = matter
    plan = (case.in_force(on) or case.drawn(on)) if full else None
    shown = plan or {}
    reached = tuple(one.step for one in case.evidence(on) if one.on is not None) if full else ()
    ended = now.state in ("excluded", "closed")
    line = CaseLine(
        case=case.id,
        matter=case.matter,
        number=number,
        title=title if full else "",
        sight="full" if full else "outline",
        programme=case.case["programme"],
        source=case.case["source"] if full else "",
        entered_on=now.entered_on,
        state=now.state,
        exclusion=now.exclusion if full else "",
        leader=names.leader(plan),
        level=shown.get("level") or "",
        unit=names.unit(plan) or names.units.get(unit, ""),
        officer=names.staff.get(shown.get("officer", 0), ""),
        limit_on=_day(plan["limit_on"]) if plan else None,
        late=case.late(on),
        reached=reached,
        next_step="" if not full or ended else next((step for step in STEPS if step not in reached), ""),
        rounds=len(case.rounds) if full else 0,
        solved_on=now.solved_on,
        closed_on=now.closed_on,
        rebound_on=now.rebound_on,
    )
    return _Line(case, now, line, plan)


def _wanted(filters: CaseFilter, line: _Line) -> bool:
    one, plan = line.line, line.plan or {}
    content = filters.sources or filters.exclusions or filters.step or filters.leader or filters.unit
    tests: tuple[tuple[object, Callable[[], bool]], ...] = (
        (content, lambda: one.sight == "full"),
        (filters.states, lambda: one.state in filters.states or (one.state in OPEN and "open" in filters.states)),
        (filters.sources, lambda: one.source in filters.sources),
        (filters.exclusions, lambda: one.exclusion in filters.exclusions),
        (filters.leader, lambda: plan.get("leader") == filters.leader),
        (filters.unit, lambda: plan.get("unit") == filters.unit),
        (filters.late, lambda: one.late),
        (filters.step, lambda: one.next_step == filters.step),
    )
    return all(test() for asked, test in tests if asked)


# --- the file of one case ---------------------------------------------------------------------------------------------


def _file(register: Register, line: _Line, on: date) -> CaseFile:
    rows, now = line.rows, line.now
    programme = register.record("programme", rows.case["programme"]) or {}
    head = {"line": line.line, "programme_key": programme["key"], "programme_name": programme["name"]}
    if line.line.sight != "full":
        return CaseFile(**head)
    names = Names.of(register)
    counting = {meeting["id"] for meeting in rows.counting(on).values()}
    excluded = now.state == "excluded"
    return CaseFile(
        **head,
        basis=rows.case["basis"] or "",
        exclusion_ground=(rows.case["exclusion_ground"] or "") if excluded else "",
        excluded_on=now.excluded_on,
        exclusion_paper=rows.case["exclusion_paper"] if excluded else None,
        outcomes=_codes(rows.case["outcomes"]) if now.solved_on else (),
        rebound=(rows.case["rebound"] or "") if now.rebound_on else "",
        evidence=rows.evidence(on),
        dossier=dossier.parts(register, rows, on),
        plans=tuple(_plan(row, names) for row in rows.plans),
        meetings=tuple(_meeting(row, names, counts=row["id"] in counting) for row in rows.meetings),
        rounds=tuple(
            RoundLine(
                id=row["id"],
                on=_day(row["on_date"]),
                method=row["method"],
                what=row["what"],
                result=row["result"],
                officer=names.staff.get(row["officer"], ""),
            )
            for row in rows.rounds
        ),
        reviews=tuple(
            ReviewLine(
                id=row["id"],
                reported_on=_day(row["reported_on"]),
                report=row["report"],
                reviewed_on=_day(row["reviewed_on"]) if row["reviewed_on"] else None,
                result=row["result"] or "",
                opinion=row["opinion"] or "",
                paper=row["paper"],
            )
            for row in rows.reviews
        ),
        look_backs=tuple(
            LookBackLine(
                id=row["id"],
                on=_day(row["on_date"]),
                officer=names.staff.get(row["officer"], ""),
                finding=row["finding"],
                told=row["told"],
            )
            for row in rows.look_backs
        ),
        why_not_change=change.why_not(register, rows, on),
    )


def _plan(row: dict[str, Any], names: Names) -> PlanLine:
    return PlanLine(
        id=row["id"],
        leader=names.leader(row),
        leader_id=row["leader"],
        level=row["level"],
        unit=names.unit(row),
        unit_id=row["unit"],
        officer=names.staff.get(row["officer"], ""),
        officer_id=row["officer"],
        limit_on=_day(row["limit_on"]),
        methods=_codes(row["methods"]),
        plan=row["plan"],
        no_mediation=row["no_mediation"] or "",
        cause=row["cause"] or "",
        cause_told=row["cause_told"] or "",
        drawn_on=_day(row["drawn_on"]),
        approved_on=_day(row["approved_on"]) if row["approved_on"] else None,
        approved_by=names.staff.get(row["approved_by"], ""),
        document=row["document"],
        filed_on=_day(row["filed_on"]) if row["filed_on"] else None,
        ended_on=_day(row["ended_on"]) if row["ended_on"] else None,
    )


def _meeting(row: dict[str, Any], names: Names, *, counts: bool) -> MeetingLine:
    return MeetingLine(
        id=row["id"],
        kind=row["kind"],
        on=_day(row["on_date"]),
        leader=names.leader(row),
        place=row["place"] or "",
        present=row["present"] or "",
        signed=bool(row["signed"]),
        unsigned=row["unsigned"] or "",
        volumes=row["volumes"] or "",
        note=row["note"],
        counts=counts,
    )


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _day(text: str) -> date:
    return date.fromisoformat(text)
