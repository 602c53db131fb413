"""The unit's own wording of letters: versions that are saved, checked and approved, and never changed afterwards.

A version says only the texts that differ from the shipped wording; what must be said (domain reference, 9.2) must still
be said, or it is not saved. It counts for letters dated on or after its day, once somebody of the legal department or a
leader who did not write it has approved it, and until the day it is withdrawn from; then the version before it counts
again, or the shipped wording. An approval tries the wording on an invented matter of each regulation: what would keep
every such letter from being issued keeps the wording from being approved. Letters keep the version that they were
issued with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import errors, letters, policy
from models.letters import linter
from models.letters.invented import invented
from models.records import LetterPreview

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

WRITERS = frozenset({"PU", "LEG", "KEEPER"})
APPROVERS = frozenset({"LEG", "DL", "CH"})
SHIPPED = 0
"""In place of a version's number: the wording that ships with the program."""

Texts = Mapping[str, Mapping[str, str]]
"""`{"texts": {name: text}, "texts_2005": {name: text}}`: only what differs from the shipped wording."""

_FAMILIES: tuple[tuple[letters.Family, str], ...] = (("2022", "REG-2022"), ("2005", "SC-431"))
"""Each regulation with the rule set of the invented matter that tries its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the unit's wording of a kind."""

    kind: str
    version: int
    texts: dict[str, Any]
    from_on: date | None
    approved_by: int | None
    written_by: int | None = None
    """None: written with a program before 0.2, which did not keep it."""
    ended_on: date | None = None
    """Withdrawn: it does not count for letters dated on or after this day."""

    def counts_on(self, on: date) -> bool:
        """Say whether letters dated `on` are worded by it."""
        begun = self.approved_by is not None and (self.from_on is None or self.from_on <= on)
        return begun and (self.ended_on is None or on < self.ended_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A text that two versions say differently."""

    family: letters.Family
    name: str
    before: str
    """Empty: the first version has no such text."""
    after: str


def versions(register: Register, kind: str) -> tuple[Version, ...]:
    """Return the unit's versions of a kind, the oldest first."""
    letters.kind_of(kind)
    return tuple(
        Version(
            kind=kind,
            version=row["version"],
            texts=orjson.loads(row["wording"]),
            from_on=_day(row["from_on"]),
            approved_by=row["approved_by"],
            written_by=row["written_by"],
            ended_on=_day(row["ended_on"]),
        )
        for row in register.records("template", "kind=? ORDER BY version", (kind,))
    )


def in_force(register: Register, kind: str, on: date) -> letters.Wording:
    """Return the wording for letters dated `on`: the unit's newest version that counts then, else the shipped one."""
    own = [found for found in versions(register, kind) if found.counts_on(on)]
    return letters.wording(kind, (own[-1].version, own[-1].texts)) if own else letters.wording(kind)


def version_of(register: Register, kind: str, version: int) -> letters.Wording:
    """Return the wording of one version, whether it counts or not; `SHIPPED` is the one that ships.

    Raises:
        InputError: There is no such kind or version.
    """
    if version == SHIPPED:
        return letters.wording(kind)
    found = next((each for each in versions(register, kind) if each.version == version), None)
    if found is None:
        raise _unknown(kind, version)
    return letters.wording(kind, (version, found.texts))


def issued_with(register: Register, kind: str, template: str, version: int) -> letters.Wording:
    """Return the wording that a document was issued with.

    Args:
        register: The open register.
        kind: Kind of the document.
        template: Its template id, as kept with it.
        version: Its template version, as kept with it.

    Raises:
        RuleError: It was worded by a shipped wording that this version of the program no longer has.
        InputError: The unit's version is not in the register.
    """
    shipped = letters.wording(kind)
    if template != shipped.id:
        return version_of(register, kind, version)
    if version != shipped.version:
        raise errors.RuleError(
            f"该文书用的是程序自带措辞第 {version} 版，本程序自带的是第 {shipped.version} 版，不能再生成编辑稿；"
            "请以冻结的 PDF 为准。",
            f"This letter was worded by version {version} of the wording that ships; this program has version"
            f" {shipped.version}, so no editing copy can be made. Use the frozen PDF.",
        )
    return shipped


def save(register: Register, kind: str, texts: Texts, *, by: Staff, at: datetime) -> int:
    """Save a new version, not yet in force; returns its number.

    Raises:
        NotAllowedError: `by` is neither petition-unit head, legal department nor keeper.
        InputError: An unknown text or placeholder, a required part left out, or nothing that differs.
    """
    policy.require_role(by, WRITERS, "修改文书措辞", "change the wording of letters")
    known = versions(register, kind)
    version = known[-1].version + 1 if known else 1
    changed = _changed(kind, texts)
    if not changed:
        raise errors.InputError(
            "texts",
            "与现有措辞没有不同，未保存新版本。",
            "Nothing differs from the wording that ships; no version was saved.",
        )
    letters.wording(kind, (version, changed))  # refuses what may not be
    with register.act("save_wording", by=by, at=at) as act:
        wording = orjson.dumps(changed, option=orjson.OPT_SORT_KEYS).decode()
        act.insert("template", {"kind": kind, "version": version, "wording": wording, "written_by": by.id})
    return version


def approve(register: Register, kind: str, version: int, *, from_on: date | None, by: Staff, at: datetime) -> None:
    """Put a saved version in force for letters dated `from_on` or later (all letters from now on when None).

    Raises:
        NotAllowedError: `by` is neither legal department nor leader, or wrote the version.
        InputError: There is no such version.
        RuleError: It is approved already: versions are never changed; or letters worded by it could not be issued.
    """
    policy.require_role(by, APPROVERS, "批准文书措辞", "approve the wording of letters")
    row = _row(register, kind, version)
    if row["approved_by"] is not None:
        raise errors.RuleError(
            "该版本已批准，不能再改；请另存新版本。",
            "This version is approved already and is not changed; save a new one.",
        )
    if row["written_by"] == by.id:
        raise errors.NotAllowedError(
            "文书措辞的起草人不能自己批准，请由法制部门或者局领导中的其他人批准。",
            "Whoever wrote a wording may not approve it; somebody else of the legal department or a leader does.",
        )
    found = faults(kind, version_of(register, kind, version))
    if found:
        zh, en = "；".join(each[1] for each in found), "; ".join(each[2] for each in found)
        raise errors.RuleError(
            f"第 {version} 版不能批准：按它制作的文书出具不了（{zh}）。请另存修改后的版本。",
            f"Version {version} cannot be approved: letters worded by it could not be issued ({en}). Save a corrected"
            " version.",
        )
    with register.act("approve_wording", by=by, at=at) as act:
        act.set("template", row["id"], approved_by=by.id, from_on=from_on or act.on)


def withdraw(register: Register, kind: str, version: int, *, from_on: date | None, by: Staff, at: datetime) -> None:
    """Withdraw an approved version for letters dated `from_on` or later (from today on when None).

    Letters that were issued with it keep it.

    Raises:
        NotAllowedError: `by` is neither legal department nor leader.
        InputError: There is no such version, or the day lies before today: what was issued since is worded by it.
        RuleError: It was never approved, or is withdrawn already.
    """
    policy.require_role(by, APPROVERS, "停用文书措辞", "withdraw the wording of letters")
    row = _row(register, kind, version)
    if row["approved_by"] is None or row["ended_on"]:
        raise errors.RuleError(
            f"第 {version} 版没有在用，无须停用。", f"Version {version} is not in force, so it cannot be withdrawn."
        )
    with register.act("withdraw_wording", by=by, at=at) as act:
        if from_on and from_on < act.on:
            raise errors.InputError(
                "from",
                f"停用日期 {from_on} 早于今天：其间出具的文书已按该版本制作。请填今天或者以后的日期。",
                f"{from_on} lies before today, and letters issued since are worded by it. Give today or later.",
            )
        act.set("template", row["id"], ended_on=from_on or act.on)


def differences(register: Register, kind: str, before: int, after: int) -> tuple[Difference, ...]:
    """Return the texts that two versions of a kind say differently; `SHIPPED` stands for the wording that ships.

    Raises:
        InputError: There is no such kind or version.
    """
    first, second = version_of(register, kind, before), version_of(register, kind, after)
    return tuple(
        Difference(family=family, name=name, before=old, after=new)
        for family, _ in _FAMILIES
        if family in letters.kind_of(kind).families
        for name in dict.fromkeys((*first.texts[family], *second.texts[family]))
        if (old := first.texts[family].get(name, "")) != (new := second.texts[family].get(name, ""))
    )


def faults(kind: str, wording: letters.Wording) -> list[linter.Finding]:
    """Return what would keep letters worded so from being issued, tried on an invented matter of each regulation.

    What the shipped wording would be told too (a fact that the invented matter lacks) is not the wording's fault.
    """
    found: dict[str, linter.Finding] = {}
    for family, rules in _FAMILIES:
        if family not in letters.kind_of(kind).families:
            continue
        known = {zh for _, zh, _ in _tried(kind, rules, letters.wording(kind))}
        found |= {each[1]: each for each in _tried(kind, rules, wording) if each[1] not in known}
    return list(found.values())


def preview(kind: str, texts: Texts, *, rules: str = "REG-2022") -> LetterPreview:
    """Return a letter of an invented matter in the words of `texts`, with what would keep it from being issued.

    Args:
        kind: Kind of the letter.
        texts: As for `save`; texts that are left out are those of the shipped wording.
        rules: REG-2022 or SC-431: under which regulation the invented matter stands.

    Raises:
        InputError: An unknown text or placeholder, or a required part left out.
    """
    changed = _changed(kind, texts)
    wording = letters.wording(kind, (1, changed)) if changed else letters.wording(kind)
    pdf = letters.layout(letters.compose(kind, invented(kind, rules), wording, draft=True))
    return LetterPreview(kind=kind, pdf=pdf, missing=tuple(faults(kind, wording)))


def _tried(kind: str, rules: str, wording: letters.Wording) -> list[linter.Finding]:
    facts = invented(kind, rules)
    gaps = letters.missing_parts(kind, facts, wording)
    return [*gaps, *linter.lint(kind, facts, wording, accused=(), on=facts.dated_on or date.max)]


def _changed(kind: str, texts: Texts) -> dict[str, dict[str, str]]:
    """Return only what differs from the shipped wording; where a text changes for both, also what 2005 is to keep."""
    shipped = letters.wording(kind)
    changed: dict[str, dict[str, str]] = {}
    for part, family in (("texts", "2022"), ("texts_2005", "2005")):
        known = shipped.texts["2022" if family == "2022" else "2005"]
        given = changed.get("texts", {}) if part == "texts_2005" else {}
        different = {
            name: text
            for name, text in texts.get(part, {}).items()
            if known.get(name) != text or given.get(name, text) != text
        }
        if different:
            changed[part] = different
    return changed


def _row(register: Register, kind: str, version: int) -> dict[str, Any]:
    letters.kind_of(kind)
    found = register.records("template", "kind=? AND version=?", (kind, version))
    if not found:
        raise _unknown(kind, version)
    return found[0]


def _unknown(kind: str, version: int) -> errors.InputError:
    return errors.InputError(
        "version", f"《{letters.kind_of(kind).name_zh}》没有第 {version} 版。", f"{kind} has no version {version}."
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
