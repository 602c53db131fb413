"""信访台账, the ledger of received items: what came in, its two duties with their last days, and how it ended.

Columns: domain reference, 12. Cancelled items keep their number and stand here with the reason. The dates due are those
of the clocks (notice: SC-431 Art. 22, REG-2022 Art. 23; answer: SC-431 Art. 33, REG-2022 Art. 34), worked out anew,
never stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from models import clocks, codes, errors, lists, projections
from models.ledgers.part import AT_A_TIME, Asked, among, columns, keyed, outlines_note, paper, to_day
from models.sheets.content import Grid, Sheet, Value

KIND = "item_ledger"
NOTICE, ANSWER, RATING = ("C1", "C1t"), "C2", "R-rate"
ANSWERED = frozenset({"opinion_issued", "replied"})
_WANTED = frozenset({*NOTICE, ANSWER, RATING})
_NOTICE, _ANSWER = ("告知", "Notice"), ("答复", "Answer")
_HEADS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("信访件编号", "Item", {"wrap": False}),
    ("事项编号", "Matter", {"wrap": False, "under": True}),
    ("收到日期", "Received", {"kind": "date"}),
    ("形式", "Channel", {"wrap": False, "under": True}),
    ("信访人", "Petitioner", {"width": 1.4}),
    ("概况", "About", {"width": 4.0}),
    ("类别", "Class", {"width": 1.6}),
    ("责任单位", "Unit", {"width": 1.6, "under": True}),
    ("最后一日", "Last day", {"kind": "date", "group": _NOTICE}),
    ("告知日期", "Given", {"kind": "date", "group": _NOTICE, "under": True}),
    ("最后一日", "Last day", {"kind": "date", "group": _ANSWER}),
    ("答复日期", "Given", {"kind": "date", "group": _ANSWER, "under": True}),
    ("结果", "Result", {"width": 1.5}),
    ("送达日期", "Served", {"kind": "date", "under": True}),
    ("满意度", "Rating", {"width": 1.2}),
    ("备注", "Remark", {"width": 1.6, "under": True}),
)


class _Item(NamedTuple):
    received_on: str
    id: int
    number: str
    matter: int
    matter_number: str
    channel: str
    repeat: int | None
    cancelled: str | None
    title: str
    category: str | None
    unit: int
    rules: str
    matter_received_on: str
    conclusion: str | None
    closing: str | None
    state: str
    full: int


_COLUMNS = (
    "i.received_on, i.id, i.number, m.id, m.number, i.channel, i.repeat, i.cancelled, m.title, m.category, m.unit,"
    " m.rules, m.received_on, m.conclusion, m.closing, m.state"
)


def sheet(asked: Asked) -> Sheet:
    """Return the ledger of the items received in the period, in the order of their receipt."""
    register, by = asked.register, asked.by
    may, full = lists.known(register, by), lists.full_sight_sql(by)
    source = f"FROM item i CROSS JOIN matter m ON m.id=i.matter WHERE i.received_on BETWEEN ? AND ? AND {may}"

    def read(after: Any) -> list[tuple[Any, ...]]:
        further = " AND (i.received_on, i.id) > (?, ?)" if after else ""
        return register.rows(
            f"SELECT {_COLUMNS}, {full} {source}{further} ORDER BY i.received_on, i.id LIMIT {AT_A_TIME}",
            (*asked.days, *(after or ())),
        )

    counted = register.row(
        f"SELECT count(*), sum(NOT ({full})), sum(i.cancelled IS NOT NULL) {source}", asked.days
    ) or (0, 0, 0)
    whole, outlines, cancelled = (int(each or 0) for each in counted)
    book = _Book(asked)
    notes = [
        asked.say(f"共 {whole - cancelled} 件次，另有登记撤销 {cancelled} 件。",
                  f"{whole - cancelled} items in all, and {cancelled} that were cancelled."),
        outlines_note(asked, outlines),
    ]  # fmt: skip
    grid = Grid(columns=columns(_HEADS, zh=asked.zh), rows=keyed(read, book.rows))
    return paper(asked, KIND, ("信访台账", "Ledger of items"), grid, notes=notes)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a portion's matters have besides their rows."""

    people: Mapping[tuple[int, int | None], list[str]]
    of_matter: Mapping[int, list[str]]
    events: Mapping[int, list[clocks.Event]]
    ratings: Mapping[int, list[tuple[str, str]]]


