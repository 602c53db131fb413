"""TrueType files read in place, and small subsets of them for embedding in a PDF.

reportlab can embed TrueType by itself; this room stands in its place for letters because of three measured faults
(docs/decisions/0004-letters.md): its map back to Unicode is wrong beyond the Basic Multilingual Plane, it reads every
glyph of a font before the first letter (430 ms for BabelStone Han), and it copies the whole outline table for each 256
characters. Here the file is mapped into memory, characters are looked up one by one, and a subset holds what is used.

Words used here:

- *glyph*: the number of an outline in the font file; 0 is "no such character".
- *face*: one font of a file; a TrueType collection (`.ttc`) holds several.

Format: OpenType specification 1.9, tables cmap (formats 4 and 12), head, hhea, hmtx, loca, maxp, glyf, name, OS/2.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

_KEPT_TABLES = ("cvt ", "fpgm", "prep")
"""Hinting programs: kept, because some older Chinese fonts compose their strokes by them."""

_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x1, 0x8, 0x20, 0x40, 0x80
_RESTRICTED = 0x0002
_NO_SUBSETTING = 0x0100
_BITMAPS_ONLY = 0x0200


class FontRefusedError(Exception):
    """The file is no TrueType font that may be embedded; the text says why, for the log and the tests."""


def _big_endian(kind: str, data: bytes) -> array[int]:
    """Return big-endian integers; `kind` is an `array` type code of 2 or 4 bytes."""
    values: array[int] = array(kind)
    values.frombytes(data)
    if struct.pack("=H", 1) == b"\x01\x00":
        values.byteswap()
    return values


class FontFile:
    """One face of a TrueType file. Cheap to open: nothing but the headers and the character map's index is read."""

    def __init__(self, path: Path, face: int = 0) -> None:
        """Open `path`.

        Args:
            path: A `.ttf` or `.ttc` file.
            face: Index within a collection, from 0.

        Raises:
            FontRefusedError: Not TrueType (CFF outlines, bitmaps), damaged, or its licence bits forbid embedding.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise FontRefusedError(f"{path.name}: {error}") from error
        try:
            self._read(face)
        except (struct.error, IndexError, KeyError) as error:
            raise FontRefusedError(f"{path.name}: damaged or incomplete ({error!r})") from error

    def _read(self, face: int) -> None:
        data = self._data
        start = 0
        if data[:4] == b"ttcf":
            (count,) = struct.unpack_from(">L", data, 8)
            if face >= count:
                raise FontRefusedError(f"{self.path.name}: no face {face}")
            (start,) = struct.unpack_from(">L", data, 12 + 4 * face)
        if data[start : start + 4] not in (b"\0\1\0\0", b"true"):
            raise FontRefusedError(f"{self.path.name}: outlines are not TrueType")
        (tables,) = struct.unpack_from(">H", data, start + 4)
        self._tables: dict[str, tuple[int, int]] = {}
        for index in range(tables):
            tag, _, offset, length = struct.unpack_from(">4sLLL", data, start + 12 + 16 * index)
            self._tables[tag.decode("latin-1")] = (offset, length)
        head = self._tables["head"][0]
        (self.units_per_em,) = struct.unpack_from(">H", data, head + 18)
        self.bounds: tuple[int, int, int, int] = struct.unpack_from(">4h", data, head + 36)
        (self._long_loca,) = struct.unpack_from(">h", data, head + 50)
        (self._metrics,) = struct.unpack_from(">H", data, self._tables["hhea"][0] + 34)
        (self.glyphs,) = struct.unpack_from(">H", data, self._tables["maxp"][0] + 4)
        self._glyf, self._loca, self._hmtx = (self._tables[tag][0] for tag in ("glyf", "loca", "hmtx"))
        if "OS/2" in self._tables:
            (rights,) = struct.unpack_from(">H", data, self._tables["OS/2"][0] + 8)
            if rights & 0x000F == _RESTRICTED or rights & (_NO_SUBSETTING | _BITMAPS_ONLY):
                raise FontRefusedError(f"{self.path.name}: its licence bits forbid embedding (fsType {rights:#06x})")
        self.name = self._postscript_name()
        self._read_character_map()

    def _postscript_name(self) -> str:
        data = self._data
        if "name" in self._tables:
            start = self._tables["name"][0]
            count, strings = struct.unpack_from(">HH", data, start + 2)
            for index in range(count):
                platform, _, _, kind, length, offset = struct.unpack_from(">6H", data, start + 6 + 12 * index)
                if kind == 6:
                    raw = data[start + strings + offset : start + strings + offset + length]
                    text = raw.decode("utf-16-be" if platform in (0, 3) else "latin-1", "ignore")
                    kept = "".join(c for c in text if c.isascii() and (c.isalnum() or c in "-_"))
                    if kept:
                        return kept
        return "".join(c for c in self.path.stem if c.isascii() and c.isalnum()) or "Font"

    def _read_character_map(self) -> None:
        data = self._data
        start = self._tables["cmap"][0]
        (count,) = struct.unpack_from(">H", data, start + 2)
        best: tuple[int, int] = (0, 0)
        for index in range(count):
            platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * index)
            (form,) = struct.unpack_from(">H", data, start + offset)
            unicode = (platform == 3 and encoding in (1, 10)) or (platform == 0 and encoding != 5)
            if unicode and form in (4, 12):
                best = max(best, (form, start + offset))
        form, at = best
        self._form = form
        if form == 12:
            (groups,) = struct.unpack_from(">L", data, at + 12)
            values = _big_endian("I", data[at + 16 : at + 16 + 12 * groups])
            self._starts, self._ends, self._firsts = values[0::3], values[1::3], values[2::3]
        elif form == 4:
            length, _, twice = struct.unpack_from(">HHH", data, at + 2)
            segments = twice // 2
            words = _big_endian("H", data[at + 14 : at + (length & ~1)])
            self._ends = words[:segments]
            self._starts = words[segments + 1 : 2 * segments + 1]
            self._firsts = words[2 * segments + 1 : 3 * segments + 1]
            self._ranges = words[3 * segments + 1 :]
        else:
            raise FontRefusedError(f"{self.path.name}: no Unicode character map")

    def glyph(self, code: int) -> int:
        """Return the glyph of the character `code` (a code point); 0 when the font lacks it or has it empty."""
        found = self._lookup(code)
        if not 0 < found < self.glyphs:
            return 0
        return found if self._place(found)[1] or chr(code).isspace() else 0

    def _lookup(self, code: int) -> int:
        index = bisect_right(self._starts, code) - 1
        if index < 0 or code > self._ends[index]:
            return 0
        if self._form == 12:
            return self._firsts[index] + code - self._starts[index]
        shift = self._ranges[index]
        if not shift:
            return (code + self._firsts[index]) & 0xFFFF
        place = index + shift // 2 + code - self._starts[index]
        found = self._ranges[place] if place < len(self._ranges) else 0
        return (found + self._firsts[index]) & 0xFFFF if found else 0

    def advance(self, glyph: int) -> int:
        """Return the width of a glyph in units of the em."""
        return int(self._metric(glyph)[0])

    def _metric(self, glyph: int) -> tuple[int, int]:
        if glyph < self._metrics:
            wide, bearing = struct.unpack_from(">Hh", self._data, self._hmtx + 4 * glyph)
            return wide, bearing
        (wide,) = struct.unpack_from(">H", self._data, self._hmtx + 4 * (self._metrics - 1))
        (bearing,) = struct.unpack_from(">h", self._data, self._hmtx + 4 * self._metrics + 2 * (glyph - self._metrics))
        return wide, bearing

    def _place(self, glyph: int) -> tuple[int, int]:
        """Return offset and length of a glyph's outline within the file."""
        if self._long_loca:
            begin, end = struct.unpack_from(">LL", self._data, self._loca + 4 * glyph)
        else:
            begin, end = (2 * v for v in struct.unpack_from(">HH", self._data, self._loca + 2 * glyph))
        return self._glyf + begin, end - begin

    def _outline(self, glyph: int) -> bytes:
        begin, length = self._place(glyph)
        return self._data[begin : begin + length]

    def subset(self, wanted: Sequence[int]) -> bytes:
        """Return a TrueType file whose glyph i is `wanted[i]` of this one.

        `wanted[0]` must be 0. A glyph may be wanted twice, once for each character it is drawn for. Parts of composed
        glyphs follow after the wanted ones. Tables that a PDF reader does not need are left out (ISO 32000-1, 9.9).
        """
        order = list(wanted)
        number = {glyph: index for index, glyph in reversed(list(enumerate(order)))}
        offsets, glyf, metrics = [0], bytearray(), bytearray()
        while len(offsets) <= len(order):  # `order` grows while composed glyphs are met
            glyph = order[len(offsets) - 1]
            outline = self._renumbered(self._outline(glyph), order, number)
            glyf += outline + b"\0" * (-len(outline) % 4)
            offsets.append(len(glyf))
            metrics += struct.pack(">Hh", *self._metric(glyph))
        head, hhea, maxp = (bytearray(self._table(tag)) for tag in ("head", "hhea", "maxp"))
        struct.pack_into(">L", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        struct.pack_into(">H", hhea, 34, len(order))
        struct.pack_into(">H", maxp, 4, len(order))
        tables = {"glyf": bytes(glyf), "head": bytes(head), "hhea": bytes(hhea), "hmtx": bytes(metrics)}
        tables |= {"loca": struct.pack(f">{len(offsets)}L", *offsets), "maxp": bytes(maxp)}
        tables |= {tag: self._table(tag) for tag in _KEPT_TABLES if tag in self._tables}
        return _assemble(tables)

    def _table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    @staticmethod
    def _renumbered(outline: bytes, order: list[int], number: dict[int, int]) -> bytes:
        """Return the outline with the parts of a composed glyph renumbered; parts not yet in `order` are added."""
        if len(outline) < 10 or outline[0] < 0x80:
            return outline
        changed = bytearray(outline)
        at, flags = 10, _MORE
        while flags & _MORE:
            flags, part = struct.unpack_from(">HH", changed, at)
            if part not in number:
                number[part] = len(order)
                order.append(part)
            struct.pack_into(">H", changed, at + 2, number[part])
            at += 8 if flags & _WORDS else 6
            at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
        return bytes(changed)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    return sum(_big_endian("I", padded)) & 0xFFFFFFFF


def _assemble(tables: dict[str, bytes]) -> bytes:
    """Return a font file of `tables`, with directory and checksums (OpenType specification, "Font file")."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(">4sHHHH", b"\0\1\0\0", count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    at = 12 + 16 * count
    body = bytearray()
    head_at = 0
    for tag in sorted(tables):
        data = tables[tag]
        if tag == "head":
            head_at = at + len(body)
        directory += struct.pack(">4sLLL", tag.encode(), _checksum(data), at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    font = bytearray(directory + body)
    struct.pack_into(">L", font, head_at + 8, (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)
