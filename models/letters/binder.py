"""Papers of any kind to one run of A4 pages: PDF files, scans and pictures, and a page that says so for all others.

Pure: bytes in, pages out. What the bureau printed itself keeps its size; what came from outside is made smaller until
the running page number stands beside it and covers nothing of it. Visible notes and filled-in fields of a PDF are kept;
what a click would do in it is taken away.
"""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models.letters.blocks import Cell, Letter, Row, Table
from models.letters.fonts import FontBook, clusters, system_book
from models.letters.layout.geometry import PT_PER_MM, SMALL_4
from models.letters.layout.sheet import Sheet
from models.letters.pdf import Paper

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdf import PageObject, PdfWriter

WIDTH, HEIGHT = 210.0, 297.0
SIDE, HEAD, FOOT = 10.0, 16.0, 10.0
"""Room around a paper from outside, millimetres (ours): the running number stands in the head."""
STAMP_WIDTH, STAMP_TOP = 70.0, 7.0
SCREEN_DPI = 96.0
"""A picture is not drawn larger than a screen shows it."""
JPEG_QUALITY = 92
UNKNOWN = "〓"
"""Stands for a character of a file's name that no font has (GB/T 9704 practice for missing type)."""

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # a damaged file becomes a page, not a line on a terminal

_UNREADABLE = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError, NotImplementedError,
    AssertionError, EOFError, zlib.error, struct.error, SyntaxError,
)  # fmt: skip
"""What readers of foreign files raise over a damaged one; each makes a page that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A paper to be bound."""

    title: str
    number: str = ""
    dated_on: date | None = None
    name: str = ""
    """File name, for a paper that cannot be put on a page."""
    media_type: str = ""
    data: bytes | None = None
    """None: the register holds no file of it."""
    sha256: str = ""
    own: bool = False
    """Printed by the bureau: its margins are known, it keeps its size."""


def pages_of(part: Part, organ: str, book: FontBook | None = None) -> bytes:
    """Return the pages that a paper fills, as an A4 PDF; never none."""
    from pypdf.errors import PyPdfError

    try:
        if part.data is None:
            return _notice(part, organ, "登记库中只登记了这份材料，没有存入电子件", book)
        if part.data.startswith(b"%PDF") or part.media_type == "application/pdf":
            return _fitted(part.data, own=part.own)
        if part.media_type.startswith("image/"):
            return _fitted(_pictures(part.data, part.title), own=True)
    except _LockedError:
        return _notice(part, organ, "文件设有打开口令，不能印出", book)
    except (PyPdfError, *_UNREADABLE):
        return _notice(part, organ, "文件损坏或者不合格式，不能印出", book)
    return _notice(part, organ, "这种文件不能印在纸上，请在登记库中打开", book)


def bind(cover: bytes, parts: Sequence[tuple[str, bytes]], *, title: str, organ: str) -> bytes:
    """Return one PDF: the cover, then the parts, each page with its running number, each part with a bookmark.

    Args:
        cover: The index; its pages bear no running number.
        parts: Title and pages of each paper, in order.
        title: Of the file.
        organ: Whose it is.
    """
    from pypdf import PdfReader, PdfWriter, Transformation

    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(cover)).pages:
        writer.add_page(page)
    first = len(writer.pages)
    for name, pdf in parts:
        at = len(writer.pages)
        for page in PdfReader(io.BytesIO(pdf)).pages:
            writer.add_page(page)
        writer.add_outline_item(title=name, page_number=at)
    total = len(writer.pages) - first
    stamps = PdfReader(io.BytesIO(_stamps(total))).pages if total else ()
    place = Transformation().translate((WIDTH - SIDE - STAMP_WIDTH) * PT_PER_MM, (HEIGHT - STAMP_TOP - 7) * PT_PER_MM)
    for number, stamp in enumerate(stamps):
        writer.pages[first + number].merge_transformed_page(stamp, place)
    writer.metadata = {"/Title": title, "/Author": organ, "/Creator": "Petition Desk", "/Producer": "Petition Desk"}
    return _written(writer)


def shown(text: str, book: FontBook | None = None) -> str:
    """Return `text` with a mark for each character that no font has: a file may be called by anything."""
    found = book or system_book()
    return "".join(each if found.glyph("fangsong", each) else UNKNOWN for each in clusters(text))


def table_letter(
    organ: str, title: str, rows: Iterable[Row], *, head: tuple[str, str] = ("", ""), notes: Sequence[str] = ()
) -> Letter:
    """Return a ruled form with nothing else: an index, or the page in place of a paper."""
    block = Table(rows=tuple(rows))
    return Letter(kind="", page="form", organ=organ, title=title, head=head, blocks=(block,), notes=tuple(notes))


# --- pages in place of a paper


def _notice(part: Part, organ: str, why: str, book: FontBook | None) -> bytes:
    from models.letters.layout import layout

    size = f"{len(part.data)} 字节" if part.data is not None else "无"
    told = (
        ("材料名称", part.title),
        ("文　　号", part.number or "无"),
        ("文 件 名", part.name or "无"),
        ("文件类型", part.media_type or "不明"),
        ("大　　小", size),
        ("SHA-256", grouped(part.sha256, 32) or "无"),
        ("说　　明", why),
    )
    rows = [
        Row(cells=(Cell(text=label, width=28.0, label=True), Cell(text=shown_lines(text, book), width=122.0)))
        for label, text in told
    ]
    return layout(table_letter(organ, "未印出的材料", rows), book=book)


