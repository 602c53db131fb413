"""Which clocks a matter has: the rule sets of `resources/rules`, read once and put together for a day of receipt.

Words used here:

- *national set*: SC-431 or REG-2022; the one in force on the day of receipt stays with the matter (project rule).
- *track*: rules that add clocks beside a national set: the simplified procedure and the petitioner's rating.
- *overlay*: a provincial regulation chosen in the settings. A `change` names what differs from the national clock, a
  `clock` of its own stands beside the national ones or takes the place of the one with the same id.
- *clock*: one limit: what starts it, its length and unit, who may extend it, what ends it, who is exempt, its article.

Nothing in a rule file is optional by accident: unknown keys, unknown events, a clock without an article in both
languages or a change to a clock that no national set has are refused when the file is read (`BugError`, for the files
are ours).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from models.clocks.rule_files import Change, Clock, Fact, Family, RuleFile, check_clock, rule_files
from models.errors import InputError, Language, Message

SEPARATORS = re.compile(r"[/+＋／]")
_FAMILIES: tuple[Family, ...] = ("national", "track", "overlay")
_DASHES = re.compile(r"[‐-―−－﹣_\s]+")


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """The clocks of one matter, or of one named set.

    Attributes:
        id: `SC-431`, `REG-2022`, with an overlay `REG-2022/LOCAL-zhejiang`; a track alone is called by its own id.
        base: Id of the national set or of the track.
        overlay: Id of the overlay, '' if none.
        alongside: Ids of the tracks whose clocks are among `clocks`.
        from_on: First day of receipt that the base governs.
        to_on: Last such day; None while it is in force.
        clocks: In the order of the files, the overlay's own clocks last.
        facts: What the overlay says besides clocks (representatives, contents of opinions).
    """

    id: str
    base: str
    overlay: str
    alongside: tuple[str, ...]
    title: Message
    from_on: date
    to_on: date | None
    clocks: tuple[Clock, ...]
    facts: tuple[Fact, ...]
    _by_id: dict[str, Clock]

    def clock(self, clock_id: str) -> Clock:
        """Return the clock called `clock_id` (upper or lower case).

        Raises:
            InputError: This set has no such clock; the sentence lists those it has.
        """
        clock = self._by_id.get(clock_id) or self._by_id.get(clock_id.strip().casefold())
        if clock is None:
            known = "、".join(clock.id for clock in self.clocks)
            raise InputError(
                "clock",
                f"规则 {self.id} 没有期限“{clock_id}”。可用：{known}。",
                f"The rule set {self.id} has no clock {clock_id!r}. It has: {known.replace('、', ', ')}.",
            )
        return clock


class RuleBook:
    """Rule files put together: which set governs a day, and the sets by their names.

    `shipped()` is the book of the files that come with the product; a register keeps the one that was accepted for it.
    """

    def __init__(self, files: Sequence[RuleFile]) -> None:
        self._all = tuple(files)
        self._made: dict[tuple[date, str, bool], RuleSet] = {}
        self._tracks: dict[str, RuleSet] = {}
        self._turns = self._days_of_change()

    @property
    def files(self) -> tuple[RuleFile, ...]:
        """The files that the book is made of."""
        return self._all

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all sets: national, tracks, overlays."""
        return tuple(file.id for family in _FAMILIES for file in self._files(family))

    def overlays(self) -> tuple[RuleFile, ...]:
        """Return the overlays that the bureau may choose from."""
        return self._files("overlay")

    def rules_for(self, received_on: date, overlay: str = "") -> RuleSet:
        """Return the rules of a matter received on `received_on`; see the function of this name."""
        place = bisect_right(self._turns, received_on) - 1
        if place < 0:
            first = self._turns[0]
            raise InputError(
                "received_on",
                f"收到日期 {received_on} 早于 {first}（《信访条例》施行之日），没有可用的规则。请核对日期。",
                f"The day of receipt {received_on} is before {first}, when the first rule set known here came into"
                " force. Check the date.",
            )
        return self._in_force(self._turns[place], self.overlay(overlay).id if overlay else "", False)

    def rule_set(self, set_id: str, on: date | None = None) -> RuleSet:
        """Return a set by its name; see the function of this name."""
        parts = [self._find(part) for part in SEPARATORS.split(set_id) if part.strip()]
        bases = {file.id: file for file in parts if file.family != "overlay"}
        overlays = {file.id: file for file in parts if file.family == "overlay"}
        if not parts or len(bases) > 1 or len(overlays) > 1:
            raise self._unknown_set(set_id)
        overlay = next(iter(overlays), "")
        base = next(iter(bases.values()), None)
        if base is None:
            national = self._files("national")
            begun = [file for file in national if on is None or file.from_on <= on]
            base = begun[-1] if begun else national[0]
        if base.family == "track":
            if overlay:
                raise self._unknown_set(set_id)
            return self._track_alone(base)
        last = base.to_on or date.max
        day = min(max(on or last, base.from_on), last)
        return self._in_force(self._turns[bisect_right(self._turns, day) - 1], overlay, True)

    def overlay(self, name: str) -> RuleFile:
        """Return an overlay by its name (`LOCAL-zhejiang` or `zhejiang`). Raises InputError."""
        wanted = _plain(name)
        for file in self._files("overlay"):
            if wanted in (_plain(file.id), _plain(file.id).removeprefix("local-")):
                return file
        raise self._unknown_set(name)

    def clock_name(self, clock_id: str, language: Language) -> str:
        """Return the name of a clock as the newest set that has it calls it; the id itself when none has."""
        for family in _FAMILIES:
            for file in reversed(self._files(family)):
                for clock in file.clocks:
                    if clock.id == clock_id:
                        return clock.name.zh if language == "zh" else clock.name.en
        return clock_id

    def _files(self, family: Family) -> tuple[RuleFile, ...]:
        return tuple(
            sorted((file for file in self._all if file.family == family), key=lambda file: (file.from_on, file.id))
        )

    def _days_of_change(self) -> list[date]:
        """Return the days on which the rules in force change, from the first national set on."""
        days: set[date] = set()
        for file in self._all:
            spans = [(file.from_on, file.to_on), *((clock.from_on, clock.to_on) for clock in file.clocks)]
            days |= {begins for begins, _ in spans if begins is not None}
            days |= {ends + timedelta(days=1) for _, ends in spans if ends is not None}
        first = self._files("national")[0].from_on
        return sorted(day for day in days if day >= first)

    def _find(self, part: str) -> RuleFile:
        wanted = _plain(part)
        for file in self._all:
            if wanted in (_plain(name) for name in (file.id, *file.aliases)):
                return file
        raise self._unknown_set(part)

    def _unknown_set(self, name: str) -> InputError:
        known = "、".join(self.ids())
        return InputError(
            "rules",
            f"没有规则“{name}”。可用：{known}；地方规定可写作 REG-2022/LOCAL-zhejiang。",
            f"There is no rule set {name!r}. There are: {known.replace('、', ', ')}; "
            "an overlay is written REG-2022/LOCAL-zhejiang.",
        )

    def _in_force(self, day: date, overlay_id: str, named: bool) -> RuleSet:
        key = (day, overlay_id, named)
        if key not in self._made:
            self._made[key] = self._put_together(day, overlay_id, named)
        return self._made[key]

    def _put_together(self, day: date, overlay_id: str, named: bool) -> RuleSet:
        """Put together the rules in force on `day`; an overlay that is `named` counts even where it came later."""
        national = next(file for file in self._files("national") if file.covers(day))
        tracks = tuple(file for file in self._files("track") if file.covers(day))
        clocks = {clock.id: clock for file in (national, *tracks) for clock in file.clocks if clock.covers(day)}
        overlay = next((file for file in self._files("overlay") if file.id == overlay_id), None)
        if overlay is not None and not (named or overlay.covers(day)):
            overlay = None
        facts: tuple[Fact, ...] = ()
        if overlay is not None:
            clocks |= {
                change.clock: _changed(clocks[change.clock], change)
                for change in overlay.changes
                if change.clock in clocks
            }
            clocks |= {clock.id: clock for clock in overlay.clocks}
            facts = overlay.facts
        return _made(national, overlay, tracks, tuple(clocks.values()), facts)

    def _track_alone(self, track: RuleFile) -> RuleSet:
        if track.id not in self._tracks:
            self._tracks[track.id] = _made(track, None, (), track.clocks, ())
        return self._tracks[track.id]


