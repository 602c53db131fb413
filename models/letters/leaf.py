"""One line of an index: a paper of a matter, the pages that it fills in the bundle, and the hash of its bytes.

Indexes (复查复核案卷目录, 卷内目录) and the cover of a bundle are made from these lines and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PRINTED = 12
"""Digits of a page's hash on paper; the facts of the index keep all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A paper in its bundle."""

    title: str
    number: str = ""
    """Document number as printed; empty: it bears none."""
    dated_on: date | None = None
    """Day printed on the paper; None: it bears none."""
    first_page: int
    """Running page number in the bundle, counted from 1; the cover is not counted."""
    last_page: int
    """Inclusive."""
    sha256: str
    """Of the bytes that the register keeps, in lower-case hex; not of the stamped pages."""
    pages: tuple[str, ...] = ()
    """SHA-256 of what each page shows (`page_hash`), in lower-case hex; empty in indexes made before they were kept."""

    @property
    def shown_pages(self) -> str:
        """Page number and first digits of each page's hash as an index prints them, two a line."""
        numbered = [f"{self.first_page + place}:{digest[:PRINTED]}" for place, digest in enumerate(self.pages)]
        return "\n".join("  ".join(numbered[at : at + 2]) for at in range(0, len(numbered), 2))
