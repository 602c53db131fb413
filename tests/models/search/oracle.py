"""Search told a second time, by brute force and from its one sentence, sharing no code with `models.search`.

A matter matches when every term of the query (folded, parted at white space) stands in one of its folded texts or,
if the term is made of Latin letters alone, begins a spelling of one of its names; a matter seen as an outline
matches by its number alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

from tests.models.search.shelf import Told

MORE_READINGS = {
    "单": ("shan",),
    "仇": ("qiu",),
    "解": ("xie",),
    "曾": ("zeng",),
    "欧阳": (("ou", "yang"),),
    "万俟": (("mo", "qi"),),
}
"""Surnames of the tests that are read otherwise than their characters."""
COMPOUND = ("欧阳", "万俟", "司马", "诸葛")


@cache
def _vanishes(character: str) -> bool:
    category = unicodedata.category(character)
    selector = "VARIATION SELECTOR" in unicodedata.name(character, "")
    return selector or category in ("Cf", "Cs") or (category == "Cc" and not character.isspace())


@cache
def fold(text: str) -> str:
    kept = "".join(character for character in text if not _vanishes(character))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())


@cache
def spellings(name: str) -> frozenset[str]:
    """Spell a name letter by letter with pypinyin, an independent source of readings."""
    from pypinyin import lazy_pinyin

    def read(characters: str) -> tuple[str, ...]:
        return tuple(lazy_pinyin(character)[0] for character in characters)

    han = "".join(character for character in fold(name) if "\u3400" <= character <= "\u9fff" or character == "〇")
    if not han:
        return frozenset()
    size = 2 if han[:2] in COMPOUND and len(han) > 2 else 1
    surname, given = han[:size], read(han[size:])
    heads: set[tuple[str, ...]] = {read(surname)}
    for reading in MORE_READINGS.get(surname, ()):
        heads.add((reading,) if isinstance(reading, str) else reading)
    if len(han) > 4:
        heads, given, size = {()}, read(han), 0
    out: set[str] = set()
    for head in heads:
        whole = (*head, *given)
        out |= {"".join(whole), "".join(syllable[0] for syllable in whole)}
        if head and given:
            out |= {"".join(head) + "".join(syllable[0] for syllable in given), "".join(given)}
    return frozenset(spelling.replace("v", form) for spelling in out for form in ("v", "yu", "u"))


def terms(query: str) -> list[str]:
    return fold(query).split()


def matches(told: Told, query: str) -> bool:
    """Say whether the matter matches, seen in full."""
    for term in terms(query):
        by_text = any(term in fold(text) for text in told.texts)
        latin = all("a" <= letter <= "z" for letter in term)
        by_name = latin and any(spelling.startswith(term) for name in told.names for spelling in spellings(name))
        if not by_text and not by_name:
            return False
    return True


def places(all_told: list[Told], query: str, passes: Callable[[Told], bool] = lambda _told: True) -> list[int]:
    """Return the places that the person must be shown, newest first."""
    out = []
    for told in all_told:
        if told.barred or not passes(told):
            continue
        if told.sealed and not told.reader:
            hit = all(term in fold(told.number) for term in terms(query))
        else:
            hit = matches(told, query)
        if hit:
            out.append(told.place)
    return sorted(out, reverse=True)
