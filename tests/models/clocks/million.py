"""The clock engine against the second clock on random cases: `python -m tests.models.clocks.million N SEED`.

Ends with one line of figures; exit code 1 when a single case differs, which is printed so that it can be tried by hand.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta

from models.clocks import Calendar, RuleSet, due, load_calendar, rule_set
from models.errors import CalendarMissingError
from tests.models.clocks.second_clock import RULES, NoYearError, Rule, day_table, second_due

FIRST = date(2005, 5, 1).toordinal()
LAST = date(2027, 6, 30).toordinal()

Outcome = tuple[date, date, int] | int
"""Raw end, last day, hearing days; or the year that is missing."""


@dataclass(frozen=True)
class Case:
    """One question to both clocks."""

    rules: str
    clock: str
    start: date
    extended: int
    hearing: tuple[tuple[date, date], ...]
    days: int | None
    until: date | None


def draw(chance: random.Random, known: list[tuple[str, str, Rule]]) -> tuple[Case, Rule]:
    """Draw one case. Starts lie from before the first known year to after the last."""
    name, clock, rule = known[chance.randrange(len(known))]
    # One start in eight lies around a turn of the year, where notices overlap and years go missing.
    if chance.random() < 0.125:
        start = date(chance.randrange(2006, 2028), 1, 1) + timedelta(days=chance.randrange(-75, 5))
    else:
        start = date.fromordinal(chance.randrange(FIRST, LAST))
    extended = 0
    if rule.extension >= 0 and chance.random() < 0.5:
        extended = chance.randrange(1, (rule.extension or 120) + 1)
    days, until = None, None
    if rule.unit == "set":
        if chance.random() < 0.3:
            until = start + timedelta(days=chance.randrange(0, 120))
        elif not rule.length or chance.random() < 0.5:
            days = chance.randrange(1, 180)
    hearing: list[tuple[date, date]] = []
    if rule.hearing:
        for _ in range(chance.randrange(4)):
            first = start + timedelta(days=chance.randrange(-10, 80))
            hearing.append((first, first + timedelta(days=chance.randrange(12))))
    return Case(name, clock, start, extended, tuple(hearing), days, until), rule


def first_clock(rules: RuleSet, calendar: Calendar, case: Case) -> Outcome:
    """Ask the product's clock."""
    try:
        end = due(
            rules, case.clock, case.start, extended_days=case.extended, hearing=case.hearing, calendar=calendar,
            days=case.days, until=case.until,
        )  # fmt: skip
    except CalendarMissingError as error:
        return error.year
    return end.raw_on, end.last_on, end.hearing_days


def second_clock(table: dict[date, bool], rule: Rule, case: Case) -> Outcome:
    """Ask the second clock."""
    try:
        return second_due(table, rule, case.start, case.extended, case.hearing, case.days, case.until)
    except NoYearError as error:
        year: int = error.args[0]
        return year


def compare(count: int, seed: int) -> tuple[list[str], int]:
    """Compare both clocks on `count` random cases.

    Returns:
        A line for each case in which they differ, and the number of cases that ended in a missing year.
    """
    chance = random.Random(seed)
    calendar, table = load_calendar(), day_table()
    known = [(name, clock, rule) for name, clocks in RULES.items() for clock, rule in clocks.items()]
    sets = {name: rule_set(name) for name in RULES}
    differing: list[str] = []
    missing = 0
    for _ in range(count):
        case, rule = draw(chance, known)
        one, two = first_clock(sets[case.rules], calendar, case), second_clock(table, rule, case)
        missing += isinstance(one, int)
        if one != two:
            differing.append(f"{case}: {one} against {two}")
    return differing, missing


def main(arguments: list[str]) -> int:
    """Run the campaign; returns the exit code."""
    count = int(arguments[0]) if arguments else 1_000_000
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    begun = time.monotonic()
    differing, missing = compare(count, seed)
    for line in differing[:20]:
        print(line)
    took_s = time.monotonic() - begun
    figures = f"{count} cases, seed {seed}, {len(differing)} differ, {missing} in a missing year, {took_s:.1f} s"
    print(f"clock-million: {figures}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
