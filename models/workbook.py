"""Workbooks (xlsx) for other programs: real days and numbers, no formulas, nothing left behind.

The sheets are written in memory and leave it in one file: the library's own way over temporary files would lay their
content in the open beside the register if the power fails. Text that a spreadsheet would take for a formula stays text,
and control characters, which the format does not know, are left out.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

Value = str | int | float | date | datetime | None

LONGEST = 32_767
"""Characters that a cell can hold; what is longer says so at its end."""
DAY, MINUTE, COUNT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a cell looks. `form`: number format; `side`: "left", "center", "right" or "" for the program's own."""

    form: str = ""
    bold: bool = False
    size: float = 0.0
    side: str = ""
    wrap: bool = False
    ruled: bool = False
    shaded: bool = False


PLAIN = Look()


class Book:
    """A workbook that is written sheet by sheet, row by row."""

    def __init__(self) -> None:
        import openpyxl  # takes a while to load and only workbooks need it

        self._book = openpyxl.Workbook(write_only=True)
        self._styles: dict[tuple[int, Look, str], Any] = {}

    def sheet(self, title: str) -> Any:
        """Add a sheet and return it; its widths, frozen panes and print set-up are set before the first row.

        Args:
            title: Its name: cut and cleaned as the format asks, and made different from the others'.
        """
        found = _sheet_class()(self._book, self._name(title))
        self._book._add_sheet(found)
        return found

    def _name(self, title: str) -> str:
        """Return a lawful name: at most 31 characters, no brackets, slashes or colons, and none twice."""
        clean = "".join(" " if each in "[]:*?/\\" else each for each in _printable(title)).strip(" '") or "1"
        taken = {each.casefold() for each in self._book.sheetnames}
        name, number = clean[:31], 1
        while name.casefold() in taken:
            number += 1
            mark = f" ({number})"
            name = clean[: 31 - len(mark)] + mark
        return name

    def row(self, sheet: Any, values: Sequence[Value], looks: Sequence[Look] = ()) -> None:
        """Append a row; `looks` gives each cell's, the last one for all that follow."""
        last = looks[-1] if looks else PLAIN
        sheet.append(
            [self._cell(sheet, value, looks[at] if at < len(looks) else last) for at, value in enumerate(values)]
        )

    def _cell(self, sheet: Any, value: Value, look: Look) -> Any:
        from openpyxl.cell import WriteOnlyCell

        clean = _fitting(_printable(value)) if isinstance(value, str) else value
        cell = WriteOnlyCell(sheet, value=clean)
        if isinstance(value, str):
            cell.data_type = "s"  # else a text with a sign of equality in front is a formula
        form = look.form if not isinstance(value, str) else ""
        if not form and isinstance(value, date):
            form = MINUTE if isinstance(value, datetime) else DAY
        style = self._style(sheet, look, form)
        if style is not None:
            cell._style = style
        return cell

    def _style(self, sheet: Any, look: Look, form: str) -> Any:
        """Return a style of the book, made once: each further cell only points to it."""
        if look == PLAIN and not form:
            return None
        key = (id(sheet), look, form)
        if key not in self._styles:
            self._styles[key] = _styled(sheet, look, form)
        return self._styles[key]

    def data(self) -> bytes:
        """Return the workbook as a file."""
        import zipfile

        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            _writer_class()(self._book, archive).save()
        return made.getvalue()


def _styled(sheet: Any, look: Look, form: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = WriteOnlyCell(sheet, value="")
    if form:
        cell.number_format = form
    if look.bold or look.size:
        cell.font = Font(bold=look.bold, size=look.size or 11)
    if look.side or look.wrap:
        cell.alignment = Alignment(horizontal=look.side or None, vertical="top", wrap_text=look.wrap)
    if look.ruled:
        line = Side(style="thin", color="FF999999")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
    if look.shaded:
        cell.fill = PatternFill("solid", fgColor="FFE9EEF4")
    return cell._style


def letter(place: int) -> str:
    """Return the letters of a column, from 1."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place))


def wide(text: str) -> int:
    """Return how many narrow characters wide a text is: a Chinese character takes two."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _printable(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))


def _fitting(text: str) -> str:
    """Return a text as a cell holds it; of a longer one the end is named, never dropped in silence."""
    if len(text) <= LONGEST:
        return text
    mark = f"……（共 {len(text)} 字，余下的见登记库 / {len(text)} characters in all, the rest is in the register）"
    return text[: LONGEST - len(mark)] + mark


@cache
def _sheet_class() -> Any:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet._writer import WorksheetWriter

    class InMemory(WriteOnlyWorksheet):  # type: ignore[misc]  # the library has no types
        """A sheet whose rows are written to memory."""

        _writer: Any = None

        def _get_writer(self) -> None:
            if self._writer is None:
                self._writer = WorksheetWriter(self, io.BytesIO())
                self._writer.write_top()

    return InMemory


@cache
def _writer_class() -> Any:
    from openpyxl.writer.excel import ExcelWriter

    class FromMemory(ExcelWriter):  # type: ignore[misc]  # the library has no types
        """Puts sheets from memory into the file."""

        def write_worksheet(self, sheet: Any) -> None:
            sheet._drawing = None
            if not sheet.closed:
                sheet.close()
            sheet._rels = sheet._writer._rels
            self._archive.writestr(sheet.path[1:], sheet._writer.out.getvalue())
            self.manifest.append(sheet)

    return FromMemory
