"""What the register can evidence of the duties whose failure is answered for (REG-2022 Arts 42-46, SC-431 Arts 40-46).

It counts failed duties of units in a period, each with its article and its matters: evidence to look into, not a
finding of anybody's guilt, and never about persons. A duty counts on the day on which it failed: the day after its last
lawful day, or the day of what was done wrongly. Whether conduct was rough, or a gain was taken, no register shows.

    switch            REG-2022  SC-431  evidence
    registered_late    44(1)    42(1)   an item entered after the time in which its petitioner had to be told
    not_accepted       44       42      refused in writing, and accepted later
    not_told           44       42      the written notice late or absent
    late               45       43      handling, redoing or an assignment to us past its last day
    passed_around      45       43      given back twice or more
    overturned         45       43      the answer quashed, changed or sent back by the organ above
    advice_ignored     45       36      a supervision not answered in time
    not_carried_out    42(4)    40(4)   what was supported not carried out by its day
    concealed          46(4)    45      a major or urgent matter reported late or not at all
    disclosed          46(5)    44      handed to the unit or organ that it accuses
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from models import clocks, errors, handovers, lists, policy, projections
from models.errors import Message
from models.hlc import wall_ms
from models.records import Staff
from models.supervising import PETITION_CLOCKS, RETURNS_FROM

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityLine:
    """One switch for one unit in a period.

    Attributes:
        switch: See the head of this room.
        article: Where it stands, in both regulations.
        words: What failed.
        unit: The unit; None when the register does not name one.
        unit_name: Its name.
        count: Failed duties.
        matters: Ids and numbers of the matters, oldest failure first, each once.
    """

    switch: str
    article: Message
    words: Message
    unit: int | None
    unit_name: str
    count: int
    matters: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Failure:
    switch: str
    matter: int
    unit: int | None
    """None: the unit that is responsible for the matter."""
    on: date
    content: bool = False
    """It tells what an outline does not: only those who see the matter in full are told."""


@dataclass(frozen=True, slots=True)
class _Switch:
    article: Message
    words: Message


_ZH, _EN = "《信访工作条例》第{}条{}；《信访条例》第{}条{}", "REG-2022 Art. {}; SC-431 Art. {}"


def _switch(new: tuple[str, str, str], old: tuple[str, str, str], zh: str, en: str) -> _Switch:
    article = Message(_ZH.format(new[0], new[1], old[0], old[1]), _EN.format(new[2], old[2]))
    return _Switch(article, Message(zh, en))


SWITCHES = {
    "registered_late": _switch(
        ("四十四", "第一项", "44(1)"), ("四十二", "第一项", "42(1)"),
        "未按规定登记", "not registered as required",
    ),
    "not_accepted": _switch(
        ("四十四", "", "44"), ("四十二", "", "42"),
        "属于职权范围而不予受理（后又受理）", "within authority and refused (accepted later)",
    ),
    "not_told": _switch(
        ("四十四", "", "44"), ("四十二", "", "42"),
        "未在规定期限内书面告知信访人", "the petitioner not told in writing in time",
    ),
    "late": _switch(
        ("四十五", "", "45"), ("四十三", "", "43"),
        "拖延办理，未在规定期限内办结", "dragged on, not done in time",
    ),
    "passed_around": _switch(
        ("四十五", "", "45"), ("四十三", "", "43"),
        "推诿，信访事项被多次退回", "passed around, given back again and again",
    ),
    "overturned": _switch(
        ("四十五", "", "45"), ("四十三", "", "43"),
        "处理意见被撤销、变更或责令重新办理（是否应支持而未支持，须另行查明）",
        "the answer was quashed, changed or sent back (whether a clear claim was not supported is to be looked into)",
    ),
    "advice_ignored": _switch(
        ("四十五", "", "45"), ("三十六", "", "36"),
        "督办和改进工作的建议未按期书面答复", "supervision or advice not answered in time",
    ),
    "not_carried_out": _switch(
        ("四十二", "第四项", "42(4)"), ("四十", "第四项", "40(4)"),
        "支持信访请求的意见未按期执行", "what was supported not carried out in time",
    ),
    "concealed": _switch(
        ("四十六", "第四项", "46(4)"), ("四十五", "", "45"),
        "重大、紧急信访事项缓报或未报", "a major or urgent matter reported late or not at all",
    ),
    "disclosed": _switch(
        ("四十六", "第五项", "46(5)"), ("四十四", "", "44"),
        "将检举、控告情况转给被反映的单位", "what accuses a unit was handed to that unit",
    ),
}  # fmt: skip
"""Numbers of items are given where the texts read name them (domain reference, 8.2)."""

_BY_CLOCK = {
    "C1": "not_told", "C1t": "not_told", "C2": "late", "C8": "late", "C8r": "late", "C9": "concealed",
    "C-execute": "not_carried_out",
}  # fmt: skip
_CHUNK = 400


def liability(register: Register, by: Staff, frm: date, to: date) -> tuple[LiabilityLine, ...]:
    """Return the failed duties of a period by switch and unit, in the order of the switches, most first.

    Args:
        register: The open register.
        by: The viewer: matters that this person may not know of are not counted, and what an outline does not tell is
            counted only where the person sees the matter in full.
        frm: First day, included.
        to: Last day, included.

    Raises:
        InputError: The period ends before it begins.
    """
    if to < frm:
        raise errors.InputError(
            "to",
            f"期间的止日 {to} 早于起日 {frm}。请核对（《信访工作条例》第四十二条至第四十六条）。",
            f"The period ends on {to}, before it begins on {frm}. Check it (REG-2022 Arts 42-46).",
        )
    reading = _Reading(register, frm, to)
    failures = [failure for failure in reading.all() if frm <= failure.on <= to]
    return tuple(_grouped(register, _seen(register, by, failures, reading.petition)))


class _Reading:
    """The failures of a period, read from clocks and rows."""

    def __init__(self, register: Register, frm: date, to: date) -> None:
        self.register, self.frm, self.to = register, frm, to
        self.before = (frm - timedelta(days=1)).isoformat()
        """Last lawful day of what failed on the first day."""
        self.petition = handovers.petition_unit(register)
        self.touched = self._touched()

    def all(self) -> Iterator[_Failure]:
        yield from self._clocks()
        yield from self._registrations()
        yield from self._refusals()
        yield from self._returns()
        yield from self._reviews()
        yield from self._supervisions()
        yield from self._tasks()
        yield from self._disclosures()

    def _touched(self) -> list[int]:
        """Return the matters in which something happened since the period began, or whose duty still runs.

        What failed in the period was fulfilled after that, or still is not: no other matter can have failed.
        """
        return [
            row[0]
            for row in self.register.rows(
                "SELECT matter FROM event WHERE on_date>=? AND withdrawn IS NULL UNION SELECT matter FROM duty"
                " WHERE last_on>=? ORDER BY 1",
                (self.frm.isoformat(), self.before),
            )
        ]

    def _chunks(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        for start in range(0, len(self.touched), _CHUNK):
            some = tuple(self.touched[start : start + _CHUNK])
            yield ",".join("?" * len(some)), some

    def _clocks(self) -> Iterator[_Failure]:
        calendar, register = self.register.calendar, self.register
        with_tasks = {row[0] for row in register.rows("SELECT matter FROM task WHERE kind='execution'")}
        for marks, some in self._chunks():
            sets = {
                row[0]: projections.rules_of(row[1], row[2], register.law.book)
                for row in register.rows(f"SELECT id, rules, received_on FROM matter WHERE id IN ({marks})", some)
            }
            events: dict[int, list[clocks.Event]] = {matter: [] for matter in sets}
            for matter, kind, on, days, until, row, item in register.rows(
                "SELECT matter, kind, on_date, days, until, id, item FROM event WHERE withdrawn IS NULL"
                f" AND matter IN ({marks}) ORDER BY matter, on_date, id",
                some,
            ):
                last = date.fromisoformat(until) if until else None
                events[matter].append(clocks.Event(kind, date.fromisoformat(on), days, last, row, item))
            for matter, rules in sets.items():
                for state in clocks.clock_states(rules, events[matter], on=self.to, calendar=calendar):
                    switch = _BY_CLOCK.get(state.clock)
                    failed = state.status in ("late", "met_late") and state.whose == "bureau" and not state.provisional
                    if switch is None or not failed or state.due is None:
                        continue
                    if state.clock == "C-execute" and matter in with_tasks:
                        continue
                    on = state.due.last_on + timedelta(days=1)
                    own = state.clock in PETITION_CLOCKS
                    yield _Failure(switch, matter, self.petition if own else self._holder(matter, on), on)

    def _holder(self, matter: int, on: date) -> int | None:
        """Return the unit that had the matter in hand on a day; None: see the matter itself."""
        found = self.register.row(
            "SELECT receiver FROM handover WHERE matter=? AND removed IS NULL AND kind IN ('assign', 'designate')"
            " AND receiver IS NOT NULL AND on_date<=? ORDER BY on_date DESC, id DESC LIMIT 1",
            (matter, on.isoformat()),
        )
        return found[0] if found else None

    def _registrations(self) -> Iterator[_Failure]:
        first = self.frm - timedelta(days=90)  # more than any time limit for the notice, rest days included
        for matter, rules, start, transferred, registered in self.register.rows(
            "SELECT i.matter, m.rules, coalesce(i.transferred_on, i.received_on), i.transferred_on, i.registered_at"
            " FROM item i CROSS JOIN matter m ON m.id=i.matter WHERE i.received_on BETWEEN ? AND ?"
            " AND i.origin IS NULL AND i.cancelled IS NULL AND substr(i.registered_at, 1, 10)>"
            " date(coalesce(i.transferred_on, i.received_on), '+3 days')",
            (first.isoformat(), self.to.isoformat()),
        ):
            rule_set = projections.rules_of(rules, start, self.register.law.book)
            clock, day = "C1t" if transferred else "C1", date.fromisoformat(start)
            try:
                last = clocks.due(rule_set, clock, day, calendar=self.register.calendar).last_on
            except errors.CalendarMissingError:
                continue
            if datetime.fromisoformat(registered).astimezone().date() > last:
                yield _Failure("registered_late", matter, self.petition, last + timedelta(days=1))

    def _refusals(self) -> Iterator[_Failure]:
        for marks, some in self._chunks():
            for matter, on in self.register.rows(
                "SELECT d.matter, min(e.on_date) FROM document d JOIN event e ON e.matter=d.matter AND"
                " e.kind='accepted' AND e.withdrawn IS NULL AND e.on_date>=d.dated_on WHERE d.state='issued' AND"
                f" d.kind IN ('non_acceptance_notice', 'no_longer_accepted_notice') AND d.matter IN ({marks})"
                " GROUP BY d.matter",
                some,
            ):
                yield _Failure("not_accepted", matter, self.petition, date.fromisoformat(on), content=True)

    def _returns(self) -> Iterator[_Failure]:
        returned: dict[int, list[tuple[str, int | None]]] = {}
        for matter, on, unit in self.register.rows(
            "SELECT matter, ended_on, receiver FROM handover WHERE ended='returned' AND removed IS NULL AND ended_on"
            " IS NOT NULL ORDER BY ended_on, id"
        ):
            returned.setdefault(matter, []).append((on, unit))
        for matter, times in returned.items():
            if len(times) >= RETURNS_FROM:
                on = date.fromisoformat(times[RETURNS_FROM - 1][0])
                for unit in dict.fromkeys(unit for _, unit in times):
                    yield _Failure("passed_around", matter, unit, on, content=True)

    def _reviews(self) -> Iterator[_Failure]:
        for matter, on in self.register.rows(
            "SELECT matter, decided_on FROM review WHERE result IN ('quashed', 'changed', 'redo') AND removed IS NULL"
            " AND decided_on BETWEEN ? AND ?",
            (self.frm.isoformat(), self.to.isoformat()),
        ):
            day = date.fromisoformat(on)
            yield _Failure("overturned", matter, self._holder(matter, day), day)

    def _supervisions(self) -> Iterator[_Failure]:
        for matter, unit, due in self.register.rows(
            "SELECT matter, unit, due_on FROM supervision WHERE removed IS NULL AND due_on BETWEEN ? AND ?"
            " AND coalesce(answered_on, '9999')>due_on AND due_on<?",
            (self.before, self.to.isoformat(), self.to.isoformat()),
        ):
            yield _Failure("advice_ignored", matter, unit, date.fromisoformat(due) + timedelta(days=1))

    def _tasks(self) -> Iterator[_Failure]:
        for matter, unit, due in self.register.rows(
            "SELECT matter, unit, due_on FROM task WHERE removed IS NULL AND kind='execution' AND due_on BETWEEN ? AND"
            " ? AND coalesce(done_on, '9999')>due_on AND due_on<?",
            (self.before, self.to.isoformat(), self.to.isoformat()),
        ):
            yield _Failure("not_carried_out", matter, unit, date.fromisoformat(due) + timedelta(days=1))

    def _disclosures(self) -> Iterator[_Failure]:
        """Yield hand-overs to an accused unit or organ that stood on or after the day on which it was named."""
        connection = self.register.connection
        accused: dict[int, set[int]] = {}
        for matter, receiver, name, sender, on, ended, born, named in self.register.rows(
            "SELECT h.matter, h.receiver, h.receiver_name, h.sender, h.on_date, h.ended_on, min(a.born),"
            " max(a.name=h.receiver_name) FROM accused a CROSS JOIN handover h ON h.matter=a.matter"
            " WHERE a.removed IS NULL AND h.removed IS NULL AND h.kind<>'object' GROUP BY h.id"
        ):
            if matter not in accused:
                accused[matter] = projections.accused_units(connection, matter)
            if receiver not in accused[matter] and not (name and named):
                continue
            known_on = datetime.fromtimestamp(wall_ms(born) / 1000).astimezone().date()
            day = max(date.fromisoformat(on), known_on)
            if ended is None or date.fromisoformat(ended) >= day:
                yield _Failure("disclosed", matter, sender or self.petition, day, content=True)


def _seen(
    register: Register, by: Staff, failures: Iterable[_Failure], petition: int | None
) -> list[tuple[_Failure, str, int | None]]:
    """Return the failures that the viewer may be told of, each with its matter's number and the unit.

    Of a sealed matter an outline names the responsible unit and the petition unit; who else had it is content.
    """
    found = list(failures)
    wanted = sorted({failure.matter for failure in found})
    known: dict[int, tuple[str, int | None, bool]] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = tuple(wanted[start : start + _CHUNK])
        for matter, number, unit, full in register.rows(
            f"SELECT m.id, m.number, m.unit, {policy.visible_sql(by)} FROM matter m"
            f" WHERE m.id IN ({','.join('?' * len(some))}) AND {lists.known(register, by)}",
            some,
        ):
            known[matter] = (number, unit, bool(full))
    told = []
    for failure in found:
        number, unit, full = known.get(failure.matter, ("", None, False))
        if number and (full or not failure.content):
            named = failure.unit is not None and (full or failure.unit == petition)
            told.append((failure, number, failure.unit if named else unit))
    return told


def _grouped(register: Register, told: list[tuple[_Failure, str, int | None]]) -> list[LiabilityLine]:
    groups: dict[tuple[str, int | None], list[tuple[_Failure, str]]] = {}
    for failure, number, unit in sorted(told, key=lambda one: (one[0].on, one[0].matter)):
        groups.setdefault((failure.switch, unit), []).append((failure, number))
    lines = [
        LiabilityLine(
            switch=switch,
            article=SWITCHES[switch].article,
            words=SWITCHES[switch].words,
            unit=unit,
            unit_name=register.units().get(unit, "") if unit is not None else "",
            count=len(found),
            matters=tuple(dict.fromkeys((failure.matter, number) for failure, number in found)),
        )
        for (switch, unit), found in groups.items()
    ]
    order = {switch: place for place, switch in enumerate(SWITCHES)}
    return sorted(lines, key=lambda line: (order[line.switch], -line.count, line.unit_name))
