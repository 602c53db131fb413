"""Papers of any kind on A4 pages: sizes, places, turned pages, pictures, what cannot be printed, the same bytes.

Read back with pypdf, independent of the writer's own measures where places matter.
"""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import pypdf
import pytest
from PIL import Image
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from models.letters import binder
from models.letters.binder import Part
from tests.models.letters.cases import CASES
from tests.models.letters.measure import pdf_of

ORGAN = "梓川县公安局"
MM = 25.4 / 72


def drawn(width: float, height: float, *, turn: int = 0, pages: int = 1, at: tuple[float, float] = (50, 50)) -> bytes:
    """Return a PDF whose pages are `width` x `height` points and say HERE at `at`."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    for _ in range(pages):
        canvas.drawString(*at, "HERE")
        canvas.showPage()
    canvas.save()
    if not turn:
        return out.getvalue()
    writer = pypdf.PdfWriter(clone_from=out)
    writer.pages[0][NameObject("/Rotate")] = NumberObject(turn)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (300, 200), turn: int = 1, frames: int = 1) -> bytes:
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = turn
    more: dict[str, Any] = {"exif": exif} if turn != 1 else {}
    if frames > 1:
        more |= {"save_all": True, "append_images": [image] * (frames - 1)}
    image.save(out, kind, **more)
    return out.getvalue()


def pages(part: Part) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(binder.pages_of(part, ORGAN))).pages)


def place_of(page: pypdf.PageObject, words: str) -> tuple[float, float]:
    """Return where words stand, in millimetres from the left and from the top."""
    found: list[tuple[float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if words in text:
            x, y = tm[4], tm[5]
            found.append((cm[0] * x + cm[2] * y + cm[4], cm[1] * x + cm[3] * y + cm[5]))

    page.extract_text(visitor_text=visit)
    x, y = found[0]
    return x * MM, (float(page.mediabox.height) - y) * MM


def image_box(page: pypdf.PageObject) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the page's picture, millimetres."""
    stack: list[list[float]] = []
    matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    for operands, operator in page.get_contents().operations:  # type: ignore[union-attr]  # a drawn page has contents
        if operator == b"q":
            stack.append(matrix)
        elif operator == b"Q":
            matrix = stack.pop()
        elif operator == b"cm":
            a, b, c, d, e, f = (float(value) for value in operands)
            o = matrix
            matrix = [a * o[0] + b * o[2], a * o[1] + b * o[3], c * o[0] + d * o[2], c * o[1] + d * o[3],
                      e * o[0] + f * o[2] + o[4], e * o[1] + f * o[3] + o[5]]  # fmt: skip
        elif operator == b"Do":
            box = (matrix[4] * MM, 297 - (matrix[5] + matrix[3]) * MM, matrix[0] * MM, matrix[3] * MM)
            return tuple(abs(value) for value in box)  # type: ignore[return-value]  # four numbers
    raise AssertionError("no picture")


def test_what_the_bureau_printed_keeps_its_size_and_place() -> None:
    pdf = pdf_of("answer", CASES["answer"])
    shown = pages(Part(title="意见书", data=pdf, own=True))
    source = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(shown) == len(source)
    for page, before in zip(shown, source, strict=True):
        assert (float(page.mediabox.width) * MM, float(page.mediabox.height) * MM) == pytest.approx((210, 297), abs=0.1)
        assert place_of(page, "一") == pytest.approx(place_of(before, "一"), abs=0.2)


def test_a_slip_stands_whole_under_the_running_number() -> None:
    page = pages(Part(title="凭证", data=pdf_of("receipt", CASES["receipt"]), own=True))[0]
    left, top = place_of(page, "信访受理凭证")
    before = place_of(pypdf.PdfReader(io.BytesIO(pdf_of("receipt", CASES["receipt"]))).pages[0], "信访受理凭证")
    assert (left - before[0], top - before[1]) == pytest.approx(((210 - 148) / 2, binder.HEAD), abs=0.2)


@pytest.mark.parametrize(
    ("turn", "left", "top"),
    [(0, 50, 792 - 50), (90, 50, 50), (180, 612 - 50, 50), (270, 792 - 50, 612 - 50)],
)
def test_a_foreign_page_stands_upright_and_smaller(turn: int, left: float, top: float) -> None:
    """Letter paper, 612 x 792 points, HERE at 50 from left and bottom; turned clockwise as /Rotate says."""
    page = pages(Part(title="外来件", data=drawn(612, 792, turn=turn), media_type="application/pdf"))[0]
    wide, high = (612, 792) if turn in (0, 180) else (792, 612)
    scale = min(1.0, 190 / (wide * MM), (297 - binder.HEAD - binder.FOOT) / (high * MM))
    edge = (210 - wide * MM * scale) / 2
    assert place_of(page, "HERE") == pytest.approx((edge + left * MM * scale, binder.HEAD + top * MM * scale), abs=0.3)


def test_a_page_is_cut_to_what_a_reader_sees_of_it() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(800, 1000, at=(300, 500))))
    writer.pages[0].cropbox = RectangleObject((200, 400, 600, 700))
    out = io.BytesIO()
    writer.write(out)
    page = pages(Part(title="剪裁", data=out.getvalue(), media_type="application/pdf"))[0]
    edge = (210 - 400 * MM) / 2
    assert place_of(page, "HERE") == pytest.approx((edge + 100 * MM, binder.HEAD + 200 * MM), abs=0.3)


