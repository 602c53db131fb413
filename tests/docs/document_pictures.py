"""Pictures of every kind of document for the manual: `python -m tests.docs.document_pictures [KIND ...]`.

Each kind is filled with the invented facts of the letters' tests, dated as it would be in the course of that matter,
laid out as it is issued, and its pages are drawn side by side (a third page and later ones are left out). The pictures
are small, of few greys, and the same in both languages: the documents are Chinese. Each holds the digest of the words
that it shows, so that a picture of older wording is noticed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from models.letters import LetterFacts, compose, kinds, wording
from models.letters.blocks import texts_of
from models.letters.facts import Particulars
from tests.docs.manual_tables import PAGE_WIDTH, PICTURES, ROOT
from tests.models.letters.cases import CASES
from tests.models.letters.measure import pdf_of
from ui.parts.pdf import page_image

FOLDER = ROOT / "resources" / "manual" / PICTURES
PER_POINT = 1.06
"""Pixels of a point of a slip, which is narrower than a page."""
PAGES_AT_MOST = 2
GREYS = 16
DPI = 150
"""Resolution at which a page is drawn before it is made small."""
GAP = 8
"""Pixels between two pages."""
WORDS = "words"
"""Key of the digest in the picture's file."""

DATED: dict[str, date] = {
    "registration_form": date(2026, 3, 2),
    "receipt": date(2026, 3, 2),
    "receipt_roll": date(2026, 3, 2),
    "reception_record": date(2026, 3, 2),
    "suggestion_reply": date(2026, 3, 20),
    "recusal_decision": date(2026, 3, 9),
    "plan_sheet": date(2026, 3, 12),
    "hearing_notice": date(2026, 4, 1),
    "hearing_list": date(2026, 4, 1),
    "advice_letter": date(2026, 4, 7),
    "department_reply": date(2026, 4, 12),
    "hearing_minutes": date(2026, 4, 14),
    "hearing_conclusion": date(2026, 4, 15),
    "mediation_agreement": date(2026, 4, 15),
    "settlement_agreement": date(2026, 4, 15),
    "legal_review": date(2026, 4, 18),
    "completion_report": date(2026, 4, 25),
    "withdrawal_form": date(2026, 4, 29),
    "execution_notice": date(2026, 5, 6),
    "commitment_letter": date(2026, 5, 6),
    "commitment_record": date(2026, 5, 6),
    "service_announcement": date(2026, 5, 20),
    "evidence_index": date(2026, 5, 25),
    "review_transmittal": date(2026, 5, 25),
    "supervision_letter": date(2026, 5, 25),
    "follow_up_record": date(2026, 6, 5),
    "redo_notice": date(2026, 6, 8),
    "archive_index": date(2026, 7, 10),
}
"""Days of documents that do not bear that of the invented matter's acceptance."""
HEARING_ON = "2026-04-14"


def facts(kind: str) -> LetterFacts:
    """Return the invented facts that the picture of a kind shows."""
    told = CASES[kind]
    particulars = dict(told.particulars)
    if "hearing_on" in particulars:
        particulars["hearing_on"] = HEARING_ON
    return replace(told, dated_on=DATED.get(kind, told.dated_on), particulars=Particulars(particulars))


def digest(kind: str) -> str:
    """Return the digest of all words that the picture of a kind shows."""
    said = "\n".join(texts_of(compose(kind, facts(kind), wording(kind))))
    return hashlib.sha256(said.encode()).hexdigest()


def code(digest_input: bytes) -> bytes:
    """Return 64 bytes in place of a signature: a picture shows the code's place and verifies nothing."""
    return hashlib.sha512(digest_input).digest()


def picture(kind: str) -> Image.Image:
    """Return the picture of a kind."""
    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(pdf_of(kind, facts(kind), sign=code)))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    pages = [_page(document, number) for number in range(min(document.pageCount(), PAGES_AT_MOST))]
    document.close()
    sheet = Image.new("L", (sum(page.width for page in pages) + GAP * (len(pages) - 1), pages[0].height), 200)
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + GAP
    return sheet.quantize(GREYS)


def _page(document: QPdfDocument, number: int) -> Image.Image:
    """Return a page in grey, as wide as the manual shows it."""
    image = page_image(document, number, DPI).convertToFormat(QImage.Format.Format_Grayscale8)
    drawn = Image.frombytes(
        "L", (image.width(), image.height()), bytes(image.constBits()), "raw", "L", image.bytesPerLine()
    )
    width = min(PAGE_WIDTH, round(document.pagePointSize(number).width() * PER_POINT))
    return drawn.resize((width, round(drawn.height * width / drawn.width)), Image.Resampling.LANCZOS)


def main(chosen: list[str]) -> int:
    """Draw the kinds named, or all."""
    application = QApplication.instance() or QApplication([])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in chosen or [kind.code for kind in kinds()]:
        path: Path = FOLDER / f"{kind}.png"
        told = PngInfo()
        told.add_text(WORDS, digest(kind))
        picture(kind).save(path, optimize=True, pnginfo=told)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes", file=sys.stderr)
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
