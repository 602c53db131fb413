"""A sheet as a workbook: real days, counts and shares, frozen heads, filters, widths, and ready to print.

A ledger, which is one table, becomes one worksheet with its title above and its notes below. A report becomes a
worksheet of its text, then one for each table and one for the figures of each chart, so that each can be filtered and
counted on. Nothing is added up by formulas: what is printed is what is in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from models import door
from models.sheets import words
from models.sheets.content import (
    Blank,
    Chart,
    Column,
    Grid,
    Heading,
    Kind,
    PageBreak,
    Pairs,
    Series,
    Sheet,
    Text,
    Tiles,
    Value,
)
from models.workbook import COUNT, Book, Look, letter, wide

SAMPLE = 300
"""Rows that are looked at to find widths."""
NARROWEST, WIDEST = 6, 60
"""Of a column, in narrow characters."""
TEXT_WIDTH = 100
"""Of the column of running text, in narrow characters."""
A4 = 9
"""Number of the paper in the file format (ECMA-376, 18.3.1.63)."""
BINDING_IN, EDGE_IN = 28 / 25.4, 15 / 25.4
"""Margins in inches: 28 mm to bind (GB/T 9704-2012, 5.2.1), 15 mm elsewhere."""

_TITLE, _STRONG = Look(bold=True, size=15), Look(bold=True)
_HEAD = Look(bold=True, side="center", wrap=True, ruled=True, shaded=True)
_TEXT = Look(side="left", wrap=True)


def to_xlsx(sheets: Sheet | Sequence[Sheet], path: Path) -> None:
    """Write one sheet or several to an .xlsx file: beside its place, then renamed.

    Raises:
        StorageError, DiskFullError: The file cannot be written; nothing of it is left.
    """
    door.write_file(path, workbook_of(sheets))


def workbook_of(sheets: Sheet | Sequence[Sheet]) -> bytes:
    """Return one sheet or several as a workbook."""
    book = Book()
    for sheet in [sheets] if isinstance(sheets, Sheet) else sheets:
        tables = [block for block in sheet.blocks if isinstance(block, Grid | Chart)]
        if len(tables) == 1 and len(sheet.blocks) == 1:
            _table(book, sheet, _grid_of(tables[0], sheet), sheet.title.replace("|", ""), alone=True)
            continue
        _text(book, sheet)
        for place, block in enumerate(tables, 1):
            grid = _grid_of(block, sheet)
            number = f"{'表' if sheet.language == 'zh' else 'Table '}{place}"
            name = block.title if block.title.startswith(number) else f"{number} {block.title}".strip()
            _table(book, sheet, grid, name, alone=False)
    return book.data()


def _grid_of(block: Grid | Chart, sheet: Sheet) -> Grid:
    return block if isinstance(block, Grid) else figures_of(block, sheet)


def figures_of(chart: Chart, sheet: Sheet) -> Grid:
    """Return the figures behind a chart as a table."""
    zh = sheet.language == "zh"
    kind: Kind = "percent" if chart.unit == "%" else "decimal" if chart.digits else "int"
    if chart.kind == "funnel":
        columns = [
            Column(head="单位" if zh else "Unit", width=3),
            Column(head="应办数" if zh else "Duties due", kind="int"),
            Column(head="完成率" if zh else "Share done", kind="percent"),
            *(
                Column(head=head, kind="percent")
                for band in chart.bands
                for head in (f"{band.name} {'下限' if zh else 'low'}", f"{band.name} {'上限' if zh else 'high'}")
            ),
        ]
        return Grid(
            columns=columns,
            title=chart.title,
            rows=[(point.name, point.size, point.value, *_band_limits(chart, point.size)) for point in chart.points],
        )
    limits = [Series(name=limit.name, values=[limit.value] * len(chart.labels)) for limit in chart.limits]
    share: Kind = "percent" if chart.kind == "target" else kind
    return Grid(
        columns=[
            Column(head="", width=3),
            *(Column(head=series.name, kind=kind) for series in chart.series),
            *(Column(head=series.name, kind=share) for series in limits),
        ],
        title=chart.title,
        rows=[
            (label, *(series.values[place] for series in (*chart.series, *limits)))
            for place, label in enumerate(chart.labels)
        ],
    )


def _band_limits(chart: Chart, size: int) -> list[Value]:
    """Return low and high of every band, at the size nearest to a point's."""
    found: list[Value] = []
    for band in chart.bands:
        nearest = min(band.limits, key=lambda limit: abs(limit[0] - size), default=(0, None, None))
        found += nearest[1:]
    return found


# --- a table ---------------------------------------------------------------------------------------------------------


