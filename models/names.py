"""How names sound: spellings that a person may type for a Chinese name, and keys under which homophones meet.

The readings stand in `resources/pinyin.txt` (one line per syllable), so that nothing heavy is imported when a matter is
saved and so that the same name gives the same index tokens for ever: the index keeps no texts, and what was put in
can only be taken out again by the same tokens.

Words used here:

- *syllable*: pinyin in lower-case letters without tone; ü is written v.
- *spelling*: letters that stand for the whole name. For 欧阳建国: ouyangjianguo, jianguo (given name), ouyangjg
  (surname and initials), oyjg (initials). The surname counts in all its readings (单: shan, dan), the given name in
  its usual one.
- *near key*: syllables with the differences levelled that southern speech does not make (zh/z, ch/c, sh/s, n/l,
  -ng/-n), so that a name taken down by ear meets the name as written.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from itertools import product

from models.folding import fold

_NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_LONGEST_PERSON_NAME = 4
"""Han characters: up to here a name is split into surname and given name; longer ones (organisations) are spelled
whole."""


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    text = resources.files("resources").joinpath("pinyin.txt").read_text(encoding="utf-8")
    table: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            syllable, _, characters = line.partition(" ")
            table.update(dict.fromkeys(characters, syllable))
    return table


@lru_cache(maxsize=1)
def _surnames() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the surnames of `resources/surnames.txt` with their readings, each as its syllables."""
    text = resources.files("resources").joinpath("surnames.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            surname, *readings = line.split()
            found[surname] = tuple(tuple(reading.split("'")) for reading in readings)
    return found


def fold_name(name: str) -> str:
    """Return `name` folded as texts are, without blanks and without the dots that part the names of some peoples."""
    return "".join(character for character in fold(name) if character not in "·・•‧∙⋅․." and not character.isspace())


@lru_cache(maxsize=8192)
def syllables(name: str) -> tuple[str, ...]:
    """Return the syllables of the Han characters of `name`, the surname in its first reading; others are left out."""
    han = _han(name)
    surname = _surname(han)
    return (*_surname_spellings(surname)[0], *(_readings()[character] for character in han[len(surname) :]))


@lru_cache(maxsize=8192)
def spellings(name: str) -> frozenset[str]:
    """Return every spelling of `name` (see the head of this room); empty when it has no Han character."""
    table = _readings()
    han = _han(name)
    if not han:
        return frozenset()
    surname = _surname(han) if len(han) <= _LONGEST_PERSON_NAME else ""
    given = [table[character] for character in han[len(surname) :]]
    out: set[str] = set()
    for head in _surname_spellings(surname):
        out.add("".join((*head, *given)))
        out.add("".join(part[0] for part in (*head, *given)))
        if head and given:
            out.add("".join((*head, *(part[0] for part in given))))
    if surname and given:
        out.add("".join(given))
    return frozenset(form for spelling in out for form in _forms_of_v(spelling))


def homophone_key(name: str) -> str:
    """Return the syllables of `name` as one key ("zhang wei"), or its folded form when it has no Han character."""
    return " ".join(syllables(name)) or fold_name(name)


def near_key(name: str) -> str:
    """Return the key under which names meet that sound alike to southern ears (see the head of this room)."""
    return " ".join(_near(syllable) for syllable in syllables(name)) or fold_name(name)


def _han(name: str) -> str:
    table = _readings()
    return "".join(character for character in fold_name(name) if character in table)


def _surname(han: str) -> str:
    return han[:2] if len(han) > 2 and han[:2] in _surnames() else han[:1]


def _surname_spellings(surname: str) -> list[tuple[str, ...]]:
    """Return the readings of a surname, each as its syllables, the likeliest first; one empty one for none."""
    usual = tuple(_readings()[character] for character in surname)
    return list(dict.fromkeys((*_surnames().get(surname, ()), usual)))


def _forms_of_v(spelling: str) -> list[str]:
    """Return `spelling` with ü as v (keyboard), yu (passport) and u (habit)."""
    if "v" not in spelling:
        return [spelling]
    parts = spelling.split("v")
    return [
        "".join(part + joint for part, joint in zip(parts, (*joints, ""), strict=True))
        for joints in product(("v", "yu", "u"), repeat=len(parts) - 1)
    ]


def _near(syllable: str) -> str:
    for strong, weak in _NEAR_INITIALS:
        if syllable.startswith(strong):
            syllable = weak + syllable[len(strong) :]
            break
    return syllable[:-1] if syllable.endswith("ng") and not syllable.endswith("ong") else syllable
