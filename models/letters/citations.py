"""Articles that a text cites, and the instruments that they belong to.

Read are 《信访工作条例》第三十四条, several articles after one title, articles with paragraph and item, and orders by
their number: 公安部令第79号第二十三条, or the number in brackets after the title, which then decides. What instruments
there are, when they were in force and how many articles they have is data: `resources/statutes.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from models.letters.facts import LetterFacts
from models.letters.kinds import family_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """An instrument that a letter may cite; see `resources/statutes.toml`."""

    id: str
    title: str
    aliases: tuple[str, ...]
    from_on: date | None
    to_on: date | None
    articles: int | None
    families: tuple[str, ...]

    def counts(self, facts: LetterFacts) -> bool:
        """Say whether it counts for a matter: in force between its receipt and the letter, and of its regulation."""
        begun = self.from_on is None or facts.dated_on is None or self.from_on <= facts.dated_on
        ended = self.to_on is not None and facts.received_on is not None and self.to_on < facts.received_on
        return begun and not ended and (not self.families or family_of(facts.rules) in self.families)

    def began_before(self, on: date | None) -> bool:
        """Say whether it was in force on some day up to `on`."""
        return self.from_on is None or on is None or self.from_on <= on


@dataclass(frozen=True, slots=True)
class Citation:
    """An article as cited: instrument as written, number, and the words themselves."""

    instrument: str
    article: int
    words: str


NUMBER = r"[零〇一二三四五六七八九十百千两0-9０-９]+"
_ITEM = rf"(?:第?[（(]?{NUMBER}[)）]?项)"
_ONE = rf"第{NUMBER}条(?:之{NUMBER})?(?:第{NUMBER}款)?{_ITEM}?"
_CITED = re.compile(
    rf"(?:《(?P<title>[^《》]{{2,60}})》|(?P<order>(?:公安部|国务院|部)令第?\d+号))"
    rf"(?:[（(](?P<aside>[^（）()]*)[)）])?(?P<list>{_ONE}(?:(?:、|和|及|以及|与|至|到)(?:{_ONE}|第{NUMBER}款|{_ITEM}))*)"
)
_ARTICLE = re.compile(rf"第({NUMBER})条")
_ORDER = re.compile(r"(公安部|国务院|部)令第?(\d+)号")
_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{str(value): value for value in range(10)},
    "〇": 0,
    "两": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(text: str) -> int:
    """Return a number written in Chinese or Arabic digits, up to 9999.

    Raises:
        ValueError: It holds something else.
    """
    plain = unicodedata.normalize("NFKC", text)
    if not plain or any(character not in _DIGITS and character not in _UNITS for character in plain):
        raise ValueError(text)
    if not any(character in _UNITS for character in plain):
        return int("".join(str(_DIGITS[character]) for character in plain))
    total, digit = 0, 0
    for character in plain:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def citations(text: str) -> Iterator[Citation]:
    """Yield every article that a text cites: 《…》第…条、第…条, an order by its number, with the order beside it."""
    for match in _CITED.finditer(text):
        aside = _ORDER.search(match["aside"] or "")
        instrument = aside[0] if aside else match["title"] or match["order"]
        for words in _ARTICLE.findall(match["list"]):
            yield Citation(instrument, number_of(words), words)


@cache
def statutes() -> tuple[Statute, ...]:
    """Return the instruments whose citations are judged."""
    raw = tomllib.loads((files("resources") / "statutes.toml").read_text(encoding="utf-8"))
    return tuple(
        Statute(
            id=each["id"],
            title=each["title"],
            aliases=tuple(each["aliases"]),
            from_on=each.get("from"),
            to_on=each.get("to"),
            articles=each.get("articles"),
            families=tuple(each.get("families", ())),
        )
        for each in raw["statute"]
    )


def statutes_named(instrument: str) -> list[Statute]:
    """Return the instruments that a citation may mean: the rules of 2005 and of 2023 bear the same title."""
    order = _ORDER.fullmatch(instrument)
    if order:
        instrument = f"{'国务院' if order[1] == '国务院' else '公安部'}令第{order[2]}号"
    return [each for each in statutes() if instrument in (each.title, *each.aliases)]


def is_order(instrument: str) -> bool:
    """Say whether a citation names an order by its number in place of a title."""
    return _ORDER.fullmatch(instrument) is not None
