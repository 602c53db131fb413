"""A suggestion in sentences, in the order in which a person reads them."""

from __future__ import annotations

from models import codes
from models.errors import Message
from models.routing import rules
from models.routing.acting import OWN
from models.routing.inside import department_word
from models.routing.rules import Suggestion
from models.routing.suggest import Routing


def told(routing: Routing) -> tuple[Message, ...]:
    """Return the suggestion as sentences, in the order in which a person reads them."""
    found = [_line("类别", "Class", "category", routing.classes[0])]
    if routing.exits:
        found.append(_line("途径", "Exit", "exit", routing.exits[0]))
    found += [_line("不予受理理由", "Ground", "refusal_ground", one) for one in routing.grounds]
    organ = routing.organs[0]
    if organ.value != OWN:
        name = rules.organs()[organ.value]
        found.append(Message(f"有权机关：{name.zh}。{organ.reason.zh}", f"Organ: {name.en}. {organ.reason.en}"))
    else:
        first = routing.inside.departments[0]
        word = department_word(first.value)
        found.append(Message(f"部门：{word.zh}。{first.reason.zh}", f"Department: {word.en}. {first.reason.en}"))
        units = [one for one in (routing.inside.lead, *routing.inside.assisting) if one]
        for place, one in enumerate(units):
            zh, en = ("主办", "Lead") if place == 0 else ("协办", "Assists")
            found.append(Message(f"{zh}：{one.name}。", f"{en}: {one.name}."))
        if routing.inside.co_ordination:
            found.append(routing.inside.co_ordination)
        found += routing.inside.left_out
    found += [one.reason for one in routing.places]
    found += [
        Message(f"{one.name.zh}：{one.text.zh}（{one.article.zh}）", f"{one.name.en}: {one.text.en} ({one.article.en})")
        for one in routing.routes
    ]
    against = [one.reason for one in routing.simplified.conditions if not one.holds]
    found.append(
        Message("可以适用简易办理。", "The simplified procedure fits.")
        if routing.simplified.fits
        else Message(
            f"不适用简易办理：{''.join(one.zh for one in against)}",
            f"The simplified procedure does not fit: {' '.join(one.en for one in against)}",
        )
    )
    found.append(routing.act.reason)
    return tuple(found)


def _line(zh: str, en: str, table: str, one: Suggestion) -> Message:
    return Message(
        f"{zh}：{codes.word(table, one.value, 'zh')}。{one.reason.zh}（{one.article.zh}）",
        f"{en}: {codes.word(table, one.value, 'en')}. {one.reason.en} ({one.article.en})",
    )
