"""Level and place (domain reference, 6.4): whether the matter belongs to another county, or to an organ above.

- The place of the problem decides, not the household: where person and household lie apart from the matter, the place
  of the matter solves it (Seed B). Codes no longer in force are followed to their successors.
- A visit goes to the organ with the authority at its own level or the one above (SC-431 Art. 16; REG-2022 Art. 20): a
  bureau two levels above the place of the problem is the wrong door for a visit.
- What is against a handling or review opinion, or a decision of an organ above, is raised with the organ above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models import divisions
from models.errors import Message
from models.routing import rules
from models.routing.facts import Facts
from models.routing.rules import Texts

LEVELS = {"province": 0, "prefecture": 1, "county": 2}
Kind = Literal["other_place", "above", "skipped", "apart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A finding about level or place.

    Attributes:
        kind: other_place (another bureau's), above (an organ above decides), skipped (a visit past the proper level),
            apart (person and household lie apart: it stays with the place of the matter).
        code: Division code of the place; '' when none is meant.
        name: Whose it is, for a letter; '' when it stays.
    """

    kind: Kind
    code: str
    name: str
    reason: Message
    article: Message


def places(facts: Facts, texts: Texts) -> tuple[Place, ...]:
    """Return what level and place say, the finding that decides first."""
    found: list[Place] = []
    elsewhere = _elsewhere(facts.place_code, facts.county)
    if elsewhere:
        found.append(_other_place(elsewhere))
        if facts.channel == "visit" and _skips(facts.county, elsewhere):
            found.append(_skipped(elsewhere))
    found += [
        Place(kind="above", code="", name="上一级机关", reason=one.reason, article=one.article)
        for one in rules.ask("level", facts, texts)
    ]
    if facts.place_code and not elsewhere and _elsewhere(facts.home_code, facts.county):
        found.append(_apart())
    return tuple(found)


def _elsewhere(code: str, county: str) -> str:
    """Return the current code of a place outside the county; '' when it is inside, above it, or not known."""
    place, ours = divisions.division(code) if code else None, divisions.division(county)
    if place is None or county[:6] == place.code:
        return ""
    now = divisions.successors(place.code)
    if not now or any(one.code == county[:6] for one in now):
        return ""
    current = now[0]
    above_us = {one.code for one in divisions.parents(county)} if ours else {county[:2] + "0000", county[:4] + "00"}
    under_us = {one.code for one in divisions.parents(current.code)}
    if current.code in above_us or county[:6] in under_us:
        return ""  # the province or city that we are part of, or a county of our city: no other place is named
    return current.code


def _skips(county: str, place: str) -> bool:
    """Return whether our own level lies more than one above the place's."""
    ours, theirs = divisions.division(county), divisions.division(place)
    if ours is None or theirs is None or ours.level not in LEVELS or theirs.level not in LEVELS:
        return False
    return LEVELS[theirs.level] - LEVELS[ours.level] > 1


def _other_place(code: str) -> Place:
    name = divisions.full_name(code)
    return Place(
        kind="other_place",
        code=code,
        name=f"{name}公安局",
        reason=Message(
            f"问题发生地为{name}（{code}），由当地公安机关处理：转送当地，或者告知信访人向当地提出。",
            f"The problem lies in {name} ({code}): the police there deal with it; transfer it, or tell the petitioner.",
        ),
        article=Message(
            "《信访条例》第四条、第二十一条；《信访工作条例》第五条、第二十二条",
            "SC-431 Arts 4, 21; REG-2022 Arts 5, 22",
        ),
    )


def _skipped(code: str) -> Place:
    name = divisions.full_name(code)
    return Place(
        kind="skipped",
        code=code,
        name=name,
        reason=Message(
            f"走访应当到有权处理的本级或者上一级机关提出：问题在{name}，本机关不是其本级或者上一级。",
            f"A visit goes to the organ with the authority at its own level or the one above: the problem is in {name},"
            " and we are neither.",
        ),
        article=Message("《信访条例》第十六条；《信访工作条例》第二十条", "SC-431 Art. 16; REG-2022 Art. 20"),
    )


def _apart() -> Place:
    return Place(
        kind="apart",
        code="",
        name="",
        reason=Message(
            "信访人住址在外地，问题发生在本地：人户分离的，由事项发生地解决。",
            "The petitioner lives elsewhere and the problem is here: the place of the matter solves it.",
        ),
        article=Message("属地管理原则；《信访工作条例》第五条", "Local responsibility; REG-2022 Art. 5"),
    )
