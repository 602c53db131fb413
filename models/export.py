"""A list of the register as a table for other programs: xlsx with real days and numbers, or CSV.

What the list shows is what goes out, and no more: of an outline number, days and state. Text that a spreadsheet would
take for a formula stays text. The file is written beside its place and renamed, so that nothing half-written stands
there. An export is journalled (`Desk.exported`): what leaves the register leaves a trace.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import acts, clocks, codes, door, errors, lists, workbook
from models.errors import Message
from models.records import Filters, MatterLine, Staff

if TYPE_CHECKING:
    from models.register import Register

AT_A_TIME = 500
Cell = str | int | date | None

_HEADS = (
    Message("事项编号", "number"),
    Message("标题", "title"),
    Message("信访人", "petitioner"),
    Message("状态", "state"),
    Message("类别", "class"),
    Message("信访形式", "channel"),
    Message("收到日期", "received"),
    Message("责任单位", "unit"),
    Message("承办人", "handler"),
    Message("最近期限", "next clock"),
    Message("最后一日", "last day"),
    Message("剩余天数", "days left"),
)
_WIDTHS = (16, 44, 12, 14, 12, 10, 12, 20, 12, 24, 12, 10)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def heads() -> tuple[Cell, ...]:
    """Return the heads of the columns in the language spoken."""
    return tuple(str(head) for head in _HEADS)


def portion(
    register: Register,
    by: Staff,
    on: date,
    filters: Filters,
    *,
    text: str = "",
    places: Sequence[int] | None = None,
    after: Any = None,
) -> tuple[list[tuple[Cell, ...]], Any]:
    """Return some lines of a list as cells, and how to go on (None at the end).

    Args:
        register: The open register.
        by: The viewer.
        on: The day from which days left are counted.
        filters: The filters of the list.
        text: What was searched for; '' for the register itself.
        places: Only the matters at these places, in their order, whatever the filters.
        after: What the portion before gave.
    """
    lines: Sequence[MatterLine]
    following: Any
    if places is not None:
        start = after or 0
        lines = lists.lines_at(register, by, list(places[start : start + AT_A_TIME]))
        following = start + AT_A_TIME if start + AT_A_TIME < len(places) else None
    else:
        if text:
            from models import find

            page = find.find_page(register, by, text, filters, after=after, limit=AT_A_TIME, total=False, today=on)
        else:
            page = lists.page(register, by, filters, after=after, limit=AT_A_TIME, today=on)
        lines, following = page.lines, page.after
    language = errors.spoken()
    return [_cells(line, on, language) for line in lines], following


def _cells(line: MatterLine, on: date, language: errors.Language) -> tuple[Cell, ...]:
    return (
        line.number,
        line.title,
        line.who,
        codes.word("state", line.state, language),
        codes.word("category", line.category, language),
        codes.word("channel", line.channel, language),
        line.received_on,
        line.unit,
        line.handler,
        clocks.clock_name(line.next_clock, language) if line.next_clock else "",
        line.due_on,
        (line.due_on - on).days if line.due_on else None,
    )


def write_table(rows: Sequence[Sequence[Cell]], path: Path, widths: Sequence[int] = _WIDTHS) -> None:
    """Write a table with its heads in the first row: xlsx when the name ends so, CSV (UTF-8 with mark) otherwise.

    Raises:
        StorageError, DiskFullError: The file cannot be written; nothing of it is left.
    """
    door.write_file(path, _xlsx(rows, widths) if path.suffix.lower() == ".xlsx" else _csv(rows))


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    for row in rows:
        writer.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return made.getvalue().encode("utf-8-sig")


def _guarded(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _xlsx(rows: Sequence[Sequence[Cell]], widths: Sequence[int]) -> bytes:
    book = workbook.Book()
    sheet = book.sheet(acts.word("export_list", errors.spoken()))
    sheet.freeze_panes = "A2"
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[workbook.letter(at)].width = width
    if rows:
        sheet.auto_filter.ref = f"A1:{workbook.letter(len(rows[0]))}{len(rows)}"
    for number, row in enumerate(rows):
        book.row(sheet, row, (workbook.Look(bold=number == 0),))
    return book.data()
