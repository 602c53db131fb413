"""A composed letter: what stands on the paper and in which order, with no measure and no font file.

`compose` makes a `Letter` from facts and wording; `layout` turns it into pages. Between them stands only plain text in
frozen records, so that golden tests and the linter read a letter without drawing it.

Words used here follow GB/T 9704-2012: mark (发文机关标志), addressee (主送机关), body (正文), note (附注), imprint
(版记).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

Page = Literal["official", "form", "a5", "roll"]
"""`official`: GB/T 9704 A4; `form`: petition form A4; `a5`, `roll`: slips on A5 and on 80 mm paper."""

Part = Literal["text", "claims", "decision", "remedy"]
"""What a paragraph is for the linter; `text` is any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text. `level` 1 to 4 are headings by GB/T 9704, 7.3.3 (Hei, Kai, FangSong, FangSong); 0 is text."""

    text: str
    level: int = 0
    indent: int = 2
    """Characters before the first line."""
    part: Part = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; `label` cells are centred."""

    text: str
    width: float
    """Millimetres."""
    label: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table; `least` is the smallest number of text lines that it is high."""

    cells: tuple[Cell, ...]
    least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A ruled table as wide as the type area; long rows go on over the page's end."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A line of a slip: what it is and its value; `large` values can be read across the counter."""

    label: str
    value: str
    large: bool = False


Block = Paragraph | Table | Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Organ and date at the end. `sealed`: room is left for the seal, nothing is drawn there (15.3)."""

    organ: str
    date: str
    sealed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """版记: copies, then who printed it and when."""

    copies: str = ""
    printed_by: str = ""
    printed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter before it is laid out. Empty texts are absent parts."""

    kind: str
    page: Page
    organ: str
    title: str
    """A `|` marks where a long title may be broken so that no word is split (GB/T 9704, 7.3.1)."""
    number: str = ""
    signer: str = ""
    """签发人 of a letter to an organ above, beside the number (GB/T 9704, 7.2.6)."""
    addressee: str = ""
    blocks: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: Signature | None = None
    notes: tuple[str, ...] = ()
    imprint: Imprint | None = None
    head: tuple[str, str] = ("", "")
    """Left and right text above a table or slip."""
    draft: bool = False
    """A preview: says so at the foot, bears no code."""

    @property
    def plain_title(self) -> str:
        """The title without its break marks."""
        return self.title.replace("|", "")


def texts_of(value: object) -> Iterator[str]:
    """Yield every text of a letter or a block that will be printed, in no promised order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts_of(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in ("kind", "page", "part"):
                yield from texts_of(getattr(value, field.name))
