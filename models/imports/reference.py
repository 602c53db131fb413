"""Reference tables that come as files: content classes, divisions, holidays.

They are recognised by their headers and taken in once:

- *content tree* (一级分类, 二级分类, 三级分类): the bureau's own classes of content, kept as the setting
  `content.tree`, a list of [code, path]; codes are given in the order of arrival and never change, so that a later,
  longer tree keeps the old ones.
- *divisions* (code, name, parent, level) and *former divisions* (code, name, replaced_by): compared with those that the
  product brings (`models.divisions`); what differs is told and kept as the setting `divisions.changed`.
- *holidays* (date, name, kind, notice_year): compared with the calendars that count; a year that the register does
  not know is handed in for review in the calendars' own format (`models.candidates`). Differences in known years are
  told with their dates and not taken over: a due date must not move without a person's decision.

A second import of the same table changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from models.candidates import LOADED
from models.clocks.calendar import CALENDAR_FORMAT, read_notice
from models.desk import put_setting
from models.divisions import Division, divisions, read_divisions
from models.errors import InputError
from models.imports.boundary import folded
from models.imports.cells import moment_of, text_of
from models.imports.reading import Line, Sheet
from models.imports.report import ImportReport
from models.records import Staff

if TYPE_CHECKING:
    from models.register import Register

CONTENT_TREE = "content.tree"
DIVISIONS_CHANGED = "divisions.changed"
_SHOWN = 20
_LEVELS = ("一级分类", "二级分类", "三级分类")

_HEADERS: dict[str, tuple[str, ...]] = {
    "content_tree": ("一级分类", "二级分类"),
    "divisions": ("code", "name", "parent", "level"),
    "divisions_former": ("code", "name", "replaced_by"),
    "holidays": ("date", "name", "kind"),
}


def reference_kind(headers: Sequence[str]) -> str:
    """Return which reference table a header belongs to, '' for none."""
    have = {folded(header) for header in headers}
    for kind, wanted in _HEADERS.items():
        if {folded(name) for name in wanted} <= have:
            return kind
    return ""


def content_codes(register: Register) -> dict[str, str]:
    """Return the bureau's content classes: path joined by / to code, and the last part alone where it is unique."""
    found: dict[str, str] = {}
    last: dict[str, list[str]] = {}
    for code, path in register.setting(CONTENT_TREE, []):
        found["/".join(path)] = code
        last.setdefault(path[-1], []).append(code)
    for name, codes in last.items():
        if len(codes) == 1:
            found.setdefault(name, codes[0])
    return found


def import_reference(
    register: Register, kind: str, sheet: Sheet, report: ImportReport, *, by: Staff, at: datetime, dry_run: bool
) -> None:
    """Take in a reference table.

    Raises:
        InputError: A row is not what the table says, with its line.
    """
    report.kind = kind
    places = {folded(header): place for place, header in enumerate(sheet.headers)}
    rows = [
        (line, {name: text_of(line.cells[place]) if place < len(line.cells) else "" for name, place in places.items()})
        for line in sheet.lines
    ]
    report.rows = len(rows)
    work: dict[str, Callable[[], dict[str, Any]]] = {
        "content_tree": lambda: _content_tree(register, rows, report),
        "divisions": lambda: _divisions(register, rows, report),
        "divisions_former": lambda: _divisions(register, rows, report),
        "holidays": lambda: _holidays(register, rows, report),
    }
    settings = work[kind]()
    report.already = report.rows - report.added
    if settings and not dry_run:
        with register.act("import_reference", by=by, at=at) as act:
            for name, value in settings.items():
                put_setting(act, name, value)


def _content_tree(
    register: Register, rows: Iterable[tuple[Line, dict[str, str]]], report: ImportReport
) -> dict[str, Any]:
    known: list[list[Any]] = [[code, list(path)] for code, path in register.setting(CONTENT_TREE, [])]
    have = {tuple(path): code for code, path in known}
    for _, row in rows:
        path = tuple(part for part in (row.get(folded(name), "") for name in _LEVELS) if part)
        new = False
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if part not in have:
                above = have[part[:-1]] if depth > 1 else "T"
                siblings = sum(1 for other in have if len(other) == depth and other[:-1] == part[:-1])
                have[part] = f"{above}{siblings + 1:02d}"
                known.append([have[part], list(part)])
                new = True
        report.added += new
    report.tell(
        f"内容分类表：{report.rows} 行，新增 {report.added} 行，共 {len(known)} 个分类（含各级）。",
        f"Content classes: {report.rows} rows, {report.added} new, {len(known)} classes on all levels.",
    )
    return {CONTENT_TREE: known} if report.added else {}


