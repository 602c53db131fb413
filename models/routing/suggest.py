"""The suggestion for screening, put together: class, exit or ground, whose it is, department, level, procedure, act.

    routing = suggest(register, matter, by)      # for someone who sees the matter in full
    routing = route(Facts(...))                  # the same, pure

Learned from nothing, said from rules: each part names the row it came from, the statute with its article, and the words
and recorded facts it rests on. The person at the desk decides; nothing here is written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from models import clocks, codes
from models.errors import Message
from models.records import Staff
from models.routing import rules
from models.routing.acting import OWN, ActSuggestion, follow
from models.routing.facts import Facts, facts_of
from models.routing.inside import Inside, inside
from models.routing.place import Place, places
from models.routing.rules import RECORDED, Suggestion, Texts
from models.routing.simple import Simplified, simplified

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What is suggested for one matter.

    Attributes:
        classes: Classes, the first one first; there always is a first.
        purpose: Purpose that goes with the first class; '' when none follows.
        exits: Exits of REG-2022 Art. 31 for a claim, the first one first; none for other classes.
        grounds: Grounds of non-acceptance that the rules see (codes of refusal_ground); to be checked by a person.
        organs: "own" first or an organ outside (code of the rules); there always is a first.
        inside: Departments and units of the bureau.
        circle: For an accusation: to whom it is passed on.
        places: Level and place.
        routes: Statutory routes next door, with their times.
        simplified: Whether the simplified procedure fits.
        act: The act that would follow.
    """

    classes: tuple[Suggestion, ...]
    purpose: str
    exits: tuple[Suggestion, ...]
    grounds: tuple[Suggestion, ...]
    organs: tuple[Suggestion, ...]
    inside: Inside
    circle: tuple[Suggestion, ...]
    places: tuple[Place, ...]
    routes: tuple[clocks.Route, ...]
    simplified: Simplified
    act: ActSuggestion

    @property
    def category(self) -> str:
        """The first class."""
        return self.classes[0].value

    @property
    def exit(self) -> int | None:
        """The first exit; None for what is no claim."""
        return int(self.exits[0].value) if self.exits else None

    @property
    def police(self) -> str:
        """The branch of the first department, '' when it has none or another organ is responsible."""
        first = self.inside.departments[0].value
        return first if self.organs[0].value == OWN and first in codes.codes("police") else ""


def suggest(register: Register, matter: int, by: Staff) -> Routing:
    """Return the suggestion for a matter of the register.

    Raises:
        InputError: No such matter, or one that this person may not know of.
        NotAllowedError: Sealed, and the person is no reader.
    """
    return route(facts_of(register, matter, by))


def route(facts: Facts) -> Routing:
    """Return the suggestion for the facts of a matter."""
    texts = Texts.of(facts)
    classes = rules.ask("class", facts, texts)
    category = classes[0].value
    purpose = str(classes[0].more.get("purpose", "")) or facts.purpose
    decided = replace(facts, category=category)
    exits = _exits(decided, texts) if category == "claim" else ()
    organs = rules.ask("organ", decided, texts)
    inner = inside(decided, texts)
    circle = rules.ask("circle", decided, texts) if category == "accusation" else ()
    where = places(decided, texts)
    number = int(exits[0].value) if exits else None
    own = organs[0].value == OWN and not any(one.kind in ("other_place", "above") for one in where)
    grounds = _grounds(decided, exits, where)
    parts: dict[str, Any] = {
        "classes": classes,
        "purpose": purpose,
        "exits": exits,
        "grounds": grounds,
        "organs": organs,
        "inside": inner,
        "circle": circle,
        "places": where,
        "routes": _routes(exits, own=own),
        "simplified": simplified(
            decided,
            texts,
            category=category,
            exit_=None if facts.under_2005 and not grounds else number,
            own=own,
            inner=inner,
        ),
    }
    return Routing(**parts, act=follow(decided, category, exits, organs, inner, circle, where, grounds))


def _exits(facts: Facts, texts: Texts) -> tuple[Suggestion, ...]:
    found = rules.ask("exit", facts, texts)
    if not (facts.screened and facts.exit):
        return found
    number = str(facts.exit)
    same = next((one for one in found if one.value == number), None)
    why = same.reason if same else Message("", "")
    says = Message(f"甄别时已定为第{number}项途径。{why.zh}", f"It was screened as exit {number}. {why.en}".strip())
    decided = Suggestion(
        value=number,
        rule="screened",
        reason=says,
        article=Message(*_exit_article(number)),
        rests=(Message("甄别结果已登记", "the screening is recorded"),),
        place=RECORDED,
        more=same.more if same else {},
    )
    return (decided, *(one for one in found if one.value != number))


def _exit_article(number: str) -> tuple[str, str]:
    chinese = "一二三四五六"[int(number) - 1]
    return f"《信访工作条例》第三十一条第{chinese}项", f"REG-2022 Art. 31({number})"


def _grounds(facts: Facts, exits: tuple[Suggestion, ...], where: tuple[Place, ...]) -> tuple[Suggestion, ...]:
    """Return the grounds of non-acceptance that rules can see (domain reference, 6.5).

    Under SC-431 what belongs to a court, a procuratorate or a statutory procedure is not accepted (Arts 15, 21); since
    2022 it is told its route (Art. 23). A visit past the proper level is not accepted under either.
    """
    found = [
        replace(one, value=str(one.more["ground"]))
        for one in exits[:1]
        if facts.under_2005 and one.more.get("ground")
    ]  # fmt: skip
    found += [
        Suggestion(
            value="skipped", rule="skipped", reason=one.reason, article=one.article, rests=(), place=RECORDED, more={}
        )
        for one in where
        if one.kind == "skipped"
    ]
    return tuple(found)


def _routes(exits: tuple[Suggestion, ...], *, own: bool) -> tuple[clocks.Route, ...]:
    """Return the statutory routes of the first exit; those of police cases only where the police have the authority."""
    wanted = exits[0].more.get("routes", ()) if exits else ()
    return tuple(
        one
        for one in clocks.routes()
        if one.id in wanted and (own or one.id.startswith(("administrative", "state", "report")))
    )
