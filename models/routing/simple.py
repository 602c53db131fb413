"""Whether the simplified procedure fits (domain reference, 4.3), told condition by condition.

SIMPLE-2016 is in force from July 2016 to 2022-07-16, SIMPLE-2022 from 2022-07-17. Both are for initial matters whose
facts and duty are clear, with little dispute; matters of Art. 31(1)-(5), assigned from above, likely not to be
supported, of several bodies, joint or major ones do not fit (2022 Art. 5; 2016: statutory administrative procedures).
The decision is the organ's (2016 Art. 6), never the program's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.errors import Message
from models.routing import rules
from models.routing.facts import Facts
from models.routing.inside import Inside
from models.routing.rules import Texts

FIRST_DAY = date(2016, 7, 1)
"""Start of SIMPLE-2016; the day itself is unconfirmed (domain reference, section 3)."""
RENEWED = date(2022, 7, 17)

_2016 = Message("《信访事项简易办理办法（试行）》（国信发〔2016〕8号）第四条、第六条", "SIMPLE-2016 Arts 4, 6")
_2022 = Message("《信访事项简易办理办法》（国信办发〔2022〕17号）第四条、第五条", "SIMPLE-2022 Arts 4, 5")


_SENTENCES = {  # code: what holds, what does not
    "in_force": (
        Message("收到之日简易办理办法已施行。", "The rules were in force on the day of receipt."),
        Message("简易办理办法自2016年7月起施行，收到之日尚未施行。", "The rules are in force since July 2016 only."),
    ),
    "initial": (
        Message("初次信访。", "It is an initial matter."),
        Message("重复信访，不是初次信访事项。", "It is a repeat, not an initial matter."),
    ),
    "kind": (
        Message("属于咨询、建议、感谢或者申诉求决。", "It is an inquiry, suggestion, thanks or claim."),
        Message("检举控告不适用简易办理。", "An accusation is not for the simplified track."),
    ),
    "facts": (
        Message("事实清楚，可以联系信访人。", "The facts are clear and the petitioner can be reached."),
        Message("事实或者姓名、住址不清。", "Facts, name or address are unclear."),
    ),
    "duty": (
        Message("责任单位明确。", "One body is responsible."),
        Message("责任单位不止一个或者不属于本局。", "Several bodies are responsible, or another organ is."),
    ),
    "exit": (
        Message("不属于法定途径事项。", "It is not for a statutory route."),
        Message("属于《信访工作条例》第三十一条前五项的事项。", "It is a matter of REG-2022 Art. 31(1)-(5)."),
    ),
    "procedure": (
        Message("不属于法定程序事项。", "It is not for a statutory procedure."),
        Message("已经或者可以通过法定程序解决。", "It is or can be settled in a statutory procedure."),
    ),
    "from_above": (
        Message("不是上级转送、交办的事项。", "It was not handed down from above."),
        Message("上级转送、交办的事项。", "It was transferred or assigned from above."),
    ),
    "joint": (
        Message("不是联名或者集体提出。", "It is not joint."),
        Message("联名或者集体提出。", "It is joint or of a group."),
    ),
    "major": (
        Message("没有登记为重大紧急事项。", "It is not recorded as major or urgent."),
        Message("登记为重大紧急事项。", "It is recorded as major and urgent."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of the simplified procedure: whether it holds, and the sentence that says so."""

    code: str
    holds: bool
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Simplified:
    """Whether the simplified procedure fits, with every condition."""

    fits: bool
    conditions: tuple[Condition, ...]
    article: Message


def simplified(facts: Facts, texts: Texts, *, category: str, exit_: int | None, own: bool, inner: Inside) -> Simplified:
    """Return whether the simplified procedure fits.

    Args:
        facts: What was registered.
        texts: The same, folded.
        category: The class first suggested or decided.
        exit_: The exit of Art. 31 for a claim; under SC-431 only of what belongs to a statutory procedure; else None.
        own: The bureau has the authority.
        inner: Departments inside.
    """
    day = facts.received_on
    in_force = day is None or day >= FIRST_DAY
    several = inner.co_ordination is not None or facts.three_cross
    hits = {one.value: one for one in rules.ask("not_simple", facts, texts)}
    has_text = bool((facts.text or facts.title).strip())
    holds = {
        "in_force": in_force,
        "initial": facts.initial,
        "kind": category != "accusation",
        "facts": has_text and not facts.address_unclear,
        "duty": own and not several,
        "procedure" if facts.under_2005 else "exit": not (category == "claim" and exit_ in (1, 2, 3, 4, 5)),
        "from_above": not facts.from_above,
        "joint": not (facts.joint or facts.group_visit or "joint" in hits),
        "major": not facts.major,
    }
    conditions = [
        Condition(code=code, holds=held, reason=_SENTENCES[code][0 if held else 1]) for code, held in holds.items()
    ]
    dispute = hits.get("dispute")
    conditions.append(
        Condition(
            code="dispute",
            holds=dispute is None,
            reason=dispute.reason if dispute else Message("没有写明争议。", "No dispute is told of."),
        )
    )
    return Simplified(
        fits=all(one.holds for one in conditions),
        conditions=tuple(conditions),
        article=_2022 if day is None or day >= RENEWED else _2016,
    )
