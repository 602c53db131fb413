"""Reading: a csv, csv.gz or xlsx file becomes a header and rows of cells, with the line of each row for the reports.

What is recognised without being told: gzip and workbooks by their first bytes, never by the name; UTF-8 with or
without byte order mark, UTF-16 with one, GB18030 (of which GBK and GB 2312 are parts); comma, tab, semicolon and
upright as delimiters; title lines above the header, when one of the first lines is a header that somebody knows.
The file is read in a stream: memory does not grow with it. Nothing is guessed silently: a file that is neither
encoding is refused with the place.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from models.errors import InputError
from models.imports.cells import Cell, text_of

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
OLD_WORKBOOK_MAGIC = b"\xd0\xcf\x11\xe0"
CELL_LIMIT_CHARS = 16 * 1024 * 1024
_BLOCK = 1 << 20
_DELIMITERS = (",", "\t", ";", "|")
_HEADER_LINES = 6
"""Lines at the top among which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file; `number` is the line (csv) or row of the sheet on which it begins, from 1."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that has been opened: its header and what follows."""

    headers: tuple[str, ...]
    lines: Iterator[Line]
    form: str
    """csv or xlsx."""
    encoding: str
    """Encoding of a csv file; '' for a workbook."""
    fraction: Callable[[], float | None]
    """Part of the file that has been read, 0..1; None when it cannot be told."""


Knows = Callable[[Sequence[str]], bool]


def _refused(path: Path, zh: str, en: str) -> InputError:
    return InputError("file", f"文件 {path.name}：{zh}", f"File {path.name}: {en}")


@contextmanager
def open_sheet(path: Path, knows: Knows) -> Iterator[Sheet]:
    """Open a file and find its header.

    Args:
        path: The file; it is only read.
        knows: Whether a row of words is a header that a map recognises; used to step over title lines.

    Raises:
        InputError: The file cannot be read, and why.
    """
    try:
        with path.open("rb") as raw:
            magic = raw.read(4)
    except OSError as error:
        raise _refused(path, f"无法读取（{error.strerror}）。", f"cannot be read ({error.strerror}).") from error
    if not magic:
        raise _refused(path, "文件是空的。", "the file is empty.")
    if magic == OLD_WORKBOOK_MAGIC:
        raise _refused(
            path,
            "这是旧版 .xls 工作簿。请在表格软件中另存为 .xlsx 后再导入。",
            "this is an old .xls workbook. Save it as .xlsx in a spreadsheet program and import that.",
        )
    if magic == ZIP_MAGIC:
        with _open_workbook(path, knows) as sheet:
            yield sheet
    else:
        with _open_csv(path, knows, packed=magic[:2] == GZIP_MAGIC) as sheet:
            yield sheet


# --- csv ---------------------------------------------------------------------------------------------------------