class _Book:
    """Turns items into lines."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._language = errors.spoken()
        self._rules: dict[tuple[str, str], clocks.RuleSet] = {}

    def rows(self, found: list[tuple[Any, ...]]) -> Sequence[Sequence[Value]]:
        """Return the lines of a portion."""
        items = [_Item(*row) for row in found]
        facts = self._facts({item.matter for item in items})
        return [self._line(item, facts) for item in items]

    def _facts(self, matters: set[int]) -> _Facts:
        register, chosen = self._asked.register, among(matters)
        people: dict[tuple[int, int | None], list[str]] = {}
        of_matter: dict[int, list[str]] = {}
        for matter, item, name in register.rows(
            "SELECT matter, item, coalesce(name, '') FROM person WHERE matter IN (SELECT value FROM json_each(?))"
            " AND removed IS NULL AND role<>'agent' ORDER BY item, main IS NOT 1, id",
            (chosen,),
        ):
            names = people.setdefault((matter, item), [])
            names.append(name)
            of_matter.setdefault(matter, names)  # of its first item: a later visit may come without names of its own
        events: dict[int, list[clocks.Event]] = defaultdict(list)
        for matter, kind, on, days, until, row, item in register.rows(
            "SELECT matter, kind, on_date, days, until, id, item FROM event WHERE matter IN (SELECT value FROM"
            " json_each(?)) AND withdrawn IS NULL ORDER BY on_date, id",
            (chosen,),
        ):
            events[matter].append(clocks.Event(kind, date.fromisoformat(on), days, to_day(until), row, item))
        ratings: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for matter, state, value in register.rows(
            "SELECT matter, state, coalesce(value, '') FROM rating WHERE matter IN (SELECT value FROM json_each(?)) AND"
            " removed IS NULL ORDER BY target, id",
            (chosen,),
        ):
            ratings[matter].append((state, value))
        return _Facts(people, of_matter, events, ratings)

    def _line(self, item: _Item, facts: _Facts) -> Sequence[Value]:
        events = facts.events.get(item.matter, [])
        states = self._states(item, events)
        notice = _notice_of(item.id, states, events)
        answer = next((state for state in reversed(states) if state.clock == ANSWER and not state.provisional), None)
        answered = max((event.on for event in events if event.kind in ANSWERED), default=None)
        served = max((event.on for event in events if event.kind == "served"), default=None)
        names = facts.people.get((item.matter, item.id)) or facts.of_matter.get(item.matter, [])
        full = bool(item.full)
        live = item.cancelled is None
        return (
            item.number,
            item.matter_number,
            date.fromisoformat(item.received_on),
            codes.word("channel", item.channel, self._language) if full else None,
            self._who(names) if full else None,
            item.title if full else None,
            codes.word("category", item.category, self._language) if full else None,
            self._asked.register.units().get(item.unit, ""),
            _last_day(notice) if live else None,
            notice.ended_on if notice and notice.status in ("met", "met_late") and live else None,
            _last_day(answer) if live else None,
            answered if live else None,
            self._result(item) if live else None,
            served if live else None,
            self._rating(facts.ratings.get(item.matter, []), states) if full and live else None,
            self._remark(item, notice, answer),
        )

    def _states(self, item: _Item, events: list[clocks.Event]) -> list[clocks.ClockState]:
        if not events:
            return []
        asked = self._asked
        return clocks.clock_states(self._slim(item), events, on=asked.on, calendar=asked.register.calendar)

    def _slim(self, item: _Item) -> clocks.RuleSet:
        """Return the item's rules with the clocks that the ledger shows."""
        key = (item.rules, item.matter_received_on)
        if key not in self._rules:
            whole = projections.rules_of(*key, self._asked.register.law.book)
            self._rules[key] = replace(whole, clocks=tuple(clock for clock in whole.clocks if clock.id in _WANTED))
        return self._rules[key]

    def _who(self, names: list[str]) -> str:
        """Return the main petitioner, and how many beside."""
        known = [name for name in names if name]
        if not known:
            return self._asked.say("匿名", "anonymous") if names else ""
        rest = len(names) - 1
        return known[0] if not rest else self._asked.say(f"{known[0]}等{len(names)}人", f"{known[0]} and {rest} more")

    def _result(self, item: _Item) -> str:
        """Return the decision where the viewer sees the matter; of an outline its state."""
        if item.full and item.conclusion:
            return codes.word("conclusion", item.conclusion, self._language)
        if item.full and item.closing:
            return codes.word("closing", item.closing, self._language)
        return codes.word("state", item.state, self._language)

    def _rating(self, rows: list[tuple[str, str]], states: list[clocks.ClockState]) -> str:
        over = any(state.clock == RATING and state.status == "passed" for state in states)
        words = [
            codes.word("rating", value, self._language)
            if value
            else codes.word("rating_state", "overdue" if state == "pending" and over else state, self._language)
            for state, value in rows
        ]
        return "/".join(dict.fromkeys(words))

    def _remark(self, item: _Item, notice: clocks.ClockState | None, answer: clocks.ClockState | None) -> str:
        asked, told = self._asked, []
        if item.cancelled is not None:
            word, colon = asked.say("登记撤销", "cancelled"), asked.say("：", ": ")
            return f"{word}{colon}{item.cancelled}" if item.full else word
        if not item.full:
            told.append(asked.say("限定知悉", "named readers"))
        if item.repeat and item.full:
            told.append(asked.say("重复", "repeat"))
        for state, zh, en in ((notice, "告知", "notice"), (answer, "答复", "answer")):
            if state is None:
                continue
            if state.status == "late":
                told.append(asked.say(f"{zh}逾期未办", f"{en} late"))
            elif state.status == "met_late":
                told.append(asked.say(f"{zh}逾期", f"{en} given late"))
            elif state.status == "exempt":
                told.append(asked.say(f"免{zh}", f"no {en} due"))
            elif state.status == "no_calendar":
                told.append(asked.say(f"{zh}期限无历可算", f"no calendar for the {en}"))
        return asked.say("；", "; ").join(told)


def _notice_of(item: int, states: list[clocks.ClockState], events: list[clocks.Event]) -> clocks.ClockState | None:
    """Return the item's own duty to give notice; that of the matter when no run names the item."""
    items = {event.row: event.item for event in events}
    runs = [state for state in states if state.clock in NOTICE]
    own = [state for state in runs if items.get(state.start_row) == item]
    whole = [state for state in runs if items.get(state.start_row) is None]
    return next(reversed(own or whole), None)


def _last_day(state: clocks.ClockState | None) -> date | None:
    return state.due.last_on if state is not None and state.due is not None else None
