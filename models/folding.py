"""Folding: what search and comparison take for the same.

Width and case are levelled (Unicode NFKC and case folding) and invisible characters vanish. Text and query are
folded alike, so "Ａ市" finds "a市", and a zero-width space inside a word hides nothing.

A *plain* character is a unified Han character, a digit or a small Latin letter. A text is *regular* when folding
neither makes nor unmakes plain characters in it, except small letters out of capital ones. In a regular text a plain
term can be looked for without folding.
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

_IRREGULAR = re.compile(
    "[^\t-\r\x20-\x7e\xa0-\xa7\xa9\xab\xac\xae-\xb1\xb6\xb7\xbb\xbf\xd7\xf7\u2010-\u2027\u2030-\u205e\u2190-\u23ff\u2500-\u27bf"
    "\u3000-\u3029\u3040-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6"
    "\U00020000-\U0002a6df\U0002a700-\U0002ebef\U00030000-\U000323af]"
)
_PLAIN = re.compile("[0-9a-z\u4e00-\u9fff]*")


def fold(text: str) -> str:
    """Return `text` folded: NFKC and case folding, without invisible characters."""
    if text.isascii():
        return _INVISIBLE.sub("", text).lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold())
    return _INVISIBLE.sub("", folded)


def is_regular(text: str) -> bool:
    """Return whether `text` is surely regular; characters not thought of count as irregular."""
    return _IRREGULAR.search(text) is None


def is_plain(folded: str) -> bool:
    """Return whether all characters of a folded term are plain."""
    return _PLAIN.fullmatch(folded) is not None
