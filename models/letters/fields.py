"""What the officer types for each kind of letter, and how it becomes facts.

Everything else comes from the register. The window shows these fields beside the preview; the command line takes the
same names. Values are plain strings: a date is YYYY-MM-DD, several attachments stand on lines of their own, a choice is
its code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from models.errors import InputError
from models.letters.facts import FACT_NAMES, ClaimFacts, LetterFacts, Particulars, ServiceFacts
from models.letters.kinds import Family, family_of, kind_of
from models.letters.outline import DATED as _DATED
from models.letters.outline import LetterField as LetterField
from models.letters.wording import Wording, wording

_ADDRESSEE = LetterField(name="addressee", zh="收件人", en="Addressee")
_COPIES = LetterField(name="copies", zh="抄送", en="Copies to")
_ATTACHED = LetterField(name="attachments", zh="附件（每行一件）", en="Attachments (one a line)", kind="long")
_DECISION_CHOICES = (
    ("support", "支持", "Support"),
    ("partly", "部分支持", "Partly support"),
    ("explain", "解释说明", "Explain"),
    ("refuse", "不予支持", "Not support"),
)

_WAYS = (
    ("direct", "直接送达", "Handed over"),
    ("left", "留置送达", "Left behind"),
    ("post", "邮寄送达", "By post"),
    ("police", "委托其他公安机关送达", "Through another police organ"),
    ("internet", "经同意以传真、互联网方式送达", "By fax or internet, with consent"),
    ("notice", "公告送达", "By public notice"),
)
_WAY_WORDS = {code: zh for code, zh, _ in _WAYS}

_FIELDS: dict[str, tuple[LetterField, ...]] = {
    "registration_form": (
        _DATED,
        LetterField(name="earlier_handling", zh="曾经办理情况", en="Earlier handling", kind="long"),
        LetterField(
            name="contact_result", zh="本次接谈处理结果", en="Result of this contact", kind="long", required=True
        ),
    ),
    "receipt": (_ATTACHED,),
    "receipt_roll": (),
    "acceptance_notice": (_DATED, _ADDRESSEE),
    "non_acceptance_notice": (
        _DATED,
        _ADDRESSEE,
        LetterField(name="ground_choice", zh="不予受理的情形", en="Ground", kind="choice"),
        LetterField(name="ground", zh="理由（填写后代替所选情形的文字）", en="Ground in words", kind="long"),
        LetterField(name="article", zh="依据条文（填写后代替所选情形的条文）", en="Article"),
        LetterField(name="open_route", zh="可以走的途径", en="Route that is open", kind="long", required=True),
    ),
    "no_longer_accepted_notice": (
        _DATED,
        _ADDRESSEE,
        LetterField(name="ground_choice", zh="不再受理的情形", en="Ground", kind="choice"),
        LetterField(
            name="ground",
            zh="理由（写明复核机关、文号、送达日期）",
            en="Ground, with re-review and number",
            kind="long",
        ),
        LetterField(name="article", zh="依据条文（填写后代替所选情形的条文）", en="Article"),
        LetterField(name="open_route", zh="其他途径", en="Other route", kind="long"),
    ),
    "route_notice": (
        _DATED,
        _ADDRESSEE,
        LetterField(name="route_choice", zh="办理途径", en="Route", kind="choice"),
        LetterField(name="route", zh="途径的文字（填写后代替所选途径的文字）", en="Route in words", kind="long"),
        LetterField(name="competent_organ", zh="有权处理的机关", en="Competent organ", required=True),
        LetterField(
            name="procedure",
            zh="程序：向谁、何时、如何提出",
            en="Procedure: whom, when, how",
            kind="long",
            required=True,
        ),
    ),
    "destination_notice": (
        _DATED,
        _ADDRESSEE,
        LetterField(name="handing_choice", zh="转送或交办", en="Transferred or assigned", kind="choice"),
        LetterField(name="destination", zh="去向单位", en="Destination"),
        LetterField(name="handed_on", zh="转送（交办）日期", en="Date of transfer", kind="date"),
    ),
    "transfer_slip": (
        _DATED,
        LetterField(name="receiving_organ", zh="接收单位", en="Receiving organ", required=True),
        LetterField(
            name="summary", zh="事项摘要（不写信访人姓名）", en="Summary, without names", kind="long", required=True
        ),
        LetterField(name="demand", zh="其他要求", en="Further request", kind="long"),
        _ATTACHED,
        LetterField(name="show_identity", zh="写明信访人姓名和电话", en="Name the petitioner", kind="flag"),
        _COPIES,
    ),
    "extension_notice": (
        _DATED,
        _ADDRESSEE,
        LetterField(name="extension_reason", zh="延期理由", en="Reason", kind="long", required=True),
        LetterField(name="extended_days", zh="延长日数", en="Days added", kind="number", required=True),
        LetterField(name="approver", zh="批准人（职务、姓名）", en="Approved by (post, name)", required=True),
        LetterField(name="approved_on", zh="批准日期", en="Approved on", kind="date", required=True),
    ),
    "answer": (
        _DATED,
        _ADDRESSEE,
        LetterField(name="findings", zh="查明的事实", en="Facts found", kind="long", required=True),
        LetterField(
            name="hearing", zh="听取陈述情况，或者未听取的理由", en="Hearing, or why none", kind="long", required=True
        ),
        LetterField(name="legal_basis", zh="法律依据", en="Legal basis", kind="long", required=True),
        _COPIES,
    ),
    "service_proof": (
        LetterField(name="place", zh="送达地点", en="Place"),
        LetterField(name="way", zh="送达方式", en="Way", kind="choice", choices=_WAYS),
        LetterField(name="served_on", zh="收到日期", en="Received on", kind="date"),
        LetterField(name="receiver", zh="代收人", en="Substitute receiver"),
        LetterField(name="relation", zh="代收人与受送达人的关系", en="Relation to the addressee"),
        LetterField(name="refusal_reason", zh="拒收理由", en="Reason of refusal", kind="long"),
        LetterField(name="witness", zh="见证人", en="Witness"),
        LetterField(name="server", zh="送达人", en="Served by"),
    ),
}

_SERVICE = ("place", "way", "served_on", "receiver", "relation", "refusal_reason", "witness", "server")
_CHOSEN = {"ground_choice": "ground", "route_choice": "route", "handing_choice": "handing"}


def fields_for(kind: str, *, rules: str = "REG-2022", claims: Sequence[str] = ()) -> tuple[LetterField, ...]:
    """Return the fields of a kind, in the order in which they are typed.

    Args:
        kind: Code of the kind.
        rules: Rule set of the matter: grounds and routes depend on it.
        claims: The claims of the matter; an answer has a decision and grounds for each.

    Raises:
        InputError: There is no such kind.
    """
    known = kind_of(kind)
    template = wording(kind)
    if template.outline is not None:
        return template.outline.fields
    found = [_with_choices(each, template, family_of(rules)) for each in _FIELDS[known.code]]
    for place, request in enumerate(claims if known.answers else (), 1):
        short = request if len(request) <= 20 else f"{request[:20]}…"
        found.append(
            LetterField(
                name=f"decision_{place}",
                zh=f"诉求 {place} 的处理意见：{short}",
                en=f"Decision on claim {place}: {short}",
                kind="choice",
                required=True,
                choices=_DECISION_CHOICES,
            )
        )
        found.append(
            LetterField(name=f"grounds_{place}", zh=f"诉求 {place} 的理由", en=f"Grounds, claim {place}", kind="long")
        )
    return tuple(found)


def _with_choices(each: LetterField, template: Wording, family: Family) -> LetterField:
    if each.name not in _CHOSEN:
        return each
    choices = template.choices[_CHOSEN[each.name]]
    return replace(each, choices=tuple((c.code, c.zh, c.en) for c in choices if family in c.families))


def apply_fields(kind: str, facts: LetterFacts, typed: Mapping[str, str]) -> LetterFacts:
    """Return the facts with what the officer typed; empty strings leave a fact as the register gave it.

    Raises:
        InputError: A field that the kind does not have, an impossible date, number or choice; names the field.
    """
    known = {each.name: each for each in fields_for(kind, rules=facts.rules, claims=[c.request for c in facts.claims])}
    changes: dict[str, Any] = {}
    service: dict[str, Any] = {}
    particulars = dict(facts.particulars)
    claims = list(facts.claims)
    for name, text in typed.items():
        if name not in known:
            raise InputError(
                name,
                f"《{kind_of(kind).name_zh}》没有名为 {name} 的栏目。",
                f"{kind_of(kind).name_en} has no field {name}.",
            )
        if not text.strip():
            continue
        value = _value(known[name], text)
        if name in _CHOSEN:
            chosen = _choice(kind, name, facts.rules, text)
            changes.setdefault(_CHOSEN[name], chosen[0])
            if name == "ground_choice":
                changes.setdefault("article", chosen[1])
        elif kind_of(kind).answers and name.startswith(("decision_", "grounds_")):
            part, place = name.split("_")
            claims[int(place) - 1] = _changed(claims[int(place) - 1], part, text)
        elif kind == "service_proof" and name in _SERVICE:
            service[name] = _WAY_WORDS[text] if name == "way" else value
        elif name in FACT_NAMES:
            changes[name] = value
        else:
            particulars[name] = _told(known[name], value)
    if service:
        changes["service"] = replace(facts.service or ServiceFacts(), **service)
    return replace(facts, claims=tuple(claims), particulars=Particulars(particulars), **changes)


def _told(each: LetterField, value: Any) -> str:
    """Return a value as a particular: a choice in words, because the code's words may change and the letter may not."""
    if each.kind == "choice":
        return next(zh for code, zh, _ in each.choices if code == value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _changed(claim: ClaimFacts, part: str, text: str) -> ClaimFacts:
    return replace(claim, decision=text) if part == "decision" else replace(claim, grounds=text)


def _value(each: LetterField, text: str) -> Any:
    text = text.strip()
    if each.kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise _impossible(each, text, "日期须写成 2026-03-02 的样子", "write a date as 2026-03-02") from error
    if each.kind == "number":
        if not text.isascii() or not text.isdigit():
            raise _impossible(each, text, "须填整数", "a whole number is needed")
        return int(text)
    if each.kind == "flag":
        return text.lower() in ("1", "yes", "true", "是")
    if each.name == "attachments":
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    if each.kind == "choice" and each.choices and text not in [code for code, _, _ in each.choices]:
        allowed = "、".join(f"{code}（{zh}）" for code, zh, _ in each.choices)
        english = ", ".join(code for code, _, _ in each.choices)
        raise _impossible(each, text, f"可选：{allowed}", f"choose one of {english}")
    return text


def _choice(kind: str, name: str, rules: str, code: str) -> tuple[str, str]:
    found = wording(kind).choices[_CHOSEN[name]]
    chosen = next(each for each in found if each.code == code and family_of(rules) in each.families)
    return chosen.text, chosen.article


def _impossible(each: LetterField, text: str, zh: str, en: str) -> InputError:
    return InputError(each.name, f"“{each.zh}”填的是“{text}”：{zh}。", f"{each.en}: “{text}” cannot be; {en}.")
