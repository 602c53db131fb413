"""The sheet that pages are drawn on: text by role and size, set left, centred or right, on one `Paper`.

Texts become glyphs here and nowhere else, so that a character without a font is refused in one place.
"""

from __future__ import annotations

from typing import Literal

from models.errors import InputError
from models.letters.fonts import FontBook, Glyph, Role, clusters, name_characters
from models.letters.layout.breaking import Line, break_lines
from models.letters.layout.geometry import PT_PER_MM, mm
from models.letters.pdf import BLACK, Colour, Paper

Align = Literal["left", "centre", "right"]


class Sheet:
    """Pages of one letter while they are drawn. All places in millimetres from the paper's top left."""

    def __init__(self, paper: Paper, book: FontBook) -> None:
        """Draw on `paper` with the fonts of `book`."""
        self.paper = paper
        self._setter = Setter(book)

    def put(
        self,
        text: str,
        role: Role,
        size: float,
        top: float,
        span: tuple[float, float],
        *,
        align: Align = "left",
        spacing: float = 0.0,
        colour: Colour = BLACK,
    ) -> tuple[float, float]:
        """Draw one line of text within `span` (left and right edge); return the edges of the text itself."""
        glyphs = self._setter.glyphs(text, role)
        width = self._setter.width(glyphs, size, spacing)
        left, right = span
        at = {"left": left, "centre": (left + right - width) / 2, "right": right - width}[align]
        self.paper.text(at, top, glyphs, size, spacing, colour)
        return at, at + width

    def line(self, line: Line, size: float, left: float, top: float) -> None:
        """Draw a broken line whose text column begins at `left`."""
        if line.glyphs:
            self.paper.text(left + mm(line.indent), top, line.glyphs, size, line.spacing)


class Setter:
    """Measures and breaks text; needs fonts, draws nothing."""

    def __init__(self, book: FontBook) -> None:
        """Measure with the fonts of `book`."""
        self._book = book
        self._broken: dict[tuple[object, ...], list[Line]] = {}

    def glyphs(self, text: str, role: Role) -> list[Glyph]:
        """Return the glyphs of one line of text.

        Raises:
            InputError: No font has one of the characters; all of them are named.
        """
        found: list[Glyph] = []
        for cluster in clusters(text):
            glyph = self._book.glyph(role, cluster)
            if glyph is None:
                raise unprintable(self._book.missing([text], role))
            found.append(glyph)
        return found

    def width(self, glyphs: list[Glyph], size: float, spacing: float = 0.0) -> float:
        """Return the width of glyphs set in one line, millimetres."""
        return mm(sum(glyph.width for glyph in glyphs) * size + spacing * max(0, len(glyphs) - 1))

    def breaks(
        self,
        text: str,
        role: Role,
        size: float,
        width: float,
        *,
        tight: float = 0.0,
        first: float = 0.0,
        rest: float = 0.0,
        flush: bool = True,
    ) -> list[Line]:
        """Break text that may hold line ends; `width` is in millimetres, the indents `first` and `rest` in points."""
        key = (text, role, size, width, tight, first, rest, flush)
        if key in self._broken:  # a letter is laid out again with other line pitches, never with other lines
            return self._broken[key]
        room = width * PT_PER_MM
        lines = self._broken[key] = []
        for part in text.split("\n"):
            lines += break_lines(
                self.glyphs(part, role),
                room,
                size,
                tight=tight,
                first_indent=first,
                rest_indent=rest,
                flush=flush,
            )
        return lines


def unprintable(lost: tuple[str, ...]) -> InputError:
    """Return the error that names characters without a font."""
    named = name_characters(lost)
    return InputError(
        "font",
        f"这些字没有字体能印：{named}。请安装含有这些字的字体（如宋体扩展 SimSun-ExtB 或 BabelStone Han），"
        "或核对用字后再出具。",
        f"No font can print these characters: {named}. Install a font that has them (such as SimSun-ExtB or BabelStone "
        "Han) or check the spelling before issuing.",
    )
