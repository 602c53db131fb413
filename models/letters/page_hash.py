"""The hash of each page of a bound paper: what a page shows, not how the file is written.

A page is walked from its boxes, its content and all that its content uses (fonts, pictures), streams decoded and keys
in order. So the same page has the same hash however the file around it was put together, and a page that was exchanged
has another one.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents")
_WRITTEN = frozenset({"/Length", "/Filter", "/DecodeParms", "/Parent", "/StructParents"})
"""Keys that tell how a stream is written or where a page hangs, not what it shows."""


def page_hashes(pdf: bytes) -> tuple[str, ...]:
    """Return the SHA-256 of each page in lower-case hex."""
    from pypdf import PdfReader

    return tuple(_page(page) for page in PdfReader(io.BytesIO(pdf)).pages)


def _page(page: Any) -> str:
    sink = hashlib.sha256(b"petition-desk/page/1\n")
    for key in _KEYS:
        _walk(page.get(key), sink, ())
    return sink.hexdigest()


def _walk(value: Any, sink: Any, above: tuple[int, ...]) -> None:
    """Feed a value of the file to the hash; an object that holds itself ends there."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

    if isinstance(value, IndirectObject):
        if value.idnum in above:
            sink.update(b"^")
            return
        above = (*above, value.idnum)
        value = value.get_object()
    if isinstance(value, DictionaryObject):
        sink.update(b"<")
        for key in sorted(set(value) - _WRITTEN):
            sink.update(f"{key} ".encode())
            _walk(value.raw_get(key), sink, above)
        if isinstance(value, StreamObject):
            data = value.get_data()
            sink.update(f"{len(data)} ".encode())
            sink.update(data)
        sink.update(b">")
    elif isinstance(value, ArrayObject):
        sink.update(b"[")
        for one in list.__iter__(value):
            _walk(one, sink, above)
        sink.update(b"]")
    else:
        sink.update(f"{type(value).__name__} {value} ".encode())
