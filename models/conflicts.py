"""Conflicts: values of one column that were entered apart from each other, each without knowledge of the other.

The merge finds them (models.merge) and shows the later value; the other is kept in the local table `conflict`, the same
at every desk and at the hub. A conflict stays open until a person has settled it: the act `settle_conflict` writes a
row `settlement` and, when another value is to hold, sets the column. Statutory dates and decisions have a clock: three
working days after the local day of the later of the two instants (project rule).

Who settles: the petition unit or the keeper; a statutory one only who decides (head of a unit, deputy, chief), and not
the person who entered both values. Who may not know of a matter sees no conflict of it; of a sealed matter, an outline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

from models import clocks, codes, column_words, errors, policy, sight, trail
from models.checking import fits
from models.errors import Message
from models.hlc import device_of, wall_ms
from models.records import Sight, Staff
from models.tables import BY_NAME

if TYPE_CHECKING:
    from models.register import Register

DAYS_TO_SETTLE = 3
"""Working days within which a conflict in a statutory date or a decision is settled (project rule)."""
PAGE = 50
SETTLERS = frozenset({"PU", "KEEPER"})
DECIDERS = frozenset({"HU", "DL", "CH"})
"""Roles that settle a conflict in a statutory date or a decision."""

Key = tuple[str, int, str, int]
"""Table, row, column, and the hybrid instant of the value that does not show."""
Choice = Literal["kept", "other", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two values: what it is, in words, and who entered it when and where.

    Attributes:
        value: As stored; None when it was emptied, and in an outline.
        word: As people read it; '' in an outline.
        who: Name of the person, '' in an outline or when the entry is not known.
        at: When it was entered.
        workstation: Name of the workstation.
    """

    value: Any
    word: Message
    who: str
    at: datetime
    workstation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictLine:
    """One open conflict.

    Attributes:
        key: What `settle` asks for.
        table: Name of the table in words.
        column: Name of the column in words.
        row_label: What tells the row apart, e.g. a claim's text or a document's title; '' in an outline.
        matter: The matter it belongs to, None for one of the bureau's own rows.
        number: The matter's number, '' without a matter.
        title: Its title; '' in an outline.
        sight: What the viewer may see.
        kept: The value that shows.
        other: The value that does not.
        statutory: A date fixed by law or a decision: a person must settle it.
        since: Local day of the later of the two instants.
        due_on: Last day to settle a statutory one; None for others, and when its year has no calendar.
        late: The day is past.
        may_settle: The viewer may settle it.
    """

    key: Key
    table: Message
    column: Message
    row_label: str
    matter: int | None
    number: str
    title: str
    sight: Sight
    kept: Side
    other: Side
    statutory: bool
    since: date
    due_on: date | None
    late: bool
    may_settle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    """Some lines, the earliest due first; `total` is exact, `after` goes on and is None at the end."""

    total: int
    lines: tuple[ConflictLine, ...]
    after: Any


class Open(NamedTuple):
    """A row of the table `conflict` that no settlement speaks of."""

    table: str
    row: int
    column: str
    kept_at: int
    other_at: int
    kept: str
    other: str
    statutory: int
    matter: int | None
    number: str | None
    title: str | None
    full: int
    since: date
    due_on: date | None

    @property
    def key(self) -> Key:
        """Return what `settle` asks for."""
        return self.table, self.row, self.column, self.other_at


class _Entered(NamedTuple):
    actor: int | None
    at: datetime


_OPEN = (
    "NOT EXISTS(SELECT 1 FROM settlement s WHERE s.row=c.row AND s.table_name=c.table_name"
    " AND s.column_name=c.column_name AND s.other_at=c.other_at)"
)


