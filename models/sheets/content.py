"""What a paper of the bureau says, before it is a page or a workbook: ledger, report, brief, notice, circular.

A `Sheet` is made of blocks, one under the other. Rooms that know a subject write sheets; `models.sheets.pdf` prints
them, `models.sheets.xlsx` makes workbooks of them, `models.sheets.issue` freezes them under a code. Nothing here knows
a page, a font or a file.

All texts stand in one language already, that of `Sheet.language`. Values keep their type to the last: a count is an
int, a day is a date, a share is a number from 0 to 1 in a column of the kind "percent"; None is printed as nothing
where a fact does not apply, and a text such as 数量过小 may stand in a column of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from models import errors

Language = errors.Language
Kind = Literal["text", "int", "date", "percent", "decimal"]
Value = str | int | float | date | datetime | None
"""Of a cell; an instant is printed as local day and time and must be local already (no zone is asked)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a grid.

    Attributes:
        head: Its head, in the sheet's language; may hold line ends.
        kind: How values are printed and typed: percent is a share from 0 to 1.
        width: Share of the table's width, beside those of the other columns.
        wrap: Long text goes on in the next line; False: it is one word to the reader (a number, a day) and the column
            is made wide enough for it.
        group: Head over several neighbouring columns that bear the same one.
        under: On paper it stands under the column before it, in the same cell (a number under a day, a day done under
            the last day): wide tables then fit. In a workbook it is a column like all others.
        digits: Digits after the point for percent and decimal.
    """

    head: str
    kind: Kind = "text"
    width: float = 1.0
    wrap: bool = True
    group: str = ""
    under: bool = False
    digits: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading: level 1 一、 (Hei), 2 （一） (Kai), 3 plain; numbered in its text, kept with what follows."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph, indented two characters in Chinese; line ends begin new paragraphs.

    Attributes:
        strong: Set in Hei.
        quote: Somebody's own words: set in Kai behind a rule at the left.
    """

    text: str
    strong: bool = False
    quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Labels with their values, as a ruled form: `columns` pairs in a row; a long value takes the row for itself."""

    pairs: Sequence[tuple[str, Value]]
    columns: Literal[1, 2, 3] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One large figure: what it counts, the figure as printed, and a remark (比上月 +12, 按期 49/51)."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """The few figures that a chief reads first, side by side."""

    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table that goes over as many pages as it needs, its heads repeated on each.

    Attributes:
        columns: Its columns.
        rows: Its rows, each with a value for each column; may be walked several times, and need not be held whole: a
            class whose `__iter__` reads page after page of the register serves 10,000 rows as well as ten.
        totals: The last row, in Hei; None for a column that is not added up.
        title: Over the table; None: none.
        empty: What is printed when there is no row.
    """

    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    totals: Sequence[Value] | None = None
    title: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values of a chart under one name, one for each label; None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A value to be reached or kept, drawn as a line with its name.

    Attributes:
        value: In the chart's unit (a share from 0 to 1 for percent and target charts).
        name: E.g. 目标 60%（2012-03-02 前）.
        at: For a line chart: the label from which it is due; it is drawn from there to the right. "": all the way.
    """

    name: str
    value: float
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a funnel plot: a unit with `size` duties, of which the share `value` was done.

    `named`: its name is printed beside it (it lies outside the limits, or the reader looks for it).
    `faint`: too few to be judged; drawn hollow.
    """

    name: str
    size: int
    value: float
    named: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Limits of a funnel plot: (size, lower share, upper share), by rising size."""

    name: str
    limits: Sequence[tuple[int, float, float]]


ChartKind = Literal["bar", "line", "stack", "funnel", "target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of figures that also stand in a table; drawn for black and white print, every value written beside it.

    Attributes:
        kind: "bar": horizontal bars by label, one or two series (this month, last month).
            "line": a course over time: labels are months or days, in order.
            "stack": horizontal bars by label, made of the series.
            "funnel": points over their size, with the mean and its bands.
            "target": how much is reached, by label: series[0] reached, series[1] of how many; limits are targets.
        title: What it shows, as a sentence where that is possible.
        unit: 件, 件次, 天; "%" prints shares from 0 to 1 as percent.
        mean: Of a funnel plot: the share over all.
        note: Under the picture: formula, guard, what is left out.
        digits: Digits after the point of printed values.
    """

    kind: ChartKind
    title: str
    unit: str = ""
    labels: Sequence[str] = ()
    series: Sequence[Series] = ()
    limits: Sequence[Limit] = ()
    points: Sequence[Point] = ()
    bands: Sequence[Band] = ()
    mean: float | None = None
    note: str = ""
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Room for handwriting under a label: opinion of the leader, signature of the petitioner. Never cut."""

    label: str
    lines: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Text | Pairs | Tiles | Grid | Chart | Blank | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A place to sign at the end: whose, and the name where it is known already (signed by hand all the same)."""

    label: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A paper of the bureau.

    Attributes:
        kind: Code of the table office_document.
        title: As printed.
        organ: The bureau whose paper it is.
        blocks: What it says.
        subtitle: Under the title: the period, the day, the unit.
        number: Document number; filled in by `issue` for numbered kinds.
        dated_on: Printed at the end of an official paper, and in the foot of all others.
        landscape: A4 across, with a binding margin of 28 mm: ledgers.
        posted: Put on a wall: across, in type that is read from a step away.
        official: Red head of GB/T 9704-2012 with the organ's mark, the number and a red line; body in 3号 FangSong.
        addressee: Of an official paper: 各县（市）公安局.
        sign: Places to sign at the end.
        notes: Under it all: formulas, what is left out (另有 3 件密件不列明).
        sealed: Of an official paper: it is signed with organ and date, with room for the seal.
        language: Of all texts, and of what the page adds (第 1 页 共 3 页).
    """

    kind: str
    title: str
    organ: str
    blocks: Sequence[Block]
    subtitle: str = ""
    number: str = ""
    dated_on: date | None = None
    landscape: bool = False
    posted: bool = False
    official: bool = False
    addressee: str = ""
    sign: Sequence[Sign] = ()
    notes: Sequence[str] = ()
    sealed: bool = True
    language: Language = "zh"
