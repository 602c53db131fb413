"""Two matters side by side: which sentences of the later one stood in the earlier one, and which are new.

Whether facts and reasons are the same is decided by a person; this room only lays the texts beside each other, so that
nobody says "the same" without having read what is new (REG-2022 Art. 36; SC-431 Art. 35).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.folding import fold
from models.search.tokens import pairs

if TYPE_CHECKING:
    from models.register import Register

SAME = 0.6
"""Share of a sentence's pairs of characters that stand in one sentence of the other text, from which it is shown as the
same. The words need not be the same: dates and forms of address differ from letter to letter.
"""
SHORTEST = 4
"""Letters and digits below which a sentence says nothing that could be compared, e.g. a greeting."""
PARTS = ("statement", "facts", "reasons", "request")

_ENDS = re.compile(r"[。！？!?；;\n\r]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of one side.

    Attributes:
        part: `claim` for a request, else `text`.
        text: As written.
        match: The sentence of the other side that says the same; '' when it is new there.
    """

    part: str
    text: str
    match: str

    @property
    def same(self) -> bool:
        """Whether the other side has it."""
        return bool(self.match)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The two matters side by side: sentences of the later one and of the earlier one, in their order."""

    later: tuple[Sentence, ...]
    earlier: tuple[Sentence, ...]

    @property
    def new(self) -> tuple[Sentence, ...]:
        """Sentences of the later matter that the earlier one does not have."""
        return tuple(one for one in self.later if not one.same)


def compare(register: Register, later: int, earlier: int) -> Comparison:
    """Lay two matters beside each other. The caller has asked the policy for both."""
    return side_by_side(said(register, later), said(register, earlier))


def side_by_side(later: Iterable[tuple[str, str]], earlier: Iterable[tuple[str, str]]) -> Comparison:
    """Return which sentences of two texts say the same; each text is a list of (part, sentence)."""
    one = [(part, text, pairs(fold(text))) for part, text in later]
    other = [(part, text, pairs(fold(text))) for part, text in earlier]
    return Comparison(later=_matched(one, other), earlier=_matched(other, one))


def _matched(own: list[tuple[str, str, set[str]]], other: list[tuple[str, str, set[str]]]) -> tuple[Sentence, ...]:
    found = []
    for part, text, mine in own:
        best, match = 0.0, ""
        for _part, theirs_text, theirs in other:
            share = len(mine & theirs) / len(mine) if mine else float(text == theirs_text)
            if share > best:
                best, match = share, theirs_text
        found.append(Sentence(part=part, text=text, match=match if best >= SAME else ""))
    return tuple(found)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that say something, in their order."""
    pieces = (piece.strip() for piece in _ENDS.split(text))
    return [one for one in pieces if sum(character.isalnum() for character in one) >= SHORTEST]


def said(register: Register, matter: int) -> list[tuple[str, str]]:
    """Return what the petitioner states and asks, sentence by sentence, each with its part."""
    title = register.row("SELECT title FROM matter WHERE id=?", (matter,))
    texts = [title[0]] if title else []
    texts += [
        body
        for (body,) in register.rows(
            "SELECT body FROM passage WHERE matter=? AND removed IS NULL AND kind IN (?, ?, ?, ?) ORDER BY id",
            (matter, *PARTS),
        )
    ]
    claims = register.rows("SELECT request FROM claim WHERE matter=? AND removed IS NULL ORDER BY place", (matter,))
    return [("text", one) for text in texts for one in sentences(text)] + [
        ("claim", one) for (request,) in claims for one in sentences(request)
    ]