@cache
def shipped() -> RuleBook:
    """Return the book of the rule files that come with the product."""
    return RuleBook(rule_files())


def rule_set_ids() -> tuple[str, ...]:
    """Return the ids of all sets that come with the product: national, tracks, overlays."""
    return shipped().ids()


def rules_for(received_on: date, overlay: str = "") -> RuleSet:
    """Return the rules of a matter received on `received_on`, the day that fixes its set (project rule).

    Args:
        received_on: Day the first item was received.
        overlay: Overlay of the bureau's settings (`LOCAL-zhejiang` or `zhejiang`), '' for none. It counts from the day
            it came into force; before that the national set stands alone.

    Raises:
        InputError: No national set was in force on that day, or there is no such overlay.
    """
    return shipped().rules_for(received_on, overlay)


def rule_set(set_id: str, on: date | None = None) -> RuleSet:
    """Return a set by its name, taken liberally.

    Accepted, in upper or lower case: `SC-431`, `MPS-79`, `SC-431+MPS-79` (one set); `REG-2022`, `MPS-2023`;
    `SIMPLE-2016`, `SIMPLE-2022`, `RATE-2014`, `RATE-2022`; `REG-2022/LOCAL-zhejiang`; `LOCAL-zhejiang` alone, laid over
    the national set in force on `on`.

    Args:
        set_id: The name.
        on: A day of receipt: tracks and clocks that came or went while the set was in force are those of this day,
            moved into the time of the set where it lies outside; None: those of the set's last days.

    Raises:
        InputError: There is no such set; the sentence lists them.
    """
    return shipped().rule_set(set_id, on)


