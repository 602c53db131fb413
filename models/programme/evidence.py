"""The rows of cases, and the steps that they prove: progress is evidence reached, and nothing else.

A step is reached on the day of the row that proves it. What was done before a case came up again proves nothing for its
new round, so evidence counts from the day of its entry, or of the last rebound (`course.Standing.begun_on`); of the day
of a rebound itself, what was recorded after it. No step follows from another: a plan that was approved without a filing
has the one and not the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import Message
from models.programme import course
from models.programme.records import Evidence

if TYPE_CHECKING:
    from models.register import Register

STEPS: Mapping[str, Message] = {
    "entered": Message("已列入", "Entered"),
    "planned": Message("已拟定包案方案", "Plan drawn up"),
    "met_petitioner": Message("已见信访人", "Petitioner met"),
    "met_handler": Message("已见承办人", "Handler met"),
    "read_file": Message("已阅卷", "File read"),
    "approved": Message("方案已批准", "Plan approved"),
    "filed": Message("方案已报备", "Plan filed"),
    "worked": Message("已开展化解", "A round was tried"),
    "solved": Message("已化解", "Solved"),
    "reported": Message("结案材料已上报", "Closing reported"),
    "closed": Message("市局评查同意结案", "Closing approved by the city"),
    "looked_back": Message("已回头看", "Looked back at"),
}
"""The steps of a case in their order."""

MEETINGS = {"petitioner": "met_petitioner", "handler": "met_handler", "file": "read_file"}
"""Kinds of the three meetings, and the step that each one proves."""

Row = dict[str, Any]


@dataclass(slots=True)
class CaseRows:
    """The rows of one case, oldest first, reversed ones left out."""

    case: Row
    facts: list[course.Fact] = field(default_factory=list)
    reopened: dict[date, int] = field(default_factory=dict)
    """Day of a rebound to the hybrid instant at which it was recorded; rows of such a case bear theirs as `born`."""
    plans: list[Row] = field(default_factory=list)
    meetings: list[Row] = field(default_factory=list)
    rounds: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    look_backs: list[Row] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Row of key_case."""
        return int(self.case["id"])

    @property
    def matter(self) -> int:
        """The matter."""
        return int(self.case["matter"])

    def standing(self, on: date) -> course.Standing | None:
        """Return where the case stands at the end of a day, None when it was not entered by then."""
        return course.standing(self.facts, on)

    def counts(self, row: Row, day: str | None, begun: date, on: date) -> bool:
        """Return whether a row belongs to the round that began on a day, up to the end of another.

        Args:
            row: The row; of the day on which the case came up again counts what was recorded after that.
            day: The row's day; absent where it has none yet.
            begun: The day from which evidence counts.
            on: The last day, included.
        """
        if not _within(day, begun, on):
            return False
        return day != begun.isoformat() or row.get("born", 0) >= self.reopened.get(begun, 0)

    def in_force(self, on: date) -> Row | None:
        """Return the plan in force on a day: the one approved last since the case was entered or came up again."""
        now = self.standing(on)
        if now is None:
            return None
        begun = now.begun_on
        found = [
            plan
            for plan in self.plans
            if self.counts(plan, plan["drawn_on"], begun, on) and _within(plan["approved_on"], begun, on)
        ]
        return max(found, key=lambda plan: (plan["approved_on"], plan["id"])) if found else None

    def drawn(self, on: date) -> Row | None:
        """Return the plan that was drawn up last and counts on a day, approved or not."""
        now = self.standing(on)
        if now is None:
            return None
        found = [plan for plan in self.plans if self.counts(plan, plan["drawn_on"], now.begun_on, on)]
        return max(found, key=lambda plan: (plan["drawn_on"], plan["id"])) if found else None

    def counting(self, on: date) -> dict[str, Row]:
        """Return the meetings of the lead officer of the plan that was drawn up last: kind to the first of its kind."""
        now, plan = self.standing(on), self.drawn(on)
        if now is None or plan is None:
            return {}
        found: dict[str, Row] = {}
        for meeting in sorted(self.meetings, key=lambda row: (row["on_date"], row["id"])):
            if self.counts(meeting, meeting["on_date"], now.begun_on, on) and same_lead(meeting, plan):
                found.setdefault(meeting["kind"], meeting)
        return found

    def evidence(self, on: date) -> tuple[Evidence, ...]:
        """Return every step with the day on which it was proved, as of the end of a day."""
        now = self.standing(on)
        days: dict[str, date | None] = {}
        if now is not None:
            days = self._days(now, on)
        return tuple(Evidence(step=step, words=words, on=days.get(step)) for step, words in STEPS.items())

    def _days(self, now: course.Standing, on: date) -> dict[str, date | None]:
        plan, force = self.drawn(on), self.in_force(on)
        met = self.counting(on)
        begun = now.begun_on
        solved = now.solved_on

        def first(rows: list[Row], column: str, frm: date) -> date | None:
            return _first((row[column] for row in rows if self.counts(row, row[column], begun, on)), frm, on)

        return {
            "entered": now.entered_on,
            "planned": _day(plan["drawn_on"]) if plan else None,
            **{step: _day(met[kind]["on_date"]) if kind in met else None for kind, step in MEETINGS.items()},
            "approved": _day(force["approved_on"]) if force else None,
            "filed": _first((force["filed_on"] for force in (force,) if force), begun, on),
            "worked": first(self.rounds, "on_date", begun),
            "solved": solved,
            "reported": first(self.reviews, "reported_on", solved) if solved else None,
            "closed": now.closed_on,
            "looked_back": first(self.look_backs, "on_date", now.closed_on) if now.closed_on else None,
        }

    def late(self, on: date) -> bool:
        """Return whether the case is open past the limit of its plan."""
        now, plan = self.standing(on), self.in_force(on)
        return now is not None and now.state in course.OPEN and plan is not None and plan["limit_on"] < on.isoformat()

    def fruitless(self, on: date) -> int:
        """Return how many rounds in a row came to nothing under the plan in force, the last ones."""
        plan = self.in_force(on)
        if plan is None:
            return 0
        rounds = [row for row in self.rounds if plan["approved_on"] <= row["on_date"] <= on.isoformat()]
        count = 0
        for row in sorted(rounds, key=lambda row: (row["on_date"], row["id"]), reverse=True):
            if row["result"] != "none":
                break
            count += 1
        return count


