"""Folk: invented petitioners of an invented county.

Nothing here can be a real person's: the address codes of the identity numbers (4399..) were never given out, and
telephone numbers begin with 127, which no operator has. Identity numbers have a right check character (GB 11643-1999).
Names are as mixed as in life: frequent and rare surnames, compound ones, surnames with several readings, minority names
with a middle dot, characters that fonts and keyboards lack.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from models.people import check_character
from models.practice.dice import Dice, weighted

COUNTY_CODE = "439921"
COUNTY_NAME = "示例县"
_AREAS = (COUNTY_CODE, COUNTY_CODE, COUNTY_CODE, COUNTY_CODE, "439922", "439901", "439981")
_FIRST_BIRTH = date(1938, 1, 1).toordinal()
_LAST_BIRTH = date(2006, 12, 31).toordinal()
OLD_CARDS_END = date(2013, 1, 1)
"""From this day no 15-digit numbers (居民身份证法 Art. 23)."""


@cache
def words() -> dict[str, Any]:
    """Return the word lists of resources/practice/words.toml."""
    return tomllib.loads(files("resources").joinpath("practice/words.toml").read_text(encoding="utf-8"))


def words_of(group: str, name: str) -> Sequence[str]:
    """Return one list of words."""
    found: Sequence[str] = words()[group][name]
    return found


@cache
def _surnames() -> tuple[str, ...]:
    pairs = [(weight, one) for weight, characters in words()["names"]["surnames"] for one in characters]
    return weighted([*pairs, *((1, one) for one in words()["names"]["compound"])])


@dataclass(frozen=True, slots=True)
class Folk:
    """One invented person."""

    name: str
    id_number: str
    phone: str
    address: str
    sex: str
    born_on: date


def name(dice: Dice) -> str:
    """Return a person's name."""
    kind = dice.draw()
    if kind < 0.012:
        return dice.pick(words_of("names", "minority"))
    surname = dice.pick(_surnames())
    if kind < 0.03:
        return surname + dice.pick(words_of("names", "rare"))
    if kind < 0.05:
        return surname + dice.pick(words_of("names", "given_first")) + dice.pick(words_of("names", "rare"))
    second = dice.often_first(words_of("names", "given_second"))
    return surname + second if kind < 0.2 else surname + dice.often_first(words_of("names", "given_first")) + second


def place(dice: Dice) -> str:
    """Return a place's own name of two or three characters."""
    first, second = dice.pick(words_of("places", "first")), dice.pick(words_of("places", "second"))
    return dice.pick(words_of("places", "first")) + first + second if dice.draw() < 0.2 else first + second


def road(dice: Dice) -> str:
    """Return the name of a road."""
    return place(dice) + dice.often_first(words_of("places", "roads"))


def village(dice: Dice) -> str:
    """Return the name of a village or neighbourhood."""
    return place(dice) + dice.often_first(words_of("places", "villages"))


def estate(dice: Dice) -> str:
    """Return the name of a housing estate."""
    return place(dice) + dice.pick(words_of("places", "estates"))


def address(dice: Dice) -> str:
    """Return an address in the county."""
    if dice.draw() < 0.5:
        town = dice.often_first(words_of("places", "towns"))
        return f"{COUNTY_NAME}{town}{village(dice)}{dice.number(1, 320)}号"
    return f"{COUNTY_NAME}城关街道{estate(dice)}{dice.number(1, 38)}栋{dice.number(1, 28)}0{dice.number(1, 4)}室"


def phone(dice: Dice) -> str:
    """Return a telephone number that nobody has."""
    return f"127{int(dice.draw() * 100_000_000):08d}"


def id_number(dice: Dice, sex: str, born_on: date, *, old: bool = False) -> str:
    """Return an identity number with a right check character; `old` gives the 15-digit form (births before 2000)."""
    serial = dice.number(0, 499) * 2 + (sex == "male")
    area = dice.pick(_AREAS)
    if old and born_on.year < 2000:
        return f"{area}{born_on:%y%m%d}{serial:03d}"
    first_17 = f"{area}{born_on:%Y%m%d}{serial:03d}"
    return first_17 + check_character(first_17)


def folk(dice: Dice, on: date) -> Folk:
    """Return a person who comes to the bureau on a day."""
    # Few come before they are twenty; the ages follow the sum of two draws, fullest in the middle.
    age_days = int((18 + (dice.draw() + dice.draw()) * 32) * 365.25)
    born_on = date.fromordinal(max(_FIRST_BIRTH, min(_LAST_BIRTH, (on - timedelta(days=age_days)).toordinal())))
    sex = "male" if dice.draw() < 0.56 else "female"
    old = on < OLD_CARDS_END and dice.draw() < 0.15
    return Folk(
        name(dice), id_number(dice, sex, born_on, old=old), phone(dice), address(dice), sex, born_on
    )  # fmt: skip
