"""One line of an index: a paper of a matter, the pages that it fills in the bundle, and the hash of its bytes.

Indexes (复查复核案卷目录, 卷内目录) and the cover of a bundle are made from these lines and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
        """Page number and first 16 digits of each page's hash as an index prints them, three a line."""
        numbered = [f"{self.first_page + place}:{digest[:16]}" for place, digest in enumerate(self.pages)]
        return "\n".join("  ".join(numbered[at : at + 3]) for at in range(0, len(numbered), 3))
