"""A sheet as plain data, for the register: what a frozen paper says, beside its PDF.

A table of more rows than `KEPT_ROWS` is kept as their number and their hash: the rows stand in the PDF, and the hash
proves that they are those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import islice
from typing import Any

import orjson

from models.sheets.content import Grid, Sheet

KEPT_ROWS = 200


def to_json(value: object) -> str:
    """Return plain data as canonical JSON: sorted keys, no spaces; the same data, the same text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def sheet_to_data(sheet: Sheet) -> dict[str, Any]:
    """Return what a sheet says as plain data."""
    return {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "organ": sheet.organ,
        "language": sheet.language,
        "blocks": [_plain(block) for block in sheet.blocks],
        "sign": [_plain(each) for each in sheet.sign],
        "notes": list(sheet.notes),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Grid):
        return _grid(value)
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {
            "block": type(value).__name__,
            **{name: each for name, each in found.items() if each not in ("", [], None)},
        }
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Sequence | Iterable):
        return [_plain(each) for each in value]
    return str(value)


def _grid(grid: Grid) -> dict[str, Any]:
    found: dict[str, Any] = {"block": "Grid", "title": grid.title, "heads": [column.head for column in grid.columns]}
    rows = list(islice(iter(grid.rows), KEPT_ROWS + 1))
    if len(rows) <= KEPT_ROWS:
        found["rows"] = [_plain(row) for row in rows]
    else:
        mark, count = hashlib.sha256(), 0
        for row in grid.rows:
            mark.update(to_json(_plain(row)).encode() + b"\n")
            count += 1
        found |= {"count": count, "sha256": mark.hexdigest()}
    if grid.totals:
        found["totals"] = _plain(grid.totals)
    return found
