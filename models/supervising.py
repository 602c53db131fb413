"""What calls for supervision (督办), raised by the register itself from clocks, rows and journal (SC-431 Art. 36).

A trigger tells that a unit failed a duty on a matter: which duty, since when, and the clock or row that shows it. It
is about units, never about persons; of a sealed matter it tells the outline only, and of one that the viewer may not
know of nothing. Raised for matters in course; for a closed one only what it still owes (a late duty, an unproved
execution). `models.steps.supervision` acts on it.

    kind              code  what failed
    late_duty           1   a duty whose last lawful day has passed
    instruction_late    1   a leader's instruction of a reception that is not proved by its day
    advice_late         2   a supervision that the unit did not answer in time
    not_fed_back        2   a department, assisting unit or organ past the day of its answer; an assignment to us
    unheard             3   an answer without a hearing of the petitioner, or the reason for none
    unchecked           3   an answer without legal check
    untold              3   past the first answer without any written notice
    extended_late       3   an extension told after the time limit had ended
    returned            4   given back twice or more
    idle                4   a duty runs, and nothing was done for `supervision.idle_days` (default 15)
    not_executed        5   what was supported is not carried out by its day
    quashed             6   the answer was quashed, changed or sent back, and no new one was given
    false_completion    6   said to be carried out, and found not to be
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from models import clocks, codes, errors, handovers, lists, projections
from models.errors import Message
from models.hlc import LOWER_BITS
from models.records import Sight, Staff

if TYPE_CHECKING:
    from models.register import Register

IDLE_DAYS = 15
"""Days without any act while a duty runs; setting `supervision.idle_days`, no figure in the texts (project rule)."""
RETURNS_FROM = 2
PAGE = 50

PETITION_CLOCKS = ("C1", "C1t", "C1s", "C1o", "C9", "S-notice", "S-pass")
"""Clocks that the petition unit keeps, whoever has the matter in hand."""


Place = tuple[str, int, str, int]
"""Where a page ended: day, matter, basis and row of its last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One failed duty of one unit.

    Attributes:
        kind: See the head of this room.
        code: Code of the table supervision_trigger.
        matter, number: The matter.
        title: Its title; empty for an outline.
        unit: The unit that failed it; None for an organ that is not in the directory.
        unit_name: Its name.
        since: First day of the failure.
        basis: The clock, or the table, that shows it.
        row: Row of that table, 0 for a clock.
        words: The failure in a sentence.
        article: Where it stands.
        supervision: A supervision of the matter for the same trigger that is not lifted; None when there is none.
    """

    kind: str
    code: str
    matter: int
    number: str
    title: str
    sight: Sight
    unit: int | None
    unit_name: str
    since: date
    basis: str
    row: int
    words: Message
    article: Message
    supervision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerPage:
    """Some triggers of one kind in the order of `since`; `after` goes on, None at the end; `total` is exact."""

    lines: tuple[Trigger, ...]
    after: Place | None
    total: int


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a kind of trigger is read: SQL that gives matter, unit, unit_name, since, basis, row."""

    code: str
    sql: str
    words: Message
    gather: Callable[[Register], str] | None = None
    """For what SQL cannot say: returns the rows as JSON, bound as `:rows`."""


_ITEMS = {"1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六"}
_OPEN = "matter o INDEXED BY matter_open"
_ANSWERED = "o.state IN ('S7', 'S8', 'S9', 'S10', 'S11', 'S12')"
_PETITION = ", ".join(f"'{clock}'" for clock in PETITION_CLOCKS)


def _extended_late(register: Register) -> str:
    """Return the extensions that were told after the end of the limit they extend, as JSON rows."""
    found = register.rows(
        f"SELECT o.id, o.rules, o.received_on, e.id, e.on_date FROM {_OPEN} CROSS JOIN event e ON e.matter=o.id"
        " WHERE o.state<>'S13' AND e.kind='extended' AND e.withdrawn IS NULL"
    )
    late = []
    for matter, rules, received_on, row, on in found:
        told = date.fromisoformat(on)
        events = projections.events_of(register.connection, matter)
        begun = [event.on for event in events if event.kind == "accepted" and event.on <= told]
        if not begun:
            continue
        try:
            limit = clocks.due(
                projections.rules_of(rules, received_on, register.law.book), "C2", begun[-1], calendar=register.calendar
            ).last_on
        except errors.CalendarMissingError:
            continue
        if told > limit:
            late.append([matter, row, on])
    return json.dumps(late)


