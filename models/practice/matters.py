"""Matters: an endless, seeded stream of practice items with their lives, in the order of their day of receipt.

- Days follow working days; the last months hold as many matters as one county really has, whatever the size of the
  whole register, so that Today is as full as in life: some hundred open matters, a few of them late.
- Some items come again: from the same person on the same substance (they join the earlier matter), from the same
  person on another one, and nearly word for word from a neighbour. Hints, search and figures have something to
  find.
- Memory does not grow with the count.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.clocks import Calendar, load_calendar
from models.life import Life, LifeStep
from models.practice import folk, texts
from models.practice.county import OFFICERS, STATIONS
from models.practice.dice import Dice, weighted
from models.practice.lives import live
from models.practice.texts import MatterKind, Scene
from models.records import AccusedDraft, ItemDraft, PersonDraft

RECENT_DAYS = 120
RECENT_AT_MOST = 1_500
"""Matters of the last `RECENT_DAYS`, in a register of any size."""
FIRST_DAY = date(2007, 1, 8)
"""Nothing is older: the calendars begin with 2007."""
MATTERS_PER_YEAR = 3_500
"""Of a county bureau; larger counts first reach back to `FIRST_DAY`, then make the years fuller."""
_RING = 400

_CHANNELS = weighted([(36, "visit"), (14, "letter"), (21, "call"), (27, "web"), (2, "fax")])
_SOURCES = weighted(
    [
        (30, "own"),
        (2, "city_police"),
        (2, "county_petition"),
        (1, "provincial_police"),
        (1, "national"),
        (1, "discipline"),
    ]
)
_SHARED_KINDS = frozenset({"noise", "parking", "patrol", "dogs", "ticket"})


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """One item of the stream. `joins` is the place (from 0) of the earlier item whose matter it joins."""

    place: int
    draft: ItemDraft
    life: Life
    officer: int
    """Place in `county.OFFICERS` of the officer in charge, once the matter is accepted."""
    joins: int | None = None


@dataclass(frozen=True, slots=True)
class _Past:
    place: int
    kind: MatterKind
    scene: Scene
    draft: ItemDraft
    person: folk.Folk


def schedule(count: int, today: date, calendar: Calendar) -> list[tuple[date, int]]:
    """Return how many items come on which day, oldest first; the numbers add up to `count`."""
    recent = min(RECENT_AT_MOST, max(1, count // 3), count)
    recent_from = today - timedelta(days=RECENT_DAYS)
    older = count - recent
    span = max(RECENT_DAYS, min((recent_from - FIRST_DAY).days, older * 365 // MATTERS_PER_YEAR))
    return [
        *_spread(older, recent_from - timedelta(days=span), recent_from - timedelta(days=1), calendar),
        *_spread(recent, recent_from, today, calendar),
    ]


def _spread(count: int, first: date, last: date, calendar: Calendar) -> list[tuple[date, int]]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    weights = [
        1.0 if (calendar.is_working(day) if day.year in calendar.years else day.weekday() < 5) else 0.12 for day in days
    ]
    whole, spread, given, reached = sum(weights), [], 0, 0.0
    for day, weight in zip(days, weights, strict=True):
        reached += weight
        upto = round(count * reached / whole)
        if upto > given:
            spread.append((day, upto - given))
            given = upto
    return spread


def drafts(seed: int, count: int, *, today: date, calendar: Calendar | None = None) -> Iterator[PracticeItem]:
    """Yield `count` practice items with their lives.

    Args:
        seed: The same seed, count and day give the same items.
        count: How many.
        today: Day on which all lives are told to have arrived.
        calendar: Working days; the built-in calendar by default.
    """
    stream = _Stream(Dice(seed), today, calendar or load_calendar())
    place = 0
    for day, number in schedule(count, today, stream.calendar):
        for _ in range(number):
            yield stream.item(place, day)
            place += 1


class _Stream:
    """What has come lately, and the making of the next item."""

    def __init__(self, dice: Dice, today: date, calendar: Calendar) -> None:
        self.dice = dice
        self.today = today
        self.calendar = calendar
        self.past: deque[_Past] = deque(maxlen=_RING)

    def item(self, place: int, day: date) -> PracticeItem:
        """Return the next item."""
        dice = self.dice
        draw = dice.draw()
        if self.past and draw < 0.06:
            earlier = dice.pick(self.past)
            if earlier.kind.purpose != "accusation" and not earlier.draft.anonymous:
                return self._again(place, day, earlier)
        elif self.past and draw < 0.09:
            earlier = dice.pick(self.past)
            if earlier.kind.name in _SHARED_KINDS:
                return self._new(place, day, earlier.kind, like=earlier)
        return self._new(place, day, dice.pick(texts.kinds()))

    def _again(self, place: int, day: date, earlier: _Past) -> PracticeItem:
        """Return a repeat of an earlier item: the same person on the same substance."""
        dice = self.dice
        old = earlier.draft
        statement = old.statement
        if dice.chance(0.6):
            statement = "我曾反映过此事，至今没有解决，现再次反映。" + texts.statement(earlier.kind, earlier.scene)
        draft = replace(
            old,
            channel=dice.pick(_CHANNELS),
            received_on=day,
            received_at="",
            statement=statement,
            claims=(),
            accused=(),
            source="own",
            transferred_on=None,
            reception="",
        )
        told = _roll(day + timedelta(days=dice.number(2, 12)), self.calendar)
        steps = (LifeStep(kind="noticed", on=told, note="重复信访告知"),) if told <= self.today else ()
        return PracticeItem(place, draft, Life(steps=steps), 0, earlier.place)

    def _new(self, place: int, day: date, kind: MatterKind, like: _Past | None = None) -> PracticeItem:
        dice = self.dice
        person = folk.folk(dice, day)
        if self.past and dice.chance(0.05):
            person = dice.pick(self.past).person
        officer = int(dice.draw() * len(OFFICERS))
        accused = OFFICERS[officer]
        scene = Scene(
            dice,
            day,
            person.name,
            person.phone,
            dice.often_first(STATIONS),
            OFFICERS[int(dice.draw() * len(OFFICERS))].name[0],
            accused.name,
            folk.name(dice),
        )
        if kind.purpose == "accusation":
            scene.station = accused.unit
        if like is None:
            title, statement = texts.title(kind, scene), texts.statement(kind, scene)
        else:
            title, statement = like.draft.title, _neighbours(like.draft.statement, scene)
        claims = texts.claims(kind, scene)
        draft = self._draft(day, kind, scene, person, title, statement, claims)
        life = live(dice, kind, scene, day, len(claims), today=self.today, calendar=self.calendar)
        self.past.append(_Past(place, kind, scene, draft, person))
        return PracticeItem(place, draft, life, officer)

    def _draft(
        self,
        day: date,
        kind: MatterKind,
        scene: Scene,
        person: folk.Folk,
        title: str,
        statement: str,
        claims: tuple[str, ...],
    ) -> ItemDraft:
        dice = self.dice
        channel = dice.pick(_CHANNELS)
        source = "own"
        if channel == "call" and dice.chance(0.5):
            source = "hotline"
        elif channel == "web" and dice.chance(0.5):
            source = "leader_mailbox"
        elif channel in ("letter", "web"):
            source = dice.pick(_SOURCES)
        transferred = source not in ("own", "leader_mailbox", "hotline")
        anonymous = channel != "visit" and dice.chance(0.12 if kind.purpose == "accusation" else 0.01)
        people, count = self._people(channel, person)
        return ItemDraft(
            channel=channel,
            received_on=day,
            received_at=f"{dice.number(8, 17):02d}:{dice.number(0, 59):02d}" if channel in ("visit", "call") else "",
            title=title,
            statement=statement,
            claims=claims,
            people=() if anonymous else people,
            accused=self._accused(kind, scene),
            purpose=kind.purpose,
            source=source,
            source_number=f"示信〔{day.year}〕{dice.number(1, 9999)}号" if transferred else "",
            transferred_on=day if transferred else None,
            reception="fixed" if channel == "visit" else "",
            people_count=count,
            representatives=len(people) - 1 if len(people) > 1 else None,
            anonymous=anonymous,
            joint=len(people) > 1 and channel == "letter",
            confidential=kind.purpose == "accusation" and dice.chance(0.3),
            content_code=kind.content,
            problem_type=kind.problem_type,
            police=kind.police,
            place_code=folk.COUNTY_CODE,
        )

    def _people(self, channel: str, person: folk.Folk) -> tuple[tuple[PersonDraft, ...], int]:
        dice = self.dice
        organisation = dice.chance(0.015)
        show_id = channel == "visit" or dice.chance(0.5)
        main = PersonDraft(
            main=True,
            kind="organisation" if organisation else "person",
            name=folk.place(dice) + dice.pick(folk.words_of("names", "organisations")) if organisation else person.name,
            id_kind="111" if show_id and not organisation else "",
            id_number=person.id_number if show_id and not organisation else "",
            address=person.address if dice.chance(0.93) else "",
            address_code=folk.COUNTY_CODE,
            phone=person.phone if dice.chance(0.9) else "",
            sex=person.sex if show_id and not organisation else "",
        )
        if channel not in ("visit", "letter") or not dice.chance(0.035):
            return (main,), 1
        together = dice.number(3, 40)
        others = tuple(
            PersonDraft(role="representative", name=folk.name(dice), phone=folk.phone(dice))
            for _ in range(min(4, together - 1))
        )
        return (main, *others), together

    def _accused(self, kind: MatterKind, scene: Scene) -> tuple[AccusedDraft, ...]:
        if kind.purpose == "accusation":
            return (AccusedDraft(name=scene.accused, kind="person", post="民警"),)
        if kind.name == "slow":
            return (AccusedDraft(name=scene.station, kind="unit"),)
        return ()


def _neighbours(statement: str, scene: Scene) -> str:
    """Return a statement as a neighbour would send it: another first sentence, one left out, the rest word for word."""
    sentences = statement.split("。")
    if len(sentences) > 5:
        del sentences[2 + int(scene.dice.draw() * (len(sentences) - 4))]
    sentences[0] = f"我叫{scene.me}，也住在附近，情况和邻居反映的一样"
    return "。".join(sentences)


def _roll(day: date, calendar: Calendar) -> date:
    while not (calendar.is_working(day) if day.year in calendar.years else day.weekday() < 5):
        day += timedelta(days=1)
    return day
