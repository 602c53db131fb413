"""Filing a closed matter: its index with page numbers, the number of its pages, and papers that have no scan.

A file may go to the archive with papers that were only dated, never scanned, but never silently: each is named, and
the reason stands in the register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import errors
from models.steps.step import Step

if TYPE_CHECKING:
    from models.act import Act

_ARTICLE = ("北京市信访条例第十六条、山东省信访条例第十六条，参照", "Beijing Art. 16, Shandong Art. 16, by analogy")


def unscanned(step: Step) -> list[str]:
    """Return the titles of the incoming papers of a matter that have no scan."""
    rows = step.register.records(
        "document", "matter=? AND state='incoming' AND attachment IS NULL ORDER BY id", (step.id,)
    )
    return [" ".join(filter(None, (row["title"], row["number"]))) for row in rows]


def check(step: Step) -> None:
    """Refuse a number that another file bears, and papers without a scan and without a reason.

    Raises:
        InputError, MissingPartError: with what is wrong.
    """
    number = step.values["archive_number"]
    taken = step.register.row("SELECT 1 FROM matter WHERE archive_number=? AND id<>? LIMIT 1", (number, step.id))
    if taken:
        raise errors.InputError(
            "archive_number",
            f"档案编号 {number} 已用于另一事项（{_ARTICLE[0]}）。",
            f"The archive number {number} is borne by another matter ({_ARTICLE[1]}).",
        )
    papers = unscanned(step)
    if papers and not step.values.get("unscanned_reason"):
        raise errors.MissingPartError(
            ("unscanned_reason",),
            f"有 {len(papers)} 份材料没有扫描件：{'、'.join(papers)}。请补扫，或写明理由（{_ARTICLE[0]}）。",
            f"{len(papers)} papers have no scan: {', '.join(papers)}; scan them, or say why not ({_ARTICLE[1]}).",
        )


def keep(act: Act, step: Step) -> None:
    """Record how many pages the file has, and why papers have no scan."""
    from models.letters import bundle

    rows = bundle.leaves(act.register, step.id, by=step.by)
    act.set("matter", step.id, leaves=rows[-1].last_page if rows else 0)
    reason = step.values.get("unscanned_reason")
    if reason:
        named = "、".join(unscanned(step))
        act.insert("passage", {"matter": step.id, "kind": "note", "body": f"归档时没有扫描件（{named}）：{reason}"})