def same_lead(meeting: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Return whether a meeting is one of the lead officer of a plan, of this bureau or of the level above."""
    return (meeting["leader"], meeting["leader_name"] or "") == (plan["leader"], plan["leader_name"] or "")


def _within(day: str | None, frm: date, to: date) -> bool:
    return bool(day) and frm.isoformat() <= str(day) <= to.isoformat()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _first(days: Iterable[str | None], frm: date, to: date) -> date | None:
    return _day(min((str(day) for day in days if _within(day, frm, to)), default=None))


# --- reading ----------------------------------------------------------------------------------------------------------

_TABLES = {
    "case_plan": "plans",
    "case_meeting": "meetings",
    "case_round": "rounds",
    "case_review": "reviews",
    "look_back": "look_backs",
}


def load(register: Register, where: str, values: tuple[Any, ...]) -> list[CaseRows]:
    """Return the cases under a condition on key_case, in the order of entry, each with all of its rows.

    Args:
        register: The open register.
        where: SQL over the columns of key_case; who asks has put the policy into it, or looks at a matter in full.
        values: Its values.
    """
    chosen = f"SELECT id FROM key_case WHERE removed IS NULL AND ({where})"
    found = {
        row["id"]: CaseRows(row)
        for row in register.records("key_case", f"removed IS NULL AND ({where}) ORDER BY entered_on, id", values)
    }
    for table, name in _TABLES.items():
        for row in register.records(table, f"removed IS NULL AND key_case IN ({chosen}) ORDER BY id", values):
            getattr(found[row["key_case"]], name).append(row)
    facts = register.rows(
        "SELECT e.key_case, e.kind, e.on_date, coalesce(e.note, ''), e.born FROM event e WHERE e.withdrawn IS NULL"
        f" AND e.key_case IS NOT NULL AND e.matter IN (SELECT matter FROM key_case WHERE removed IS NULL AND ({where}))"
        " ORDER BY e.on_date, e.born, e.id",
        values,
    )
    for case, kind, on, note, born in facts:
        if case in found:
            found[case].facts.append((kind, date.fromisoformat(on), note))
            if kind == "key_rebound":
                found[case].reopened[date.fromisoformat(on)] = born
    for case_rows in found.values():
        if case_rows.reopened:
            _read_instants(register, case_rows)
    return list(found.values())


def _read_instants(register: Register, case: CaseRows) -> None:
    """Note on each row of a case that came up again when it was recorded: its day may be that of the rebound."""
    for table, name in _TABLES.items():
        born = dict(register.rows(f"SELECT id, born FROM {table} WHERE key_case=?", (case.id,)))
        for row in getattr(case, name):
            row["born"] = born[row["id"]]


def of_case(register: Register, case: int) -> CaseRows:
    """Return one case with all of its rows."""
    return load(register, "id=?", (case,))[0]
