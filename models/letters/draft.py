"""What every composer works with: the facts as words, the wording of the right regulation, and small builders.

Free text from outside (titles, findings, addresses) is cleaned here once: line ends, tabs and unusual spaces become
plain ones, so that a pasted text prints like a typed one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.letters.blocks import Letter, Paragraph, Part, Signature
from models.letters.facts import LetterFacts, PersonFacts
from models.letters.kinds import Family, LetterKind, chinese_date, family_of
from models.letters.wording import PLACEHOLDERS, WORKED_OUT, Wording, placeholders

GAP = "＿＿＿＿"
"""Stands in a preview where a stated fact is missing."""

CHANNEL_WORDS = {"letter": "来信", "visit": "来访", "call": "来电", "web": "网上信访", "fax": "传真"}
YOU = {"person": "你", "people": "你们", "organisation": "你单位", "organ": "你单位"}
LEVEL_ONE = "一二三四五六七八九十"

_SPACES = re.compile(r"[\t\u00a0\u2000-\u200a\u202f\u205f]+")
_BREAKS = re.compile(r"(?:\r\n|[\r\n\u000b\u000c\u0085\u2028\u2029])+")
_ENDS = "。！？；…）”』》"


def clean(text: str) -> str:
    """Return free text as it is printed: single line ends, no space at line ends or starts, no invisible spaces."""
    plain = _SPACES.sub(" ", text.replace("_x000D_", "\n"))
    lines = (line.strip(" \u3000\u200b\ufeff") for line in _BREAKS.split(plain))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Return free text that stands inside a sentence: one line, without a full stop of its own."""
    return clean(text).replace("\n", "；").rstrip("。.；; ")


def sentence(text: str) -> str:
    """Return free text that ends a paragraph: with a full stop if it has no end of its own."""
    found = clean(text)
    return found if not found or found[-1] in _ENDS else found.rstrip(".，,、") + "。"


def numeral(number: int) -> str:
    """Return a Chinese numeral from 1 to 99, for headings."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else LEVEL_ONE[tens - 1]) + "十" if tens else ""
    return head + (LEVEL_ONE[ones - 1] if ones else "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter in the making."""

    kind: LetterKind
    facts: LetterFacts
    wording: Wording
    values: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        values = values_of(self.facts)
        for each in self.wording.outline.fields if self.wording.outline else ():
            values.setdefault(each.name, _told(each.kind, self.facts.value(each.name)))
        object.__setattr__(self, "values", values)

    @property
    def family(self) -> Family:
        """The regulation that the matter follows."""
        return family_of(self.facts.rules)

    def say(self, name: str, **more: str) -> str:
        """Return the text called `name` with its placeholders filled; a missing fact leaves a visible gap."""
        text = self.wording.text(self.family, name)
        known = {**self.values, **more}
        return text.format_map({each: known.get(each, "") or GAP for each in placeholders(text)})

    def paragraphs(self, name: str, *, part: Part = "text", when: Any = True, **more: str) -> list[Paragraph]:
        """Return the text called `name` as paragraphs, or none when `when` is empty (an optional part not stated)."""
        if not when:
            return []
        return [Paragraph(text=line, part=part) for line in self.say(name, **more).split("\n") if line]

    def claims(self) -> list[Paragraph]:
        """Return the claims as a numbered list."""
        stated = [one_line(claim.request) for claim in self.facts.claims]
        if len(stated) == 1:
            return [Paragraph(text=f"{stated[0]}。", part="claims")]
        last = len(stated)
        return [
            Paragraph(text=f"{place}．{text}{'。' if place == last else '；'}", part="claims")
            for place, text in enumerate(stated, 1)
        ]

    def letter(self, blocks: Sequence[Any], **more: Any) -> Letter:
        """Return the letter with what all of a kind share: organ, title, number, addressee, signature."""
        facts = self.facts
        parts: dict[str, Any] = {
            "kind": self.kind.code,
            "page": self.kind.page,
            "organ": facts.organ,
            "title": self.say("title"),
            "number": facts.number if self.kind.series_word else "",
            "addressee": clean(facts.addressee) or GAP,
            "blocks": tuple(blocks),
            "attachments": tuple(clean(name) for name in facts.attachments),
            "signature": Signature(organ=facts.organ, date=day(facts.dated_on) or GAP, sealed=self.kind.sealed),
        }
        return Letter(**(parts | more))


def day(on: date | None) -> str:
    """Return a day as printed, or nothing."""
    return chinese_date(on) if on else ""


def values_of(facts: LetterFacts) -> dict[str, str]:
    """Return every placeholder's value, except `request` and `decision`, which belong to one claim."""
    values = {name: _words(name, getattr(facts, name)) for name in sorted(PLACEHOLDERS - WORKED_OUT)}
    values["you"] = YOU.get(facts.addressee_kind, "你")
    values["received"] = _received(facts, f"{values['you']}通过{CHANNEL_WORDS.get(facts.channel, '信访渠道')}提出的")
    values["received_by_us"] = _received(facts, "")
    values["channel_word"] = CHANNEL_WORDS.get(facts.channel, "")
    claims = [one_line(claim.request) for claim in facts.claims]
    values["claims_list"] = (
        "；".join(f"{n}．{text}" for n, text in enumerate(claims, 1)) if claims[1:] else "".join(claims)
    )
    values["leaf_count"] = str(len(facts.rows) or "")
    values["page_count"] = str(facts.rows[-1].last_page) if facts.rows else ""
    values["people_number"] = f"{facts.people_count}人" if facts.people_count else ""
    values["people_addresses"] = "；".join(dict.fromkeys(one_line(p.address) for p in petitioners(facts) if p.address))
    values["people_names"] = "、".join(person.name for person in petitioners(facts))
    values["people_phones"] = "、".join(dict.fromkeys(person.phone for person in petitioners(facts) if person.phone))
    return values


_WHOLE = frozenset(("open_route", "procedure", "summary", "demand", "hearing"))
"""Free texts that end their paragraph."""
_PLAIN = frozenset(("title", "organ", "unit", "petition_unit", "organ_address", "organ_phone"))


def _words(name: str, value: Any) -> str:
    if value is None or value == 0:
        return ""
    if isinstance(value, date):
        return chinese_date(value)
    if name in _WHOLE:
        return sentence(str(value))
    return one_line(str(value)) if name not in _PLAIN else clean(str(value)).replace("\n", "")


def _told(kind: str, value: Any) -> str:
    """Return the value of a field as it stands inside a sentence."""
    if kind == "date" and isinstance(value, str):
        return chinese_date(date.fromisoformat(value)) if value else ""
    return _words("", value)


def _received(facts: LetterFacts, whose: str) -> str:
    """Return how the bureau came by the matter, as the beginning of a sentence."""
    if facts.source:
        on = day(facts.transferred_on or facts.received_on) or GAP
        number = f"（{facts.source_number}）" if facts.source_number else ""
        return f"{on}，我局收到{one_line(facts.source)}转来的{number}{whose}"
    return f"{day(facts.received_on) or GAP}，我局收到{whose}"


def petitioners(facts: LetterFacts) -> list[PersonFacts]:
    """Return the petitioners themselves, without representatives, agents and signatories."""
    return [person for person in facts.people if person.role == "petitioner"]