SOURCES: Mapping[str, _Source] = {
    "late_duty": _Source(
        "1",
        f"SELECT d.matter AS matter, CASE WHEN d.clock IN ({_PETITION}) THEN :petition END AS unit, NULL AS unit_name,"
        " date(d.last_on, '+1 day') AS since, d.clock AS basis, 0 AS row FROM duty d"
        " WHERE d.last_on < :on AND d.clock NOT IN ('C7', 'C8', 'C-execute')",
        Message("“{basis}”未在期限内办结", "“{basis}” was not done in time"),
    ),
    "instruction_late": _Source(
        "1",
        "SELECT t.matter AS matter, t.unit AS unit, NULL AS unit_name, date(t.due_on, '+1 day') AS since,"
        " 'task' AS basis, t.id AS row FROM task t WHERE t.due_on < :on AND t.kind='instruction' AND t.done_on IS NULL"
        " AND t.removed IS NULL",
        Message("领导接访交办的要求未按期落实", "a leader's instruction was not carried out in time"),
    ),
    "advice_late": _Source(
        "2",
        "SELECT s.matter AS matter, s.unit AS unit, NULL AS unit_name, date(s.due_on, '+1 day') AS since,"
        " 'supervision' AS basis, s.id AS row FROM supervision s"
        " WHERE s.due_on < :on AND s.answered_on IS NULL AND s.lifted_on IS NULL AND s.removed IS NULL",
        Message("督办未按期书面答复", "the supervision was not answered in writing in time"),
    ),
    "not_fed_back": _Source(
        "2",
        "SELECT h.matter AS matter, h.receiver AS unit, h.receiver_name AS unit_name,"
        f" date(h.limit_on, '+1 day') AS since, 'handover' AS basis, h.id AS row FROM {_OPEN}"
        " CROSS JOIN handover h ON h.matter=o.id WHERE o.state<>'S13' AND h.limit_on < :on AND h.ended_on IS NULL"
        " AND h.removed IS NULL AND h.kind IN ('assign', 'designate', 'assist', 'assign_out')"
        " UNION ALL SELECT d.matter, NULL, NULL, date(d.last_on, '+1 day'), d.clock, 0 FROM duty d"
        " WHERE d.last_on < :on AND d.clock='C8'",
        Message("办理结果未按期反馈", "the result was not fed back in time"),
    ),
    "unheard": _Source(
        "3",
        f"SELECT o.id AS matter, NULL AS unit, NULL AS unit_name, coalesce(o.opinion_on, o.received_on) AS since,"
        f" 'passage' AS basis, 0 AS row FROM {_OPEN} WHERE o.state<>'S13' AND {_ANSWERED} AND NOT EXISTS(SELECT 1 FROM"
        " passage p WHERE p.matter=o.id AND p.removed IS NULL AND (p.kind='reception' OR p.kind='note' AND"
        " substr(p.body, 1, 3)='未听取'))",
        Message("未听取信访人陈述，也未说明理由，即作出答复", "answered without hearing the petitioner or saying why"),
    ),
    "unchecked": _Source(
        "3",
        "SELECT o.id AS matter, NULL AS unit, NULL AS unit_name, coalesce(o.opinion_on, o.received_on) AS since,"
        f" 'event' AS basis, 0 AS row FROM {_OPEN} WHERE o.state<>'S13' AND {_ANSWERED} AND NOT EXISTS(SELECT 1 FROM"
        " event e WHERE e.matter=o.id AND e.kind='legal_checked' AND e.withdrawn IS NULL)",
        Message("未经法制审核即作出答复", "answered without legal check"),
    ),
    "untold": _Source(
        "3",
        "SELECT d.matter AS matter, :petition AS unit, NULL AS unit_name, min(d.start_on) AS since, d.clock AS basis,"
        " 0 AS row FROM duty d CROSS JOIN matter o ON o.id=d.matter WHERE d.clock IN ('C1', 'C1t')"
        " AND o.state NOT IN ('S0', 'S1', 'S2', 'S13') AND NOT EXISTS(SELECT 1 FROM event e WHERE e.matter=d.matter"
        " AND e.kind IN ('noticed', 'replied', 'passed_on', 'exempted') AND e.withdrawn IS NULL) GROUP BY d.matter",
        Message("未书面告知信访人即进入办理", "taken further without any written notice to the petitioner"),
    ),
    "extended_late": _Source(
        "3",
        "SELECT json_extract(j.value, '$[0]') AS matter, NULL AS unit, NULL AS unit_name,"
        " json_extract(j.value, '$[2]') AS since, 'event' AS basis, json_extract(j.value, '$[1]') AS row"
        " FROM json_each(:rows) j",
        Message("延期告知晚于办理期限届满日", "the extension was told after the time limit had ended"),
        _extended_late,
    ),
    "returned": _Source(
        "4",
        "SELECT h.matter AS matter, h.receiver AS unit, h.receiver_name AS unit_name, max(h.ended_on) AS since,"
        f" 'handover' AS basis, max(h.id) AS row FROM {_OPEN} CROSS JOIN handover h ON h.matter=o.id"
        " WHERE o.state<>'S13' AND h.ended='returned' AND h.removed IS NULL"
        f" GROUP BY h.matter HAVING count(*) >= {RETURNS_FROM}",
        Message("信访事项被多次退回", "the matter was given back again and again"),
    ),
    "idle": _Source(
        "4",
        "SELECT f.matter AS matter, NULL AS unit, NULL AS unit_name, date(coalesce((SELECT max(e.at_ms) FROM entry e"
        f" WHERE e.matter=f.matter AND e.act<>'read_matter'), o.born >> {LOWER_BITS}) / 1000, 'unixepoch',"
        " 'localtime') AS since, 'entry' AS basis, 0 AS row FROM (SELECT d.matter AS matter, min(d.start_on) AS begun"
        " FROM duty d GROUP BY d.matter) f CROSS JOIN matter o ON o.id=f.matter WHERE f.begun <= :idle_on"
        f" AND (o.born >> {LOWER_BITS}) < :idle_ms AND NOT EXISTS(SELECT 1 FROM entry e WHERE e.matter=f.matter"
        " AND e.at_ms >= :idle_ms AND e.act<>'read_matter')",
        Message("有期限在计，长期没有任何办理", "a duty runs, and nothing was done for long"),
    ),
    "not_executed": _Source(
        "5",
        "SELECT t.matter AS matter, t.unit AS unit, NULL AS unit_name, date(t.due_on, '+1 day') AS since,"
        " 'task' AS basis, t.id AS row FROM task t WHERE t.due_on < :on AND t.kind='execution' AND t.done_on IS NULL"
        " AND t.removed IS NULL UNION ALL SELECT d.matter, NULL, NULL, date(d.last_on, '+1 day'), d.clock, 0"
        " FROM duty d WHERE d.last_on < :on AND d.clock='C-execute' AND NOT EXISTS(SELECT 1 FROM task t"
        " WHERE t.matter=d.matter AND t.kind='execution' AND t.removed IS NULL)",
        Message("支持信访请求的意见未按期执行", "what was supported was not carried out in time"),
    ),
    "quashed": _Source(
        "6",
        "SELECT r.matter AS matter, NULL AS unit, NULL AS unit_name, r.decided_on AS since, 'review' AS basis,"
        " r.id AS row FROM review r CROSS JOIN matter o ON o.id=r.matter WHERE r.removed IS NULL"
        " AND r.result IN ('quashed', 'changed', 'redo') AND o.state<>'S13' AND r.decided_on IS NOT NULL"
        " AND NOT EXISTS(SELECT 1 FROM event e WHERE e.matter=r.matter AND e.kind='opinion_issued'"
        " AND e.withdrawn IS NULL AND e.on_date>=r.decided_on)",
        Message("处理意见被撤销、变更或责令重新办理", "the opinion was quashed, changed or sent back"),
    ),
    "false_completion": _Source(
        "6",
        "SELECT f.matter AS matter, NULL AS unit, NULL AS unit_name, f.on_date AS since, 'follow_up' AS basis,"
        " f.id AS row FROM follow_up f WHERE f.removed IS NULL AND f.carried_out='no' AND EXISTS(SELECT 1 FROM task t"
        " WHERE t.matter=f.matter AND t.removed IS NULL AND t.kind='execution' AND t.done_on<=f.on_date)"
        " AND NOT EXISTS(SELECT 1 FROM follow_up g WHERE g.matter=f.matter AND g.removed IS NULL AND g.id>f.id"
        " AND g.carried_out='yes')",
        Message("回访发现已报执行完毕的事项未落实", "said to be carried out, and found at the follow-up not to be"),
    ),
}


