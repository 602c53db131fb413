"""Facts and the outline of a wording file to a letter: one composer for every kind that has an outline.

Widths are millimetres of the form's type area (150 mm wide).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.letters.blocks import Block, Cell, Imprint, Letter, Paragraph, Row, Signature, Table
from models.letters.draft import GAP, Draft, clean, day, numeral, one_line, sentence
from models.letters.leaf import Leaf
from models.letters.outline import FormRow, Outline, OutlinePart
from models.letters.wording import placeholders

AREA = 150.0
LABEL = 27.0
"""Four characters of 3号 and the sides of a cell; what is left beside two of them holds the longest date."""
SIGN_LINES = 4
"""Least number of lines of a place to sign."""
SIGN_DAY = "　　　　　年　　月　　日"
NO_FILE = "（无电子件）"
"""Stands for the hash of a paper of which the register keeps no file."""
LEAF_COLUMNS = (("序号", 14.0), ("题　　名", 50.0), ("文　　号", 36.0), ("日　　期", 28.0), ("页号", 22.0))
"""Columns of an index of papers; the hash stands under each paper, over all but the first column."""


def outlined(draft: Draft) -> Letter:
    """Return the letter that the outline of its wording file tells."""
    outline = draft.wording.outline
    if outline is None:
        raise LookupError(draft.wording.id)
    facts = draft.facts
    blocks: list[Block] = []
    heads = 0
    for part in outline.parts:
        if part.when and not _stated(draft, part.when):
            continue
        if part.what == "head":
            heads += 1
            blocks.append(Paragraph(text=f"{numeral(heads)}、{draft.say(part.name)}", level=1))
        else:
            blocks += _blocks(draft, part)
    return draft.letter(
        _joined(blocks),
        addressee=_addressee(draft, outline),
        attachments=tuple(clean(name) for name in facts.attachments),
        signature=_signature(draft, outline),
        signer=one_line(facts.approver).split(" ")[-1] if outline.approved else "",
        head=tuple(_cell(draft, pattern) for pattern in outline.head),
        notes=tuple(draft.say(name) for name in outline.notes),
        imprint=_imprint(draft) if outline.imprint else None,
    )


def _stated(draft: Draft, name: str) -> bool:
    value = draft.facts.value(name)
    return bool(draft.values.get(name)) if value is None else bool(value)


def _blocks(draft: Draft, part: OutlinePart) -> Sequence[Block]:
    if part.what == "say":
        return draft.paragraphs(part.name)
    if part.what == "tell":
        text = sentence(_text(draft, part.name)) or GAP
        return [Paragraph(text=line) for line in text.split("\n")]
    if part.what == "claims":
        return draft.claims() or [Paragraph(text=GAP, part="claims")]
    if part.what == "rows":
        return [Table(rows=tuple(_row(draft, row) for row in part.rows))]
    if part.what == "sign":
        return [Table(rows=tuple(_places(part.places)))]
    return [Table(rows=tuple(_leaves(draft.facts.rows)))]


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with tables that follow each other made one."""
    found: list[Block] = []
    for block in blocks:
        if found and isinstance(block, Table) and isinstance(found[-1], Table):
            found[-1] = Table(rows=found[-1].rows + block.rows)
        else:
            found.append(block)
    return found


def _row(draft: Draft, row: FormRow) -> Row:
    share = AREA / len(row.cells)
    cells: list[Cell] = []
    for label, pattern in row.cells:
        cells.append(Cell(text=label, width=LABEL, label=True))
        cells.append(Cell(text=_cell(draft, pattern), width=share - LABEL))
    return Row(cells=tuple(cells), least=row.least)


def _cell(draft: Draft, pattern: str) -> str:
    """Return what stands in a cell: nothing while none of its values is stated, because the hand may fill it."""
    names = placeholders(pattern)
    values = {name: _text(draft, name) for name in names}
    return pattern.format_map(values) if not names or any(values.values()) else ""


def _text(draft: Draft, name: str) -> str:
    """Return a value with its own lines; days and worked-out values as words."""
    value: Any = draft.facts.value(name)
    field = draft.wording.outline.field(name) if draft.wording.outline else None
    whole = isinstance(value, str) and (field is None or field.kind in ("text", "long", "choice"))
    return clean(value) if whole else draft.values.get(name, "")


def _places(places: Sequence[str]) -> list[Row]:
    """Return places to sign, two beside each other, the last one alone over the whole width."""
    rows: list[Row] = []
    for start in range(0, len(places), 2):
        pair = places[start : start + 2]
        cells = tuple(Cell(text=f"{who}：\n\n\n{SIGN_DAY}", width=AREA / len(pair)) for who in pair)
        rows.append(Row(cells=cells, least=SIGN_LINES))
    return rows


def _leaves(leaves: Sequence[Leaf]) -> list[Row]:
    rows = [Row(cells=tuple(Cell(text=name, width=width, label=True) for name, width in LEAF_COLUMNS))]
    first = LEAF_COLUMNS[0][1]
    for place, leaf in enumerate(leaves, 1):
        pages = str(leaf.first_page) if leaf.first_page == leaf.last_page else f"{leaf.first_page}-{leaf.last_page}"
        dated = leaf.dated_on.isoformat() if leaf.dated_on else ""
        texts = (str(place), clean(leaf.title), clean(leaf.number), dated, pages)
        cells = (Cell(text=text, width=width) for text, (_, width) in zip(texts, LEAF_COLUMNS, strict=True))
        rows.append(Row(cells=tuple(cells)))
        hashed = "\n".join(leaf.sha256[start : start + 32] for start in range(0, len(leaf.sha256), 32))
        rows.append(Row(cells=(Cell(text="摘要", width=first), Cell(text=hashed or NO_FILE, width=AREA - first))))
        if leaf.pages:
            rows.append(Row(cells=(Cell(text="各页", width=first), Cell(text=leaf.shown_pages, width=AREA - first))))
    return rows


def _addressee(draft: Draft, outline: Outline) -> str:
    if not outline.addressee:
        return ""
    return _text(draft, outline.addressee).replace("\n", "") or GAP


def _signature(draft: Draft, outline: Outline) -> Signature | None:
    if not outline.signed:
        return None
    organ = _text(draft, outline.signer).replace("\n", "") or GAP
    return Signature(organ=organ, date=day(draft.facts.dated_on) or GAP, sealed=draft.kind.sealed)


def _imprint(draft: Draft) -> Imprint:
    facts = draft.facts
    return Imprint(
        copies=clean(facts.copies).rstrip("。"),
        printed_by=facts.petition_unit or facts.organ,
        printed_on=day(facts.dated_on),
    )
