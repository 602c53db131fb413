"""Several documents and papers of a matter as one PDF: an index, then the papers with running page numbers.

Used for the file that goes to the organ of review (复查复核案卷), for the archive and for the printer. Each line of the
index names a paper, its pages, the SHA-256 of the bytes that the register keeps and the hash of each page, so that
every paper and page of a bundle can be held against the register, and the bundle itself by its own hash. The same
papers in the same order make the same bytes.

    leaves(register, matter, by=staff)              the lines of an index, without the PDF
    bundle(register, matter, by=staff, on=day)      the PDF with its lines and its hash
    sealed(register, document, by=staff)            the same behind an issued index, which proves it
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from models import attachments as files
from models import errors, sight
from models.letters import binder
from models.letters.blocks import Cell, Letter, Row
from models.letters.facts import LetterFacts
from models.letters.kinds import chinese_date
from models.letters.leaf import Leaf
from models.letters.page_hash import page_hashes

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

Paper = tuple[Literal["document", "attachment"], int]
"""Which table, and the row's id."""

KEPT = "evidence_bundle"
"""Kind of the document that is itself a bundle: the file as it went up to the organ of review."""

KEPT_NAME = ("复查复核案卷", "The file as it went up")

TITLE = "信访事项案卷材料目录"
_COLUMNS = (16.0, 72.0, 38.0, 24.0)
_HASH = (30.0, 120.0)
"""Widths of the index's two lines for each paper, millimetres of the form's 150."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bound file."""

    pdf: bytes
    rows: tuple[Leaf, ...]
    sha256: str
    """Of `pdf`, in lower-case hex."""


def papers_of(register: Register, matter: int, *, by: Staff) -> tuple[Paper, ...]:
    """Return all papers of a matter in the order in which they came to be: what a bundle holds unless told otherwise.

    Spoiled documents, withdrawn papers and bundles that were kept are left out, and a scan stands once, as the document
    that it is.

    Raises:
        InputError, NotAllowedError: `by` may not read the matter.
    """
    sight.matter_for(register, matter, by)
    documents = register.records("document", "matter=? AND state<>'spoiled' AND kind<>?", (matter, KEPT))
    scans = {row["attachment"] for row in documents}
    papers = register.records("attachment", "matter=? AND removed IS NULL", (matter,))
    days = {row["id"]: row["received_on"] for row in register.records("item", "matter=?", (matter,))}
    first = min(days.values(), default="")
    dated: list[tuple[str, int, Paper]] = [
        (row["received_on"] or row["dated_on"] or first, 1, ("document", row["id"])) for row in documents
    ]
    dated += [(days.get(row["item"], first), 0, ("attachment", row["id"])) for row in papers if row["id"] not in scans]
    return tuple(paper for _, _, paper in sorted(dated, key=lambda each: (each[0], each[1], each[2][1])))


def leaves(register: Register, matter: int, papers: Sequence[Paper] | None = None, *, by: Staff) -> tuple[Leaf, ...]:
    """Return the lines of an index over papers of a matter, with the pages that they fill one after the other.

    Args:
        register: The open register.
        matter: The matter.
        papers: Which and in which order; None: `papers_of`.
        by: Who asks.

    Raises:
        InputError: No such matter, or a paper that is not of it, was withdrawn or spoiled.
        NotAllowedError: The matter is sealed and `by` is no reader.
    """
    return tuple(leaf for leaf, _ in _bound(register, matter, papers, by))


def bundle(register: Register, matter: int, papers: Sequence[Paper] | None = None, *, by: Staff, on: date) -> Bundle:
    """Bind papers of a matter into one PDF behind its index.

    Args:
        register: The open register.
        matter: The matter.
        papers: Which and in which order; None: `papers_of`.
        by: Who asks.
        on: Day printed on the index.

    Raises:
        InputError: No such matter, nothing to bind, or a paper that is not of it, was withdrawn or spoiled.
        NotAllowedError: The matter is sealed and `by` is no reader.
    """
    from models.letters.layout import layout

    bound = _bound(register, matter, papers, by)
    if not bound:
        raise errors.InputError(
            "documents", "本事项没有可以装订的文书或者材料。", "This matter has no document or paper to bind."
        )
    row = sight.matter_for(register, matter, by)
    organ = str(register.setting("organ.name", ""))
    rows = tuple(leaf for leaf, _ in bound)
    index = layout(_index(organ, row["number"], rows, on))
    pdf = binder.bind(
        index, [(leaf.title, pages) for leaf, pages in bound], title=f"{TITLE} {row['number']}", organ=organ
    )
    return Bundle(pdf=pdf, rows=rows, sha256=hashlib.sha256(pdf).hexdigest())


