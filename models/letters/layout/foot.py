"""What stands under the type area: page number, verification code, and the word that a preview is one."""

from __future__ import annotations

from models.letters.blocks import Letter
from models.letters.code import SealedCode, squares
from models.letters.layout.geometry import (
    CODE_DROP,
    CODE_SIZE,
    PAGE_NUMBER_DROP,
    SIZE_4,
    SMALL_5,
    Geometry,
    mm,
)
from models.letters.layout.sheet import Align, Sheet
from models.letters.pdf import GREY

DRAFT_WORDS = "预览稿：尚未出具，不得送达"
_BESIDE = 2.5
"""Between the code and the words beside it, millimetres."""


def page_number(sheet: Sheet, geometry: Geometry, page: int) -> None:
    """Draw the page number: 4号 Song between dashes, odd pages right, even pages left, one character in (7.5)."""
    top = geometry.bottom + PAGE_NUMBER_DROP - mm(SIZE_4) / 2  # the dash is drawn at half the em's height
    em = mm(SIZE_4)
    sheet.put(
        f"— {page} —",
        "song",
        SIZE_4,
        top,
        (geometry.left + em, geometry.right - em),
        align="right" if page % 2 else "left",
    )


def code(sheet: Sheet, geometry: Geometry, letter: Letter, sealed: SealedCode | None, page: int) -> None:
    """Draw the code on the first page and its short form on every other, opposite the page number."""
    top = geometry.bottom + CODE_DROP
    side: Align = "left" if page % 2 else "right"
    if sealed is None:
        if letter.draft:
            sheet.put(DRAFT_WORDS, "song", SMALL_5, top, geometry.span, align=side, colour=GREY)
        return
    if page == 1:
        boxes = [(geometry.left + x, top + y, w, h) for x, y, w, h in squares(sealed.payload, CODE_SIZE)]
        sheet.paper.boxes(boxes)
        left = geometry.left + CODE_SIZE + _BESIDE
        under = top + CODE_SIZE - 3 * mm(SMALL_5) - 1.5
        for words in ("核验码", sealed.short):
            sheet.put(words, "song", SMALL_5, under, (left, geometry.right))
            under += mm(SMALL_5) + 0.8
        sheet.put("扫码或报核验码，可核验本件真伪", "song", SMALL_5, under, (left, geometry.right), colour=GREY)
        return
    words = f"核验码 {sealed.short}"
    sheet.put(words, "song", SMALL_5, top, geometry.span, align=side)
