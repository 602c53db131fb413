"""Folding: what search and comparison take for the same.

Width and case are levelled (Unicode NFKC and case folding) and invisible characters vanish. Text and query are
folded alike, so "Ａ市" finds "a市", and a zero-width space inside a word hides nothing.
"""

from __future__ import annotations

import re
import unicodedata

# Format characters (general category Cf), variation selectors, controls that are not white space, and lone surrogates,
# which no UTF-8 text can hold.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def fold(text: str) -> str:
    """Return `text` folded: NFKC and case folding, without invisible characters."""
    if text.isascii():
        return _INVISIBLE.sub("", text).lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold())
    return _INVISIBLE.sub("", folded)
