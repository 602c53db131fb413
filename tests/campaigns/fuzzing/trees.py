"""Small changes to a tree of lists, dicts and plain values: what lies behind a JSON or msgpack reader.

libFuzzer changes bytes; behind a signature or a check sum, and inside msgpack, most such changes end at the first
length byte. These change the tree and write it again, so that the form holds and the content does not.
"""

from __future__ import annotations

import copy
from random import Random
from typing import Any

NUMBERS = (0, 1, -1, 2, 255, 4095, 4096, 1 << 31, 1 << 32, (1 << 62) - 1, 1 << 62, (1 << 63) - 1, -(1 << 63), -2)
BEYOND = ((1 << 63), (1 << 64) - 1, 0.5, float("inf"))
TEXTS = ("", "\0", "a", "2026-06-01", "2026-13-99", "null", "matter", "unit", "id", "中" * 40, "%s{}", "~sealed")
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], b"", b"\x00PDK-SEALED-1\nabc", bytes(32))
_CHANGES = 4
_DEEP = 400


def change(tree: Any, dice: Random, *, with_bytes: bool) -> Any:
    """Return a copy of `tree` with one to four small changes.

    Args:
        tree: Lists, dicts, numbers, texts, bytes, None.
        dice: Says what is changed.
        with_bytes: Whether byte strings may stand in it (msgpack) or not (JSON).
    """
    whole = [copy.deepcopy(tree)]
    for _ in range(dice.randint(1, _CHANGES)):
        places = list(_places(whole))
        if len(places) == 1:
            return _any(dice, with_bytes)
        parent, key = dice.choice(places[1:])
        _change_at(parent, key, dice, [p[k] for p, k in places], with_bytes)
    return whole[0]


def _places(whole: list[Any]) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting: list[tuple[Any, Any]] = [(whole, 0)]
    while waiting:
        parent, key = waiting.pop()
        found.append((parent, key))
        value = parent[key]
        if isinstance(value, list):
            waiting.extend((value, n) for n in range(len(value)))
        elif isinstance(value, dict):
            waiting.extend((value, name) for name in value)
    return found


def _change_at(parent: Any, key: Any, dice: Random, known: list[Any], with_bytes: bool) -> None:
    value = parent[key]
    what = dice.randrange(8)
    if what == 0 and isinstance(parent, list):
        del parent[key]
    elif what == 0:
        parent.pop(key)
    elif what == 1 and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(value))
    elif what == 1:
        parent[dice.choice((*TEXTS, str(key) + "x"))] = copy.deepcopy(value)
    elif what == 2:
        parent[key] = copy.deepcopy(dice.choice(known))
    elif what == 3 and type(value) is int:
        parent[key] = _int(value + dice.choice((-1, 1, 2, 1 << 20, -(1 << 32))))
    elif what == 4 and isinstance(value, str):
        parent[key] = _text(value, dice)
    elif what == 5 and isinstance(value, bytes) and with_bytes:
        place = dice.randrange(len(value) + 1)
        parent[key] = value[:place] + bytes([dice.randrange(256)]) * dice.randrange(3) + value[place + 1 :]
    elif what == 6 and dice.random() < 0.05:
        deep: Any = value
        for _ in range(_DEEP):
            deep = [deep]
        parent[key] = deep
    else:
        parent[key] = _any(dice, with_bytes)


def _int(value: int) -> int:
    return value if -(1 << 63) <= value < 1 << 64 else 0


def _text(value: str, dice: Random) -> str:
    place = dice.randrange(len(value) + 1)
    return value[:place] + dice.choice(("", "\0", "0", "f", "Z", "é", "𠮷", "/", "..", value)) + value[place + 1 :]


def _any(dice: Random, with_bytes: bool) -> Any:
    value = copy.deepcopy(dice.choice(dice.choice((NUMBERS, BEYOND, TEXTS, OTHERS))))
    return value.hex() if isinstance(value, bytes) and not with_bytes else value