def _divisions(register: Register, rows: list[tuple[Line, dict[str, str]]], report: ImportReport) -> dict[str, Any]:
    for line, row in rows:
        if not (len(row["code"]) == 6 and row["code"].isdigit() and row["name"]):
            raise InputError(
                "code",
                f"第 {line.number} 行：行政区划代码应为六位数字并有名称，现为“{row['code']}”。",
                f"Line {line.number}: a division has a code of six digits and a name; this one has {row['code']!r}.",
            )
    changed: dict[str, list[Any]] = dict(register.setting(DIVISIONS_CHANGED, {}))
    fresh: list[Division] = []
    for one in read_divisions({_ENGLISH.get(k, k): v for k, v in row.items()} for _, row in rows).values():
        built_in = divisions().get(one.code)
        value = [one.name, one.parent, one.level, list(one.replaced_by)]
        if one != built_in and changed.get(one.code) != value:
            changed[one.code] = value
            fresh.append(one)
    report.added = len(fresh)
    names = "、".join(f"{one.code} {one.name}" for one in fresh[:_SHOWN]) + ("……" if len(fresh) > _SHOWN else "")
    report.tell(
        f"行政区划表：{report.rows} 行，与内置表相同 {report.rows - len(fresh)} 行，"
        f"不同 {len(fresh)} 行{'：' + names if fresh else ''}。",
        f"Divisions: {report.rows} rows, {report.rows - len(fresh)} as built in, {len(fresh)} differ"
        f"{': ' + names if fresh else ''}.",
    )
    return {DIVISIONS_CHANGED: changed} if fresh else {}


_ENGLISH = {"replacedby": "replaced_by"}


def _holidays(register: Register, rows: list[tuple[Line, dict[str, str]]], report: ImportReport) -> dict[str, Any]:
    calendar = register.calendar
    days: dict[int, list[dict[str, str]]] = {}
    differing: dict[int, list[str]] = {}
    for line, row in rows:
        try:
            on, _ = moment_of(row["date"])
            year = int(row.get("noticeyear") or on.year)
        except ValueError:
            raise InputError(
                "date",
                f"第 {line.number} 行：“{row['date']}”不是日期。",
                f"Line {line.number}: {row['date']!r} is not a day.",
            ) from None
        if row["kind"] not in ("off", "work"):
            raise InputError(
                "kind",
                f"第 {line.number} 行：种类应为 off（放假）或 work（上班），现为“{row['kind']}”。",
                f"Line {line.number}: the kind is off or work, this one is {row['kind']!r}.",
            )
        days.setdefault(year, []).append({"date": on.isoformat(), "kind": row["kind"], "name": row["name"]})
        if year in calendar.years and calendar.knows(on) and calendar.is_working(on) != (row["kind"] == "work"):
            differing.setdefault(year, []).append(on.isoformat())
    settings: dict[str, Any] = {}
    for year, named in sorted(days.items()):
        if year in calendar.years:
            continue
        value = {
            "format": CALENDAR_FORMAT,
            "year": year,
            "notices": [f"{year}年节假日安排（导入）"],
            "source": report.file,
            "licence": "",
            "days": named,
        }
        _checked(value, year)
        if register.setting(LOADED + str(year)) == value:
            continue
        settings[LOADED + str(year)] = value
        report.added += len(named)
    known = [year for year in sorted(days) if year in calendar.years]
    spans = f"{known[0]}–{known[-1]}" if known else "0"
    report.tell(
        f"节假日表：{report.rows} 行，涉及 {len(days)} 个年度；其中 {len(known)} 个年度（{spans}）已有安排。",
        f"Holidays: {report.rows} rows for {len(days)} years, of which {len(known)} ({spans}) were known.",
    )
    if settings:
        years = "、".join(name.removeprefix(LOADED) for name in settings)
        report.tell(
            f"收到 {years} 年的安排，待信访部门负责人核对期限变动后采用（calendar show）。",
            f"{years} was handed in; it counts once the petition-unit head has reviewed what would move"
            " (calendar show).",
        )
    for year, dates in sorted(differing.items()):
        report.tell(
            f"{year} 年有 {len(dates)} 天与现有安排不同，未改动：{'、'.join(dates)}。请核对放假通知。",
            f"{len(dates)} days of {year} differ from the known calendar and were not changed: {', '.join(dates)}. "
            "Check the holiday notice.",
        )
    if not settings and not differing:
        report.tell("与现有安排完全一致，没有期限变动。", "It agrees with the known calendars; no limit moves.")
    return settings


def _checked(value: dict[str, Any], year: int) -> None:
    read_notice(orjson.dumps(value).decode(), str(year))