def clock_name(clock_id: str, language: Language) -> str:
    """Return the name of a clock as the newest set that has it calls it; the id itself when none has."""
    return shipped().clock_name(clock_id, language)


def _plain(name: str) -> str:
    return _DASHES.sub("-", name.strip()).casefold()


def _made(
    base: RuleFile,
    overlay: RuleFile | None,
    tracks: tuple[RuleFile, ...],
    clocks: tuple[Clock, ...],
    facts: tuple[Fact, ...],
) -> RuleSet:
    title = base.title
    if overlay is not None:
        title = Message(f"{title.zh}；{overlay.title.zh}", f"{title.en}; {overlay.title.en}")
    return RuleSet(
        id=base.id if overlay is None else f"{base.id}/{overlay.id}",
        base=base.id,
        overlay="" if overlay is None else overlay.id,
        alongside=tuple(file.id for file in tracks),
        title=title,
        from_on=base.from_on,
        to_on=base.to_on,
        clocks=clocks,
        facts=facts,
        _by_id={key: clock for clock in clocks for key in (clock.id, clock.id.casefold())},
    )


def _changed(clock: Clock, change: Change) -> Clock:
    """Return `clock` as the overlay has it; its article is told first, the national one after it."""
    article = Message(
        f"{change.article.zh}（国家规定：{clock.article.zh}）", f"{change.article.en} (national: {clock.article.en})"
    )
    changed = replace(
        clock,
        length=clock.length if change.length is None else change.length,
        unit=change.unit or clock.unit,
        extension=change.extension or clock.extension,
        remark=change.remark or clock.remark,
        article=article,
    )
    check_clock(changed, f"{clock.id} as changed by {change.article.en}")
    return changed