def _table(book: Book, sheet: Sheet, grid: Grid, name: str, *, alone: bool) -> None:
    made = book.sheet(name)
    columns = list(grid.columns)
    for place, width in enumerate(_widths(grid), 1):
        made.column_dimensions[letter(place)].width = width
    grouped = any(column.group for column in columns)
    above = [(sheet.title.replace("|", ""), _TITLE)] if alone else [(grid.title or sheet.title, _TITLE)]
    under = "　".join(each for each in (sheet.organ, sheet.subtitle, sheet.number) if each)
    above.append((under, Look()))
    head = len(above) + (2 if grouped else 1)
    made.freeze_panes = f"A{head + 1}"
    made.print_title_rows = f"{len(above) + 1}:{head}"
    _paper(made, sheet)
    for text, look in above:
        book.row(made, (text,), (look,))
    if grouped:
        book.row(made, [column.group for column in columns], (_HEAD,))
        for first, last in _runs([column.group for column in columns]):
            made.merged_cells.add(f"{letter(first + 1)}{head - 1}:{letter(last + 1)}{head - 1}")
    book.row(made, [column.head.replace("\n", " ") for column in columns], (_HEAD,))
    looks = [_look(column) for column in columns]
    last = head
    for row in grid.rows:
        book.row(made, row, looks)
        last += 1
    made.auto_filter.ref = f"A{head}:{letter(len(columns))}{last}"
    if last == head:
        book.row(made, (grid.empty or words.nothing(sheet.language),))
    if grid.totals:
        book.row(made, grid.totals, [_look(column, bold=True) for column in columns])
    if alone:
        _ending(book, made, sheet)


def _look(column: Column, *, bold: bool = False) -> Look:
    digits = f".{'0' * column.digits}" if column.digits else ""
    form = {"int": COUNT, "percent": f"0{digits}%", "decimal": f"#,##0{digits}"}.get(column.kind, "")
    side = {"text": "left", "date": "center"}.get(column.kind, "right")
    return Look(form=form, side=side, wrap=column.wrap and column.kind == "text", ruled=True, bold=bold)


def _runs(names: Sequence[str]) -> list[tuple[int, int]]:
    """Return first and last place of each run of two or more equal names."""
    found, place = [], 0
    while place < len(names):
        end = place
        while names[place] and end + 1 < len(names) and names[end + 1] == names[place]:
            end += 1
        if end > place:
            found.append((place, end))
        place = end + 1
    return found


def _widths(grid: Grid) -> list[int]:
    """Return the width of each column, in narrow characters: what stands in it, wrapped text at most as its weight."""
    rows = [*islice(iter(grid.rows), SAMPLE), *([grid.totals] if grid.totals else [])]
    found = []
    for place, column in enumerate(grid.columns):
        texts = [words.shown(row[place], column.kind, column.digits) for row in rows]
        inside = max((wide(line) for text in texts for line in text.split("\n")), default=0)
        most = max(12, min(WIDEST, round(14 * column.width))) if column.wrap and column.kind == "text" else WIDEST
        head = max(wide(line) for line in column.head.split("\n"))
        found.append(min(max(NARROWEST, min(inside, most), min(head, 16)) + 2, WIDEST + 2))
    return found


# --- text ------------------------------------------------------------------------------------------------------------


def _text(book: Book, sheet: Sheet) -> None:
    """Write what is not a table: headings, paragraphs, pairs and large figures, one under the other."""
    made = book.sheet(sheet.title.replace("|", ""))
    made.column_dimensions["A"].width = 24
    made.column_dimensions["B"].width = TEXT_WIDTH - 24
    _paper(made, sheet)
    book.row(made, (sheet.title.replace("|", ""),), (_TITLE,))
    for text in (sheet.organ, sheet.subtitle, sheet.number, sheet.addressee):
        if text:
            book.row(made, (text,))
    place = 0
    for block in sheet.blocks:
        match block:
            case Heading():
                book.row(made, (block.text,), (_STRONG,))
            case Text():
                for paragraph in block.text.split("\n"):
                    book.row(made, ("", paragraph), (Look(), Look(side="left", wrap=True, bold=block.strong)))
            case Pairs():
                for label, value in block.pairs:
                    book.row(made, (label, value), (_STRONG, _TEXT))
            case Tiles():
                for tile in block.tiles:
                    told = f"{tile.value}　{tile.remark}".strip()
                    book.row(made, (tile.label, told), (_STRONG, _TEXT))
            case Grid() | Chart():
                place += 1
                see = f"见表{place}" if sheet.language == "zh" else f"see table {place}"
                book.row(made, (see, block.title), (Look(), _TEXT))
                if isinstance(block, Chart) and block.note:
                    book.row(made, ("", block.note), (Look(), _TEXT))
            case Blank():
                book.row(made, (block.label,), (_STRONG,))
            case PageBreak():
                book.row(made, ())
    _ending(book, made, sheet)


def _ending(book: Book, made: Any, sheet: Sheet) -> None:
    """Write places to sign and notes."""
    if sheet.sign:
        book.row(made, ())
        book.row(made, ["　　".join(f"{each.label}{words.colon(sheet.language)}{each.name}" for each in sheet.sign)])
    for note in sheet.notes:
        book.row(made, (note,))
    if sheet.dated_on:
        book.row(made, (words.day(sheet.dated_on, sheet.language),))


def _paper(made: Any, sheet: Sheet) -> None:
    """Set the print-out: A4, as wide as the paper, heads on every page, page n of m."""
    zh = sheet.language == "zh"
    made.page_setup.paperSize = A4
    made.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    made.page_setup.fitToWidth = 1
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr.fitToPage = True
    margins = made.page_margins
    margins.left, margins.right, margins.top, margins.bottom = BINDING_IN, EDGE_IN, EDGE_IN, EDGE_IN * 1.4
    made.oddFooter.left.text = sheet.organ.replace("&", "&&")
    made.oddFooter.right.text = "第 &P 页　共 &N 页" if zh else "Page &P of &N"