def shown_lines(text: str, book: FontBook | None = None) -> str:
    """Return `shown` text whose line ends stay."""
    return "\n".join(shown(line, book) for line in text.split("\n"))


def grouped(sha256: str, length: int) -> str:
    """Return a hash in lines of `length` digits, so that it can be compared by eye."""
    return "\n".join(sha256[at : at + length] for at in range(0, len(sha256), length))


# --- PDF files


class _LockedError(Exception):
    """A PDF that opens with a passphrase only."""


def _fitted(pdf: bytes, *, own: bool) -> bytes:
    from pypdf import PdfReader, PdfWriter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = PdfReader(io.BytesIO(pdf), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _LockedError
        writer = PdfWriter()
        for source in reader.pages:
            _place(writer, source, own=own)
        if not writer.pages:
            raise ValueError("no pages")
        return _written(writer)


def _place(writer: PdfWriter, source: PageObject, *, own: bool) -> None:
    """Put a page on an A4 sheet of its own: upright, not larger than it was, inside the room for it."""
    from pypdf import Transformation

    box = source.cropbox
    wide, high = float(box.width), float(box.height)
    if wide <= 0 or high <= 0:
        raise ValueError("a page without area")
    turned = Transformation().translate(-float(box.left), -float(box.bottom))
    quarter = (source.rotation // 90) % 4
    if quarter:
        back = {1: (0.0, wide), 2: (wide, high), 3: (high, 0.0)}[quarter]
        turned = turned.rotate(-90 * quarter).translate(*back)
        wide, high = (high, wide) if quarter % 2 else (wide, high)
    width, height = WIDTH * PT_PER_MM, HEIGHT * PT_PER_MM
    room = (width - 2 * SIDE * PT_PER_MM, height - (HEAD + FOOT) * PT_PER_MM)
    whole = own and wide <= width + 1 and high <= height + 1 and high > room[1]
    scale = 1.0 if whole else min(1.0, room[0] / wide, room[1] / high)
    left = (width - wide * scale) / 2
    top = 0.0 if whole else HEAD * PT_PER_MM
    page = writer.add_blank_page(width, height)
    page.merge_transformed_page(source, turned.scale(scale).translate(left, height - top - high * scale))
    for note in page.get("/Annots") or ():
        for key in ("/A", "/AA"):
            note.get_object().pop(key, None)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# --- pictures


def _pictures(data: bytes, title: str) -> bytes:
    """Return a picture, or all pages of a scan, as A4 pages."""
    from PIL import Image, ImageOps, ImageSequence

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a large scan is no attack; one beyond twice the limit is refused by error
        source = Image.open(io.BytesIO(data))
        frames = ImageSequence.Iterator(source) if source.format == "TIFF" else [source]
        paper = Paper(WIDTH, HEIGHT, title=title, author="", subject="")
        for place, frame in enumerate(frames):
            frame.load()
            upright = ImageOps.exif_transpose(frame)
            plain = upright.size == frame.size and frame.getexif().get(0x0112, 1) == 1 and frame.mode in ("L", "RGB")
            if place:
                paper.next_page()
            width, height = _fitting(upright)
            left = (WIDTH - width) / 2
            given: Any = io.BytesIO(data) if source.format == "JPEG" and plain else _flat(upright, source.format)
            paper.picture(left, HEAD, width, height, given)
        return paper.finish()


def _fitting(image: Image) -> tuple[float, float]:
    """Return width and height in millimetres: inside the room, and not larger than a screen shows it."""
    scale = min((WIDTH - 2 * SIDE) / image.width, (HEIGHT - HEAD - FOOT) / image.height, 25.4 / SCREEN_DPI)
    return image.width * scale, image.height * scale


def _flat(image: Image, kind: str | None) -> Any:
    """Return an image as a page can hold it: grey or colour on white; photographs stay packed as photographs."""
    from PIL import Image as Images

    if image.mode.startswith(("I", "F")):
        low, high = image.getextrema()
        span = float(high) - float(low) or 1.0  # type: ignore[arg-type]  # one channel: two numbers
        image = image.point(lambda value: (value - float(low)) * 255.0 / span).convert("L")  # type: ignore[arg-type]  # as above
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Images.new("RGBA", image.size, "white")
        image = Images.alpha_composite(white, image)
    if image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode in ("1", "LA") else "RGB")
    if kind not in ("JPEG", "MPO"):
        return image
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return io.BytesIO(out.getvalue())


# --- running numbers


def _stamps(total: int) -> bytes:
    """Return a small page for each running number, right aligned."""
    paper = Paper(STAMP_WIDTH, 7.0, title="", author="", subject="")
    sheet = Sheet(paper, system_book())
    for number in range(1, total + 1):
        if number > 1:
            paper.next_page()
        words = f"第 {number} 页　共 {total} 页"
        sheet.put(words, "song", SMALL_4, 1.0, (0.0, STAMP_WIDTH), align="right")
    return paper.finish()
