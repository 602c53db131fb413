"""Lives: what has happened to a practice matter by today, along the lawful steps and their clocks.

The course follows resources/acts and the rule sets: notice within 15 days, handling within 60 days of
acceptance and at most 30 more, service, 30 days for review, closing (SC-431 Arts 22, 33-35; REG-2022 Arts 23,
34-36). A few duties are late, as in life; steps of the bureau fall on working days. Whatever would lie after today
has not happened yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.clocks import Calendar
from models.life import Life, LifeRating, LifeStep
from models.practice import texts
from models.practice.dice import Dice
from models.practice.texts import MatterKind, Scene

REG_2022_FROM = date(2022, 5, 1)
LATE_SHARE = 0.03
STUCK_DAYS = 170
"""Matters received within these days may be stuck; older ones have all come to their end."""
HANDED_DAYS = 45
"""Days that the handling unit gets for its written answer."""
PETITION, UNIT, OFFICER = "=petition", "=unit", "=officer"
"""Stand in rows for the petition unit, the handling unit and its officer, whom the bureau's directory names."""
_CLAIMS = ("appeal", "solution")


@dataclass(slots=True)
class Course:
    """A life being told, step by step, until today is passed."""

    dice: Dice
    today: date
    calendar: Calendar
    columns: dict[str, Any] = field(default_factory=dict)
    steps: list[LifeStep] = field(default_factory=list)
    answer: str = ""
    decisions: tuple[tuple[str, str], ...] = ()
    ratings: tuple[LifeRating, ...] = ()
    handed_on: date | None = None
    """Day on which the handling unit got it."""
    answered_on: date | None = None
    """Day of the unit's written answer."""
    heard: str = ""

    def working(self, day: date) -> date:
        """Return `day`, or the next working day; in a year without a calendar the next weekday."""
        while not (self.calendar.is_working(day) if day.year in self.calendar.years else day.weekday() < 5):
            day += timedelta(days=1)
        return day

    def after(self, day: date, low: int, high: int) -> date:
        """Return a working day between `low` and `high` days after `day`."""
        return self.working(day + timedelta(days=self.dice.number(low, high)))

    def step(self, on: date, *kinds: str, days: int | None = None, note: str = "", **columns: Any) -> bool:
        """Add steps and columns; returns False and adds nothing when the day has not come yet."""
        if on > self.today:
            return False
        self.steps += [LifeStep(kind=kind, on=on, days=days, note=note) for kind in kinds]
        self.columns.update(columns)
        return True

    def life(self) -> Life:
        """Return what was told."""
        return Life(
            columns=self.columns,
            steps=tuple(self.steps),
            answer=self.answer,
            decisions=self.decisions,
            ratings=self.ratings,
            rows=self._rows(),
        )

    def _rows(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """Return who had the matter inside and what the petitioner said."""
        rows: list[tuple[str, dict[str, Any]]] = []
        if self.handed_on is not None:
            hand: dict[str, Any] = {"kind": "assign", "sender": PETITION, "receiver": UNIT, "officer": OFFICER}
            hand |= {"on_date": self.handed_on, "limit_on": self.handed_on + timedelta(days=HANDED_DAYS)}
            if self.answered_on is not None:
                hand |= {"ended_on": self.answered_on, "ended": "answered", "answer": "已查明，建议见处理意见。"}
            rows.append(("handover", hand))
        if self.heard:
            rows.append(("passage", {"kind": "reception", "body": self.heard}))
        return tuple(rows)


def live(
    dice: Dice, kind: MatterKind, scene: Scene, received_on: date, claims: int, *, today: date, calendar: Calendar
) -> Life:
    """Return the life of a matter from its receipt until today.

    Args:
        dice: Source of choices.
        kind: What it is about.
        scene: Who wrote, for the answer.
        received_on: Day of receipt; fixes the rules.
        claims: Number of requests to decide on.
        today: Last day told, included.
        calendar: Working days.
    """
    course = Course(dice, today, calendar)
    stuck = (today - received_on).days < STUCK_DAYS and dice.chance(0.03)
    screened = course.after(received_on, 0, 3)
    if not course.step(screened, state="S2"):
        return course.life()
    if kind.purpose == "accusation":
        _accusation(course, screened, stuck)
    elif kind.purpose not in _CLAIMS:
        _reply(course, kind, scene, screened, stuck)
    else:
        _claim(course, kind, scene, received_on, claims, stuck)
    return course.life()


def _end(course: Course, on: date, closing: str, nature: str) -> bool:
    return course.step(on, "closed", state="S13", closed_on=on, closing=closing, closing_nature=nature)


def _accusation(course: Course, screened: date, stuck: bool) -> None:
    passed = course.after(screened, 1, 9)
    if stuck or not course.step(
        passed, "noticed", "passed_on", state="S3f", handling="transfer", destination_name="警务督察大队"
    ):
        return
    _end(course, course.after(passed, 15, 50), "statutory", "procedural")


def _reply(course: Course, kind: MatterKind, scene: Scene, screened: date, stuck: bool) -> None:
    quick = kind.purpose in ("inquiry", "thanks")
    replied = course.after(screened, 0, 3 if quick else 9)
    if stuck or not course.step(replied, "replied", "noticed", state="S3e", handling="direct_reply"):
        return
    course.answer = texts.answer(scene)
    _end(course, course.after(replied, 0, 4), "opinion", "substantive")


def _claim(course: Course, kind: MatterKind, scene: Scene, received_on: date, claims: int, stuck: bool) -> None:
    dice = course.dice
    late = dice.chance(LATE_SHARE)
    noticed = course.after(received_on, 16, 24) if late else course.after(received_on, 2, 11)
    if stuck and dice.chance(0.4):
        return
    if received_on >= REG_2022_FROM:
        exit_ = dice.pick(kind.exits)
        course.columns["exit"] = exit_
        course.columns["classified"] = True
    else:
        exit_ = 6 if dice.chance(0.78) else 1
    if exit_ != 6:
        refused = received_on < REG_2022_FROM and dice.chance(0.5)
        if course.step(noticed, "noticed", state="S3d" if refused else "S3a") and not stuck:
            _end(course, course.after(noticed, 1, 12), "filed" if refused else "statutory", "procedural")
        return
    if not course.step(
        noticed, "noticed", "accepted", state="S5", accepted_on=noticed, handling="self", unit=kind.police, handler=True
    ):
        return
    if dice.chance(0.02):
        on = course.after(noticed, 4, 20)
        if course.step(on, "withdrawn", note="信访人签名的撤回申请"):
            _end(course, on, "withdrawn", "procedural")
        return
    course.handed_on = noticed
    course.step(noticed, "declared")
    heard = course.after(noticed, 1, 9)
    if course.step(heard, "heard"):
        course.heard = "听取信访人陈述：情况与来访登记一致，未提出新的请求。"
    if not stuck:
        _opinion(course, scene, noticed, claims)


def _opinion(course: Course, scene: Scene, accepted: date, claims: int) -> None:
    dice = course.dice
    if dice.chance(0.07):
        told = course.after(accepted, 44, 54)
        if not course.step(told, "extended", days=30, note="案情复杂，需补充调查", state="S5x"):
            return
        issued = course.after(accepted, 62, 84)
    elif dice.chance(LATE_SHARE):
        issued = course.after(accepted, 64, 85)
    else:
        issued = course.after(accepted, 16, 55)
    conclusion = dice.pick(("support", "support", "partly", "explain", "explain", "refuse"))
    drafted = max(accepted, issued - timedelta(days=dice.number(2, 6)))
    if not course.step(drafted, state="S6"):
        return
    course.answered_on = drafted
    course.step(issued, "legal_checked")
    if not course.step(issued, "opinion_issued", "sent", state="S7", opinion_on=issued, conclusion=conclusion):
        return
    course.answer = texts.answer(scene)
    course.decisions = tuple((conclusion, "见处理意见书") for _ in range(claims))
    supported = conclusion in ("support", "partly")
    if supported:
        course.step(issued, "supported")
    served = course.after(issued, 1, 9)
    if not course.step(served, "served", note="当面送达，本人签收", state="S9"):
        return
    end = served + timedelta(days=31)
    if dice.chance(0.025):
        asked = course.after(served, 4, 26)
        decided = course.after(asked, 18, 29)
        if not course.step(asked, "review_requested", state="S10", review_state="review"):
            return
        if not course.step(decided, "review_decided", "review_served", state="S9", review_result="upheld"):
            return
        end = decided + timedelta(days=31)
    if supported:
        done = course.after(served, 5, 28)
        if not course.step(done, "executed", note="执行凭证附卷"):
            return
        end = max(end, done)
    if _end(course, course.after(end, 0, 6), "opinion", "substantive"):
        course.ratings = _ratings(course)


def _ratings(course: Course) -> tuple[LifeRating, ...]:
    dice = course.dice
    closed = course.columns["closed_on"]
    found = []
    for target in ("petition", "unit"):
        if dice.chance(0.45):
            value = dice.pick(("satisfied", "satisfied", "satisfied", "fairly", "fairly", "unsatisfied"))
            on = closed + timedelta(days=dice.number(0, 20))
            if on <= course.today:
                found.append(LifeRating(target=target, state="rated", value=value, rated_on=on))
        else:
            found.append(LifeRating(target=target, state="pending"))
    return tuple(found)