def triggers(
    register: Register, by: Staff, on: date, matter: int | None = None, *, limit: int = PAGE
) -> tuple[Trigger, ...]:
    """Return what calls for supervision, kind by kind, the longest failed first.

    Args:
        register: The open register.
        by: The viewer.
        on: The day.
        matter: Only this matter.
        limit: Lines at most of each kind; `counts` tells how many there are.
    """
    return tuple(line for kind in SOURCES for line in page(register, by, on, kind, matter=matter, limit=limit).lines)


def counts(register: Register, by: Staff, on: date) -> dict[str, int]:
    """Return the exact number of triggers of each kind that the viewer may know of."""
    return {kind: _Reading(register, by, on, kind, None).count() for kind in SOURCES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many duties of one kind a unit failed; `unit` is None for organs that are not in the directory."""

    kind: str
    unit: int | None
    unit_name: str
    count: int


def tally(register: Register, by: Staff, on: date) -> tuple[Tally, ...]:
    """Return the exact number of triggers by kind and unit that the viewer may know of, in the order of the kinds."""
    return tuple(
        Tally(kind=kind, unit=unit, unit_name=register.units().get(unit or 0, ""), count=count)
        for kind in SOURCES
        for unit, count in _Reading(register, by, on, kind, None).by_unit()
    )


def page(
    register: Register,
    by: Staff,
    on: date,
    kind: str,
    *,
    after: Place | None = None,
    limit: int = PAGE,
    matter: int | None = None,
    unit: int | None = None,
) -> TriggerPage:
    """Return one page of the triggers of a kind.

    Args:
        register: The open register.
        by: The viewer.
        on: The day.
        kind: A name in `SOURCES`.
        after: `TriggerPage.after` of the page before.
        limit: Lines at most.
        matter: Only this matter.
        unit: Only this unit.

    Raises:
        InputError: There is no such kind.
    """
    if kind not in SOURCES:
        raise errors.InputError(
            "kind",
            f"没有“{kind}”这种督办情形。可用：{'、'.join(SOURCES)}。",
            f"There is no trigger “{kind}”; there are: {', '.join(SOURCES)}.",
        )
    reading = _Reading(register, by, on, kind, matter, unit)
    lines = tuple(reading.lines(after, limit))
    last = lines[-1] if len(lines) == limit else None
    return TriggerPage(
        lines=lines,
        after=(last.since.isoformat(), last.matter, last.basis, last.row) if last else None,
        total=reading.count() if after or last else len(lines),
    )


class _Reading:
    """One kind of trigger, read for one viewer on one day."""

    def __init__(
        self, register: Register, by: Staff, on: date, kind: str, matter: int | None, only: int | None = None
    ) -> None:
        self.register, self.by, self.kind, self.source = register, by, kind, SOURCES[kind]
        idle_on = on - timedelta(days=int(register.setting("supervision.idle_days", IDLE_DAYS)))
        midnight = datetime.combine(idle_on, time()).astimezone(UTC)
        self.values: dict[str, Any] = {
            "on": on.isoformat(),
            "idle_on": idle_on.isoformat(),
            "idle_ms": int(midnight.timestamp() * 1000),
            "petition": handovers.petition_unit(register),
            "rows": self.source.gather(register) if self.source.gather else "[]",
            "matter": matter,
        }
        self.where = lists.known(register, by) + (" AND s.matter=:matter" if matter is not None else "")
        # Who else had a sealed matter is content: its responsible unit is known, and the petition unit.
        self.unit = (
            f"CASE WHEN {lists.full_sight_sql(by)} THEN coalesce(s.unit, CASE WHEN s.unit_name IS NULL THEN m.unit END)"
            " WHEN s.unit IS :petition THEN s.unit ELSE m.unit END"
        )
        if only is not None:
            self.where += f" AND {self.unit}=:only"
            self.values["only"] = only

    def count(self) -> int:
        found = self.register.row(
            f"SELECT count(*) FROM ({self.source.sql}) s CROSS JOIN matter m ON m.id=s.matter WHERE {self.where}",
            self._bound(),
        )
        return int(found[0]) if found else 0

    def by_unit(self) -> list[tuple[int | None, int]]:
        return self.register.rows(
            f"SELECT {self.unit} AS u, count(*) FROM ({self.source.sql}) s CROSS JOIN matter m ON m.id=s.matter"
            f" WHERE {self.where} GROUP BY u ORDER BY count(*) DESC, u",
            self._bound(),
        )

    def lines(self, after: Place | None, limit: int) -> Iterator[Trigger]:
        where = self.where
        if after:
            self.values |= {"since": after[0], "last": after[1], "basis": after[2], "row": after[3]}
            where += " AND (s.since, s.matter, s.basis, s.row) > (:since, :last, :basis, :row)"
        found = self.register.rows(
            "SELECT s.matter, m.number, m.title, coalesce(s.unit, CASE WHEN s.unit_name IS NULL THEN m.unit END),"
            f" s.unit_name, s.since, s.basis, s.row, {lists.full_sight_sql(self.by)}, m.unit,"
            " (SELECT id FROM supervision v WHERE v.matter=m.id AND v.trigger=:code AND v.lifted_on IS NULL"
            f" AND v.removed IS NULL LIMIT 1) FROM ({self.source.sql}) s CROSS JOIN matter m ON m.id=s.matter"
            f" WHERE {where} ORDER BY s.since, s.matter, s.basis, s.row LIMIT {int(limit)}",
            self._bound(code=self.source.code),
        )
        return map(self._line, found)

    def _bound(self, **more: Any) -> dict[str, Any]:
        return {**self.values, **more}

    def _line(self, found: tuple[Any, ...]) -> Trigger:
        matter, number, title, unit, unit_name, since, basis, row, full, holder, supervision = found
        if not full:  # who else had a sealed matter is content: its responsible unit is known, and the petition unit
            unit, unit_name, title = unit if unit == self.values["petition"] else holder, None, ""
        return Trigger(
            kind=self.kind,
            code=self.source.code,
            matter=matter,
            number=number,
            title=title,
            sight="full" if full else "outline",
            unit=unit,
            unit_name=unit_name or self.register.units().get(unit, ""),
            since=date.fromisoformat(since),
            basis=basis,
            row=row,
            words=self._words(basis),
            article=_article(self.source.code),
            supervision=supervision,
        )

    def _words(self, basis: str) -> Message:
        zh, en = self.source.words
        return Message(zh.format(basis=clocks.clock_name(basis, "zh")), en.format(basis=clocks.clock_name(basis, "en")))


def _article(code: str) -> Message:
    found = codes.value("supervision_trigger", code)
    return Message(
        f"《信访条例》第三十六条第{_ITEMS[code]}项；《信访工作条例》第四十条",
        f"{found.article if found else 'SC-431 Art. 36'}; REG-2022 Art. 40",
    )
