"""Rows: one line of a file becomes an item with its life so far, or is refused with line, column and reason.

Rules kept here:

- A row is refused when it could not stand as a record or says something impossible about a duty: a day that does
  not exist or lies ahead, no text, an answer before the message, an unknown channel. Nothing about the petitioner
  refuses a row: what cannot be read there is kept as words in the remark (domain reference, section 11).
- A word that a code table does not know is kept in the remark with its header; nothing is lost silently.
- `origin` is the key of the row: map, id and a hash of day, title and text. The same row from a renamed file, from
  a workbook or from a sample has the same key; the same id on another text has another one, since ids are unique
  inside a file only.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models import codes, divisions, intake
from models.errors import InputError
from models.imports import cells
from models.imports.cells import Cell, text_of
from models.imports.fields import BY_FIELD, Field
from models.imports.maps import ImportMap, Target
from models.imports.past import accused_of, life_of, people_of
from models.imports.reading import Line
from models.life import Life
from models.records import ItemDraft

REASON_HEADERS = ("拒收行号", "拒收列", "拒收原因")
"""Columns that a file of refused rows has in front; they are left aside when it comes back."""

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_LIST = re.compile(r"[、，,;；\n]+")
_SOFT_PARTS = frozenset({"person", "agent", "accused"})


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row that can be registered. Words that only the register can resolve are left to `run`."""

    line: int
    draft: ItemDraft
    life: Life
    matter_number: str = ""
    repeat_number: str = ""
    unit_name: str = ""
    handler_name: str = ""
    cells: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, and why."""

    line: int
    column: str
    value: str
    zh: str
    en: str
    cells: Sequence[Cell] = ()


@dataclass(slots=True)
class Reader:
    """Turns lines into rows by one map; `unknown` counts words that no code table knew, by header and word."""

    map: ImportMap
    headers: tuple[str, ...]
    today: date
    content: Mapping[str, str] = field(default_factory=dict)
    """The bureau's content classes: words joined by / to code."""
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    _columns: list[tuple[int, str, Target]] = field(default_factory=list)
    _same: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        mapped = ((place, header, self.map.target(header)) for place, header in enumerate(self.headers))
        self._columns = [(place, header, to) for place, header, to in mapped if to and to.to.name != "ignore"]

    def row(self, line: Line) -> SourceRow | Refused:
        """Return what a line means."""
        width = len(self.headers)
        if any(cell not in (None, "") for cell in line.cells[width:]):
            return Refused(
                line.number,
                "",
                text_of(line.cells[width]),
                f"有 {len(line.cells)} 列，表头只有 {width} 列：可能有未加引号的分隔符。",
                f"has {len(line.cells)} columns, the header {width}: a delimiter may stand without quotation marks.",
                line.cells,
            )
        values = _Values(self)
        try:
            for place, header, target in self._columns:
                cell = line.cells[place] if place < len(line.cells) else None
                if cell is not None and cell != "":
                    values.take(header, target, cell)
            return self._row(line, values)
        except _Impossible as no:
            return Refused(line.number, no.header, no.value, no.zh, no.en, line.cells)
        except InputError as error:
            name = _FIELD_OF.get(error.field, error.field)
            header = values.headers.get(name, "") or values.header_of(name, self)
            return Refused(line.number, header, "", error.message.zh, error.message.en, line.cells)

    def _row(self, line: Line, values: _Values) -> SourceRow:
        got: dict[str, Any] = {**self.map.constants, **values.got}
        if "received" not in got:
            raise _Impossible(values.header_of("received", self), "", "没有收到日期。", "there is no day of receipt.")
        draft = self._draft(got, values)
        intake.check(draft, self.today)
        self._check_days(got, draft.received_on, values)
        life = life_of(got)
        return SourceRow(
            line.number,
            draft,
            life,
            got.get("matter_number", ""),
            got.get("repeat_number", ""),
            got.get("unit_name", ""),
            got.get("handler_name", ""),
            line.cells,
        )

    def _draft(self, got: dict[str, Any], values: _Values) -> ItemDraft:
        received_on, time_of_day = got["received"]
        time_of_day = got.get("received_at", "") or time_of_day
        purpose = got.get("purpose", "") or _PURPOSE_OF.get(got.get("category", ""), "")
        label = got.get("content_label", "")
        place = divisions.division(got.get("place", "")) if got.get("place", "")[:6].isdigit() else None
        problem_place = got.get("problem_place", "")
        if got.get("place") and place is None:
            found = divisions.find(got["place"])
            place = found[0] if len(found) == 1 else None
            if place is None:
                values.note(values.headers["place"], got["place"])
        people = people_of(got)
        title, statement = got.get("title", ""), got.get("statement", "")
        claims = tuple(got.get("claims", ()))
        return ItemDraft(
            channel=got.get("channel", ""),
            received_on=received_on,
            received_at=time_of_day[:5],
            title=title,
            statement=statement,
            facts=got.get("facts", ""),
            reasons=got.get("reasons", ""),
            claims=claims,
            people=people,
            accused=accused_of(got),
            purpose=purpose,
            source=got.get("source", "") or "own",
            source_name=got.get("source_name", ""),
            source_number=got.get("source_number", "") or got.get("id", ""),
            transferred_on=got.get("transferred_on"),
            addressee=got.get("addressee", ""),
            postmark_on=got.get("postmark_on"),
            reception=got.get("reception", ""),
            people_count=got.get("people_count"),
            representatives=got.get("representatives"),
            involved=got.get("involved"),
            anonymous=got.get("anonymous", False),
            joint=got.get("joint", False),
            confidential=got.get("confidential", False),
            address_unclear=got.get("address_unclear", False),
            content_code=got.get("content_code", "")
            or self.content.get(label, "")
            or (codes.code_for("content", label) or "" if label else ""),
            content_label=label,
            problem_type=got.get("problem_type", ""),
            police=got.get("police", ""),
            place_code=place.code if place else "",
            problem_on=got.get("problem_on"),
            problem_place=problem_place,
            cause=got.get("cause", ""),
            remark="\n".join(part for part in (got.get("remark", ""), *values.notes) if part),
            origin=self._origin(got, (received_on.isoformat(), time_of_day, title, statement, *claims)),
        )

    def _origin(self, got: Mapping[str, Any], said: Sequence[str]) -> str:
        whole = "\x1f".join(_SPACE.sub("", part) for part in (*said, got.get("name", "")))
        digest = hashlib.sha256(whole.encode()).hexdigest()[:20]
        number = got.get("id", "")
        if number:
            return f"{self.map.id}:{origin_prefix(got.get('matter_number', ''))}{_escaped(number)}:{digest}"
        # Without an id two equal rows of one file are two entries; they are told apart by their order.
        self._same[digest] += 1
        return f"{self.map.id}:{origin_prefix(got.get('matter_number', ''))}#{self._same[digest]}:{digest}"

    def _check_days(self, got: Mapping[str, Any], received_on: date, values: _Values) -> None:
        if bool(got.get("reply")) != ("replied" in got) and "opinion_on" not in got:
            empty = "replied" if got.get("reply") else "reply"
            raise _Impossible(
                values.header_of(empty, self),
                "",
                "有答复却没有答复日期。" if empty == "replied" else "有答复日期却没有答复内容。",
                "there is an answer without a day."
                if empty == "replied"
                else "there is a day of an answer but no answer.",
            )
        for name in ("replied", "accepted_on", "opinion_on", "served_on", "closed_on", "extended_on"):
            day = got.get(name)
            if day is None:
                continue
            day = day[0] if name == "replied" else day
            if day < received_on:
                raise _Impossible(
                    values.headers[name],
                    day.isoformat(),
                    f"{BY_FIELD[name].zh} {day} 早于收到日期 {received_on}。",
                    f"the {BY_FIELD[name].en} {day} lies before the day of receipt {received_on}.",
                )
            if day > self.today:
                raise _Impossible(
                    values.headers[name],
                    day.isoformat(),
                    f"{BY_FIELD[name].zh} {day} 在今天（{self.today}）之后。",
                    f"the {BY_FIELD[name].en} {day} lies after today ({self.today}).",
                )


