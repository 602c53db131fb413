"""What the text index stores of a text: the tokens of a folded text (`models.folding`).

- *run*: letters, digits and Han characters that stand together. Everything else but white space is a *mark*
  (punctuation, signs).
- *tokens* of a text, each once: the pairs of neighbours in each run, the last character of each run by itself, and
  each mark by itself. A term of one or two characters of a run, or of one mark, is therefore answered by the index
  alone: a single character begins a pair or is a last character. Longer terms give candidates, which are then
      checked against the text.

Marks stay literal: the tokenizer is told that all ASCII punctuation belongs to tokens. A token of two or more
characters that begins with a mark is never made of text; `SPELLING` and `NEAR_KEY` use that.
"""

from __future__ import annotations

import re
import string

SPELLING = "~"
"""Begins a token that is the beginning of a spelling of a name."""
NEAR_KEY = "="
"""Begins a token that is the near key of a name."""
SPELLING_LETTERS = 5
"""Beginnings of spellings up to this length are tokens of their own; longer ones are found by prefix."""

TOKENIZER = "ascii tokenchars '" + string.punctuation.replace("'", "''") + "'"
"""FTS5 tokenizer: blanks part tokens, all else belongs to them."""

_RUN = re.compile(r"[^\W_]+")


def runs(folded: str) -> list[str]:
    """Return the runs of a folded text, in order."""
    return _RUN.findall(folded)


def marks(folded: str) -> set[str]:
    """Return the marks of a folded text."""
    return {character for character in set(folded) if not (character.isalnum() or character.isspace())}


def pairs(folded: str) -> set[str]:
    """Return the pairs of neighbours inside the runs of a folded text."""
    out: set[str] = set()
    for run in _RUN.findall(folded):
        out.update(map(str.__add__, run, run[1:]))
    return out


def text_tokens(folded: str) -> set[str]:
    """Return the tokens of a folded text (see the head of this room)."""
    out: set[str] = set()
    for run in _RUN.findall(folded):
        out.update(map(str.__add__, run, run[1:]))
        out.add(run[-1])
    out |= marks(folded)
    return out


def spelling_tokens(spelling: str) -> set[str]:
    """Return the tokens of one spelling of a name: its beginnings up to `SPELLING_LETTERS`, and the whole."""
    out = {SPELLING + spelling[:length] for length in range(1, min(len(spelling), SPELLING_LETTERS) + 1)}
    out.add(SPELLING + spelling)
    return out


def quoted(token: str) -> str:
    """Return `token` as an FTS5 string."""
    return '"' + token.replace('"', '""') + '"'