def _bytes(path: Path, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb") if packed else path.open("rb"))


def _broken_pack(path: Path, error: Exception) -> InputError:
    return _refused(
        path,
        f"压缩文件不完整或已损坏（{error}）。请重新复制后再导入。",
        f"the compressed file is cut short or damaged ({error}). Copy it again and import that.",
    )


def _decodes(path: Path, packed: bool, encoding: str) -> int | None:
    """Return None when the whole file decodes, else the line (from 1) on which it does not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with _bytes(path, packed) as stream:
        while block := stream.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            lines += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines
    return None


def detect_encoding(path: Path, packed: bool = False) -> str:
    """Return the encoding of a csv file.

    Raises:
        InputError: It is none of those we read, with the line; or the file is damaged.
    """
    try:
        with _bytes(path, packed) as stream:
            start = stream.read(_BLOCK)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        bad_line = _decodes(path, packed, "utf-8")
        if bad_line is None:
            return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
        beyond = sum(byte > 0x7F for byte in start)
        damage = start.decode("utf-8", "replace").count("\ufffd")
        # Chinese text in GB18030 read as UTF-8 is damage nearly everywhere; a UTF-8 file with a bad spot is not.
        if damage * 20 > beyond and _decodes(path, packed, "gb18030") is None:
            return "gb18030"
    except (EOFError, OSError, zlib.error) as error:
        raise _broken_pack(path, error) from error
    raise _refused(
        path,
        f"第 {bad_line} 行起的文字既不是 UTF-8，也不是 GB18030。请在原系统重新导出，或另存为 UTF-8。",
        f"from line {bad_line} the text is neither UTF-8 nor GB18030. Export it again, or save it as UTF-8.",
    )


def _delimiter(first_lines: str, knows: Knows) -> str:
    """Return the delimiter that makes a known header, else the one that makes the most columns."""
    best = (",", 1)
    for delimiter in _DELIMITERS:
        rows = csv.reader(io.StringIO(first_lines, newline=""), delimiter=delimiter)
        for row, _ in zip(rows, range(_HEADER_LINES), strict=False):
            if knows([text_of(cell) for cell in row]):
                return delimiter
            if len(row) > best[1]:
                best = (delimiter, len(row))
    return best[0]


@contextmanager
def _open_csv(path: Path, knows: Knows, *, packed: bool) -> Iterator[Sheet]:
    csv.field_size_limit(CELL_LIMIT_CHARS)
    encoding = detect_encoding(path, packed)
    size = path.stat().st_size
    with path.open("rb") as raw:
        inner = cast("IO[bytes]", gzip.GzipFile(fileobj=raw) if packed else raw)
        with io.TextIOWrapper(inner, encoding=encoding, newline="") as text:
            first_lines = "".join(line for line, _ in zip(text, range(64), strict=False))
            delimiter = _delimiter(first_lines, knows)
        with path.open("rb") as again:
            inner = cast("IO[bytes]", gzip.GzipFile(fileobj=again) if packed else again)
            with io.TextIOWrapper(inner, encoding=encoding, newline="") as text:
                lines = _csv_lines(path, text, delimiter)
                headers, lines = _find_header(path, lines, knows)
                yield Sheet(headers, lines, "csv", encoding, lambda: again.tell() / size)


def _csv_lines(path: Path, text: IO[str], delimiter: str) -> Iterator[Line]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    begun = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refused(
                path,
                f"第 {begun} 行的引号或分隔符不合 CSV 格式（{error}）。请改正该行后再导入；此前的行已读入。",
                f"line {begun} is not csv ({error}). Mend it and import again; the lines before it are in.",
            ) from error
        if any(cells):
            yield Line(begun, cells)
        begun = reader.line_num + 1


# --- workbooks ---------------------------------------------------------------------------------------------------


@contextmanager
def _open_workbook(path: Path, knows: Knows) -> Iterator[Sheet]:
    import openpyxl  # takes a while to load and only workbooks need it
    from openpyxl.utils.exceptions import InvalidFileException

    # Opened here, since the library would judge the file by its name.
    with path.open("rb") as raw, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns about styles and extensions, which do not concern values
        try:
            book = openpyxl.load_workbook(raw, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise _refused(
                path,
                f"不是可读的 .xlsx 工作簿（{error}）。请在表格软件中打开并另存为 .xlsx 或 CSV。",
                f"is not a readable .xlsx workbook ({error}). Open it and save it as .xlsx or csv.",
            ) from error
        try:
            for worksheet in book.worksheets:
                total = worksheet.max_row or 0
                seen = [0]
                lines = _workbook_lines(worksheet.iter_rows(values_only=True), seen)
                try:
                    headers, lines = _find_header(path, lines, knows)
                except InputError:
                    continue  # an empty sheet; the next one may hold the table
                yield Sheet(
                    headers,
                    lines,
                    "xlsx",
                    "",
                    lambda: min(1.0, seen[0] / total) if total else None,  # noqa: B023  yields at once
                )
                return
        finally:
            book.close()
    raise _refused(path, "工作簿中没有表格。", "there is no table in the workbook.")


def _workbook_lines(rows: Iterator[tuple[Cell, ...]], seen: list[int]) -> Iterator[Line]:
    for number, cells in enumerate(rows, start=1):
        seen[0] = number
        if any(cell is not None and cell != "" for cell in cells):
            yield Line(number, cells)


# --- header ------------------------------------------------------------------------------------------------------


def _find_header(path: Path, lines: Iterator[Line], knows: Knows) -> tuple[tuple[str, ...], Iterator[Line]]:
    """Return the header and the rows after it: the first known header among the top lines, else the first line."""
    top: list[Line] = []
    for line in lines:
        top.append(line)
        if knows([text_of(cell) for cell in line.cells]):
            return _named(path, line), lines
        if len(top) == _HEADER_LINES:
            break
    if not top:
        raise _refused(path, "没有任何行。", "there are no rows.")

    def rest() -> Iterator[Line]:
        yield from top[1:]
        yield from lines

    return _named(path, top[0]), rest()


def _named(path: Path, line: Line) -> tuple[str, ...]:
    headers = [text_of(cell) for cell in line.cells]
    while headers and not headers[-1]:
        headers.pop()
    twice = sorted({name for name in headers if name and headers.count(name) > 1})
    if twice:
        names = "、".join(twice)
        raise _refused(
            path,
            f"第 {line.number} 行的表头中“{names}”出现了两次。请改名后再导入。",
            f"in the header on line {line.number}, {names} stands twice. Rename one and import again.",
        )
    return tuple(headers)
