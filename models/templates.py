"""The unit's own wording of letters: versions that are saved, checked and approved, and never changed afterwards.

A version says only the texts that differ from the shipped wording; what must be said (domain reference, 9.2) must still
be said, or it is not saved. It counts for letters dated on or after its day, once the legal department or a leader has
approved it. Letters keep the version that they were issued with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import errors, letters, policy

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

WRITERS = frozenset({"PU", "LEG", "KEEPER"})
APPROVERS = frozenset({"LEG", "DL", "CH"})

Texts = Mapping[str, Mapping[str, str]]
"""`{"texts": {name: text}, "texts_2005": {name: text}}`: only what differs from the shipped wording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the unit's wording of a kind."""

    kind: str
    version: int
    texts: dict[str, Any]
    from_on: date | None
    approved_by: int | None


def versions(register: Register, kind: str) -> tuple[Version, ...]:
    """Return the unit's versions of a kind, the oldest first."""
    letters.kind_of(kind)
    return tuple(
        Version(
            kind=kind,
            version=row["version"],
            texts=orjson.loads(row["wording"]),
            from_on=date.fromisoformat(row["from_on"]) if row["from_on"] else None,
            approved_by=row["approved_by"],
        )
        for row in register.records("template", "kind=? ORDER BY version", (kind,))
    )


def in_force(register: Register, kind: str, on: date) -> letters.Wording:
    """Return the wording for letters dated `on`: the unit's newest approved version, else the shipped one."""
    own = [
        found
        for found in versions(register, kind)
        if found.approved_by is not None and (found.from_on is None or found.from_on <= on)
    ]
    return letters.wording(kind, (own[-1].version, own[-1].texts)) if own else letters.wording(kind)


def save(register: Register, kind: str, texts: Texts, *, by: Staff, at: datetime) -> int:
    """Save a new version, not yet in force; returns its number.

    Raises:
        NotAllowedError: `by` is neither petition-unit head, legal department nor keeper.
        InputError: An unknown text or placeholder, a required part left out, or nothing that differs.
    """
    policy.require_role(by, WRITERS, "修改文书措辞", "change the wording of letters")
    known = versions(register, kind)
    version = known[-1].version + 1 if known else 1
    shipped = letters.wording(kind)
    families: dict[str, letters.Family] = {"texts": "2022", "texts_2005": "2005"}
    changed: dict[str, dict[str, str]] = {}
    for part, family in families.items():
        given = texts.get(part, {})
        different = {name: text for name, text in given.items() if shipped.texts[family].get(name) != text}
        if different:
            changed[part] = different
    if not changed:
        raise errors.InputError(
            "texts",
            "与现有措辞没有不同，未保存新版本。",
            "Nothing differs from the wording that ships; no version was saved.",
        )
    letters.wording(kind, (version, changed))  # refuses what may not be
    with register.act("save_wording", by=by, at=at) as act:
        wording = orjson.dumps(changed, option=orjson.OPT_SORT_KEYS).decode()
        act.insert("template", {"kind": kind, "version": version, "wording": wording})
    return version


def approve(register: Register, kind: str, version: int, *, from_on: date | None, by: Staff, at: datetime) -> None:
    """Put a saved version in force for letters dated `from_on` or later (all letters from now on when None).

    Raises:
        NotAllowedError: `by` is neither legal department nor leader.
        InputError: There is no such version.
        RuleError: It is approved already: versions are never changed.
    """
    policy.require_role(by, APPROVERS, "批准文书措辞", "approve the wording of letters")
    found = register.row("SELECT id, approved_by FROM template WHERE kind=? AND version=?", (kind, version))
    if found is None:
        raise errors.InputError(
            "version", f"《{letters.kind_of(kind).name_zh}》没有第 {version} 版。", f"{kind} has no version {version}."
        )
    if found[1] is not None:
        raise errors.RuleError(
            "该版本已批准，不能再改；请另存新版本。",
            "This version is approved already and is not changed; save a new one.",
        )
    with register.act("approve_wording", by=by, at=at) as act:
        act.set("template", found[0], approved_by=by.id, from_on=from_on or at.astimezone().date())
