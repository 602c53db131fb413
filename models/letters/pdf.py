"""Ink on pages: text, lines and boxes placed in millimetres, written by reportlab's canvas.

This is the only room of the letters that knows reportlab, and it imports it on first need (165 ms). Each font of a
letter is embedded once, as a subset addressed by two-byte codes (Type 0 font, Identity-H; ISO 32000-1, 9.7), with a
map back to Unicode in UTF-16BE, so that names beyond the Basic Multilingual Plane copy and search rightly (9.10.3).
One code stands for one cluster, never for a shape alone: look-alike characters stay apart when they are copied.

Same calls, same bytes: no clock, no random identifier; the tag of a subset is made from what it holds.

Coordinates are millimetres from the top left corner of the paper; sizes of type are points.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from models.letters.fonts import Face, Glyph

PT_PER_MM = 72 / 25.4
EM_ASCENT = 0.88
"""Share of the em above the baseline: the em box of the large Chinese type founders (880/-120)."""

COMPRESSION = 3
"""zlib level of fonts: half the time of the default for 2 % more bytes."""

BLACK = (0.0, 0.0, 0.0)
RED = (0.85, 0.0, 0.0)
GREY = (0.45, 0.45, 0.45)
Colour = tuple[float, float, float]


class _Embedded:
    """One face in one document: codes handed out in the order of first use."""

    def __init__(self, name: str, face: Face) -> None:
        self.name = name
        self.face = face
        self.codes: dict[str, int] = {}
        self.glyphs: list[Glyph] = []

    def encode(self, glyphs: Sequence[Glyph]) -> str:
        """Return the glyphs as hexadecimal two-byte codes; code 0 stays "no such character"."""
        found: list[str] = []
        for glyph in glyphs:
            code = self.codes.get(glyph.cluster)
            if code is None:
                code = self.codes[glyph.cluster] = len(self.codes) + 1
                self.glyphs.append(glyph)
            found.append(f"{code:04X}")
        return "".join(found)


class Paper:
    """A PDF being written, page by page."""

    def __init__(self, width_mm: float, height_mm: float, *, title: str, author: str, subject: str) -> None:
        """Open the first page; all pages have the same size."""
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # pages as bytes: text armour costs 5 ms a page and serves nobody

        self._out = BytesIO()
        self._height = height_mm
        size = (width_mm * PT_PER_MM, height_mm * PT_PER_MM)
        self._canvas = Canvas(self._out, pagesize=size, invariant=1, pageCompression=1, lang="zh-CN")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("Petition Desk")
        self._canvas._preamble = ""  # else every page opens with Helvetica, which is not embedded and draws nothing
        self._fonts: dict[str, _Embedded] = {}
        self._ops: list[str] = []

    def text(
        self, x: float, top: float, glyphs: Sequence[Glyph], size: float, spacing: float = 0.0, colour: Colour = BLACK
    ) -> None:
        """Draw glyphs in one line.

        Args:
            x: Left edge of the first em box, mm.
            top: Top of the em box, mm.
            glyphs: What is drawn, in reading order.
            size: Type size, points.
            spacing: Added after every glyph, points; may be negative.
            colour: Red, green, blue from 0 to 1.
        """
        left = x * PT_PER_MM
        baseline = (self._height - top) * PT_PER_MM - EM_ASCENT * size
        ops = self._ops
        ops.append(f"BT {_ink(colour)} {spacing:.4f} Tc 1 0 0 1 {left:.3f} {baseline:.3f} Tm")
        start = 0
        while start < len(glyphs):
            face = glyphs[start].face
            end = start + 1
            while end < len(glyphs) and glyphs[end].face is face:
                end += 1
            font = self._fonts.get(face.key)
            if font is None:
                font = self._fonts[face.key] = _Embedded(f"L{len(self._fonts) + 1}", face)
            mode = f"2 Tr {face.weight * size:.3f} w" if face.weight else "0 Tr"
            ops.append(f"/{font.name} {size:g} Tf {mode} <{font.encode(glyphs[start:end])}> Tj")
            start = end
        ops.append("ET")

    def line(self, x1: float, y1: float, x2: float, y2: float, width_mm: float, colour: Colour = BLACK) -> None:
        """Draw a straight line `width_mm` thick."""
        up = self._height
        ends = [f"{v * PT_PER_MM:.3f}" for v in (x1, up - y1, x2, up - y2)]
        self._ops.append(f"{_ink(colour)} {width_mm * PT_PER_MM:.3f} w {ends[0]} {ends[1]} m {ends[2]} {ends[3]} l S")

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]], colour: Colour = BLACK) -> None:
        """Fill boxes given as (x, top, width, height)."""
        parts = [
            f"{x * PT_PER_MM:.3f} {(self._height - y - h) * PT_PER_MM:.3f} {w * PT_PER_MM:.3f} {h * PT_PER_MM:.3f} re"
            for x, y, w, h in boxes
        ]
        self._ops.append(f"{_ink(colour)} {' '.join(parts)} f")

    def picture(self, x: float, top: float, width: float, height: float, picture: Any) -> None:
        """Place a picture: a file-like object or a Pillow image; a JPEG file goes in as it is."""
        from reportlab.lib.utils import ImageReader

        place = [v * PT_PER_MM for v in (x, self._height - top - height, width, height)]
        self._canvas.drawImage(ImageReader(picture), *place)

    def next_page(self) -> None:
        """End this page and open another."""
        self._end_page()

    def finish(self) -> bytes:
        """End the last page and return the PDF."""
        self._end_page()
        self._canvas._doc.idToObject["BasicFonts"].dict.clear()  # Helvetica, put there by the canvas
        for font in self._fonts.values():
            _embed(self._canvas, font)
        self._canvas.save()
        return self._out.getvalue()

    def _end_page(self) -> None:
        self._canvas.addLiteral("\n".join(self._ops))
        self._ops = []
        self._canvas.showPage()


def _ink(colour: Colour) -> str:
    red, green, blue = (f"{part:g}" for part in colour)
    return f"{red} {green} {blue} rg {red} {green} {blue} RG"


def _embed(canvas: Any, font: _Embedded) -> None:
    """Add the font's objects to the document, under the name that the pages use."""
    from reportlab.pdfbase import pdfdoc

    doc = canvas._doc  # reportlab's own fonts reach the page resources in this way (TTFont.addObjects)
    file = font.face.file
    program = file.subset([0, *(glyph.number for glyph in font.glyphs)])
    held = "".join(glyph.cluster for glyph in font.glyphs).encode("utf-8", "surrogatepass")
    mark = hashlib.sha256(held).digest()
    name = "".join(chr(65 + part % 26) for part in mark[:6]) + "+" + file.name
    thousand = 1000 / file.units_per_em

    def stream(content: bytes, **keys: Any) -> Any:
        packed = zlib.compress(content, COMPRESSION)
        return pdfdoc.PDFStream(pdfdoc.PDFDictionary({**keys, "Filter": "/FlateDecode"}), packed)

    descriptor = {
        "Type": "/FontDescriptor",
        "FontName": pdfdoc.PDFName(name),
        "Flags": 4,
        "FontBBox": pdfdoc.PDFArray([round(v * thousand) for v in file.bounds]),
        "ItalicAngle": 0,
        "Ascent": round(1000 * EM_ASCENT),
        "Descent": round(1000 * EM_ASCENT) - 1000,
        "CapHeight": 700,
        "StemV": 80,
        "FontFile2": doc.Reference(stream(program, Length1=len(program)), f"letter-program-{font.name}"),
    }
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": pdfdoc.PDFName(name),
        "CIDSystemInfo": pdfdoc.PDFDictionary(
            {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
        ),
        "FontDescriptor": doc.Reference(pdfdoc.PDFDictionary(descriptor), f"letter-descriptor-{font.name}"),
        "DW": 1000,
        "W": _widths(font.glyphs),
        "CIDToGIDMap": "/Identity",
    }
    top = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": pdfdoc.PDFName(name),
        "Encoding": "/Identity-H",
        "DescendantFonts": pdfdoc.PDFArray(
            [doc.Reference(pdfdoc.PDFDictionary(descendant), f"letter-descendant-{font.name}")]
        ),
        "ToUnicode": doc.Reference(stream(_to_unicode(font.glyphs)), f"letter-unicode-{font.name}"),
    }
    resources = doc.idToObject["BasicFonts"].dict
    resources[font.name] = doc.Reference(pdfdoc.PDFDictionary(top), f"letter-font-{font.name}")


def _widths(glyphs: Sequence[Glyph]) -> str:
    """Return the width array of a CID font: only what differs from one em (ISO 32000-1, 9.7.4.3)."""
    found: list[str] = []
    for code, glyph in enumerate(glyphs, 1):
        width = round(1000 * glyph.width)
        if width != 1000:
            found.append(f"{code} [{width}]")
    return f"[{' '.join(found)}]"


def _to_unicode(glyphs: Sequence[Glyph]) -> bytes:
    """Return the map from codes to text (ISO 32000-1, 9.10.3): UTF-16BE, so surrogate pairs beyond the first plane."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    entries = [f"<{code:04X}> <{g.cluster.encode('utf-16-be').hex().upper()}>" for code, g in enumerate(glyphs, 1)]
    for start in range(0, len(entries), 100):  # a block holds at most 100 (Adobe Technical Note 5014)
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
