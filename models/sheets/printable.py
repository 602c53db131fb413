"""A ledger is printed although one of its names has a character that no font has: 〓 stands for it, and it is named.

One odd character in one of ten thousand lines must not keep a year's ledger from being bound. Papers that are issued do
not pass here: they are refused until every character can be printed (`models.sheets.pdf`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from models.letters.binder import UNKNOWN, shown_lines
from models.letters.fonts import FontBook, name_characters, system_book
from models.sheets.content import Grid, Sheet, Value
from models.sheets.pdf import unprinted

_NOT_PRINTED = frozenset({"kind", "language"})


def printable(sheet: Sheet, book: FontBook | None = None) -> Sheet:
    """Return the sheet with a mark for each character that no font has, and a note that names them."""
    fonts = book or system_book()
    lost = unprinted(sheet, fonts)
    if not lost:
        return sheet
    named = name_characters(lost)
    note = (
        f"没有字体能印的字以“{UNKNOWN}”代替：{named}。请在登记库中查看，或安装含有这些字的字体后重印。"
        if sheet.language == "zh"
        else f"“{UNKNOWN}” stands for characters that no font here has: {named}. See them in the register, or install a"
        " font that has them and print again."
    )
    made: Sheet = _mended(sheet, fonts)
    return replace(made, notes=[*made.notes, shown_lines(note, fonts)])


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a table with marks in them, made while they are walked."""

    rows: Iterable[Sequence[Value]]
    book: FontBook

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self.rows:
            yield tuple(shown_lines(value, self.book) if isinstance(value, str) else value for value in row)


def _mended(value: Any, book: FontBook) -> Any:
    if isinstance(value, str):
        return shown_lines(value, book)
    if isinstance(value, Grid):
        others = {field.name: getattr(value, field.name) for field in fields(value) if field.name != "rows"}
        changed = {name: _mended(each, book) for name, each in others.items()}
        return replace(value, **changed, rows=_Rows(value.rows, book))
    if is_dataclass(value) and not isinstance(value, type):
        kept = [field.name for field in fields(value) if field.name not in _NOT_PRINTED]
        return replace(value, **{name: _mended(getattr(value, name), book) for name in kept})
    if isinstance(value, list | tuple):
        return tuple(_mended(each, book) for each in value)
    return value
