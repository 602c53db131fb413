"""The queues of the whole life: what waits for an act that no clock alone tells of, for one viewer, oldest first.

The duties of the clocks stand in `models.lists.overview`. Beside them wait, each in a queue with its exact number:

    to_sign        a draft that was legally checked (S6)          issue              CH DL
    to_check       a draft that was not                           legal_check        LEG
    redo           sent back by the organ above (S12)             redo               CH
    returned       given back, and with no handler since          assign             CH DL HU PU
    unassigned     in hand without a handler                      assign             CH DL HU PU
    undelivered    issued, and not proved to be received          serve ...          HO HU PU REG
    confirm        a proof of service that nobody checked (S8)    confirm_service    PU
    executing      to be carried out within a week, or late       execute            HO HU PU
    instructions   a leader's instruction that is not proved      prove_instruction  HO HU PU
    assisting      an assisting unit that owes its answer         answer_unit        HU PU
    answering      a supervision that is not answered             answer_supervision HU PU
    major          a major matter that not all were told of       report_major       CH DL PU
    plans          a key case without an approved plan            draw_plan ...      CH DL PU
    case_limits    a key case near or past its plan's limit       record_round       HO HU PU
    case_closings  a key case solved, its dossier not reported    report_case_closing PU
    closing        window passed, or answered: may be closed      close              PU
    received_only  taken in, its entry not complete (S0)          complete_entry     PU REG
    conflicts      values entered apart from each other           settle_conflict    CH DL HU PU

A queue is seen by whoever sees the register; what may only be looked at by its role (drafts) by that role. Who is only
of a department sees of `instructions`, `assisting`, `executing`, `answering` and `case_limits` what the own unit owes.
Every statement asks the policy: an outline has number and days, and the responsible unit in place of the one that owes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from models import clocks, conflicts, errors, lists, projections
from models.programme import waiting
from models.records import Sight, Staff
from models.undelivered import next_ways, tried

if TYPE_CHECKING:
    from models.register import Register

PAGE = 50
SOON_DAYS = 7
"""A task is told of so many days before its day."""
LONGEST_ROLL_DAYS = 20
"""A last day rolls over the longest holidays of any calendar in fewer days."""

_WINDOWS = ("C3", "C5")

Place = tuple[str, int, int]
"""Where a page ended: its day, matter and row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One thing that waits.

    Attributes:
        act: The act that is wanted.
        since: The day since which it waits.
        due_on: The day until which it is to be done; None when no text and no letter sets one.
        unit: Name of the unit that owes it.
        note: What it is about: the task, the demand, the number of the letter; empty for an outline.
        row: Row of the thing, 0 for the matter itself.
        attempts: For what was not delivered: how often it was tried.
        next_ways: For an answer that was not delivered: codes of the table service_way that are lawful next, the first
            to be tried first; empty while a public notice runs.
    """

    matter: int
    number: str
    title: str
    sight: Sight
    act: str
    since: date
    due_on: date | None
    unit: str
    note: str
    row: int
    attempts: int = 0
    next_ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Some lines of one queue. `total` is exact; `after` goes on, None at the end; `own`: a duty of the viewer."""

    name: str
    act: str
    total: int
    lines: tuple[QueueLine, ...]
    after: Place | None
    own: bool


class _Source(NamedTuple):
    """Where a queue is read: SQL that gives matter, since, due, unit, note, row, act."""

    act: str
    roles: frozenset[str]
    sql: str
    only: bool = False
    """Only those roles are shown it."""
    of_unit: bool = False
    """What one unit owes: other departments are not shown it."""


