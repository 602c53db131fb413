"""What a hub or workstation says on a stick of files: which it holds, which chunk it could not use, which it wants.

    FOLDER/files/COUNTY/KEYID.files      KEYID: key id of whoever says it

By it a writer knows what need not lie there any more, what has to be written anew, and what to write for a sibling.
A signed document as all of the sync are; format with an example file: docs/format/file.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sync.causes import RefusedError
from sync.chunks import is_name
from sync.documents import check_signature, field, read_document, sign_document
from sync.keys import PublicKeys, SecretKeys

FILES = "petition-desk/files"
WANTED = 2000
"""Files named as wanted, at most: 128 KiB; the others have their turn at a later time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadChunk:
    """A chunk that could not be used: file, number, SHA-256 of its sealed bytes, and the cause."""

    name: str
    n: int
    sha256: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What `of` (a key id) says of a county's files.

    `whole` are those of which chunks lie on the stick for it and which it holds, checked.
    """

    county: str
    of: str
    whole: Sequence[str] = ()
    bad: Sequence[BadChunk] = ()
    wanted: Sequence[str] = ()


def write_said(said: Said, keys: SecretKeys) -> bytes:
    """Return the signed document."""
    fields = {
        "county": said.county,
        "of": said.of,
        "whole": sorted(said.whole),
        "bad": [[one.name, one.n, one.sha256, one.code] for one in said.bad],
        "wanted": list(said.wanted),
    }
    return sign_document(FILES, fields, keys)


def read_said(data: bytes, *, keys: PublicKeys, county: str, what: str = "files") -> Said:
    """Read a document and verify who signed it.

    Args:
        data: The document.
        keys: Of whoever it should be of.
        county: The county that it must speak of.
        what: Name in messages.

    Raises:
        RefusedError: With the cause; nothing of it may be used.
    """
    fields = read_document(data, FILES, what=what)
    found = f"{field(fields, 'county', str, what=what)}/{field(fields, 'of', str, what=what)}"
    if found != f"{county}/{keys.key_id}":
        raise RefusedError("other_county", what=what, found=found, known=f"{county}/{keys.key_id}")
    check_signature(fields, keys.sign, what=what, signer=keys.key_id)
    whole, wanted = (_names(fields, part, what) for part in ("whole", "wanted"))
    bad = [_bad(line, what) for line in field(fields, "bad", list, what=what)]
    return Said(county=county, of=keys.key_id, whole=whole, bad=bad, wanted=wanted)


def _names(fields: dict[str, Any], part: str, what: str) -> list[str]:
    found: list[str] = field(fields, part, list, what=what)
    if not all(is_name(name) for name in found):
        raise RefusedError("altered", what=what, where=part)
    return found


def _bad(line: Any, what: str) -> BadChunk:
    if not (isinstance(line, list) and [type(part) for part in line] == [str, int, str, str] and is_name(line[0])):
        raise RefusedError("altered", what=what, where="bad")
    name, n, sha256, code = line
    return BadChunk(name=name, n=n, sha256=sha256, code=code)
