"""The boundary: columns that the register never takes in, and why.

The register measures the bureau's duties; it does not watch petitioners (domain reference, section 16: Order MPS-79
Art. 10, SC-431 Art. 3, REG-2022 Art. 18, PIPL Arts 6, 19, 28). The words are data, `resources/boundary.toml`; this room
compares headers with them. It looks at headers only, never at what a petitioner wrote.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_IGNORED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Why a header is kept out: the kind of data it stands for, in both languages."""

    header: str
    zh: str
    en: str


def folded(header: str) -> str:
    """Return a header as headers are compared: NFKC, letters and digits only, no case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", header)).casefold()


@cache
def _groups() -> tuple[tuple[str, str, tuple[str, ...], frozenset[str]], ...]:
    raw = tomllib.loads(files("resources").joinpath("boundary.toml").read_text(encoding="utf-8"))
    return tuple(
        (
            group["zh"],
            group["en"],
            tuple(folded(term) for term in group["contains"]),
            frozenset(folded(term) for term in group["exact"]),
        )
        for group in raw["group"]
    )


def kept_out(header: str) -> KeptOut | None:
    """Return why a column called `header` is never imported, or None when it may be."""
    name = folded(header)
    for zh, en, contains, exact in _groups():
        if name in exact or any(term in name for term in contains):
            return KeptOut(header, zh, en)
    return None