def _roles(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ANY_UNIT = _roles("PU CH DL DI LEG REG")
"""Who looks after the matters of all units."""

_BY_STATE = "matter o INDEXED BY matter_state"
_OPEN = "matter o INDEXED BY matter_open"
_DRAFT = (
    "SELECT o.id AS matter, coalesce(e.on_date, o.received_on) AS since, NULL AS due, o.unit AS unit, NULL AS note,"
    f" 0 AS row, :act AS act FROM {_BY_STATE} LEFT JOIN event e ON e.id=(SELECT x.id FROM event x WHERE x.matter=o.id"
    " AND x.kind IN ('legal_checked', 'drafted') AND x.withdrawn IS NULL ORDER BY x.on_date DESC, x.born DESC,"
    " x.id DESC LIMIT 1) WHERE o.state='S6' AND coalesce(e.kind, '')"
)
_NO_HANDLER = (
    "SELECT o.id AS matter, coalesce(h.ended_on, o.accepted_on, o.received_on) AS since, NULL AS due, o.unit AS unit,"
    f" h.ground AS note, 0 AS row, :act AS act FROM {_OPEN} LEFT JOIN handover h ON h.id=(SELECT max(x.id) FROM"
    " handover x WHERE x.matter=o.id AND x.removed IS NULL AND x.kind IN ('assign', 'designate', 'return'))"
    " WHERE o.state<>'S13' AND o.state IN ('S4', 'S5', 'S5x') AND o.handler IS NULL"
    " AND coalesce(h.kind='return' OR h.ended='returned', 0)"
)
_UNDELIVERED = (
    "SELECT o.id AS matter, coalesce(d.dated_on, o.received_on) AS since, NULL AS due, o.unit AS unit,"
    f" d.number AS note, d.id AS row, 'serve' AS act FROM {_BY_STATE} JOIN document d"
    " ON d.id=(SELECT max(a.id) FROM document a WHERE a.matter=o.id AND a.kind='answer' AND a.state='issued')"
    " WHERE o.state='S7'"
    " UNION ALL SELECT o.id, coalesce(d.dated_on, o.received_on), NULL, o.unit, d.number, d.id, 'serve_letter'"
    f" FROM {_BY_STATE} JOIN document d ON d.matter=o.id AND d.kind='extension_notice' AND d.state='issued'"
    " WHERE o.state IN ('S4', 'S5', 'S5h', 'S5x', 'S6') AND NOT EXISTS(SELECT 1 FROM service s WHERE"
    " s.document=d.id AND s.outcome='served' AND s.removed IS NULL)"
    " UNION ALL SELECT o.id, coalesce(r.decided_on, r.requested_on), NULL, o.unit, d.number, coalesce(d.id, 0),"
    f" 'serve_review' FROM {_BY_STATE} JOIN review r ON r.matter=o.id LEFT JOIN document d"
    " ON d.id=r.opinion WHERE o.state='S9' AND r.level='review' AND r.result IN ('upheld', 'changed')"
    " AND r.served_on IS NULL AND r.removed IS NULL"
)
_MAJOR = (
    "SELECT k.matter AS matter, date(max(k.at)) AS since, date(max(k.at)) AS due, o.unit AS unit, k.what AS note,"
    " 0 AS row, :act AS act FROM major_log k CROSS JOIN matter o ON o.id=k.matter WHERE k.kind='known'"
    " GROUP BY k.matter HAVING (SELECT count(DISTINCT r.organ) FROM major_log r WHERE r.matter=k.matter"
    " AND r.kind='reported' AND r.at>=max(k.at) AND r.organ IN ('government',"
    " CASE WHEN o.rules LIKE 'SC-%' THEN 'higher' ELSE 'party' END)) < 2"
)
_TOLD = (
    "(EXISTS(SELECT 1 FROM event e WHERE e.matter=o.id AND e.kind IN ('exempted', 'replied') AND e.withdrawn IS NULL)"
    " OR EXISTS(SELECT 1 FROM event e JOIN document d ON d.id=e.document WHERE e.matter=o.id AND e.kind='noticed'"
    " AND e.withdrawn IS NULL AND d.state<>'spoiled' AND e.on_date>=coalesce((SELECT max(b.on_date) FROM event b"
    " WHERE b.matter=o.id AND b.kind='reopened' AND b.withdrawn IS NULL), ''))"
    " OR (EXISTS(SELECT 1 FROM item i WHERE i.matter=o.id AND i.origin IS NOT NULL) AND EXISTS(SELECT 1 FROM event e"
    " WHERE e.matter=o.id AND e.kind='noticed' AND e.withdrawn IS NULL)))"
)


def _latest(*kinds: str) -> str:
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    return f"(SELECT max(e.on_date) FROM event e WHERE e.matter=o.id AND e.kind IN ({marks}) AND e.withdrawn IS NULL)"


def _in_state(state: str, since: str = "received") -> str:
    """Return the SQL of all matters in a state, with the day of the latest fact of the kind `since`."""
    return (
        f"SELECT o.id AS matter, coalesce({_latest(since)}, o.received_on) AS since, NULL AS due, o.unit AS unit,"
        f" NULL AS note, 0 AS row, :act AS act FROM {_BY_STATE} WHERE o.state='{state}'"
    )


_NOT_OWED_ABOVE = (
    f"({_latest('assigned_in')} IS NULL OR {_latest('completion_reported', 'objection_agreed')}"
    f" >= {_latest('assigned_in')})"
)
_EXECUTED = (
    "NOT EXISTS(SELECT 1 FROM task t WHERE t.matter=o.id AND t.removed IS NULL AND t.done_on IS NULL"
    " AND t.kind IN ('execution', 'redress'))"
)
_REVIEW = (
    "SELECT r.id FROM review r WHERE r.matter=o.id AND r.removed IS NULL"
    f" AND r.requested_on>=coalesce({_latest('served')}, '') AND r.result IN ('upheld', 'changed')"
)
_CLOSING = (
    "SELECT o.id AS matter, coalesce(w.served_on, w.decided_on, "
    + _latest("served")
    + ") AS since, NULL AS due, o.unit AS unit, NULL AS note, 0 AS row, :act AS act"
    f" FROM {_BY_STATE} JOIN json_each(:windows) j ON json_extract(j.value, '$[0]')=o.rules LEFT JOIN review w"
    f" ON w.id=({_REVIEW} ORDER BY r.id DESC LIMIT 1) WHERE o.state='S9' AND {_EXECUTED} AND {_NOT_OWED_ABOVE}"
    " AND CASE WHEN w.id IS NULL THEN "
    + _latest("served")
    + " <= json_extract(j.value, '$[1]') WHEN w.level='rereview' THEN 1"
    " ELSE w.served_on <= json_extract(j.value, '$[2]') END"
    " UNION ALL SELECT o.id, coalesce("
    + _latest("noticed", "replied", "exempted", "completion_received")
    + ", o.received_on), NULL, o.unit, NULL, 0, :act"
    f" FROM {_BY_STATE} WHERE o.state IN ('S3a', 'S3b', 'S3d', 'S3e', 'S3f') AND {_TOLD} AND {_EXECUTED}"
    f" AND {_NOT_OWED_ABOVE} AND (o.state<>'S3b' OR {_latest('assigned_out')} IS NULL"
    f" OR {_latest('completion_received')} >= {_latest('assigned_out')})"
)
SOURCES: Mapping[str, _Source] = {
    "to_sign": _Source("issue", _roles("CH DL"), f"{_DRAFT}='legal_checked'", only=True),
    "to_check": _Source("legal_check", _roles("LEG"), f"{_DRAFT}<>'legal_checked'", only=True),
    "redo": _Source("redo", _roles("CH"), _in_state("S12", "sent_back")),
    "returned": _Source("assign", _roles("CH DL HU PU"), f"{_NO_HANDLER}=1"),
    "unassigned": _Source("assign", _roles("CH DL HU PU"), f"{_NO_HANDLER}=0"),
    "undelivered": _Source("serve", _roles("HO HU PU REG"), _UNDELIVERED),
    "confirm": _Source("confirm_service", _roles("PU"), _in_state("S8", "served")),
    "executing": _Source(
        "execute",
        _roles("HO HU PU"),
        "SELECT t.matter AS matter, t.opened_on AS since, t.due_on AS due, t.unit AS unit, t.what AS note, t.id AS row,"
        " :act AS act FROM task t WHERE t.due_on<=:soon AND t.done_on IS NULL AND t.removed IS NULL"
        " AND t.kind='execution'",
        of_unit=True,
    ),
    "instructions": _Source(
        "prove_instruction",
        _roles("HO HU PU"),
        "SELECT t.matter AS matter, t.opened_on AS since, t.due_on AS due, t.unit AS unit, t.what AS note, t.id AS row,"
        " :act AS act FROM task t WHERE t.done_on IS NULL AND t.removed IS NULL AND t.kind='instruction'",
        of_unit=True,
    ),
    "assisting": _Source(
        "answer_unit",
        _roles("HU PU"),
        "SELECT h.matter AS matter, h.on_date AS since, h.limit_on AS due, h.receiver AS unit, NULL AS note,"
        f" h.id AS row, :act AS act FROM {_OPEN} CROSS JOIN handover h ON h.matter=o.id WHERE o.state<>'S13'"
        " AND o.state IN ('S5', 'S5h', 'S5x') AND h.kind='assist' AND h.ended_on IS NULL AND h.removed IS NULL",
        of_unit=True,
    ),
    "answering": _Source(
        "answer_supervision",
        _roles("HU PU"),
        "SELECT s.matter AS matter, s.raised_on AS since, s.due_on AS due, s.unit AS unit, s.demand AS note,"
        " s.id AS row, :act AS act FROM supervision s WHERE s.answered_on IS NULL AND s.lifted_on IS NULL"
        " AND s.removed IS NULL",
        of_unit=True,
    ),
    "major": _Source("report_major", _roles("CH DL PU"), _MAJOR),
    "plans": _Source("draw_plan", _roles("CH DL PU"), waiting.PLANS),
    "case_limits": _Source("record_round", _roles("HO HU PU"), waiting.LIMITS, of_unit=True),
    "case_closings": _Source("report_case_closing", _roles("PU"), waiting.CLOSINGS),
    "closing": _Source("close", _roles("PU"), _CLOSING),
    "conflicts": _Source(
        "settle_conflict",
        _roles("CH DL HU PU"),
        "SELECT json_extract(j.value, '$[0]') AS matter, json_extract(j.value, '$[1]') AS since,"
        " json_extract(j.value, '$[2]') AS due, o.unit AS unit, json_extract(j.value, '$[3]') AS note,"
        " json_extract(j.value, '$[4]') AS row, :act AS act FROM json_each(:conflicts) j CROSS JOIN matter o"
        " ON o.id=json_extract(j.value, '$[0]')",
    ),
    "received_only": _Source("complete_entry", _roles("PU REG"), _in_state("S0")),
}
"""In the order in which they are shown."""


def queues(register: Register, by: Staff, on: date, *, lines: int = 5) -> tuple[Queue, ...]:
    """Return every queue in which something waits, those of the viewer's own duties first.

    Args:
        register: The open register.
        by: The viewer.
        on: The day.
        lines: Lines at most of each; its `total` is exact.
    """
    found = [page(register, by, on, name, limit=lines) for name in SOURCES if _shown(SOURCES[name], by)]
    return tuple(sorted((queue for queue in found if queue.total), key=lambda queue: not queue.own))


def page(register: Register, by: Staff, on: date, name: str, *, after: Place | None = None, limit: int = PAGE) -> Queue:
    """Return one page of a queue.

    Args:
        register: The open register.
        by: The viewer.
        on: The day.
        name: A name in `SOURCES`.
        after: `Queue.after` of the page before.
        limit: Lines at most.

    Raises:
        InputError: There is no such queue.
        NotAllowedError: It is for other roles.
    """
    source = SOURCES.get(name)
    if source is None:
        raise errors.InputError(
            "queue",
            f"没有“{name}”这个待办队列。可用：{'、'.join(SOURCES)}。",
            f"There is no queue “{name}”; there are: {', '.join(SOURCES)}.",
        )
    if not _shown(source, by):
        raise errors.NotAllowedError(
            f"“{name}”队列只向{'/'.join(sorted(source.roles))}开放（拟稿在签发前不公开，产品规则）。",
            f"The queue “{name}” is for {'/'.join(sorted(source.roles))} (a draft is not shown before it is signed;"
            " project rule).",
        )
    values: dict[str, Any] = {"act": source.act, "on": on.isoformat()}
    values["soon"] = (on + timedelta(days=SOON_DAYS)).isoformat()
    if name == "conflicts":
        values["conflicts"] = conflicts.for_queue(register, by, on)
    if name == "closing":
        values["windows"] = _windows(register, on)
    where = lists.known(register, by)
    if source.of_unit and not by.roles & _ANY_UNIT:
        where += " AND q.unit=:own"
        values["own"] = by.unit
    beyond = "WHERE (p.day, p.matter, p.row) > (:day, :last, :row)" if after else ""
    if after:
        values |= {"day": after[0], "last": after[1], "row": after[2]}
    rows = register.rows(
        f"WITH p AS MATERIALIZED (SELECT q.*, coalesce(q.due, q.since) AS day FROM ({source.sql}) q"
        f" CROSS JOIN matter m ON m.id=q.matter WHERE {where}) SELECT (SELECT count(*) FROM p), l.*, m.number, m.title,"
        f" m.unit, {lists.full_sight_sql(by)} FROM (SELECT p.* FROM p {beyond} ORDER BY p.day, p.matter, p.row"
        f" LIMIT {int(limit)}) l CROSS JOIN matter m ON m.id=l.matter ORDER BY l.day, l.matter, l.row",
        values,
    )
    lines = [_line(register, row) for row in rows]
    last = rows[-1] if len(rows) == limit else None
    return Queue(
        name=name,
        act=source.act,
        total=rows[0][0] if rows else 0,
        lines=tuple(_with_attempts(register, lines, on) if name == "undelivered" else lines),
        after=(last[8], last[1], last[6]) if last else None,
        own=bool(by.roles & source.roles),
    )


def _shown(source: _Source, by: Staff) -> bool:
    return not source.only or bool(by.roles & source.roles)


def _line(register: Register, found: tuple[Any, ...]) -> QueueLine:
    _total, matter, since, due, unit, note, row, act, _day, number, title, holder, full = found
    return QueueLine(
        matter=matter,
        number=number,
        title=title if full else "",
        sight="full" if full else "outline",
        act=act,
        since=date.fromisoformat(since),
        due_on=date.fromisoformat(due) if due else None,
        unit=register.units().get(unit if full else holder, ""),
        note=(note or "") if full else "",
        row=row,
    )


def _with_attempts(register: Register, lines: list[QueueLine], on: date) -> list[QueueLine]:
    """Add to what was not delivered how often it was tried and what is lawful next; of an outline nothing."""
    found = tried(register, [line.row for line in lines if line.sight == "full"], on)
    return [
        replace(line, attempts=count, next_ways=ways if line.act == "serve" else ())
        for line in lines
        for count, ways in [found.get(line.row, (0, next_ways((), None, on) if line.sight == "full" else ()))]
    ]


def _windows(register: Register, on: date) -> str:
    """Return for each rule set of the matters in their window the last day of receipt whose window has passed, as JSON.

    A window's last day rises with the day on which it begins, so one day of each clock divides them: C3 asks for
    review, C5 for re-review (REG-2022 Arts 35, 36; SC-431 Arts 34, 35).
    """
    found = register.rows(
        "SELECT o.rules, min(o.received_on) FROM matter o INDEXED BY matter_state WHERE o.state='S9' GROUP BY o.rules"
    )
    book = register.law.book
    return json.dumps(
        [
            [rules, *(_passed(register, projections.rules_of(rules, received, book), clock, on) for clock in _WINDOWS)]
            for rules, received in found
        ]
    )


def _passed(register: Register, rules: clocks.RuleSet, clock: str, on: date) -> str:
    """Return the last day (ISO) on which a window began that has passed, '' when none can be told of."""
    length = next((one.length for one in rules.clocks if one.id == clock), None)
    if length is None:
        return ""
    for back in range(length, length + LONGEST_ROLL_DAYS):
        begun = on - timedelta(days=back)
        try:
            if clocks.due(rules, clock, begun, calendar=register.calendar).last_on < on:
                return begun.isoformat()
        except errors.CalendarMissingError:
            continue
    return ""
