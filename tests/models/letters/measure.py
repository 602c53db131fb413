"""Reads a letter's PDF back through pypdf: where each character and each line stands, in millimetres.

Independent of the writer: only the standard's operators are used (ISO 32000-1, 9.4), widths and texts come from the
font objects in the file.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.generic import ContentStream

from models.letters import LetterFacts, Statement, compose, digest_of, layout, make_code, wording
from models.letters.fonts import FontBook

MM = 25.4 / 72


@dataclass(frozen=True)
class Char:
    """A character: text, left edge and width of its cell, top of its em box, type size (points), page, font name."""

    text: str
    x: float
    width: float
    top: float
    size: float
    page: int
    font: str


@dataclass(frozen=True)
class Rule:
    """A drawn straight line: ends, thickness in millimetres, colour."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: tuple[float, ...]
    page: int


def pdf_of(
    kind: str, facts: LetterFacts, *, sign: Any = None, draft: bool = False, book: FontBook | None = None
) -> bytes:
    """Compose and lay out a letter; with `sign` it bears its code."""
    words = wording(kind)
    letter = compose(kind, facts, words, draft=draft)
    if sign is None:
        return layout(letter, book=book)
    statement = Statement(
        kind=kind,
        number=facts.number or facts.item_number,
        dated_on=facts.dated_on,
        device=7,
        digest=digest_of(kind, facts, words.id, words.version),
    )
    return layout(letter, sealed=make_code(statement, sign), book=book)


class Measured:
    """All characters and lines of a PDF."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(pdf))
        self.chars: list[Char] = []
        self.rules: list[Rule] = []
        for number, page in enumerate(self.reader.pages, 1):
            self._read(page, number)

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    def lines(self, page: int, size: float | None = None) -> list[list[Char]]:
        """Return the characters of a page by line, top down; `size` keeps one type size."""
        rows: dict[float, list[Char]] = {}
        for char in self.chars:
            if char.page == page and (size is None or abs(char.size - size) < 0.01):
                rows.setdefault(round(char.top, 2), []).append(char)
        return [sorted(row, key=lambda c: c.x) for _, row in sorted(rows.items())]

    def find(self, text: str) -> list[Char]:
        """Return the characters of the first line that holds `text`, only those of it."""
        for page in range(1, self.pages + 1):
            for line in self.lines(page):
                said = "".join(char.text for char in line)
                at = said.find(text)
                if at >= 0:
                    return line[at : at + len(text)]
        raise AssertionError(f"{text} is nowhere")

    def text(self, size: float | None = None) -> str:
        """Return all characters in the order in which they are drawn, without spaces; `size` keeps one type size."""
        kept = (char.text for char in self.chars if size is None or abs(char.size - size) < 0.01)
        return re.sub(r"\s", "", "".join(kept))

    def _read(self, page: Any, number: int) -> None:
        height = float(page.mediabox.height)
        fonts = {name: _Font(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
        x = y = spacing = size = width = 0.0
        font = None
        colour: tuple[float, ...] = ()
        start = (0.0, 0.0)
        end = (0.0, 0.0)
        for operands, operator in ContentStream(page.get_contents(), self.reader).operations:
            values = [float(v) if isinstance(v, int | float) else v for v in operands]
            if operator == b"Tm":
                x, y = values[4], values[5]
            elif operator == b"Tc":
                spacing = values[0]
            elif operator == b"Tf":
                font, size = fonts[operands[0]], values[1]
            elif operator == b"RG":
                colour = tuple(values)
            elif operator == b"w":
                width = values[0]
            elif operator == b"Tj":
                assert font is not None
                for text, wide in font.decode(operands[0].original_bytes):
                    top = (height - y - 0.88 * size) * MM
                    self.chars.append(Char(text, x * MM, wide * size * MM, top, size, number, font.name))
                    x += wide * size + spacing
            elif operator == b"m":
                start = (values[0] * MM, (height - values[1]) * MM)
            elif operator == b"l":
                end = (values[0] * MM, (height - values[1]) * MM)
            elif operator == b"S":
                self.rules.append(Rule(*start, *end, width * MM, colour, number))


class _Font:
    def __init__(self, font: Any) -> None:
        self.name = str(font["/BaseFont"])
        descendant = font["/DescendantFonts"][0].get_object()
        self._widths: dict[int, float] = {}
        listed = list(descendant["/W"])
        for code, widths in zip(listed[0::2], listed[1::2], strict=True):
            for shift, value in enumerate(widths):
                self._widths[int(code) + shift] = float(value) / 1000
        cmap = font["/ToUnicode"].get_object().get_data().decode("ascii")
        self._texts = {
            int(code, 16): bytes.fromhex(text).decode("utf-16-be")
            for code, text in re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>\n", cmap)
        }

    def decode(self, raw: bytes) -> list[tuple[str, float]]:
        codes = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
        return [(self._texts[code], self._widths.get(code, 1.0)) for code in codes]
