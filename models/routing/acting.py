"""The act that would follow a suggestion, with what its inputs and its letter may say.

Who is responsible decides first, then the class, then the exit: an accusation is passed on and never to the accused
(REG-2022 Art. 30), what another organ decides is directed there or, when it was handed to us, objected to (Art. 23),
and of the claims that are ours only those of exit 6 are accepted under REG-2022 (Arts 31, 34).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import codes
from models.errors import Message
from models.routing import rules
from models.routing.facts import Facts
from models.routing.inside import Inside
from models.routing.place import Place
from models.routing.rules import Suggestion

OWN = "own"
DISCIPLINE = "discipline"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActSuggestion:
    """The act that would follow, with what its inputs and its letter may say.

    Attributes:
        act: Name of an act of the table.
        inputs: Values for inputs that the act may have, by their names.
        letter: Values for fields that its letter may have, in Chinese as letters are.
    """

    act: str
    reason: Message
    article: Message
    inputs: Mapping[str, Any]
    letter: Mapping[str, str]


def follow(
    facts: Facts,
    category: str,
    exits: tuple[Suggestion, ...],
    organs: tuple[Suggestion, ...],
    inner: Inside,
    circle: tuple[Suggestion, ...],
    where: tuple[Place, ...],
    grounds: tuple[Suggestion, ...],
) -> ActSuggestion:
    """Return the act: who is responsible decides first, then the class, then the exit."""
    if category == "accusation":
        return _pass_on(inner, circle)
    elsewhere = next((one for one in where if one.kind in ("other_place", "above")), None)
    if elsewhere is not None and category == "claim":
        return _elsewhere(facts, elsewhere)
    organ = organs[0]
    if category in ("suggestion", "other"):
        return _reply(facts, category, organ)
    if organ.value != OWN:
        return _other_organ(facts, organ, exits[0])
    if facts.under_2005:
        if grounds:
            return _refuse_2005(grounds[0], exits[0], organ)
        return _accept(exits[0], inner)
    return _accept(exits[0], inner) if exits[0].value == "6" else _direct(facts, exits[0])


def _unit_inputs(inner: Inside) -> dict[str, Any]:
    return {"unit": inner.lead.unit} if inner.lead else {}


def _accept(exit_: Suggestion, inner: Inside) -> ActSuggestion:
    return ActSuggestion(
        act="accept",
        reason=Message(f"受理：{exit_.reason.zh}", f"Accept: {exit_.reason.en}"),
        article=exit_.article,
        inputs=_unit_inputs(inner),
        letter={},
    )


def _direct(facts: Facts, exit_: Suggestion) -> ActSuggestion:
    how = str(exit_.more.get("how_zh", ""))
    to = str(exit_.more.get("to", OWN))
    organ = facts.organ if to == OWN or to not in rules.organs() else rules.organs()[to].zh
    return ActSuggestion(
        act="direct",
        reason=Message(f"告知法定途径：{exit_.reason.zh}", f"Direct to the statutory route: {exit_.reason.en}"),
        article=exit_.article,
        inputs={},
        letter={
            "route_choice": f"exit{exit_.value}",
            "competent_organ": organ,
            "procedure": f"{how or '向有权处理的机关提出'}。",
        },
    )


def _refuse_2005(ground: Suggestion, exit_: Suggestion, organ: Suggestion) -> ActSuggestion:
    choice = "other_power" if exit_.more.get("to") == "court" and organ.value != OWN else "legal_procedure"
    return ActSuggestion(
        act="direct",
        reason=Message(f"不属于信访受理范围：{ground.reason.zh}", f"Not for the petition track: {ground.reason.en}"),
        article=exit_.article,
        inputs={},
        letter={"ground_choice": choice, "open_route": f"{exit_.more.get('how_zh', '')}。"},
    )


def _other_organ(facts: Facts, organ: Suggestion, exit_: Suggestion) -> ActSuggestion:
    """Return what follows when another organ has the authority: objected to if it was handed over, else directed."""
    name = rules.organs()[organ.value]
    reason = Message(f"应向{name.zh}提出：{organ.reason.zh}", f"For {name.en}: {organ.reason.en}")
    if facts.transferred and not facts.under_2005:
        return ActSuggestion(
            act="object",
            reason=reason,
            article=Message("《信访工作条例》第二十三条", "REG-2022 Art. 23"),
            inputs={"reasons_detail": organ.reason.zh},
            letter={"reasons_detail": organ.reason.zh},
        )
    if organ.value == "court":
        ground, article = "该事项属于人民法院、人民检察院职权范围", "《信访条例》第十五条、第二十一条"
    else:
        ground, article = "该事项不属于本机关法定职权范围", "《信访条例》第二十二条"
    how = f"请向{name.zh}提出"
    letter = (
        {"ground_choice": "other", "ground": ground, "article": article, "open_route": f"{how}。"}
        if facts.under_2005
        else {
            "route_choice": "other_organ",
            "competent_organ": name.zh,
            "procedure": f"{how}；{exit_.more['how_zh']}。" if exit_.more.get("how_zh") else f"{how}。",
        }
    )
    return ActSuggestion(act="direct", reason=reason, article=organ.article, inputs={}, letter=letter)


def _elsewhere(facts: Facts, place: Place) -> ActSuggestion:
    """Return what follows when the place or an organ above is responsible."""
    if place.kind == "above":
        how = "向原办理机关的上一级机关提出。"
        letter = {"route_choice": "other_organ", "competent_organ": place.name, "procedure": how}
        if facts.under_2005:
            article = "《信访条例》第三十四条、第三十五条"
            letter = {
                "ground_choice": "other",
                "ground": "该事项应当向上一级机关提出",
                "article": article,
                "open_route": how,
            }
        return ActSuggestion(act="direct", reason=place.reason, article=place.article, inputs={}, letter=letter)
    return ActSuggestion(
        act="transfer",
        reason=place.reason,
        article=place.article,
        inputs={"destination_name": place.name},
        letter={
            "destination": place.name,
            "handing_choice": "transfer",
            "receiving_organ": place.name,
            "summary": facts.title,
            "attachments": "信访材料",
        },
    )


def _reply(facts: Facts, category: str, organ: Suggestion) -> ActSuggestion:
    word = Message(codes.word("category", category, "zh"), codes.word("category", category, "en"))
    if organ.value == OWN:
        says = Message(f"{word.zh}类事项直接答复，建议有采纳的应当回复。", f"{word.en}: answered directly.")
    else:
        name = rules.organs()[organ.value]
        says = Message(
            f"{word.zh}类事项答复信访人可向{name.zh}提出：{organ.reason.zh}",
            f"{word.en}: answered that {name.en} is the place to ask: {organ.reason.en}",
        )
    return ActSuggestion(
        act="reply",
        reason=says,
        article=Message("《信访条例》第二十九条", "SC-431 Art. 29")
        if facts.under_2005
        else Message("《信访工作条例》第二十九条", "REG-2022 Art. 29"),
        inputs={},
        letter={},
    )


def _pass_on(inner: Inside, circle: tuple[Suggestion, ...]) -> ActSuggestion:
    """Return to whom an accusation goes: never the accused, never through them (6.1)."""
    first = circle[0]
    if first.value == "inspection" and inner.lead is not None and inner.lead.department == "inspection":
        name, why = inner.lead.name, first.reason
    elif first.value == "inspection":
        name = "上一级公安机关警务督察部门"
        why = Message(
            f"{first.reason.zh}本局没有可以承办的督察部门。", f"{first.reason.en} The bureau has no unit that may."
        )
    else:
        name, why = f"有管理权限的{rules.organs()[DISCIPLINE].zh}", first.reason
    return ActSuggestion(
        act="pass_on",
        reason=why,
        article=first.article,
        inputs={"destination_name": name},
        letter={"destination": name},
    )
