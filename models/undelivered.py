"""The queue of what was issued and has not reached the petitioner yet (待送达), with the next lawful way to serve it.

Three things wait in it: an answer that is not proved served, an extension notice whose receipt is not recorded while
the matter is in hand, and a review opinion whose receipt is not recorded. Each line says how long it waits and what was
tried; the next ways follow the order of MPS-ADM Art. 36 (by analogy; domain reference, 9.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from models import policy
from models.steps.service import DIRECT, INDIRECT, notice_ends

if TYPE_CHECKING:
    from models.records import Sight, Staff
    from models.register import Register

What = Literal["answer", "extension_notice", "review_opinion"]

_WAITING = """
SELECT m.id, m.number, m.title, d.id, d.number, d.dated_on, 'answer', ({visible})
  FROM matter m JOIN document d ON d.id=(SELECT max(id) FROM document a WHERE a.matter=m.id AND a.kind='answer'
    AND a.state='issued')
  WHERE m.state='S7' AND {known}
UNION ALL
SELECT m.id, m.number, m.title, d.id, d.number, d.dated_on, 'extension_notice', ({visible})
  FROM matter m JOIN document d ON d.matter=m.id AND d.kind='extension_notice' AND d.state='issued'
  WHERE m.state IN ('S4', 'S5', 'S5h', 'S5x', 'S6') AND {known} AND NOT EXISTS(SELECT 1 FROM service s
    WHERE s.document=d.id AND s.outcome='served' AND s.removed IS NULL)
UNION ALL
SELECT m.id, m.number, m.title, r.opinion, d.number, r.decided_on, 'review_opinion', ({visible})
  FROM matter m JOIN review r ON r.matter=m.id LEFT JOIN document d ON d.id=r.opinion
  WHERE m.state='S9' AND r.level='review' AND r.result IN ('upheld', 'changed') AND r.served_on IS NULL
    AND r.removed IS NULL AND {known}
ORDER BY 6, 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to serve a document."""

    on: date
    way: str
    """Code of the table service_way."""
    outcome: str
    """served, failed, refused or posted."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One document that has not reached the petitioner."""

    matter: int
    number: str
    title: str
    """Empty for an outline."""
    what: What
    document: int | None
    document_number: str
    since: date
    """The day it was issued; for a review opinion the day it was given."""
    days: int
    """Days since then."""
    attempts: tuple[Attempt, ...] = ()
    next_ways: tuple[str, ...] = ()
    """Codes of the table service_way that are lawful now, the first to be tried first; empty while a notice runs."""
    notice_ends_on: date | None = None
    """Last day of a public notice that was posted: it is served by it from this day on."""
    sight: Sight = "full"


def undelivered(register: Register, by: Staff, on: date) -> tuple[Undelivered, ...]:
    """Return what waits to be served on `on`, the oldest first, of matters that `by` may know of."""
    sql = _WAITING.format(known=policy.known_sql(by), visible=policy.visible_sql(by))
    found = register.rows(sql)
    before = _attempts(register, [row[3] for row in found if row[3] is not None])
    lines = []
    for matter, number, title, document, bears, since, what, full in found:
        attempts = tuple(attempt for attempt, _ in before.get(document, ()))
        posted = _ends(before.get(document, ()))
        began = date.fromisoformat(since)
        lines.append(
            Undelivered(
                matter=matter,
                number=number,
                title=title if full else "",
                what=what,
                document=document,
                document_number=bears or "",
                since=began,
                days=(on - began).days,
                attempts=attempts if full else (),
                next_ways=next_ways(attempts, posted, on) if what == "answer" else (),
                notice_ends_on=posted,
                sight="full" if full else "outline",
            )
        )
    return tuple(lines)


def next_ways(attempts: Sequence[Attempt], notice_ends_on: date | None, on: date) -> tuple[str, ...]:
    """Return the ways that are lawful next, the first to be tried first.

    To the person; not found there, to a substitute, or left behind once refused; then by post or through another police
    organ; by public notice when both kinds failed. Electronic means are open at any time, with consent.
    """
    if notice_ends_on is not None:
        return ("public",) if on >= notice_ends_on else ()
    failed = {attempt.way for attempt in attempts if attempt.outcome == "failed"}
    if not failed & DIRECT:
        return ("in_person", "electronic")
    if failed & INDIRECT:
        return ("public", *sorted(INDIRECT - failed), "electronic")
    nearer = () if "substitute" in failed else ("substitute", "left")
    return (*nearer, "post", "through_police", "electronic")


def tried(register: Register, documents: Iterable[int], on: date) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Return for each document that was tried how often, and the ways that are lawful next."""
    return {
        document: (len(found), next_ways([one for one, _ in found], _ends(found), on))
        for document, found in _attempts(register, documents).items()
    }


def _ends(found: Sequence[tuple[Attempt, date | None]]) -> date | None:
    posted = [ends for _, ends in found if ends is not None]
    return posted[-1] if posted else None


def _attempts(register: Register, documents: Iterable[int]) -> dict[int, list[tuple[Attempt, date | None]]]:
    """Return the attempts by document, oldest first, each with the last day of the notice that it posted."""
    wanted = list(documents)
    found: dict[int, list[tuple[Attempt, date | None]]] = {}
    for start in range(0, len(wanted), 500):
        some = tuple(wanted[start : start + 500])
        rows: list[tuple[Any, ...]] = register.rows(
            "SELECT s.document, s.on_date, s.way, s.outcome, s.reason, (SELECT e.days FROM event e WHERE"
            " e.matter=s.matter AND e.kind='notice_posted' AND e.on_date=s.on_date AND e.withdrawn IS NULL)"
            f" FROM service s WHERE s.removed IS NULL AND s.document IN ({','.join('?' * len(some))})"
            " ORDER BY s.on_date, s.id",
            some,
        )
        for document, on_date, way, outcome, reason, days in rows:
            day = date.fromisoformat(on_date)
            attempt = Attempt(on=day, way=way, outcome=outcome, reason=reason or "")
            ends = notice_ends(day, days) if outcome == "posted" else None
            found.setdefault(document, []).append((attempt, ends))
    return found
