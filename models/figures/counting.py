"""How each indicator counts: from what was gathered to the things it counts, and its base where it has one.

What these functions mean in words stands beside their codes in `models.figures.indicators`; one function is one
formula. None of them asks a database or a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from models.figures.facts import Duty, Fact, Item, MatterFacts
from models.figures.gather import ANSWER_CLOCKS, NOTICE_CLOCKS, RATING_CLOCK, Gathered
from models.figures.records import Thing

Counted = tuple[list[Thing], list[Thing] | None]
Count = Callable[[Gathered], Counted]

_REFUSALS = frozenset({"non_acceptance_notice", "no_longer_accepted_notice"})
_HEARD = frozenset({"contacted", "heard"})
_ANSWERS = ("opinion_issued", "replied")


def _items(found: Iterable[Item]) -> list[Thing]:
    return [Thing(item.matter, 1, item.id) for item in found]


def _facts(found: Iterable[Fact]) -> list[Thing]:
    return [Thing(fact.matter, 1, fact.item) for fact in found]


def _duties(found: Iterable[Duty]) -> list[Thing]:
    return [Thing(duty.matter, 1, duty.item) for duty in found]


def received(gathered: Gathered) -> Counted:
    """Count the items received."""
    return _items(gathered.items), None


def channel(code: str) -> Count:
    """Return what counts the items of one channel."""

    def count(gathered: Gathered) -> Counted:
        return _items(item for item in gathered.items if item.channel == code), None

    return count


def fact(*kinds: str) -> Count:
    """Return what counts the dated facts of these kinds."""

    def count(gathered: Gathered) -> Counted:
        return _facts(gathered.happened(*kinds)), None

    return count


def visit_people(gathered: Gathered) -> Counted:
    """Add the people of the visits."""
    return [Thing(item.matter, item.people, item.id) for item in gathered.items if item.channel == "visit"], None


def _groups(gathered: Gathered) -> list[Item]:
    return [item for item in gathered.items if item.channel == "visit" and item.people >= gathered.group_from]


def group_visits(gathered: Gathered) -> Counted:
    """Count the group visits."""
    return _items(_groups(gathered)), None


def group_people(gathered: Gathered) -> Counted:
    """Add the people of the group visits."""
    return [Thing(item.matter, item.people, item.id) for item in _groups(gathered)], None


def new_matters(gathered: Gathered) -> Counted:
    """Count the matters whose first item was received."""
    found = [one for one in gathered.matters.values() if one.standing and gathered.between(one.received_on)]
    return [Thing(one.id) for one in found], None


def repeats(gathered: Gathered) -> Counted:
    """Count the repeat items."""
    return _items(item for item in gathered.items if item.repeat), None


def repeat_rate(gathered: Gathered) -> Counted:
    """Put the repeat items over the items received."""
    return repeats(gathered)[0], received(gathered)[0]


def directed(gathered: Gathered) -> Counted:
    """Count route notices, and matters led into a statutory procedure."""
    kinds = gathered.kinds_of_documents
    told = [fact for fact in gathered.happened("noticed") if kinds.get(fact.document or 0) == "route_notice"]
    return _facts([*told, *gathered.happened("routed")]), None


def refused(gathered: Gathered) -> Counted:
    """Count the notices of refusal."""
    kinds = gathered.kinds_of_documents
    return _facts(fact for fact in gathered.happened("noticed") if kinds.get(fact.document or 0) in _REFUSALS), None


def open_at_end(gathered: Gathered) -> Counted:
    """Count the matters open at the end."""
    return [Thing(matter) for matter in gathered.open_at_end], None


def late(gathered: Gathered) -> Counted:
    """Count the matters open at the end with a duty that is late."""
    return [Thing(one) for one in gathered.open_at_end if gathered.is_late(gathered.matters[one])], None


def late_met(gathered: Gathered) -> Counted:
    """Count the duties done after their last lawful day."""
    return [Thing(matter) for matter, _clock in gathered.done_late], None


def notices_due(gathered: Gathered) -> Counted:
    """Count the notices due."""
    return _duties(gathered.due(NOTICE_CLOCKS)), None


def notices_on_time(gathered: Gathered) -> Counted:
    """Count the notices due that were given in time."""
    return _duties(duty for duty in gathered.due(NOTICE_CLOCKS) if duty.in_time), None


def notice_rate(gathered: Gathered) -> Counted:
    """Put the notices on time over those due."""
    return notices_on_time(gathered)[0], notices_due(gathered)[0]


def answers_due(gathered: Gathered) -> Counted:
    """Count the answers due."""
    return _duties(gathered.due(ANSWER_CLOCKS)), None


def answers_on_time(gathered: Gathered) -> Counted:
    """Count the answers due that were given in time."""
    return _duties(duty for duty in gathered.due(ANSWER_CLOCKS) if duty.in_time), None


def answer_rate(gathered: Gathered) -> Counted:
    """Put the answers on time over those due."""
    return answers_on_time(gathered)[0], answers_due(gathered)[0]


def _days_to(gathered: Gathered, *kinds: str) -> Counted:
    """Add the days from receipt to the first of these facts, for initial matters on which it fell into the period."""
    things = []
    for matter in sorted({fact.matter for fact in gathered.happened(*kinds)}):
        one = gathered.matters[matter]
        first = min(event.on for event in one.history if event.kind in kinds)
        if not one.repeat and gathered.between(first):
            things.append(Thing(matter, max((first - _received(one)).days, 0)))
    return things, [Thing(thing.matter) for thing in things]


def _received(one: MatterFacts) -> date:
    """Return the day on which we received it: that of the transfer, where it came from another organ."""
    begun = [event.on for event in one.history if event.kind in ("received", "transfer_received")]
    return min(begun, default=one.received_on)


def accept_days(gathered: Gathered) -> Counted:
    """Take the mean of days from receipt to acceptance."""
    return _days_to(gathered, "accepted")


def answer_days(gathered: Gathered) -> Counted:
    """Take the mean of days from receipt to the first answer."""
    return _days_to(gathered, *_ANSWERS)


def contact_rate(gathered: Gathered) -> Counted:
    """Put the initial matters contacted over all of them."""
    base = gathered.initial_matters
    told = [one for one in base if any(event.kind in _HEARD for event in one.history)]
    return [Thing(one.id) for one in told], [Thing(one.id) for one in base]


def published_rate(gathered: Gathered) -> Counted:
    """Put the answered matters that are published over all answered."""
    base = sorted({fact.matter for fact in gathered.happened(*_ANSWERS)})
    return [Thing(one) for one in base if gathered.matters[one].published], [Thing(one) for one in base]


def _ratings(gathered: Gathered) -> list[tuple[int, bool, bool]]:
    """Return the ratings due: matter, whether rated, whether it counts as satisfied.

    A rating is due on the last day of its window; one that came from another system without a window on its own day.
    """
    due = {duty.matter for duty in gathered.due(frozenset({RATING_CLOCK}))}
    columns = ("id", "matter", "target", "value", "rated_on", "removed")
    rows = {row[0]: row for row in gathered.rows.by_ids("rating", "matter", due, columns)}
    rows |= {
        row[0]: row
        for row in gathered.in_period("rating", "rated_on", *columns)
        if row[1] in gathered.matters
        and not any(event.kind == "rating_opened" for event in gathered.matters[row[1]].history)
    }
    found = []
    for row in sorted(rows.values()):
        if row[5] is None:
            rated = bool(row[3]) and row[4] is not None and date.fromisoformat(row[4]) <= gathered.as_of
            found.append((row[1], rated, not rated or row[3] != "unsatisfied"))
    return found


def rated_share(gathered: Gathered) -> Counted:
    """Put the ratings given over those due."""
    found = _ratings(gathered)
    return [Thing(matter) for matter, rated, _ in found if rated], [Thing(matter) for matter, _, _ in found]


def satisfied_share(gathered: Gathered) -> Counted:
    """Put the ratings that count as satisfied over those due."""
    found = _ratings(gathered)
    return [Thing(matter) for matter, _, content in found if content], [Thing(matter) for matter, _, _ in found]


def review_kept(gathered: Gathered) -> Counted:
    """Put the opinions that upheld ours over all of the period."""
    decided = {fact.matter for fact in gathered.happened("review_decided", "rereview_decided")}
    rows = gathered.rows.by_ids("review", "matter", decided, ("matter", "id", "decided_on", "result", "removed"))
    base = sorted(row for row in rows if row[4] is None and gathered.between(row[2]))
    return [Thing(row[0]) for row in base if row[3] == "upheld"], [Thing(row[0]) for row in base]


def served_on_time(gathered: Gathered) -> Counted:
    """Put the answers served in time over those whose day for it fell into the period."""
    found = gathered.services_due
    return [Thing(matter) for matter, _, done in found if done], [Thing(matter) for matter, _, _ in found]


def executed_on_time(gathered: Gathered) -> Counted:
    """Put what was carried out by its day over what was due to be."""
    found = gathered.tasks_due
    return [Thing(task.matter) for task in found if task.in_time], [Thing(task.matter) for task in found]


def supervisions(gathered: Gathered) -> Counted:
    """Count the supervisions raised or received."""
    rows = gathered.in_period("supervision", "raised_on", "matter", "id", "removed")
    return [Thing(row[0]) for row in sorted(rows) if row[2] is None], None


def advice_made(gathered: Gathered) -> Counted:
    """Count advice letters, and supervisions raised by the bureau itself."""
    rows = gathered.in_period("supervision", "raised_on", "matter", "id", "document", "removed")
    letters = _supervision_letters(gathered, {row[2] for row in rows if row[2] is not None})
    made = [Thing(row[0]) for row in sorted(rows) if row[3] is None and (row[2] is None or row[2] in letters)]
    made += [Thing(matter) for matter, _document in gathered.advice_letters]
    return made, None


def _supervision_letters(gathered: Gathered, documents: set[int]) -> set[int]:
    """Return those that are letters of ours: what came from above is not our advice."""
    rows = gathered.rows.by_ids("document", "id", documents, ("id", "state"))
    return {row[0] for row in rows if row[1] != "incoming"}


def advice_adopted(gathered: Gathered) -> Counted:
    """Count the supervisions whose advice the unit adopted."""
    rows = gathered.in_period("supervision", "answered_on", "matter", "id", "adopted", "removed")
    return [Thing(row[0]) for row in sorted(rows) if row[3] is None and row[2]], None


def _held(gathered: Gathered) -> list[int]:
    """Return the reception days of the period that were held."""
    rows = gathered.in_period("reception_day", "on_date", "id", "state")
    return sorted(row[0] for row in rows if row[1] in ("open", "closed"))


def reception_days(gathered: Gathered) -> Counted:
    """Count the reception days; a day belongs to no matter."""
    return [Thing(0, 1, day) for day in _held(gathered)], None


def _received_visits(gathered: Gathered) -> list[tuple[int, int, int]]:
    """Return the visits that leaders received: matter, row, item."""
    columns = ("matter", "id", "item", "state", "removed")
    rows = gathered.rows.by_ids("reception_visit", "reception", _held(gathered), columns)
    return sorted((row[0], row[1], row[2] or 0) for row in rows if row[3] == "received" and row[4] is None)


def reception_visits(gathered: Gathered) -> Counted:
    """Count the visits that leaders received."""
    return [Thing(matter) for matter, _row, _item in _received_visits(gathered)], None


def reception_people(gathered: Gathered) -> Counted:
    """Add their people."""
    found = _received_visits(gathered)
    rows = gathered.rows.by_ids("item", "id", {item for _, _, item in found if item}, ("id", "people"))
    people = {row: number or 1 for row, number in rows}
    return [Thing(matter, people.get(item, 1)) for matter, _row, item in found], None


def _instructions(gathered: Gathered) -> list[tuple[int, int, str | None]]:
    """Return the instructions of the receptions: matter, row, the day they were proved."""
    visits = {row: matter for matter, row, _item in _received_visits(gathered)}
    columns = ("matter", "id", "kind", "visit", "done_on", "removed")
    rows = gathered.rows.by_ids("task", "matter", set(visits.values()), columns)
    return sorted(
        (row[0], row[1], row[4]) for row in rows if row[2] == "instruction" and row[3] in visits and row[5] is None
    )


def instructions(gathered: Gathered) -> Counted:
    """Count the instructions of the receptions."""
    return [Thing(matter) for matter, _row, _done in _instructions(gathered)], None


def instructions_proved(gathered: Gathered) -> Counted:
    """Count those of them that are proved."""
    last = gathered.as_of.isoformat()
    return [Thing(matter) for matter, _row, done in _instructions(gathered) if done is not None and done <= last], None
