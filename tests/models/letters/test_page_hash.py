"""The hash of a page: the same however the file is written, another as soon as something on the page is another."""

from __future__ import annotations

import io

from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from models.letters.page_hash import page_hashes


def pages(*texts: str, grey: int = 200) -> bytes:
    """Return a PDF with a line of text and a picture on each page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    picture = io.BytesIO()
    Image.new("L", (8, 8), grey).save(picture, "PNG")
    for text in texts:
        canvas.drawString(72, 700, text)
        canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 72, 500)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def written_anew(pdf: bytes, *, order: tuple[int, ...]) -> bytes:
    writer = PdfWriter()
    reader = PdfReader(io.BytesIO(pdf))
    for place in order:
        writer.add_page(reader.pages[place])
    writer.compress_identical_objects()
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_page_keeps_its_hash_in_another_file() -> None:
    first = pages("one", "two")
    again = written_anew(first, order=(1, 0))
    assert again != first
    assert page_hashes(again) == tuple(reversed(page_hashes(first)))


def test_another_word_or_another_picture_is_another_page() -> None:
    assert page_hashes(pages("one"))[0] != page_hashes(pages("onf"))[0]
    assert page_hashes(pages("one"))[0] != page_hashes(pages("one", grey=201))[0]


def test_a_turned_page_is_another_page() -> None:
    writer = PdfWriter()
    writer.add_page(PdfReader(io.BytesIO(pages("one"))).pages[0]).rotate(180)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert page_hashes(buffer.getvalue()) != page_hashes(pages("one"))