def sealed(register: Register, document: int, *, by: Staff) -> Bundle:
    """Bind the papers of an issued index behind it: the frozen index is the cover, and what it lists is what is bound.

    Number, code and signature of the index hold for the bundle, for each line names the hash of its paper.

    Args:
        register: The open register.
        document: An issued index (复查复核案卷目录, 卷内目录).
        by: Who asks.

    Raises:
        InputError: No such document, or none that lists papers.
        RuleError: A paper that it lists is not in the register as it was, or fills other pages now.
        NotAllowedError: The matter is sealed and `by` is no reader.
    """
    row = sight.matter_of(register, "document", document, by)
    rows = LetterFacts.from_json(row["facts"]).rows if row["facts"] and row["sha256"] else ()
    if not rows:
        raise errors.InputError(
            "document",
            "这份文书不是案卷目录，不能据以装订。请先出具复查复核案卷目录或者卷内目录。",
            "This document is no index, so nothing can be bound by it. Issue the index of the file first.",
        )
    organ = str(register.setting("organ.name", ""))
    held = {(part.sha256, part.title, part.number): part for part in _held(register, row["matter"])}
    bound: list[tuple[str, bytes]] = []
    for place, leaf in enumerate(rows, 1):
        part = held.get((leaf.sha256, leaf.title, leaf.number))
        pages = binder.pages_of(part, organ) if part else b""
        hashes = page_hashes(pages) if part else ()
        if len(hashes) != leaf.last_page - leaf.first_page + 1 or (leaf.pages and hashes != leaf.pages):
            raise errors.RuleError(
                f"目录第 {place} 件“{leaf.title}”与登记库所存的不一致（内容或者页数），不能装订；请重新出具目录。",
                f"Line {place} of the index, “{leaf.title}”, is not in the register as listed (content or pages), so"
                " nothing was bound. Issue a new index.",
            )
        bound.append((leaf.title, pages))
    index = files.load(register, row["sha256"])
    pdf = binder.bind(index, bound, title=f"{row['title']} {row['number'] or ''}".strip(), organ=organ)
    return Bundle(pdf=pdf, rows=rows, sha256=hashlib.sha256(pdf).hexdigest())


def _held(register: Register, matter: int) -> list[binder.Part]:
    """Return all papers of a matter, spoiled and withdrawn ones too: an index issued before still lists them."""
    parts = [_document(register, row) for row in register.records("document", "matter=?", (matter,))]
    return parts + [_scan(register, row) for row in register.records("attachment", "matter=?", (matter,))]


def _bound(register: Register, matter: int, papers: Sequence[Paper] | None, by: Staff) -> list[tuple[Leaf, bytes]]:
    """Return each paper's line and its pages."""
    organ = str(register.setting("organ.name", ""))
    found: list[tuple[Leaf, bytes]] = []
    page = 1
    for paper in papers_of(register, matter, by=by) if papers is None else papers:
        part = _part(register, matter, paper, by)
        pages = binder.pages_of(part, organ)
        hashes = page_hashes(pages)
        last = page + len(hashes) - 1
        leaf = Leaf(
            title=part.title,
            number=part.number,
            dated_on=part.dated_on,
            first_page=page,
            last_page=last,
            sha256=part.sha256,
            pages=hashes,
        )
        found.append((leaf, pages))
        page = last + 1
    return found


def _part(register: Register, matter: int, paper: Paper, by: Staff) -> binder.Part:
    table, row_id = paper
    row = sight.matter_of(register, table, row_id, by)
    if row["matter"] != matter:
        raise errors.InputError(
            table, f"编号 {row_id} 的材料不属于本事项，不能装订。", f"Paper {row_id} is not of this matter."
        )
    reason = row["reason"] if table == "document" and row["state"] == "spoiled" else row.get("removed")
    if reason:
        raise errors.InputError(
            table,
            f"“{row.get('title') or row.get('name')}”已作废或撤下（{reason}），不能装订。",
            f"“{row.get('title') or row.get('name')}” was spoiled or withdrawn ({reason}) and cannot be bound.",
        )
    return _scan(register, row) if table == "attachment" else _document(register, row)


def _document(register: Register, row: dict[str, Any]) -> binder.Part:
    part = binder.Part(
        title=row["title"] or row["kind"],
        number=row["number"] or "",
        dated_on=date.fromisoformat(row["dated_on"]) if row["dated_on"] else None,
    )
    if row["attachment"]:
        scan = register.record("attachment", row["attachment"])
        return replace(part, **_file(register, scan)) if scan else part
    if not row["sha256"]:
        return part
    data = files.load(register, row["sha256"])
    return replace(part, data=data, sha256=row["sha256"], media_type="application/pdf", own=row["state"] == "issued")


def _scan(register: Register, row: dict[str, Any]) -> binder.Part:
    return binder.Part(title=row["name"], **_file(register, row))


def _file(register: Register, row: dict[str, Any]) -> dict[str, Any]:
    """Return what a scan's row says of its file."""
    data = files.load(register, row["sha256"])
    return {"name": row["name"], "media_type": row["media_type"], "data": data, "sha256": row["sha256"]}


def _index(organ: str, number: str, rows: Sequence[Leaf], on: date) -> Letter:
    def line(texts: Sequence[str], widths: Sequence[float], labels: Sequence[int]) -> Row:
        return Row(
            cells=tuple(
                Cell(text=binder.shown_lines(text), width=width, label=place in labels)
                for place, (text, width) in enumerate(zip(texts, widths, strict=True))
            )
        )

    lines = [line(("序号", "材料名称和文号", "日　期", "页　码"), _COLUMNS, range(4))]
    for place, leaf in enumerate(rows, 1):
        pages = str(leaf.first_page) + (f"—{leaf.last_page}" if leaf.last_page > leaf.first_page else "")
        title = "\n".join(part for part in (leaf.title, leaf.number) if part)
        dated = chinese_date(leaf.dated_on) if leaf.dated_on else ""
        lines.append(line((str(place), title, dated, pages), _COLUMNS, (0, 2, 3)))
        lines.append(line(("SHA-256", binder.grouped(leaf.sha256, 32) or "无电子件"), _HASH, (0,)))
        lines.append(line(("各页摘要", leaf.shown_pages), _HASH, (0,)))
    return binder.table_letter(
        organ,
        TITLE,
        lines,
        head=(f"信访事项编号：{number}", f"共 {len(rows)} 件 {rows[-1].last_page} 页"),
        notes=(f"SHA-256 是登记库所存电子件的校验值，可据以核对每件材料。汇编日期：{chinese_date(on)}。",),
    )
