"""An item as typed, to plain values and back: what autosave keeps and recovery reads.

Papers are kept as drafts of their own (kind "paper") so that each second's autosave does not write a photograph
again; the item's content names them under "papers".
"""

from __future__ import annotations

import base64
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from models.intake import title_of
from models.records import AccusedDraft, AttachmentDraft, DraftLine, ItemDraft, PersonDraft

_DATES = frozenset({"received_on", "transferred_on", "postmark_on", "problem_on", "born_on"})


def to_content(draft: ItemDraft, papers: list[int]) -> dict[str, Any]:
    """Return an item as plain values; `papers` are the draft ids of its attachments."""
    content = {
        entry.name: getattr(draft, entry.name)
        for entry in fields(ItemDraft)
        if entry.name not in ("people", "accused", "attachments")
    }
    content["people"] = [_plain(asdict(person)) for person in draft.people]
    content["accused"] = [asdict(accused) for accused in draft.accused]
    content["claims"] = list(draft.claims)
    content["papers"] = list(papers)
    content["title_typed"], content["title"] = draft.title, title_of(draft)
    return _plain(content)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def from_content(content: dict[str, Any], papers: tuple[AttachmentDraft, ...] = ()) -> ItemDraft:
    """Return the item of plain values. Values that this version does not know are left out, absent ones are empty."""
    known = {entry.name for entry in fields(ItemDraft)}
    values = {name: _read(name, value) for name, value in content.items() if name in known}
    values["title"] = content.get("title_typed", content.get("title", ""))
    values["people"] = tuple(PersonDraft(**_known(PersonDraft, one)) for one in content.get("people", ()))
    values["accused"] = tuple(AccusedDraft(**_known(AccusedDraft, one)) for one in content.get("accused", ()))
    values["claims"] = tuple(content.get("claims", ()))
    values["attachments"] = papers
    return ItemDraft(**values)


def _known(kind: type[PersonDraft] | type[AccusedDraft], values: dict[str, Any]) -> dict[str, Any]:
    known = {entry.name for entry in fields(kind)}
    return {name: _read(name, value) for name, value in values.items() if name in known}


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DATES and isinstance(value, str) and value else value


def paper_to_content(paper: AttachmentDraft) -> dict[str, Any]:
    """Return a paper as plain values."""
    return {"name": paper.name, "media_type": paper.media_type, "data": base64.b64encode(paper.data).decode("ascii")}


def paper_from_content(content: dict[str, Any]) -> AttachmentDraft:
    """Return the paper of plain values."""
    return AttachmentDraft(
        name=content["name"], media_type=content["media_type"], data=base64.b64decode(content["data"])
    )


def recovered(draft: DraftLine, all_drafts: tuple[DraftLine, ...]) -> tuple[ItemDraft, list[int]]:
    """Return a kept item with its papers, and the draft ids of those that are still there."""
    by_id = {one.id: one for one in all_drafts if one.kind == "paper"}
    kept = [number for number in draft.content.get("papers", ()) if number in by_id]
    papers = tuple(paper_from_content(by_id[number].content) for number in kept)
    return from_content(draft.content, papers), kept


def is_empty(draft: ItemDraft) -> bool:
    """Return whether nothing was typed that would be missed."""
    typed = (
        draft.title,
        draft.statement,
        draft.facts,
        draft.reasons,
        draft.problem_place,
        draft.source_number,
        draft.addressee,
        draft.remark,
    )
    return not (
        any(words.strip() for words in typed)
        or draft.claims
        or draft.accused
        or draft.attachments
        or any(person.name or person.phone or person.id_number or person.address for person in draft.people)
    )
