"""Incoming papers: what came to us and what an act rests on, dated, and scanned when there is a scan.

A paper is a `document` row of state `incoming`. An act that needs a paper takes one that the matter holds and that no
earlier step rests on, or one that is handed in with the act itself; in both cases the act's dated fact points to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from models import attachments, codes, errors
from models.records import PaperDraft

if TYPE_CHECKING:
    from models.act import Act
    from models.acts import Rule
    from models.steps.step import Step


def check(drafts: Sequence[PaperDraft], on: date, today: date) -> None:
    """Refuse papers that cannot be.

    Args:
        drafts: What is handed in.
        on: The day of the step that rests on them. A paper may reach us later, like a proof of service, but is not
            written later.
        today: The day of the workstation.

    Raises:
        InputError: Unknown kind, the same kind twice, a day in the future or after the step; names the field.
    """
    seen = set()
    for draft in drafts:
        if draft.kind not in codes.codes("paper"):
            words = "、".join(f"{code}（{codes.word('paper', code, 'zh')}）" for code in codes.codes("paper"))
            raise errors.InputError(
                "paper",
                f"没有“{draft.kind}”这种收到的材料，可用：{words}。",
                f"There is no incoming paper “{draft.kind}”; there are: {', '.join(codes.codes('paper'))}.",
            )
        word, word_en = codes.word("paper", draft.kind, "zh"), codes.word("paper", draft.kind, "en")
        if draft.kind in seen:
            raise errors.InputError(
                "paper", f"“{word}”一次只能登记一份。", f"One paper of a kind at a time: {word_en} was given twice."
            )
        seen.add(draft.kind)
        for name, day in (("dated_on", draft.dated_on), ("received_on", draft.received_on)):
            if day is not None and day > today:
                raise errors.InputError(
                    name,
                    f"“{word}”的日期 {day} 在今天（{today}）之后。请核对日期或工作站时钟。",
                    f"The day of the paper “{word_en}”, {day}, lies after today ({today}). Check it, or the clock.",
                )
        if draft.dated_on is not None and draft.dated_on > on:
            raise errors.InputError(
                "dated_on",
                f"“{word}”落款于 {draft.dated_on}，晚于本步骤的日期 {on}：依据不能后于办理。请核对两个日期。",
                f"The paper “{word_en}” is dated {draft.dated_on}, after the day of this step, {on}: a step does not"
                " rest on what was written later. Check the two days.",
            )


def held(step: Step, rule: Rule, given: Collection[str]) -> dict[str, int]:
    """Return the papers that the matter holds and that the act rests on, by kind; those `given` now are left out.

    Raises:
        MissingPartError: A paper that the act needs is neither held nor given.
    """
    found: dict[str, int] = {}
    for kind in rule.papers:
        if kind in given:
            continue
        paper = unused(step, kind)
        if paper is None:
            word, word_en = codes.word("paper", kind, "zh"), codes.word("paper", kind, "en")
            raise errors.MissingPartError(
                (kind,),
                f"“{rule.zh}”须有“{word}”在卷：请先登记收到的材料，或随本步骤一并登记（{rule.article_zh}）。",
                f"“{rule.en}” rests on the paper “{word_en}”: record it first, or hand it in with this step"
                f" ({rule.article_en}).",
            )
        found[kind] = paper
    return found


def unused(step: Step, kind: str) -> int | None:
    """Return the oldest paper of a kind that the matter holds and that no step rests on yet, or None."""
    row = step.register.row(
        "SELECT id FROM document d WHERE matter=? AND kind=? AND state='incoming'"
        " AND NOT EXISTS(SELECT 1 FROM event WHERE event.matter=d.matter AND event.document=d.id"
        " AND withdrawn IS NULL) ORDER BY id LIMIT 1",
        (step.id, kind),
    )
    return row[0] if row else None


def record(act: Act, matter: int, draft: PaperDraft, *, on: date) -> int:
    """Write an incoming paper with its scan; returns the document's id. `on`: the day received, when none is given."""
    scan = attachments.add(act, matter, draft.file) if draft.file is not None else None
    return act.insert(
        "document",
        {
            "matter": matter,
            "kind": draft.kind,
            "state": "incoming",
            "number": draft.number,
            "title": codes.word("paper", draft.kind, "zh"),
            "dated_on": draft.dated_on,
            "received_on": draft.received_on or on,
            "organ": draft.organ,
            "told": draft.told,
            "attachment": scan,
        },
    )
