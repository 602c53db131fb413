"""Records for the figures of the sync: invented matters, one journal entry each, as a county enters and changes them.

A record is one entry of the journal with one change: about 560 bytes of payload, of which some 90 characters are free
text. Texts are runs of invented words with the falling frequencies of a language, which compress worse than real
sentences.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Sequence

from tests.sync.conftest import COUNTY, Journal

_VOCABULARY = 8000
"""Invented words of one to three characters with the falling frequencies of a language (Zipf)."""
_DAY_MS = 86_400_000
YEARS = 10


@functools.cache
def _words() -> tuple[list[str], list[float]]:
    source = random.Random(1)
    words = [
        "".join(chr(source.randrange(0x4E00, 0x9FA5)) for _ in range(source.choice((1, 1, 2, 2, 2, 3))))
        for _ in range(_VOCABULARY)
    ]
    return words, list(itertools.accumulate(1 / (rank + 8) for rank in range(_VOCABULARY)))


def text(source: random.Random, length: int) -> str:
    """Return `length` characters of invented text."""
    words, weights = _words()
    return "".join(source.choices(words, cum_weights=weights, k=length))[:length]


def register(journal: Journal, count: int, seed: int = 5) -> list[int]:
    """Register `count` matters, one act each, spread over ten years; returns their ids, the oldest first."""
    source = random.Random(seed)
    step_ms = YEARS * 365 * _DAY_MS // count
    ids = []
    for number in range(count):
        change = journal.insert(
            "matter",
            number=f"{COUNTY}{2026}{number:07d}",
            title=f"反映{text(source, 14)}问题",
            received_on=f"2026-{source.randrange(1, 13):02d}-{source.randrange(1, 29):02d}",
            rules="REG-2022",
            state="S0",
            purpose=source.choice(("意见", "求决", "检举")),
            place_code=f"4301{source.randrange(100):02d}",
            unit=(1 << 32) + source.randrange(1, 30),
            handler=(1 << 32) + source.randrange(1, 40),
            problem_place=f"{text(source, 6)}路{source.randrange(300)}号",
            cause=text(source, source.randrange(60, 110)),
        )
        journal.act(change, act="register_item", step_ms=step_ms)
        ids.append(change.row)
    return ids


def change(journal: Journal, ids: Sequence[int], seed: int = 6) -> None:
    """Change each of these matters once, one act each: state, unit, handler, dates, conclusion and about 85 characters
    of text."""
    source = random.Random(seed + journal.seq)
    for row in ids:
        journal.act(
            journal.update(
                "matter",
                row,
                state=f"S{source.randrange(16)}",
                title=f"关于{text(source, 12)}的信访事项",
                unit=(1 << 32) + source.randrange(1, 30),
                handler=(1 << 32) + source.randrange(1, 40),
                accepted_on=f"2026-{source.randrange(1, 13):02d}-{source.randrange(1, 29):02d}",
                problem_place=f"{text(source, 6)}路{source.randrange(300)}号",
                conclusion=source.choice(("支持", "部分支持", "不予支持")),
                cause=text(source, source.randrange(60, 110)),
            ),
            act=source.choice(("accept_matter", "assign", "amend")),
            step_ms=source.randrange(1000, 900_000),
        )
