"""Letters to pages: geometry, line breaking, flow and the page kinds (official letter, form, slip on A5 and 80 mm)."""

from __future__ import annotations

from models.letters.blocks import Letter
from models.letters.code import SealedCode
from models.letters.fonts import FontBook, system_book
from models.letters.layout import form, official, slip

_LAYOUTS = {
    "official": official.lay_out,
    "form": form.lay_out,
    "a5": slip.lay_out_a5,
    "roll": slip.lay_out_roll,
}


def layout(letter: Letter, *, sealed: SealedCode | None = None, book: FontBook | None = None) -> bytes:
    """Lay out `letter` and return the PDF: the same letter, code and fonts give the same bytes.

    Args:
        letter: What `compose` made.
        sealed: The verification code; None for a preview.
        book: The fonts; default: those of this system.

    Raises:
        InputError: A character has no font, or there is no Chinese font at all; names what is missing.
    """
    return _LAYOUTS[letter.page](letter, book or system_book(), sealed)
