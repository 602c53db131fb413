"""Writes resources/pinyin.txt anew from the installed pypinyin: `python -m tests.models.search.make_pinyin`.

A new file means new index tokens: raise `models.search.index.VERSION` with it.
"""

from __future__ import annotations

from pathlib import Path

TARGET = Path(__file__).parents[3] / "resources" / "pinyin.txt"
HEAD = """\
# The usual reading of each Han character, without tones (ü = v): one line per syllable, then its characters.
# Made by tests/models/search/make_pinyin.py from pypinyin 0.55 (data of mozillazg/pinyin-data).
# MIT License, Copyright (c) 2016 mozillazg, 闲耘: Permission is hereby granted, free of charge, to any person
# obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software
# without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute,
# sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
# subject to the following conditions: The above copyright notice and this permission notice shall be included in all
# copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
# EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
# PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR
# OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
# THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def usual_readings() -> dict[str, str]:
    """Return the first reading of each character that pypinyin knows, without tone; characters that folding changes
    left out."""
    import unicodedata

    from pypinyin import lazy_pinyin
    from pypinyin.constants import PINYIN_DICT

    out = {}
    for code in sorted(PINYIN_DICT):
        character = chr(code)
        reading = lazy_pinyin(character)[0]
        if reading.isascii() and reading.isalpha() and unicodedata.normalize("NFKC", character) == character:
            out[character] = reading
    return out


def main() -> None:
    """Write the file."""
    lines: dict[str, list[str]] = {}
    for character, reading in usual_readings().items():
        lines.setdefault(reading, []).append(character)
    body = "".join(f"{syllable} {''.join(lines[syllable])}\n" for syllable in sorted(lines))
    TARGET.write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    main()