class Conflicts:
    """The open conflicts as one person may see and settle them on a day."""

    def __init__(self, register: Register, person: Staff, on: date, now: Callable[[], datetime]) -> None:
        self._register = register
        self._person = person
        self._on = on
        self._now = now
        self._entered: dict[int, _Entered] = {}

    def open_ones(self, after: Any = None, limit: int = PAGE) -> ConflictPage:
        """Return a page of the open conflicts.

        Args:
            after: `ConflictPage.after` of the page before.
            limit: Lines at most.
        """
        everything = self.known()
        rest = [one for one in everything if after is None or _order(one) > tuple(after)]
        lines = tuple(self._line(one) for one in rest[:limit])
        return ConflictPage(
            total=len(everything), lines=lines, after=_order(rest[limit - 1]) if len(rest) > limit else None
        )

    def count(self) -> int:
        """Return how many conflicts are open that this person may know of."""
        return len(self.known())

    def known(self) -> list[Open]:
        """Return the open conflicts that this person may know of, the earliest due first."""
        found = [self._dated(row) for row in self._rows("1", ())]
        return sorted(found, key=_order)

    def settle(self, key: Key, choice: Choice, *, value: Any = None, reason: str, at: datetime | None = None) -> int:
        """Settle a conflict; returns the journal's sequence number.

        Args:
            key: `ConflictLine.key`.
            choice: `kept`: what shows holds; `other`: the other value; `new`: the given `value`.
            value: For `new`: the value as stored (a date as ISO text).
            reason: Why.
            at: Instant; now by default.

        Raises:
            InputError: No such open conflict, no reason, or no value.
            NotAllowedError: Not for this person.
        """
        table, row, column, other_at = key
        rows = self._rows("c.table_name=? AND c.row=? AND c.column_name=? AND c.other_at=?", key)
        if not rows:
            raise errors.InputError(
                "conflict",
                "没有这个待裁定的冲突，可能已由他人裁定。请刷新后再看。",
                "There is no such open conflict; somebody may have settled it. Look again.",
            )
        one = self._dated(rows[0])
        if one.matter is not None:
            sight.matter_for(self._register, one.matter, self._person)
        self._check_person(one)
        if not reason.strip():
            raise errors.InputError("reason", "请写明裁定的理由。", "Say why this value holds.")
        holds = {"kept": orjson.loads(one.kept), "other": orjson.loads(one.other), "new": value}.get(choice)
        if choice not in ("kept", "other", "new"):
            raise errors.InputError(
                "choice",
                f"没有“{choice}”这种裁定。可用：kept、other、new。",
                f"Choose kept, other or new, not “{choice}”.",
            )
        _check_value(one, holds, new=choice == "new")
        with self._register.act("settle_conflict", by=self._person, at=at or self._now(), matter=one.matter) as act:
            act.insert("settlement", {
                "table_name": table, "row": row, "column_name": column, "kept_at": one.kept_at, "other_at": other_at,
                "chosen": choice, "reason": reason.strip(), "matter": one.matter, "settled_by": self._person.id,
            })  # fmt: skip
            if choice != "kept":
                act.set(table, row, **{column: holds})
        return self._register.seq

    # --- reading ------------------------------------------------------------------------------------------------------

    def _rows(self, where: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return open conflicts of matters that this person may know of, and those of the bureau's own rows."""
        known, full = policy.known_sql(self._person), policy.visible_sql(self._person)
        bureau = int(bool(self._person.roles & (SETTLERS | DECIDERS)))
        return self._register.rows(
            "SELECT c.table_name, c.row, c.column_name, c.kept_at, c.other_at, c.kept, c.other, c.statutory, c.matter,"
            f" m.number, m.title, CASE WHEN m.id IS NULL THEN 1 ELSE ({full}) END FROM conflict c LEFT JOIN matter m"
            f" ON m.id=c.matter WHERE {_OPEN} AND CASE WHEN m.id IS NULL THEN {bureau} ELSE ({known}) END"
            f" AND ({where})",
            tuple(values),
        )

    def _dated(self, row: tuple[Any, ...]) -> Open:
        kept_at, other_at, statutory = row[3], row[4], row[7]
        since = max(self._entry(kept_at).at, self._entry(other_at).at).astimezone().date()
        due_on = None
        if statutory:
            try:
                due_on = date.fromordinal(self._calendar.add_working(since.toordinal(), DAYS_TO_SETTLE))
            except errors.CalendarMissingError:
                due_on = None
        return Open._make((*row, since, due_on))

    @cached_property
    def _calendar(self) -> clocks.Calendar:
        return self._register.calendar

    @cached_property
    def _people(self) -> dict[int, str]:
        return dict(self._register.rows("SELECT id, name FROM staff"))

    @cached_property
    def _stations(self) -> dict[int, str]:
        return dict(self._register.rows("SELECT number, name FROM device ORDER BY id"))

    def _entry(self, instant: int) -> _Entered:
        """Return who entered a value and when; a clock that was set back or ahead of others is shown as it stood."""
        if instant not in self._entered:
            entry = trail.entry_at(self._register.connection, instant)
            wall = wall_ms(instant) if entry is None else min(entry.at_ms, wall_ms(instant))
            self._entered[instant] = _Entered(entry.actor if entry else None, datetime.fromtimestamp(wall / 1000, UTC))
        return self._entered[instant]

    def _line(self, one: Open) -> ConflictLine:
        full = bool(one.full)
        return ConflictLine(
            key=one.key,
            table=column_words.table_names(one.table),
            column=column_words.column_names(one.table, one.column),
            row_label=self._label(one) if full else "",
            matter=one.matter,
            number=one.number or "",
            title=(one.title or "") if full else "",
            sight="full" if full else "outline",
            kept=self._side(one, one.kept_at, one.kept),
            other=self._side(one, one.other_at, one.other),
            statutory=bool(one.statutory),
            since=one.since,
            due_on=one.due_on,
            late=one.due_on is not None and one.due_on < self._on,
            may_settle=full and self._refusal(one) is None,
        )

    def _side(self, one: Open, instant: int, stored: str) -> Side:
        entered, device = self._entry(instant), device_of(instant)
        station = self._stations.get(device) or str(device)
        if not one.full:
            return Side(value=None, word=Message("", ""), who="", at=entered.at, workstation=station)
        value = orjson.loads(stored)
        return Side(
            value=value,
            word=Message(
                column_words.value_word(self._register, one.table, one.column, value, "zh"),
                column_words.value_word(self._register, one.table, one.column, value, "en"),
            ),
            who=self._people.get(entered.actor or 0, ""),
            at=entered.at,
            workstation=station,
        )

    def _label(self, one: Open) -> str:
        if one.table == "matter":
            return ""
        declared = BY_NAME[one.table].names
        name = column_words.label_column(one.table) if one.table in column_words.tables() else declared[0]
        found = self._register.row(f"SELECT {name} FROM {one.table} WHERE id=?", (one.row,))
        language = errors.spoken()
        return column_words.value_word(self._register, one.table, name, found[0] if found else None, language)

    # --- who and what -------------------------------------------------------------------------------------------------

    def _refusal(self, one: Open) -> errors.NotAllowedError | None:
        roles = DECIDERS if one.statutory else SETTLERS
        if not self._person.roles & roles:
            names = "/".join(sorted(roles))
            return errors.NotAllowedError(
                f"{self._person.name}不能裁定这个冲突：须由 {names} 裁定。",
                f"{self._person.name} may not settle this conflict: it takes one of {names}.",
            )
        authors = {self._entry(instant).actor for instant in (one.kept_at, one.other_at)}
        if one.statutory and authors == {self._person.id}:
            return errors.NotAllowedError(
                f"两个值都是{self._person.name}录入的：法定日期和决定的冲突须由他人裁定。",
                f"{self._person.name} entered both values: somebody else settles a conflict in a date fixed by law or a"
                " decision.",
            )
        return None

    def _check_person(self, one: Open) -> None:
        refused = self._refusal(one)
        if refused is not None:
            raise refused


def _order(one: Open) -> tuple[Any, ...]:
    """Return the place of a conflict: what is due first, then what is statutory, then the older."""
    return (
        one.due_on.isoformat() if one.due_on else "9999",
        int(not one.statutory),
        one.since.isoformat(),
        *one.key,
    )


def _check_value(one: Open, value: Any, *, new: bool) -> None:
    """Refuse a value that the column cannot have.

    Raises:
        InputError: says why.
    """
    declared = BY_NAME[one.table].column(one.column)
    name = column_words.column_names(one.table, one.column)
    if value is None and declared.required:
        raise errors.InputError("value", f"“{name.zh}”不能为空。", f"“{name.en}” cannot be empty.")
    if not new or value is None:
        return
    of_codes = column_words.code_table(one.table, one.column) if one.table in column_words.tables() else ""
    if declared.refers or declared.kind == "json" or (one.table, one.column) == ("matter", "state"):
        raise errors.InputError(
            "value",
            f"“{name.zh}”只能在两个值中选一个；要改成别的，请先裁定，再用相应的办理步骤。",
            f"“{name.en}”: choose one of the two values; for another one settle first, then take the step that sets"
            " it.",
        )
    if (
        not fits(declared.kind, value)
        or (of_codes and str(value) not in codes.codes(of_codes))
        or _no_day(declared.kind, value)
    ):
        raise errors.InputError("value", f"“{name.zh}”不能是“{value}”。", f"“{name.en}” cannot be “{value}”.")


def _no_day(kind: str, value: Any) -> bool:
    if kind != "date":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return True
    return False


def for_queue(register: Register, staff: Staff, on: date) -> str:
    """Return the open conflicts of matters for the queue on Today, as JSON: matter, since, due, note, row."""
    asked = Conflicts(register, staff, on, lambda: datetime.now(UTC))
    language = errors.spoken()
    lines = []
    for number, one in enumerate(asked.known()):
        if one.matter is None:
            continue
        name = column_words.column_names(one.table, one.column)
        due_on = one.due_on.isoformat() if one.due_on else None
        lines.append([one.matter, one.since.isoformat(), due_on, name.zh if language == "zh" else name.en, number])
    return orjson.dumps(lines).decode()
