"""The rule files as records: what `resources/rules/*.toml` may say, and the refusal of anything else.

The files are part of the product; a fault in one is ours (`BugError`) and names file, clock and key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

from models.clocks.events import EVENT_NAMES
from models.errors import BugError, Message

RULES_FORMAT = "petition-desk/rules/1"

Family = Literal["national", "track", "overlay"]
Unit = Literal["C", "W", "at_once", "as_set", "none"]
"""C calendar days, W working days, at_once the same day, as_set the assignment says, none no length is set."""
Whose = Literal["bureau", "petitioner", "organ_above", "other", "assigned"]
"""Whose step it is; `assigned`: of whoever was assigned, us or the organ we assigned to."""
ClockKind = Literal["duty", "window"]
"""A duty that is missed is late; a window (a right to ask or object) that is not used has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Events that end a clock together, each on or after the one before.

    Attributes:
        all: The events.
        track: Only while this track runs, '' for always.
        of: Only for a clock that one of these events started; empty for any.
        unless: What takes the ending back, on its day or later: an objection that is refused was none.
    """

    all: tuple[str, ...]
    track: str = ""
    of: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Who may extend. `max_days` None: as much as `by` allows. Only one extension counts (project rule)."""

    event: str
    by: Message
    max_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One limit.

    Attributes:
        id: Id of the domain reference, e.g. `C1t`.
        start: Event kinds that start it; empty when its start happens elsewhere.
        length: Days; for `as_set` the length where none was set; None where there is none.
        at_once_first: The text wants it at once or on the spot where possible.
        tracked: False: not our clock, never among the clock states.
        track: Only on this track (`simple`), '' for always.
        exempt_by: Events that lift the duty, whenever they are recorded.
        ceased_by: Events that stop it; what was late by then stays late.
        not_later_than: Clocks whose own limit is the latest day on which this one may start (acceptance date rule).
        hearing_left_out: Hearing time is not counted.
        one_by_one: Each start is ended by an event of its own, the first by the first: two letters need two answers.
        unconfirmed: Keys that were not seen in a text.
        project_rule: Keys that are our own decision.
    """

    id: str
    name: Message
    start: tuple[str, ...]
    start_text: Message
    unit: Unit
    whose: Whose
    kind: ClockKind
    ends: tuple[Ending, ...]
    ends_text: Message
    article: Message
    length: int | None = None
    at_once_first: bool = False
    tracked: bool = True
    track: str = ""
    exempt_by: tuple[str, ...] = ()
    exempt_text: Message | None = None
    ceased_by: tuple[str, ...] = ()
    extension: Extension | None = None
    not_later_than: tuple[str, ...] = ()
    hearing_left_out: bool = False
    one_by_one: bool = False
    remark: Message | None = None
    unconfirmed: tuple[str, ...] = ()
    project_rule: tuple[str, ...] = ()
    from_on: date | None = None
    to_on: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the clock holds for a matter received on `day`."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an overlay changes on a national clock; None and '' leave it as it is."""

    clock: str
    article: Message
    length: int | None = None
    unit: Unit | None = None
    extension: Extension | None = None
    remark: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A highest number: at most `most` where there are up to `people`, or any number of people when that is None."""

    most: int
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A local rule that is not a clock; `caps` are its highest numbers, the one for the fewest people first."""

    id: str
    text: Message
    article: Message
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file of rules, as read."""

    id: str
    family: Family
    title: Message
    from_on: date
    to_on: date | None
    aliases: tuple[str, ...]
    note: Message | None
    unconfirmed: tuple[str, ...]
    clocks: tuple[Clock, ...]
    changes: tuple[Change, ...]
    facts: tuple[Fact, ...]

    def covers(self, day: date) -> bool:
        """Tell whether the rules are in force on `day`."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class Table:
    """A TOML table that must be read whole: `done` refuses the keys that nobody took."""

    def __init__(self, raw: Any, where: str) -> None:
        if not isinstance(raw, dict):
            raise fault(where, "is not a table")
        self.raw, self.where, self.taken = raw, where, set[str]()

    def take(self, key: str, kind: type[Any], default: Any = ...) -> Any:
        """Return the value of `key`, of the Python type `kind`; the key must be there unless a default is given."""
        self.taken.add(key)
        if key not in self.raw:
            if default is ...:
                raise fault(self.where, f"lacks {key}")
            return default
        value = self.raw[key]
        # A bool is an int to Python and a datetime is a date: neither may stand in for the other here.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)) or isinstance(value, datetime):
            raise fault(self.where, f"{key} is not of the kind {kind.__name__}")
        return value

    def one_of(self, key: str, allowed: Any, default: Any = ...) -> Any:
        """Return a text that is one of the values of the Literal type `allowed`."""
        value = self.take(key, str, default)
        if value is not default and value not in get_args(allowed):
            raise fault(self.where, f"{key} = {value!r} is not one of {get_args(allowed)}")
        return value

    def message(self, key: str, default: Any = ...) -> Any:
        """Return a text in both languages, neither empty."""
        raw = self.take(key, dict, default)
        if raw is default:
            return default
        table = Table(raw, f"{self.where}.{key}")
        message = Message(table.take("zh", str), table.take("en", str))
        table.done()
        if not message.zh.strip() or not message.en.strip():
            raise fault(self.where, f"{key} is empty in one language")
        return message

    def days(self, key: str) -> int | None:
        """Return a number of days, 1 or more; None when the key is absent."""
        value = self.take(key, int, None)
        if value is not None and value < 1:
            raise fault(self.where, f"{key} must be 1 or more")
        return cast("int | None", value)

    def words(self, key: str, known: Any = None, default: Any = ()) -> tuple[str, ...]:
        """Return a list of texts, all of them among `known` if that is given."""
        words = tuple(self.take(key, list, default))
        for word in words:
            if not isinstance(word, str) or (known is not None and word not in known):
                raise fault(self.where, f"{key} names {word!r}, which is not known")
        return words

    def one_event(self, key: str) -> str:
        """Return the kind of an event."""
        event = self.take(key, str)
        if event not in EVENT_NAMES:
            raise fault(self.where, f"{key} names {event!r}, which is not known")
        return cast("str", event)

    def tables(self, key: str) -> list[Any]:
        """Return a list of tables, empty when the key is absent."""
        return list(self.take(key, list, []))

    def done(self) -> None:
        """Refuse keys that were not taken."""
        if unknown := set(self.raw) - self.taken:
            raise fault(self.where, f"has unknown keys {sorted(unknown)}")


