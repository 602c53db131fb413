"""The rows of `resources/routing.toml`, and whether one holds for what was registered.

Words used here:

- *row*: one rule. It holds when each of its conditions holds; a row without conditions always holds and closes its
  table, so that every question has an answer.
- *place*: where a row found what it rests on. A recorded field, the title or a claim come before the text of the
  statement; what always holds comes last. Among rows of one place the order of the file decides, in two
  tables what the text names first. Nothing is counted and nothing is weighed: a suggestion can be told in one sentence.
- *words*: are looked for in folded text (`models.folding`), so that full-width letters and invisible characters change
  nothing.

The file is ours: a row that cannot be read is a `BugError` when it is first asked for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from models import codes
from models.errors import BugError, Message
from models.folding import fold
from models.routing.facts import Facts

FORMAT = "petition-desk/routing/1"
NEAR_CHARACTERS = 14
"""Characters that may stand between the two words of `near`, within one sentence."""
_ENDS = "。！？!?；;\n\r"

RECORDED, SAID, TOLD, ALWAYS, ASIDE = range(5)
"""Places, in their order: a recorded field; title or claim; text of the statement; no condition at all; said in
passing, which is shown as a further suggestion and is never the first."""

BY_MENTION = frozenset({"organ", "department"})
"""Tables in which, of what only the text of the statement names, the first named comes first: a long letter mentions
schools and hospitals in passing, and begins with what it is about.
"""

_FIELDS = ("category", "purpose", "content", "problem", "police", "channel", "source", "label")
_TABLES = {
    "category": "category",
    "purpose": "purpose",
    "content": "content",
    "problem": "problem_type",
    "police": "police",
    "channel": "channel",
    "source": "source",
}
_FIELD_WORDS = {
    "category": ("类别", "class"),
    "purpose": ("登记的信访目的", "recorded purpose"),
    "content": ("登记的内容分类", "recorded content"),
    "problem": ("登记的公安问题类型", "recorded kind of problem"),
    "police": ("登记的警种", "recorded police branch"),
    "channel": ("登记的信访形式", "recorded channel"),
    "source": ("登记的信访来源", "recorded source"),
    "label": ("来件所附分类", "class it came with"),
}
_PLACE_WORDS = {SAID: ("标题或诉求中有“{}”", "title or claims: “{}”"), TOLD: ("正文中有“{}”", "text: “{}”")}
_CONDITIONS = {*_FIELDS, "rules", "flag", "words", "near", "then", "never", "anywhere", "only_said", "aside"}
_KEYS = {*_CONDITIONS, "id", "value", "zh", "en", "article", "more"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule of a table.

    Attributes:
        value: What it suggests; `=field` suggests the code recorded there.
        says: Why, as a sentence without its full stop.
        fields: Recorded fields with the codes of which the matter has one.
        flags: Flags of the matter of which one is set.
        words: Any of them is in the text; None: not asked.
        near: One of the first and one of the second stand close together in one sentence, with `then` in this order;
            None: not asked.
        never: None of them is in title or claims.
        anywhere: What the text says counts like the title: for what must not be overlooked.
        only_said: The text of the statement is not looked at.
        aside: It never comes first: what is said in passing.
        rules: `2005` or `2022`: only for matters under that regulation.
        more: What a table needs beside the value.
    """

    id: str
    value: str
    says: Message
    article: Message
    article_2005: Message
    fields: Mapping[str, frozenset[str]]
    flags: tuple[str, ...]
    words: re.Pattern[str] | None
    near: re.Pattern[str] | None
    never: re.Pattern[str] | None
    anywhere: bool
    only_said: bool
    aside: bool
    rules: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One suggestion with its reason.

    Attributes:
        value: A code of the table that was asked.
        rule: Id of the row, for tests and the manual.
        reason: One sentence in both languages: why, and on what it rests.
        article: Statute and article for the matter's rule set.
        rests: The words and recorded facts that it rests on, in both languages; empty when nothing points elsewhere.
        place: RECORDED, SAID, TOLD, ALWAYS or ASIDE: how near to the petitioner's request it was found.
        at: Character of the folded text at which it was found; 0 when it was not found there.
    """

    value: str
    rule: str
    reason: Message
    article: Message
    rests: tuple[Message, ...]
    place: int
    more: Mapping[str, Any]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """What the petitioner says, folded: title with claims, and the statement."""

    said: str
    told: str

    @classmethod
    def of(cls, facts: Facts) -> Texts:
        """Fold title, claims and statement of `facts`."""
        return cls(fold("\n".join((facts.title, *facts.claims))), fold(facts.text))


def ask(table: str, facts: Facts, texts: Texts) -> tuple[Suggestion, ...]:
    """Return the suggestions of a table, the first one first; each value once.

    Args:
        table: Name of a table of the file.
        facts: What was registered.
        texts: The same facts' texts, folded once.
    """
    found = list(hits(table, facts, texts))
    by_mention = table in BY_MENTION
    found.sort(key=lambda hit: (hit.place, hit.at if by_mention else 0))  # stable: then the order of the file
    first: dict[str, Suggestion] = {}
    for hit in found:
        first.setdefault(hit.value, hit)
    return tuple(first.values())


def hits(table: str, facts: Facts, texts: Texts) -> tuple[Suggestion, ...]:
    """Return what every row of a table that holds suggests, in the order of the file."""
    return tuple(hit for row in rows(table) if (hit := _holds(row, facts, texts)) is not None)


def joined(says: Message, rests: Sequence[Message]) -> Message:
    """Return the sentence of a reason with what it rests on."""
    if not rests:
        return Message(f"{says.zh}。", f"{says.en}.")
    zh, en = "，".join(one.zh for one in rests), "; ".join(one.en for one in rests)
    return Message(f"{says.zh}（{zh}）。", f"{says.en} ({en}).")


def _holds(row: Row, facts: Facts, texts: Texts) -> Suggestion | None:
    if row.rules and (row.rules == "2005") != facts.under_2005:
        return None
    if row.never is not None and row.never.search(texts.said):
        return None
    rests: list[Message] = []
    place = ALWAYS
    for name, wanted in row.fields.items():
        given = facts.recorded(name)
        if given not in wanted:
            return None
        zh, en = _FIELD_WORDS[name]
        shown = _shown(name, given)
        rests.append(Message(f"{zh}为“{shown.zh}”", f"{en}: {shown.en}"))
        place = RECORDED
    if row.flags:
        flag = next((flag for flag in row.flags if getattr(facts, flag)), None)
        if flag is None:
            return None
        rests.append(_FLAG_WORDS[flag])
        place = RECORDED
    looked, at = RECORDED, 0
    for pattern in (row.words, row.near):
        if pattern is None:
            continue
        where, match = SAID, pattern.search(texts.said)
        if match is None and not row.only_said:
            where, match = TOLD, pattern.search(texts.told)
        if match is None:
            return None
        parts = [part for part in match.groups() if part] or [match[0]]
        shown_words = "……".join(parts)
        zh, en = _PLACE_WORDS[where]
        rests.append(Message(zh.format(shown_words), en.format(shown_words)))
        at = max(at, match.start() if where == TOLD else 0)
        looked = max(looked, SAID if row.anywhere else where)
        place = looked
    value = facts.recorded(row.value[1:]) if row.value.startswith("=") else row.value
    return Suggestion(
        value=value,
        rule=row.id,
        reason=joined(row.says, rests),
        article=row.article_2005 if facts.under_2005 else row.article,
        rests=tuple(rests),
        place=ASIDE if row.aside else place,
        more=row.more,
        at=at,
    )


def _shown(name: str, given: str) -> Message:
    if name not in _TABLES:
        return Message(given, given)
    return Message(codes.word(_TABLES[name], given, "zh"), codes.word(_TABLES[name], given, "en"))


_FLAG_WORDS = {
    "screened_class": Message("甄别结果已登记", "the screening is recorded"),
    "litigation": Message("登记为涉法涉诉", "recorded as law-and-litigation"),
    "confidential": Message("信访人要求保密", "the petitioner asks for confidence"),
    "has_accused": Message("登记了被反映的单位或人", "an accused unit or person is recorded"),
    "organ_accused": Message("登记了本局以外的被反映单位", "an accused unit outside the bureau is recorded"),
}


# --- reading the file


@cache
def rows(table: str) -> tuple[Row, ...]:
    """Return the rows of a table in the order of the file. Raises BugError."""
    raw = _file()
    if table not in raw:
        raise _fault(table, "is no table")
    found = tuple(_row(table, entry, raw) for entry in raw[table])
    if len({row.id for row in found}) != len(found):
        raise _fault(table, "names a row twice")
    return found


@cache
def listed(name: str) -> tuple[str, ...]:
    """Return a named list of words, folded; lists within lists are opened."""
    raw = _file()["words"]
    if name not in raw:
        raise _fault(name, "is no list of words")
    return _opened(raw[name])


@cache
def organs() -> Mapping[str, Message]:
    """Return the organs outside the bureau by their code."""
    return {code: Message(entry["zh"], entry["en"]) for code, entry in _file()["organs"].items()}


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds the first of `words`, the longest where several begin."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered)))


@cache
def _file() -> dict[str, Any]:
    raw = tomllib.loads(files("resources").joinpath("routing.toml").read_text("utf-8"))
    if raw.get("format") != FORMAT:
        raise _fault("format", f"is not {FORMAT}")
    return raw


def _opened(words: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for word in words:
        found += listed(word[1:]) if word.startswith("@") else (fold(word),)
    return tuple(dict.fromkeys(found))


def _row(table: str, raw: Mapping[str, Any], file: Mapping[str, Any]) -> Row:
    where = f"{table}.{raw.get('id', '?')}"
    if unknown := set(raw) - _KEYS:
        raise _fault(where, f"has unknown keys {sorted(unknown)}")
    if lacking := {"id", "value", "zh", "en", "article"} - set(raw):
        raise _fault(where, f"lacks {sorted(lacking)}")
    article = file["article"].get(raw["article"])
    if article is None:
        raise _fault(where, f"names an article that is not listed: {raw['article']}")
    for name in _FIELDS:
        known = codes.codes(_TABLES[name]) if name in _TABLES else ()
        if known and not set(raw.get(name, ())) <= set(known):
            raise _fault(where, f"names codes that {name} does not have")
    near, then = raw.get("near"), raw.get("then")
    return Row(
        id=raw["id"],
        value=raw["value"],
        says=Message(raw["zh"], raw["en"]),
        article=Message(article["zh"], article["en"]),
        article_2005=Message(article.get("zh_2005", article["zh"]), article.get("en_2005", article["en"])),
        fields={name: frozenset(raw[name]) for name in _FIELDS if name in raw},
        flags=tuple(raw.get("flag", ())),
        words=pattern_of(_opened(raw["words"])) if "words" in raw else None,
        near=near_pattern(_opened(near[0]), _opened(near[1]))
        if near
        else near_pattern(_opened(then[0]), _opened(then[1]), in_order=True)
        if then
        else None,
        never=pattern_of(_opened(raw["never"])) if "never" in raw else None,
        anywhere=raw.get("anywhere", False),
        only_said=raw.get("only_said", False),
        aside=raw.get("aside", False),
        rules=raw.get("rules", ""),
        more=dict(raw.get("more", {})),
    )


def near_pattern(one: Sequence[str], other: Sequence[str], *, in_order: bool = False) -> re.Pattern[str]:
    """Return a pattern of a word of each list close together in one sentence, in this order or in either."""
    first, second = pattern_of(one).pattern, pattern_of(other).pattern
    between = f"[^{re.escape(_ENDS)}]{{0,{NEAR_CHARACTERS}}}?"
    forward = f"({first}){between}({second})"
    return re.compile(forward if in_order else f"{forward}|({second}){between}({first})")


def _fault(where: str, what: str) -> BugError:
    return BugError(f"甄别规则文件 routing.toml 有误：{where} {what}。", f"routing.toml: {where} {what}.")
