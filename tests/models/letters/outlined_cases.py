"""Complete facts of the kinds with an outline, from the invented values in `outlined_values.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from models.letters import LetterFacts, document_number, fields_for, kind_of
from models.letters.facts import FACT_NAMES, Particulars
from models.letters.leaf import Leaf
from tests.models.letters.base import BASE


def leaf(title: str, number: str, dated_on: date | None, first: int, last: int) -> Leaf:
    """Return a line of an index with a hash of its title."""
    digest = hashlib.sha256(title.encode()).hexdigest()
    return Leaf(title=title, number=number, dated_on=dated_on, first_page=first, last_page=last, sha256=digest)


LEAVES = (
    leaf("信访事项登记表", "J2026-000012", date(2026, 3, 2), 1, 2),
    leaf("信访事项受理告知书", "梓公（信）受〔2026〕12号", date(2026, 3, 5), 3, 3),
    leaf("送达回证（受理告知书）", "", date(2026, 3, 6), 4, 4),
    leaf("询问笔录（张𬱖）", "", date(2026, 3, 12), 5, 9),
    leaf("信访处理意见书", "梓公（信）处〔2026〕4号", date(2026, 4, 20), 10, 13),
    leaf("现场照片：三单元402室门锁损坏情况，共三张，拍摄于案发次日上午", "", None, 14, 16),
)


def _values() -> dict[str, dict[str, Any]]:
    raw = tomllib.loads((Path(__file__).parent / "outlined_values.toml").read_text(encoding="utf-8"))
    shared = raw.pop("shared")
    found: dict[str, dict[str, Any]] = {}
    for kind, told in raw.items():
        own = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
        named = own.pop("with", ())
        found[kind] = {name: value for table in named for name, value in shared[table].items()} | own
    return found | {kind: {"rows": LEAVES} for kind in ("evidence_index", "archive_index")}


VALUES = _values()
"""What an officer types, or the register gives, for each kind."""


def facts_for(kind: str) -> LetterFacts:
    """Return complete facts of a kind, a number included."""
    given = dict(VALUES[kind])
    word = kind_of(kind).series_word
    own = {name: given.pop(name) for name in list(given) if name in FACT_NAMES}
    known = {each.name for each in fields_for(kind)}
    assert given.keys() <= known, f"{kind}: {given.keys() - known}"
    number = document_number("梓公", "信", word, 2026, 6) if word else ""
    return replace(BASE, number=number, particulars=Particulars(given), **own)


OUTLINED: dict[str, LetterFacts] = {kind: facts_for(kind) for kind in VALUES}
"""Complete facts of every kind with an outline."""