def fault(where: str, en: str) -> BugError:
    """Return the error for a fault in a rule file: where it is and what is wrong."""
    return BugError(
        f"规则文件有错：{where}（{en}）。请重新安装本程序。",
        f"A rule file is at fault: {where} {en}. Install the program anew.",
    )


_MARKS = (
    "length", "article", "start", "ends", "ceased_by", "extension", "remark", "from", "to", "not_later_than",
)  # fmt: skip


def parse_rule_file(text: str, name: str) -> RuleFile:
    """Read one rule file.

    Args:
        text: TOML.
        name: File name, told in errors.

    Raises:
        BugError: Anything the file may not say, or does not say and must.
    """
    try:
        table = Table(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise fault(name, f"is not TOML: {error}") from error
    if table.take("format", str) != RULES_FORMAT:
        raise fault(name, f"is not of the format {RULES_FORMAT}")
    family: Family = table.one_of("kind", Family)
    track = table.take("track", str) if family == "track" else ""
    clocks = tuple(_clock(raw, name, track) for raw in table.tables("clock"))
    if len({clock.id.casefold() for clock in clocks}) != len(clocks):
        raise fault(name, "has two clocks with one id")
    file = RuleFile(
        id=table.take("id", str),
        family=family,
        title=table.message("title"),
        from_on=table.take("from", date),
        to_on=table.take("to", date, None),
        aliases=table.words("aliases"),
        note=table.message("note", None),
        unconfirmed=table.words("unconfirmed", _MARKS),
        clocks=clocks,
        changes=tuple(_change(raw, name) for raw in table.tables("change")) if family == "overlay" else (),
        facts=tuple(_fact(raw, name) for raw in table.tables("fact")) if family == "overlay" else (),
    )
    table.done()
    return file


def _clock(raw: Any, name: str, track: str) -> Clock:
    table = Table(raw, f"{name}[{raw.get('id') if isinstance(raw, dict) else raw}]")
    clock = Clock(
        id=table.take("id", str),
        name=table.message("name"),
        start=table.words("start", EVENT_NAMES, ...),
        start_text=table.message("start_text"),
        length=table.days("length"),
        unit=table.one_of("unit", Unit),
        at_once_first=table.take("at_once_first", bool, False),
        whose=table.one_of("whose", Whose),
        kind=table.one_of("kind", ClockKind),
        tracked=table.take("tracked", bool, True),
        track=track,
        ends=tuple(_ending(ending, table.where) for ending in table.tables("ends")),
        ends_text=table.message("ends_text"),
        exempt_by=table.words("exempt_by", EVENT_NAMES),
        exempt_text=table.message("exempt_text", None),
        ceased_by=table.words("ceased_by", EVENT_NAMES),
        extension=_extension(table),
        not_later_than=table.words("not_later_than"),
        hearing_left_out=table.take("hearing_left_out", bool, False),
        one_by_one=table.take("one_by_one", bool, False),
        article=table.message("article"),
        remark=table.message("remark", None),
        unconfirmed=table.words("unconfirmed", _MARKS),
        project_rule=table.words("project_rule", _MARKS),
        from_on=table.take("from", date, None),
        to_on=table.take("to", date, None),
    )
    table.done()
    check_clock(clock, table.where)
    return clock


def check_clock(clock: Clock, where: str) -> None:
    """Refuse a clock whose parts do not go together; `where` is told in the error. Raises BugError."""
    if not clock.ends or (clock.tracked and not clock.start):
        raise fault(where, "has no event that starts or ends it")
    needs, forbids = clock.unit in ("C", "W"), clock.unit in ("at_once", "none")
    if (needs and clock.length is None) or (forbids and clock.length is not None):
        raise fault(where, f"has a length that does not go with the unit {clock.unit}")
    if (clock.extension or clock.hearing_left_out) and clock.unit in ("W", "at_once", "none"):
        raise fault(where, f"cannot be extended or leave out hearings in the unit {clock.unit}")
    if clock.one_by_one and any(len(ending.all) > 1 for ending in clock.ends):
        raise fault(where, "pairs starts with endings of several events")
    if any(start not in clock.start for ending in clock.ends for start in ending.of):
        raise fault(where, "has an end for an event that does not start it")


def _ending(raw: Any, where: str) -> Ending:
    table = Table(raw, f"{where}.ends")
    ending = Ending(
        all=table.words("all", EVENT_NAMES, ...),
        track=table.take("track", str, ""),
        of=table.words("of", EVENT_NAMES),
        unless=table.words("unless", EVENT_NAMES),
    )
    table.done()
    if not ending.all:
        raise fault(where, "has an end without events")
    return ending


def _extension(parent: Table) -> Extension | None:
    raw = parent.take("extension", dict, None)
    if raw is None:
        return None
    table = Table(raw, f"{parent.where}.extension")
    extension = Extension(event=table.one_event("event"), max_days=table.days("max_days"), by=table.message("by"))
    table.done()
    return extension


def _change(raw: Any, name: str) -> Change:
    table = Table(raw, f"{name}[change {raw.get('clock') if isinstance(raw, dict) else raw}]")
    change = Change(
        clock=table.take("clock", str),
        article=table.message("article"),
        length=table.days("length"),
        unit=table.one_of("unit", Unit, None),
        extension=_extension(table),
        remark=table.message("remark", None),
    )
    table.done()
    return change


def _fact(raw: Any, name: str) -> Fact:
    table = Table(raw, f"{name}[fact]")
    fact = Fact(
        id=table.take("id", str),
        text=table.message("text"),
        article=table.message("article"),
        caps=tuple(_cap(cap, table.where) for cap in table.tables("caps")),
    )
    table.done()
    return fact


def _cap(raw: Any, where: str) -> Cap:
    table = Table(raw, f"{where}.caps")
    most, people = table.days("most"), table.days("people")
    table.done()
    if most is None:
        raise fault(where, "has a cap without its number")
    return Cap(most=most, people=people)


def rule_texts() -> dict[str, str]:
    """Return the text of each file of `resources/rules` by its name."""
    folder = files("resources") / "rules"
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry.read_text(encoding="utf-8") for entry in entries if entry.name.endswith(".toml")}


def read_rule_files(texts: Mapping[str, str]) -> tuple[RuleFile, ...]:
    """Read rule files by their names, `routes.toml` left out.

    Raises:
        BugError: A file is at fault, or an overlay changes a clock that no national set has.
    """
    read = tuple(parse_rule_file(text, name) for name, text in sorted(texts.items()) if name != "routes.toml")
    national = {clock.id for file in read if file.family == "national" for clock in file.clocks}
    for file in read:
        for change in file.changes:
            if change.clock not in national:
                raise fault(file.id, f"changes {change.clock}, which no national set has")
    return read


@cache
def rule_files() -> tuple[RuleFile, ...]:
    """Return all rule files that are shipped with the product, read once in a process. Raises BugError."""
    return read_rule_files(rule_texts())