def test_notes_stay_and_their_actions_go() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(595, 842)))
    note = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"),
        NameObject("/Rect"): ArrayObject([FloatObject(v) for v in (10, 10, 90, 30)]),
        NameObject("/A"): DictionaryObject({
            NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)"),
        }),
    })  # fmt: skip
    writer.add_annotation(0, note)
    out = io.BytesIO()
    writer.write(out)
    bound = binder.pages_of(Part(title="批注", data=out.getvalue(), media_type="application/pdf"), ORGAN)
    assert b"JavaScript" not in bound
    kept = pypdf.PdfReader(io.BytesIO(bound)).pages[0]["/Annots"]
    assert len(kept) == 1
    assert float(kept[0].get_object()["/Rect"][1]) != 10  # moved with its page


@pytest.mark.parametrize(
    ("data", "media_type", "box"),
    [
        (picture("JPEG"), "image/jpeg", (300, 200)),
        (picture("PNG", "RGBA"), "image/png", (300, 200)),
        (picture("PNG", "P"), "image/png", (300, 200)),
        (picture("PNG", "1"), "image/png", (300, 200)),
        (picture("PNG", "LA"), "image/png", (300, 200)),
        (picture("PNG", "I;16"), "image/png", (300, 200)),
        (picture("JPEG", "CMYK"), "image/jpeg", (300, 200)),
        (picture("JPEG", turn=6), "image/jpeg", (200, 300)),
        (picture("WEBP"), "image/webp", (300, 200)),
        (picture("BMP"), "image/bmp", (300, 200)),
    ],
)
def test_pictures_stand_upright_at_screen_size(data: bytes, media_type: str, box: tuple[int, int]) -> None:
    """96 dots an inch: 300 dots are 79.4 mm."""
    found = pages(Part(title="照片", data=data, media_type=media_type))
    assert len(found) == 1
    width, height = (dots * 25.4 / 96 for dots in box)
    assert image_box(found[0]) == pytest.approx(((210 - width) / 2, binder.HEAD, width, height), abs=0.1)


def test_a_large_picture_is_made_to_fit() -> None:
    _, top, width, height = image_box(
        pages(Part(title="图", data=picture("JPEG", size=(900, 3000)), media_type="image/jpeg"))[0]
    )
    assert top == pytest.approx(binder.HEAD, abs=0.1)
    assert height == pytest.approx(297 - binder.HEAD - binder.FOOT, abs=0.1)
    assert width == pytest.approx(height * 0.3, abs=0.1)


def test_all_pages_of_a_scan_are_bound() -> None:
    assert len(pages(Part(title="传真", data=picture("TIFF", "1", frames=3), media_type="image/tiff"))) == 3


def locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(595, 842)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type", "why"),
    [
        (b"abc", "audio/mpeg", "不能印在纸上"),
        (b"%PDF-1.7 nonsense", "application/pdf", "损坏"),
        (drawn(595, 842)[:-400], "application/pdf", ""),
        (picture("PNG")[:60], "image/png", "损坏"),
        (b"GIF89a", "image/gif", "损坏"),
        (locked(), "application/pdf", "口令"),
        (None, "", "没有存入电子件"),
    ],
)
def test_what_cannot_be_printed_gets_a_page_that_says_so(data: bytes | None, media_type: str, why: str) -> None:
    sha256 = hashlib.sha256(data or b"").hexdigest()
    part = Part(title="录音😀", name="录音.mp3", media_type=media_type, data=data, sha256=sha256)
    found = pages(part)
    assert len(found) == 1
    said = re.sub(r"\s", "", found[0].extract_text())
    if why:
        assert why in said
        assert "录音.mp3" in said
        assert sha256 in said
        assert f"{len(data)}字节" in said if data is not None else "大小无" in said


def test_bound_pages_are_numbered_and_marked_by_bookmarks() -> None:
    cover = pdf_of("acceptance_notice", CASES["acceptance_notice"])
    parts = [("甲", drawn(595, 842, pages=2)), ("乙", drawn(595, 842))]
    pdf = binder.bind(cover, [(name, binder._fitted(data, own=False)) for name, data in parts], title="卷", organ=ORGAN)
    assert pdf == binder.bind(
        cover, [(name, binder._fitted(data, own=False)) for name, data in parts], title="卷", organ=ORGAN
    )
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    numbers = [re.findall(r"第\s*(\d+)\s*页\s*共\s*(\d+)\s*页", page.extract_text()) for page in reader.pages]
    assert numbers == [[], [("1", "3")], [("2", "3")], [("3", "3")]]
    marks = [(str(mark.title), reader.get_destination_page_number(mark)) for mark in reader.outline]  # type: ignore[union-attr]  # a flat list
    assert marks == [("甲", 1), ("乙", 3)]
    left, top = place_of(reader.pages[3], "第")
    assert top < binder.HEAD
    assert left > 210 / 2
    assert (reader.metadata or {})["/Title"] == "卷"


def test_a_characters_without_a_font_is_marked() -> None:
    assert binder.shown("甲\U000f0000乙") == f"甲{binder.UNKNOWN}乙"
    assert binder.grouped("abcdef", 4) == "abcd\nef"
