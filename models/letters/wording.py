"""The wording of letters: named texts with placeholders, versioned data that the unit may edit and approve.

The shipped wording lies in `resources/letters/<kind>.toml`. A unit's own version (table `template`) replaces some of
its texts; it is checked when it is loaded, not when a petitioner stands at the counter: every placeholder must be
known, every text must exist, and what the law wants said (`must`: placeholders; `phrases`: words) must still be said.
`models.letters.required` then checks each composed letter again. Kinds without a composer of their own have their
outline in the same file (`outline`), which no unit's version changes.

Placeholders are written {so}. A `|` in a title marks where it may be broken.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from models.errors import BugError, InputError
from models.letters.kinds import Family, kind_of
from models.letters.outline import Outline, parse_outline

WORKED_OUT = frozenset(
    (
        "you",
        "received",
        "received_by_us",
        "channel_word",
        "claims_list",
        "people_names",
        "people_phones",
        "people_addresses",
        "people_number",
        "leaf_count",
        "page_count",
        "request",
        "decision",
    )
)
"""Placeholders that are no fact by themselves: `request` and `decision` belong to one claim."""

PLACEHOLDERS = WORKED_OUT | frozenset(
    (
        "title",
        "summary",
        "item_number",
        "matter_number",
        "query_code",
        "organ",
        "petition_unit",
        "organ_address",
        "organ_phone",
        "office_hours",
        "unit",
        "handler",
        "handler_phone",
        "accepted_on",
        "limit_days",
        "due_on",
        "ground",
        "article",
        "open_route",
        "route",
        "competent_organ",
        "procedure",
        "destination",
        "handing",
        "handed_on",
        "receiving_organ",
        "demand",
        "original_due_on",
        "new_due_on",
        "extended_days",
        "extension_reason",
        "approver",
        "approved_on",
        "hearing",
        "remedy_organ",
        "remedy_days",
        "remedy_papers",
        "source",
        "source_number",
        "transferred_on",
        "received_on",
        "dated_on",
        "registrar",
        "facts",
        "reasons",
    )
)
"""What a text may hold; `models.letters.draft.values_of` gives each of them."""

_SHARED = {"receipt_roll": "receipt"}
"""Kinds that speak with the wording of another."""

STARTS_RUNNING = ("收到", "送达")
"""The words that name the event from which the days of a remedy run (domain reference, 9.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A ready-made value that the officer may pick: a ground, a route. `code` is stored nowhere; the words are."""

    code: str
    zh: str
    en: str
    text: str
    article: str
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The texts of one kind in one version."""

    id: str
    version: int
    """0 and below are never used; shipped and unit's versions count separately, told apart by `id`."""
    texts: Mapping[Family, Mapping[str, str]]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    must: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that a text may not lose, whoever edits it: e.g. that a commitment is voluntary."""
    outline: Outline | None = None
    """For a kind without a composer of its own."""

    def text(self, family: Family, name: str) -> str:
        """Return the text called `name` in the words of a rule family."""
        try:
            return self.texts[family][name]
        except KeyError as error:
            raise BugError(
                f"文书模板 {self.id} 没有名为 {name} 的文字。", f"Template {self.id} has no text called {name}."
            ) from error


def wording(kind: str, own: tuple[int, Mapping[str, Mapping[str, str]]] | None = None) -> Wording:
    """Return the wording of `kind`.

    Args:
        kind: Code of the kind.
        own: The unit's approved version and its texts, `{"texts": {...}, "texts_2005": {...}}`, as kept in the table
            `template`; None for the shipped wording.

    Raises:
        InputError: The unit's version names an unknown text or placeholder, or leaves out what must be said.
    """
    base = _shipped(_SHARED.get(kind_of(kind).code, kind))
    if own is None:
        return base
    version, raw = own
    new, new_2005 = raw.get("texts", {}), raw.get("texts_2005", {})
    for name in (*new, *new_2005):
        if name not in base.texts["2005"] and name not in base.texts["2022"]:
            raise _refused(base.id, name, f"没有名为 {name} 的文字", f"there is no text called {name}")
    texts: dict[Family, Mapping[str, str]] = {
        "2022": {**base.texts["2022"], **new},
        "2005": {**base.texts["2005"], **new, **new_2005},
    }
    found = replace(base, id=f"{base.id}/own", version=version, texts=texts)
    check(found)
    return found


def placeholders(text: str) -> tuple[str, ...]:
    """Return the placeholders of a text, in their order.

    Raises:
        ValueError: A brace without its partner, or a placeholder with a format.
    """
    found: list[str] = []
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError(name)
        found.append(name)
    return tuple(found)


def check(template: Wording) -> None:
    """Check every text of a wording.

    Raises:
        InputError: Names template, text and what is wrong with it.
    """
    known = PLACEHOLDERS | {each.name for each in template.outline.fields} if template.outline else PLACEHOLDERS
    for texts in template.texts.values():
        for name, text in texts.items():
            try:
                found = placeholders(text)
            except ValueError as error:
                raise _refused(
                    template.id,
                    name,
                    f"花括号不成对或占位不合格（{error}）",
                    f"braces do not match or hold no name ({error})",
                ) from error
            unknown = [each for each in found if each not in known]
            if unknown:
                raise _refused(
                    template.id,
                    name,
                    f"有不认识的占位 {{{unknown[0]}}}",
                    f"the placeholder {{{unknown[0]}}} is unknown",
                )
            lost = [each for each in template.must.get(name, ()) if each not in found]
            if lost:
                raise _refused(template.id, name, f"必须写明 {{{lost[0]}}}", f"it must say {{{lost[0]}}}")
            unsaid = [each for each in template.phrases.get(name, ()) if each not in text]
            if unsaid:
                raise _refused(template.id, name, f"必须写有“{unsaid[0]}”", f"it must hold the words “{unsaid[0]}”")
        remedy = texts.get("remedy")
        if remedy is not None and not any(word in remedy for word in STARTS_RUNNING):
            raise _refused(
                template.id, "remedy", "必须写明期限从收到之日起算", "it must say that the days run from receipt (收到)"
            )


def _refused(template: str, name: str, zh: str, en: str) -> InputError:
    return InputError(
        "template",
        f"文书模板 {template} 的文字“{name}”不能用：{zh}。",
        f"Text “{name}” of template {template} cannot be used: {en}.",
    )


@cache
def _shipped(name: str) -> Wording:
    raw = tomllib.loads((files("resources") / "letters" / f"{name}.toml").read_text(encoding="utf-8"))
    texts = raw["texts"]
    choices = {
        key: tuple(
            Choice(
                code=each["code"],
                zh=each["zh"],
                en=each["en"],
                text=each["text"],
                article=each["article"],
                families=tuple(each["families"]),
            )
            for each in value
        )
        for key, value in raw.items()
        if isinstance(value, list)
    }
    found = Wording(
        id=raw["id"],
        version=raw["version"],
        texts={"2022": texts, "2005": {**texts, **raw.get("texts_2005", {})}},
        choices=choices,
        must={key: tuple(value) for key, value in raw.get("must", {}).items()},
        phrases={key: tuple(value) for key, value in raw.get("phrases", {}).items()},
        outline=parse_outline(raw["outline"]) if "outline" in raw else None,
    )
    check(found)
    return found