def origin_prefix(matter_number: str) -> str:
    """Return the part of an origin that the rows of one matter share; '' when the file does not number matters."""
    return _escaped(matter_number) + "/" if matter_number else ""


def _escaped(number: str) -> str:
    return number.replace("%", "%25").replace("/", "%2F").replace(":", "%3A")


_PURPOSE_OF = {"suggestion": "suggestion", "accusation": "accusation", "claim": "solution", "other": "other"}
_FIELD_OF = {"received_on": "received", "replied_on": "replied"}


class _Impossible(Exception):  # noqa: N818  never leaves this room: it becomes a Refused row
    """A value that refuses its row."""

    def __init__(self, header: str, value: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.header = header
        self.value = value
        self.zh = zh
        self.en = en


class _Values:
    """What the cells of one row say, by field."""

    __slots__ = ("_reader", "got", "headers", "notes")

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.got: dict[str, Any] = {}
        self.headers: dict[str, str] = {}
        self.notes: list[str] = []

    def header_of(self, name: str, reader: Reader) -> str:
        """Return the header of the column that would give a field in this file; '' when there is none."""
        return next((header for _, header, target in reader._columns if target.to.name == name), "")

    def note(self, header: str, text: str) -> None:
        """Keep words that have no field of their own in the remark."""
        self.notes.append(f"{header}：{text}")

    def take(self, header: str, target: Target, cell: Cell) -> None:
        """Read one cell that is not empty."""
        to = target.to
        text = text_of(cell)
        if not text or (target.fallback and to.name in self.got):
            return
        if to.kind == "note":
            if text not in ("0", "否", "无"):
                self.note(header, text)
            return
        try:
            value = self._value(to, target, cell, text)
        except (ValueError, OverflowError):
            if to.part in _SOFT_PARTS:
                self.note(header, text)
                return
            what = {
                "count": ("不是人数", "is not a number of people"),
                "flag": ("既不是“是”也不是“否”", "is neither yes nor no"),
                "number": ("不是天数", "is not a number of days"),
                "time": ("不是时间", "is not a time of day"),
            }.get(to.kind, ("不是可能的日期", "is not a possible date"))
            raise _Impossible(header, text, f"“{text[:40]}”{what[0]}。", f"{text[:40]!r} {what[1]}.") from None
        if value is None:
            self._reader.unknown[header, text[:60]] += 1
            self.note(header, text)
            return
        if to.joins and to.name in self.got:
            joint = {"id": "-", "content_label": "/", "remark": "\n"}.get(to.name, "\n\n")
            value = self.got[to.name] + joint + value
        self.got[to.name] = value
        self.headers.setdefault(to.name, header)

    def _value(self, to: Field, target: Target, cell: Cell, text: str) -> Any:
        if to.kind in ("moment", "day"):
            day = cells.moment_of(cell) if not target.dates else cells.moment_by(cell, target.dates)
            return day if to.kind == "moment" else day[0]
        if to.kind == "time":
            return cells.time_of(cell)
        if to.kind == "flag":
            return cells.flag_of(cell)
        if to.kind == "count":
            return cells.count_of(cell)
        if to.kind == "number":
            return int(text)
        if to.kind == "list":
            return tuple(part for part in (one.strip() for one in _LIST.split(text)) if part)
        if to.kind == "code":
            code = target.word(text) or codes.code_for(to.table, text)
            if code is None and to.name == "channel":
                known = "、".join(codes.word("channel", one) for one in codes.codes("channel"))
                raise _Impossible(
                    self.header_of("channel", self._reader),
                    text,
                    f"没有“{text[:40]}”这种信访形式，可用：{known}。",
                    f"{text[:40]!r} is no channel; use one of {', '.join(codes.codes('channel'))}.",
                )
            return code
        return target.word(text) or text
